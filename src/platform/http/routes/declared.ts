import type { NextFunction, Request, Response } from 'express';
import type { AnyCommand } from '../../../kernel/shapes/command.js';
import type { Has } from '../ports.js';
import type { Can } from './guard.js';

export type Method = 'get' | 'post' | 'patch' | 'put' | 'delete';
export type Handle = (req: Request, res: Response, next: NextFunction) => unknown;
/** Puts something before a handler. */
export type Around = (handler: Handle, method: Method) => Handle;

/** One line of the list that the permission tests walk. */
export interface Declared {
  method: Method;
  path: string;
  can: Can;
  module: string;
  kind: 'page' | 'api';
  /** The command that it is for. */
  command?: string;
  /** Where it is said, only schools of which this holds have the page. */
  has?: Has;
}

/** What a list, a form or a file is declared on. */
export interface PageRoutes {
  get(path: string, who: Can, handler: Handle): void;
  /** For whoever looks to the command by itself, as a form does. */
  send(path: string, who: Can | AnyCommand, handler: Handle): void;
}
