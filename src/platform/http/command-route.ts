import type { Request } from 'express';
import type { AnyCommand } from '../../kernel/command.js';
import type { Can } from './guard.js';

/** Who may use a route: said in itself, or by the command that it is for. */
export type Starts = { command: AnyCommand; can?: never } | { can: Can; command?: undefined };

export const whoMay = (route: Starts): Can => (route.command ? route.command.can : route.can);

/** @throws Error when a route did without the command that it declares */
export function demandRun(req: Request, command: AnyCommand | undefined): void {
  if (command && !req.hasRun(command)) throw new Error(`${req.method} ${req.shownPath} has not run ${command.key}.`);
}
