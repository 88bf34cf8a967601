import type { Actor } from '../../kernel/actor.js';
import { token } from '../../platform/tokens.js';
import type { ImportStatus } from './import.rules.js';
import type { Remark } from './reading/lines.ports.js';

/** What became of a foreign import, as other systems are told. */
export interface ForeignState {
  id: string;
  file: string;
  status: ImportStatus;
  /** Why it was refused or has stopped. */
  sentence: string | null;
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  errors: number;
  warnings: number;
  problems: { sheet: string; row: number; column: string; remark: Pick<Remark, 'text' | 'vars'> }[];
}

/** Something that comes in by the same steps as a list but is none: other modules bind theirs, and the API leads to it. */
export interface ForeignImport {
  key: string;
  take(actor: Actor, file: { path: string; name: string }): Promise<string>;
  /** Null when there is no such one. */
  state(actor: Actor, id: string): Promise<ForeignState | null>;
  commit(actor: Actor, id: string): Promise<void>;
  undo(actor: Actor, id: string): Promise<void>;
}

/** Multi-bound. */
export const FOREIGN_IMPORTS = token<ForeignImport>('ForeignImport');
