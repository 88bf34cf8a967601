import type { CellValue } from '../../../platform/sheets/reading/parse.js';

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
