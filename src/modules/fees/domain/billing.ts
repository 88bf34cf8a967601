import type { Payer } from './document.js';
import { inUnits } from './rounding.js';
import { reductionsOf, type Award } from './discount.js';
import { chargesFor, type FeeStructure, type Learner } from './structure.js';
import type { VoteHead } from './vote-head.js';

export const LINE_KINDS = ['charge', 'discount', 'sponsored', 'correction'] as const;
/** `sponsored` is what somebody else pays; `correction` was written by a person, and no billing run takes it back. */
export type LineKind = (typeof LINE_KINDS)[number];

/** Above zero what is owed, below zero what is taken off; minor units, never zero. */
export interface DocumentLine {
  headId: string;
  kind: LineKind;
  description: string;
  amountMinor: number;
  structureId: string | null;
  awardId: string | null;
}

/** What a payer is to owe for a learner and a term. */
export interface Bill {
  payer: Payer;
  lines: readonly DocumentLine[];
}

/** An invoice that stands, with the lines of its notes; corrections are left out. */
export interface Standing extends Bill {
  invoiceId: string;
}

/** What a run has to write so that a bill stands as it is to be. */
export type Step =
  | { kind: 'invoice'; payer: Payer; lines: readonly DocumentLine[] }
  | { kind: 'debit-note' | 'credit-note'; payer: Payer; invoiceId: string; lines: readonly DocumentLine[] };

/** A part of a term: `days` of `of` school days. */
export interface Share {
  days: number;
  of: number;
}

export interface ToBill extends Learner {
  studentId: string;
  /** The term in which they joined, when that was in the year that is billed; null for those who were here before. */
  joinedInTermId: string | null;
  /** How much of the term they are charged for. */
  share: Share;
  /** Heads that are not for everybody and that this learner takes. */
  takes: ReadonlySet<string>;
  awards: readonly Award[];
}

/** What a term is billed by. `termIds` are those of its year, in order. */
export interface Tariff {
  termId: string;
  termIds: readonly string[];
  structures: readonly FeeStructure[];
  heads: readonly VoteHead[];
  /** To which whatever is worked out is rounded; minor units. */
  unit: number;
}

/** What the family and each sponsor are to owe for one learner; payers who owe nothing are left out. */
export function billsFor(learner: ToBill, tariff: Tariff): Bill[] {
  const charges = chargeLines(learner, tariff);
  const sums = new Map(charges.map((line) => [line.headId, line.amountMinor]));
  const family = [...charges];
  const sponsors = new Map<string, DocumentLine[]>();
  for (const { awardId, kindName, sponsorId, headId, amountMinor } of reductionsOf(sums, learner.awards, tariff.heads, tariff.unit)) {
    const line = { headId, description: kindName, structureId: null, awardId };
    family.push({ ...line, kind: sponsorId === null ? 'discount' : 'sponsored', amountMinor: -amountMinor });
    if (sponsorId !== null) sponsors.set(sponsorId, [...(sponsors.get(sponsorId) ?? []), { ...line, kind: 'charge', amountMinor }]);
  }
  const bills: Bill[] = [{ payer: { kind: 'student', id: learner.studentId }, lines: family }];
  for (const [id, lines] of sponsors) bills.push({ payer: { kind: 'sponsor', id }, lines });
  return bills.filter((bill) => bill.lines.length > 0);
}

function chargeLines(learner: ToBill, { termId, termIds, structures, heads, unit }: Tariff): DocumentLine[] {
  const byId = new Map(heads.map((head) => [head.id, head]));
  const lines: DocumentLine[] = [];
  for (const charge of chargesFor(learner, structures)) {
    const head = byId.get(charge.headId);
    if (!head?.active || head.kind === 'grant' || !(head.mandatory || learner.takes.has(head.id))) continue;
    if (head.frequency === 'once' && learner.joinedInTermId === null) continue;
    if (dueTerm(head, charge.termId, learner.joinedInTermId, termIds) !== termId) continue;
    // What is paid once or for a year is not worth less to somebody who comes later.
    const share = head.frequency === 'term' ? learner.share : WHOLE;
    const amountMinor = shareOf(charge.amountMinor, share, unit);
    if (amountMinor > 0) lines.push({ headId: head.id, kind: 'charge', description: `${head.name}${partOf(share)}`, amountMinor, structureId: charge.structureId, awardId: null });
  }
  return lines.sort((a, b) => byId.get(a.headId)!.priority - byId.get(b.headId)!.priority || (byId.get(a.headId)!.code < byId.get(b.headId)!.code ? -1 : 1));
}

/** Who joins after the term in which something is paid once or for the year pays it on joining. */
function dueTerm({ frequency }: VoteHead, termId: string, joinedInTermId: string | null, termIds: readonly string[]): string {
  if (frequency === 'term' || joinedInTermId === null) return termId;
  return termIds.indexOf(joinedInTermId) > termIds.indexOf(termId) ? joinedInTermId : termId;
}

/** Why it is not the whole term's: the school days that are left to somebody who joined in it. */
function partOf({ days, of }: Share): string {
  return days < of ? `: ${days} of ${of} school days` : '';
}

/** A part of an amount in whole units: 12,000.00 for 39 of 65 days is 7,200.00. The whole is what was entered, to the cent. */
export function shareOf(amountMinor: number, { days, of }: Share, unit: number): number {
  return days === of || of === 0 ? amountMinor : inUnits((amountMinor * days) / of, unit);
}

export const WHOLE: Share = { days: 1, of: 1 };

/** What must be written so that each payer owes what they are to owe; nothing when all stands already. */
export function stepsOf(wanted: readonly Bill[], standing: readonly Standing[], unit: number): Step[] {
  const steps: Step[] = [];
  for (const bill of wanted) {
    if (!standing.some((one) => samePayer(one.payer, bill.payer))) steps.push({ kind: 'invoice', payer: bill.payer, lines: bill.lines });
  }
  for (const { invoiceId, payer, lines } of standing) {
    const changes = differences(wanted.find((one) => samePayer(one.payer, payer))?.lines ?? [], lines, unit);
    const more = changes.filter((line) => line.amountMinor > 0);
    const less = changes.filter((line) => line.amountMinor < 0);
    if (more.length > 0) steps.push({ kind: 'debit-note', payer, invoiceId, lines: more });
    if (less.length > 0) steps.push({ kind: 'credit-note', payer, invoiceId, lines: less });
  }
  return steps;
}

/**
 * Line by line, what is wanted less what stands: the same head, kind and award is one line. Bills from before amounts came to
 * whole units stay as they are: no note is written about cents.
 */
function differences(wanted: readonly DocumentLine[], standing: readonly DocumentLine[], unit: number): DocumentLine[] {
  const changes = new Map<string, DocumentLine>();
  const add = (line: DocumentLine, sign: 1 | -1): void => {
    const key = `${line.headId} ${line.kind} ${line.awardId}`;
    const there = changes.get(key);
    changes.set(key, { ...(there ?? line), amountMinor: (there?.amountMinor ?? 0) + sign * line.amountMinor });
  };
  for (const line of wanted) add(line, 1);
  for (const line of standing) add(line, -1);
  return [...changes.values()].filter((line) => Math.abs(line.amountMinor) > unit / 2);
}

function samePayer(one: Payer, other: Payer): boolean {
  return one.kind === other.kind && one.id === other.id;
}

export function totalOf(lines: readonly Pick<DocumentLine, 'amountMinor'>[]): number {
  return lines.reduce((sum, line) => sum + line.amountMinor, 0);
}
