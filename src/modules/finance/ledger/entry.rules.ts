import { Invalid, RuleBroken } from '../../../kernel/errors.js';

export const PARTY_KINDS = ['student', 'sponsor', 'supplier', 'staff'] as const;
export type PartyKind = (typeof PARTY_KINDS)[number];

export interface Party {
  kind: PartyKind;
  id: string;
}

/** What a line is about beside its account: none of it can be filled in later. */
export interface Dimensions {
  party: Party | null;
  studentId: string | null;
  voteHeadId: string | null;
  termId: string | null;
  /** The class that the student was in at the time. */
  classId: string | null;
  fundId: string | null;
  costCentreId: string | null;
  tillId: string | null;
}

export interface Line extends Dimensions {
  accountId: string;
  /** Minor units: above zero a debit, below zero a credit. */
  amountMinor: number;
  memo: string;
}

export type LineDraft = Pick<Line, 'accountId' | 'amountMinor'> & Partial<Line>;

/** Where an entry comes from: the same source is posted once, however often it is sent. */
export interface Source {
  kind: string;
  key: string;
}

export interface EntryDraft {
  source: Source;
  /** When the money moved or the thing happened, in the school's zone. */
  valueOn: string;
  /** When it counts; see `postingDay`. */
  postedOn: string;
  memo: string;
  reversesId?: string | null;
  lines: readonly LineDraft[];
}

export interface Entry extends Omit<EntryDraft, 'lines' | 'reversesId'> {
  id: string;
  reversesId: string | null;
  lines: readonly Line[];
}

const NOTHING: Dimensions = {
  party: null,
  studentId: null,
  voteHeadId: null,
  termId: null,
  classId: null,
  fundId: null,
  costCentreId: null,
  tillId: null,
};

/** @throws RuleBroken when it doesn't balance, and Error for what no person can have caused */
export function entryFrom(id: string, draft: EntryDraft): Entry {
  if (draft.lines.length < 2) throw new RuleBroken('unbalanced', 'Enter at least two lines.');
  let sum = 0;
  for (const { amountMinor } of draft.lines) {
    if (!Number.isSafeInteger(amountMinor) || amountMinor === 0) throw new Error(`An amount of ${amountMinor} can't be booked`);
    sum += amountMinor;
  }
  if (sum !== 0) throw new RuleBroken('unbalanced', 'Debits and credits must be equal.');
  const lines = draft.lines.map((line) => ({ ...NOTHING, memo: '', ...line }));
  return { ...draft, id, reversesId: draft.reversesId ?? null, lines };
}

/** The mirror of an entry, line by line, with every dimension: it takes back exactly what was booked. */
export function reversalOf(entry: Pick<Entry, 'id' | 'lines'>, on: string, memo: string): EntryDraft {
  return {
    source: { kind: 'reversal', key: entry.id },
    valueOn: on,
    postedOn: on,
    memo,
    reversesId: entry.id,
    lines: entry.lines.map((line) => ({ ...line, amountMinor: -line.amountMinor })),
  };
}

export interface JournalRow {
  accountId: string;
  debitMinor: number | null;
  creditMinor: number | null;
  memo: string;
  costCentreId: string | null;
  voteHeadId?: string | null;
}

/** The rows of a journal voucher as a person writes them. @throws Invalid with the field of each row that can't be */
export function linesOfJournal(rows: readonly JournalRow[]): LineDraft[] {
  const problems: Record<string, string> = {};
  rows.forEach((row, n) => {
    if (row.debitMinor !== null && row.creditMinor !== null) problems[`lines.${n}.credit`] = 'Either a debit or a credit';
    if (row.debitMinor === null && row.creditMinor === null) problems[`lines.${n}.debit`] = 'Enter a debit or a credit';
  });
  if (Object.keys(problems).length > 0) throw new Invalid(problems);
  return rows.map(({ accountId, debitMinor, creditMinor, memo, costCentreId, voteHeadId = null }) => ({
    accountId,
    amountMinor: debitMinor ?? -creditMinor!,
    memo,
    costCentreId,
    voteHeadId,
  }));
}
