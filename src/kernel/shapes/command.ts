import { demand, type Actor } from '../actor.js';
import type { AuditEntry } from '../audit.js';
import { AUDIT, PUBLISH, token, UNIT, type Token } from './tokens.js';
import type { Publish } from '../unit-of-work.js';

/** What surrounds the work of a command: its transaction, who started it, and how it says what it did. */
export interface Doing {
  actor: Actor;
  /** One entry in the audit, under the command's own name. */
  note(entry: Omit<AuditEntry, 'action' | 'entity'>): Promise<void>;
  /** There was nothing to change, so that there is nothing to write down. */
  nothingToDo(): void;
  publish: Publish;
}

export interface CommandFacts {
  /** `fees.payment.take`: its name in the audit. */
  key: string;
  /** Who may start it. */
  can: `${string}.${string}`;
  /** What it did, as people read it in the audit: `Received a payment`. */
  act: string;
  /** What it is done to: `fee-payment`. */
  on: string;
  /** What it calls writes the audit, under its own names. */
  silent?: true;
  /** The product itself may start it, without a permission. */
  system?: true;
}

/** A change that somebody starts, from a page, the API, an import or a job. */
export interface Command<Input, Result> extends CommandFacts {
  carryOut(get: GetOf, doing: Doing, input: Input): Promise<Result>;
}

/** Any of them, for lists and routes. */
export type AnyCommand = Command<never, unknown>;

export type GetOf = <Thing>(token: Token<Thing>) => Thing;

/** A command never starts another: what two of them share is a plain method, without a permission of its own. */
export function command<Handler, Input, Result>(
  facts: CommandFacts,
  handler: Token<Handler>,
  work: (handler: Handler, doing: Doing, input: Input) => Promise<Result>,
): Command<Input, Result> {
  return { ...facts, carryOut: (get, doing, input) => work(get(handler), doing, input) };
}

/** The audit's words for a list of commands, under what people look for them. */
export function actsOf(area: string, commands: readonly AnyCommand[]): { area: string; words: Record<string, string> } {
  return { area, words: Object.fromEntries(commands.map(({ key, act }) => [key, act])) };
}

/**
 * Asks for the permission, then does the whole command in one transaction.
 * @throws Forbidden
 */
export type Run = <Input, Result>(actor: Actor, command: Command<Input, Result>, input: Input) => Promise<Result>;

/** The one of the process. */
export const RUN = token<Run>('Run');

export function runner(get: GetOf): Run {
  return (actor, command, input) => {
    if (!(command.system && actor.roles.includes('system'))) demand(actor, command.can);
    return get(UNIT)(async () => {
      let accounted = false;
      const result = await command.carryOut(
        get,
        {
          actor,
          publish: get(PUBLISH),
          nothingToDo: () => {
            accounted = true;
          },
          note: (entry) => {
            accounted = true;
            return get(AUDIT).record(actor, { ...entry, action: command.key, entity: command.on });
          },
        },
        input,
      );
      if (!accounted && !command.silent)
        throw new Error(`${command.key} does not say what it did: a command notes it, or that there was nothing to do.`);
      return result;
    });
  };
}
