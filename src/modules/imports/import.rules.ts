import { RuleBroken } from '../../kernel/errors.js';

export const MODES = ['create', 'update', 'both'] as const;
export type Mode = (typeof MODES)[number];

export const IMPORT_STATUSES = ['checking', 'checked', 'refused', 'writing', 'done', 'failed', 'undoing', 'undone'] as const;
export type ImportStatus = (typeof IMPORT_STATUSES)[number];

/** Rows of the file by what is to become of them. `create`, `update` and `unchanged` count rows without an error. */
export interface Counts {
  rows: number;
  create: number;
  update: number;
  unchanged: number;
  warnings: number;
  errors: number;
  /** Records of the kind that are in use, at the time of the check. */
  population: number;
}

export const NO_COUNTS: Counts = { rows: 0, create: 0, update: 0, unchanged: 0, warnings: 0, errors: 0, population: 0 };

export type CommitRows = 'all' | 'valid';

/** A share of the register that nobody changes by mistake. */
const MASS_CHANGE = 0.2;

export function isMassChange(counts: Counts): boolean {
  return counts.update > 0 && counts.update > counts.population * MASS_CHANGE;
}

/**
 * Whether what was checked may be written now.
 * @throws RuleBroken with what to do instead
 */
export function demandCommit(status: ImportStatus, counts: Counts, rows: CommitRows, confirm: number | null): void {
  if (status !== 'checked') throw new RuleBroken('not-checked', `This import can’t be completed: it is ${STATUS_WORDS[status]}.`);
  if (counts.create + counts.update === 0) throw new RuleBroken('nothing-to-write', 'This file would not change anything.');
  if (rows === 'all' && counts.errors > 0) {
    throw new RuleBroken(
      'has-errors',
      `${counts.errors} rows can’t be imported. Correct them and upload the file again, or import only the valid rows.`,
      'rows',
    );
  }
  if (isMassChange(counts) && confirm !== counts.update) {
    throw new RuleBroken(
      'mass-change',
      `This changes ${counts.update} of ${counts.population} in the register. Type ${counts.update} to confirm.`,
      'confirm',
    );
  }
}

export const STATUS_WORDS: Record<ImportStatus, string> = {
  checking: 'being checked',
  checked: 'checked',
  refused: 'refused',
  writing: 'being imported',
  done: 'already completed',
  failed: 'stopped',
  undoing: 'being undone',
  undone: 'undone',
};

/** What may be looked at again with other columns or sheets. */
export const RECHECKABLE: readonly ImportStatus[] = ['checked', 'refused', 'failed'];
/** Nothing of it is in the register. */
export const DISCARDABLE: readonly ImportStatus[] = ['checked', 'refused', 'failed', 'undone'];
