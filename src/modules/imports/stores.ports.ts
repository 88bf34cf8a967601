import type { Actor } from '../../kernel/actor.js';
import type { Page } from '../../kernel/page.js';
import type { RawCell } from '../../platform/sheets/columns.js';
import type { Mapping } from '../../platform/sheets/reading/mapping.js';
import type { SheetInfo } from '../../platform/sheets/messages.js';
import type { CellValue } from '../../platform/sheets/reading/parse.js';
import { token } from '../../platform/tokens.js';
import type { CommitRows, Counts, ImportStatus, Mode } from './import.rules.js';
import type { Answers, Question } from './question.rules.js';
import type { Misread, Replacement } from './replacement.rules.js';
import type { RestoredBase } from './restored.rules.js';
import type { Action, LineToWrite, Mark, Remark, SameRule, WrittenLine } from './reading/lines.ports.js';

export interface Import {
  id: string;
  kind: string;
  mode: Mode;
  status: ImportStatus;
  fileId: string;
  fileName: string;
  sheets: SheetInfo[];
  /** Chosen by a person; null leaves the choice to the reader. */
  wantedSheets: string[] | null;
  headers: string[];
  mapping: Mapping;
  replacements: Replacement[];
  questions: Question[];
  answers: Answers;
  counts: Counts;
  done: number;
  commitRows: CommitRows | null;
  /** Why it was refused or has stopped. */
  sentence: string | null;
  actor: Omit<Actor, 'permissions'> & { permissions: string[] };
  byUserId: string | null;
  byName: string;
  writtenIn: string | null;
  createdAt: Date;
  checkedAt: Date | null;
  writtenAt: Date | null;
  undoneAt: Date | null;
  undoneBy: string | null;
  /** The transaction that took it back. */
  undoneIn: string | null;
}

export interface StagedRow {
  n: number;
  sheet: string;
  rowNo: number;
  cells: RawCell[];
  values: Record<string, CellValue>;
  state: 'ready' | 'warning' | 'error';
  action: Action;
  remarks: Remark[];
  marks: Mark[];
  entityId: string | null;
  version: number | null;
}

export type RowsShown = 'errors' | 'warnings' | 'all';
export type ShownRow = Pick<StagedRow, 'n' | 'sheet' | 'rowNo' | 'cells' | 'values' | 'state' | 'action' | 'remarks'>;

/** That an import has made or changed one record. */
export interface ImportTouch {
  importId: string;
  fileName: string;
  action: Exclude<Action, 'unchanged'>;
  at: Date;
  byName: string;
  undoneAt: Date | null;
}

/** What other modules may ask about imports. */
export interface ImportsApi {
  /** Imports of a kind that have made or changed this record, newest first. */
  touching(kind: string, entityId: string, limit: number): Promise<ImportTouch[]>;
}

export interface ImportStore extends ImportsApi {
  list(kinds: readonly string[], cursor: string | null, limit: number): Promise<Page<Import>>;
  find(id: string): Promise<Import | null>;
  insert(made: Import): Promise<void>;
  change(id: string, changes: Partial<Omit<Import, 'id'>>): Promise<void>;
  /** False when the status is another by now. */
  step(id: string, from: readonly ImportStatus[], changes: Partial<Omit<Import, 'id'>>): Promise<boolean>;
  remove(id: string): Promise<void>;
  /** Waits until no other transaction works on this import. */
  hold(id: string): Promise<void>;
  /** For the length of a transaction in which tables grow faster than the planner learns: rows are found by index. */
  byIndex(): Promise<void>;
  /** Counts these tables now, with what the current transaction has added. */
  learnSizes(tables: readonly string[]): Promise<void>;
  /** Seen by others at once, also while a transaction is under way. */
  progress(id: string, done: number): Promise<void>;
  /** Names the current transaction. */
  transaction(): Promise<string>;
  /** What imports that were written after this day and taken back had found, in the order in which they were taken back. */
  restoredBases(writtenAfter: Date): Promise<RestoredBase[]>;
  /** Imports whose rows nobody needs any more. */
  stale(before: { unwritten: Date; written: Date }): Promise<Pick<Import, 'id' | 'kind' | 'fileId' | 'status'>[]>;
}

export interface RowStore {
  clear(importId: string): Promise<void>;
  add(importId: string, rows: readonly StagedRow[]): Promise<void>;
  /** Compares the rows of the file with each other and adds the remarks. */
  compare(importId: string, rules: Readonly<Record<string, SameRule>>): Promise<void>;
  count(importId: string): Promise<Omit<Counts, 'population'>>;
  /** Rows to look at, from the one after `after`. */
  page(importId: string, shown: RowsShown, after: number, limit: number): Promise<ShownRow[]>;
  /** What is written in cells with a mistake, most rows first; rows that only contradict another one are left out by the texts of their remarks. */
  misread(importId: string, mapping: Mapping, except: readonly string[]): Promise<Misread[]>;
  toWrite(importId: string, after: number, limit: number): Promise<LineToWrite[]>;
  keep(importId: string, lines: readonly WrittenLine[]): Promise<void>;
  /** From the last to the first: those before `before`. */
  written(importId: string, before: number, limit: number): Promise<WrittenLine[]>;
}

export type Enqueue = (job: 'imports.check' | 'imports.write' | 'imports.undo', importId: string) => Promise<void>;

export const IMPORTS = token<ImportsApi>('Imports');
export const IMPORT_STORE = token<ImportStore>('ImportStore');
export const ROW_STORE = token<RowStore>('ImportRowStore');
