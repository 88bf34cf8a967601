import { token } from '../../../kernel/shapes/tokens.js';
import type { FeeStructure, StructureLine } from './structure.rules.js';
import type { VoteHead } from './vote-head.rules.js';

export interface HeadStore {
  /** By priority, then code. */
  list(): Promise<readonly VoteHead[]>;
  /** @throws Invalid when the code is taken */
  insert(head: VoteHead): Promise<void>;
  /** @throws Invalid when the code is taken; false when somebody else changed it since that version */
  update(head: VoteHead): Promise<boolean>;
}

export interface StructureStore {
  /** All of a year with their lines, in the order of their names. */
  ofYear(yearId: string): Promise<FeeStructure[]>;
  find(id: string): Promise<FeeStructure | null>;
  insert(structure: FeeStructure): Promise<void>;
  /** Name, audience and state; false when somebody else changed it since that version. */
  update(structure: FeeStructure): Promise<boolean>;
  replaceLines(structureId: string, lines: readonly StructureLine[]): Promise<void>;
  remove(id: string): Promise<void>;
  /** The draft that is to take the place of this one. */
  draftOf(id: string): Promise<string | null>;
  /** Holds all structures of a year, so that two can't be published at once that charge the same. */
  holdYear(yearId: string): Promise<void>;
}

export const HEAD_STORE = token<HeadStore>('FeeHeadStore');
export const STRUCTURE_STORE = token<StructureStore>('FeeStructureStore');
