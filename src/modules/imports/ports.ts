import type { Actor } from '../../kernel/actor.js';
import type { Page } from '../../kernel/page.js';
import type { Column, Heading, RawCell, RawRow } from '../../platform/sheets/columns.js';
import type { Mapping } from '../../platform/sheets/mapping.js';
import type { SheetInfo } from '../../platform/sheets/messages.js';
import type { DaySurvey } from '../../platform/sheets/day-survey.js';
import type { DayContext } from '../../platform/sheets/dates.js';
import type { Reading } from '../../platform/sheets/encodings.js';
import type { CellContext, CellValue, ParsedRow } from '../../platform/sheets/parse.js';
import { token } from '../../platform/tokens.js';
import type { CommitRows, Counts, ImportStatus, Mode } from './domain/import.js';
import type { Answers, Question } from './domain/question.js';
import type { Misread, Replacement } from './domain/replacement.js';
import type { Base, Restored, RestoredBase } from './domain/restored.js';

export type { Answers, Base, CellContext, CellValue, Column, DaySurvey, Question, Mapping, RawCell, RawRow, SheetInfo };

/** One row of a file, each cell read as its column's kind; an empty one is null, one that the file hasn't got is not there. */
export interface Line {
  n: number;
  values: Readonly<Record<string, CellValue>>;
}

/** What is wrong or doubtful with a row. `text` is the English sentence with `{{places}}`; `column` is a column's key. */
export interface Remark {
  column: string | null;
  severity: 'error' | 'warning';
  text: string;
  vars?: Record<string, string | number>;
}

/** A fact that two rows of one file must not share (or, by the rule, must not contradict each other about). */
export interface Mark {
  rule: string;
  value: string;
  detail?: string;
}

/**
 * What it means that a later row has the mark of an earlier one. `when`: `same` the mark alone counts, `differs` only
 * when the details are not equal, `apart` only when the details, lists of words, have no word in common.
 */
export interface SameRule {
  column: string | null;
  severity: 'error' | 'warning';
  text: string;
  when: 'same' | 'differs' | 'apart';
}

export type Action = 'create' | 'update' | 'unchanged';

export interface CheckedLine {
  action: Action;
  remarks: Remark[];
  /** The record that the row is about, and its version when it was looked at. */
  entityId: string | null;
  version: number | null;
  marks: Mark[];
  /** What the check has made ready for the writing; it stands among the row's values from then on. */
  ready?: Readonly<Record<string, CellValue>>;
}

export interface LineToWrite extends Line {
  action: Exclude<Action, 'unchanged'>;
  entityId: string | null;
  version: number | null;
}

/** What one row has done, kept so that it can be taken back. */
export interface WrittenLine {
  n: number;
  action: Exclude<Action, 'unchanged'>;
  entityId: string;
  /** The record as it was; null for a new one. */
  before: object | null;
  /** Whatever else the kind needs to take the row back; in `base`, which transactions had written the records that it changed (`Base`). */
  trace: object | null;
}

export interface ImportContext {
  importId: string;
  actor: Actor;
  mode: Mode;
  today: string;
  country: string;
  currency: string;
  /** Column → the heading in the file that fills it. */
  headings: ReadonlyMap<string, string>;
  /** Headings of the file that fill no column. */
  leftOut: readonly string[];
  /** What a person has said to the questions of the kind and of the file. */
  answers: Answers;
  /** The file on the disk, as long as it is being checked. */
  path?: string;
}

/** Of these records, after which transactions they are again as the import left them, since a later import was taken back. */
export type RestoredOf = (ids: readonly string[]) => Promise<readonly Restored[]>;

/** One run of a kind over one file; made afresh for the check, the writing and the undo. */
export interface KindRun {
  /** For each line, in the order of the lines. */
  check(lines: readonly Line[]): Promise<CheckedLine[]>;
  /** What the rows that were checked leave open; asked once they all are. */
  questions?(): Question[];
  /** Some hundred rows by set statements, inside the one transaction of the import. @throws RuleBroken when the register has changed since the check */
  write(lines: readonly LineToWrite[]): Promise<WrittenLine[]>;
  finishWriting(): Promise<void>;
  /** Why these can't be taken back any more, as sentences; `writtenIn` is the transaction that wrote them. */
  obstacles(lines: readonly WrittenLine[], writtenIn: string, restored?: RestoredOf): Promise<string[]>;
  /** Called with the last lines first. */
  undo(lines: readonly WrittenLine[]): Promise<void>;
  finishUndoing(): Promise<void>;
}

