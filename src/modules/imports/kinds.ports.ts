import type { Actor } from '../../kernel/actor.js';
import type { Column, RawRow } from '../../platform/sheets/columns.js';
import type { CellValue } from '../../platform/sheets/reading/parse.js';
import { token } from '../../platform/tokens.js';
import type { Mode } from './import.rules.js';
import type { Answers, Question } from './question.rules.js';
import type { Restored } from './restored.rules.js';
import type { CheckedLine, Line, LineToWrite, SameRule, WrittenLine } from './reading/lines.ports.js';

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
  /** Until when it can be undone: `the first bill, payment or mark is entered`; null for ever. */
  undoUntil: string | null;
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

/** Multi-bound. */
export const IMPORT_KINDS = token<ImportKind>('ImportKind');