/** Rows that don't come from a list: the files of an archive, one row each. */
export interface RowSource {
  types: readonly string[];
  maxBytes: number;
  /** Names that a browser offers: `.zip`. */
  accept: string;
  /** `Archive`, and what may be in it. */
  label: string;
  hint: string;
  /** What a person should know before sending one. */
  advice: readonly string[];
  /** In the order of the columns. */
  headers: readonly string[];
  /** @throws a refusal with one sentence for what is no such archive */
  look(path: string): Promise<void>;
  read(path: string, signal: AbortSignal, onRows: (rows: RawRow[]) => Promise<void>): Promise<void>;
}

/** Something that can be imported. Modules bind theirs to `IMPORT_KINDS`. */
export interface ImportKind {
  key: string;
  /** `Students`. */
  label: string;
  /** `1 student`, and `{{n}} students` for another number of them. */
  counted: readonly [one: string, many: string];
  can: `${string}.${string}`;
  /** Where the people or things are afterwards. */
  home: string;
  modes: readonly Mode[];
  /** What an update goes by: `admission number`. */
  keyWords: string;
  /** Columns that tell a person which row this is. */
  shown: readonly string[];
  /** Until when it can be undone: `the first bill, payment or mark`. */
  undoUntil: string;
  /** What doesn't happen. */
  quiet: string | null;
  rules: Readonly<Record<string, SameRule>>;
  /** Tables that a write fills. */
  tables: readonly string[];
  /** For what comes in an archive instead of a list. */
  source?: RowSource;
  /** What the modes mean, where the usual words don't fit. */
  modeWords?: Partial<Record<Mode, { label: string; hint: string }>>;
  columns(): Promise<Column<never>[]>;
  /** What a row is about, where its cells don't tell: a stored picture, and whose it is. */
  seen?(values: Readonly<Record<string, CellValue>>): { picture: string | null; name: string };
  /** What becomes of the rows, with `{{new}}`, `{{changed}}` and `{{same}}`, where the usual sentence doesn't fit. */
  tally?: string;
  /** Does what an answer asks for, in the caller's transaction: the file is looked at again afterwards. */
  settle?(actor: Actor, question: Question, answer: string): Promise<void>;
  /** Lets go of what a check has made ready and no writing has used; in the caller's transaction. */
  release?(importId: string): Promise<void>;
  /** Where what a written import left for this person can be fetched, for as long as it can. */
  results?(importId: string, actor: Actor): Promise<{ label: string; href: string }[]>;
  /** How many records are in use. */
  population(): Promise<number>;
  open(context: ImportContext): Promise<KindRun>;
}

/** Something that a list should say and doesn't: how many rows lack it, and where they are mended. */
export interface Gap {
  text: string;
  count: number;
  href: string;
  link: string;
}

/** What a module knows to be missing in its own lists; a statement or two. Multi-bound to `GAP_SOURCES`. */
export interface GapSource {
  can: `${string}.${string}`;
  load(): Promise<Gap[]>;
}

export const GAP_SOURCES = token<GapSource>('GapSource');

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

/** Multi-bound. */
export const IMPORT_KINDS = token<ImportKind>('ImportKind');

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

/** Files as sheets. */
export interface SheetReader {
  /** The sheets, their headings and what these probably mean. @throws SheetRefused */
  look(file: { path: string; name: string }, columns: readonly Heading[], sheets: string[] | null, encoding: string | null): Promise<Look>;
  guess(headers: readonly string[], columns: readonly Heading[]): Mapping;
  /** @throws SheetRefused, also in the middle */
  read(
    file: { path: string; name: string },
    options: { columns: readonly Heading[]; sheets: string[] | null; encoding: string | null; signal: AbortSignal; onLook(look: Look): Promise<void> | void },
    onRows: (rows: RawRow[]) => Promise<void>,
  ): Promise<void>;
  /** Counts how the days of one column are written. */
  daySurvey(): DaySurvey;
  readDay(text: string, context: DayContext): string | null;
  /** Whether people of this country do. */
  writesMonthFirst(country: string): boolean;
  parser(columns: readonly Column<never>[], mapping: Mapping, context: CellContext): (raw: RawRow) => ParsedRow;
  /** Lets requests have their turn. */
  turn(): Promise<void>;
  /** A copy on the disk for the time of the work. */
  withFile<Result>(body: () => Promise<AsyncIterable<Uint8Array>>, work: (path: string) => Promise<Result>): Promise<Result>;
}

export interface Look {
  sheets: SheetInfo[];
  headers: string[];
  date1904: boolean;
  /** What a CSV file was read in. */
  encoding: string | null;
  /** In what else its letters may be read, where that is in doubt. */
  readings: Reading[];
}

export type Enqueue = (job: 'imports.check' | 'imports.write' | 'imports.undo', importId: string) => Promise<void>;

export const IMPORTS = token<ImportsApi>('Imports');
export const IMPORT_STORE = token<ImportStore>('ImportStore');
export const ROW_STORE = token<RowStore>('ImportRowStore');
export const SHEET_READER = token<SheetReader>('SheetReader');
