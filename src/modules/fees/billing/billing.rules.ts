import type { Payer } from '../documents/document.rules.js';
import { inUnits } from '../structures/rounding.rules.js';
import { reductionsOf, type Award } from '../awards/discount.rules.js';
import { charged, type MidTerm, type Rate, type Stretch } from './stretch.rules.js';
import { chargesFor, type Boarding, type Charge, type FeeStructure, type Learner } from '../structures/structure.rules.js';
import type { VoteHead } from '../structures/vote-head.rules.js';

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

/** A part of something: `days` of `of`. */
export interface Share {
  days: number;
  of: number;
}

export interface ToBill extends Omit<Learner, 'boarding'> {
  studentId: string;
  /** The term in which they joined, when that was in the year that is billed; null for those who were here before. */
  joinedInTermId: string | null;
  /** The term, cut where something changes for them; never empty. */
  stretches: readonly Stretch[];
  awards: readonly Award[];
}

/** What a term is billed by. `termIds` are those of its year, in order. */
export interface Tariff {
  termId: string;
  termIds: readonly string[];
  structures: readonly FeeStructure[];
  heads: readonly VoteHead[];
  midTerm: MidTerm;
  /** To which whatever is worked out is rounded; minor units. */
  unit: number;
}

/** What the family and each sponsor are to owe for one learner; payers who owe nothing are left out. */
export function billsFor(learner: ToBill, tariff: Tariff): Bill[] {
  const charges = chargeLines(learner, tariff);
  const sums = new Map(charges.map((line) => [line.headId, line.amountMinor]));
  const family = [...charges];
  const sponsors = new Map<string, DocumentLine[]>();
  for (const { awardId, kindName, sponsorId, headId, amountMinor } of reductionsOf(
    sums,
    learner.awards,
    tariff.heads,
    tariff.unit,
  )) {
    const line = { headId, description: kindName, structureId: null, awardId };
    family.push({ ...line, kind: sponsorId === null ? 'discount' : 'sponsored', amountMinor: -amountMinor });
    if (sponsorId !== null)
      sponsors.set(sponsorId, [...(sponsors.get(sponsorId) ?? []), { ...line, kind: 'charge', amountMinor }]);
  }
  const bills: Bill[] = [{ payer: { kind: 'student', id: learner.studentId }, lines: family }];
  for (const [id, lines] of sponsors) bills.push({ payer: { kind: 'sponsor', id }, lines });
  return bills.filter((bill) => bill.lines.length > 0);
}

/** What a learner is charged for one head of the term, stretch by stretch. */
export interface HeadCharge {
  head: VoteHead;
  structureId: string;
  rates: readonly Rate[];
}

/** By the structure for day scholars or for boarders, as it was in each stretch. What is paid once or for a year has one rate. */
export function headCharges(
  { classId, streamId, joinedInTermId, stretches }: ToBill,
  { termId, termIds, structures, heads, midTerm }: Tariff,
): HeadCharge[] {
  const byId = new Map(heads.map((head) => [head.id, head]));
  const byBoarding = new Map(
    [...new Set(stretches.map((one) => one.boarding))].map((boarding) => [
      boarding,
      chargesFor({ classId, streamId, boarding }, structures),
    ]),
  );
  const found: HeadCharge[] = [];
  for (const { headId, termId: chargedIn, structureId } of eachOnce([...byBoarding.values()].flat())) {
    const head = byId.get(headId);
    if (!head?.active || head.kind === 'grant') continue;
    if (head.frequency === 'once' && joinedInTermId === null) continue;
    if (dueTerm(head, chargedIn, joinedInTermId, termIds) !== termId) continue;
    const rates = stretches.map(({ days, away, boarding, takes }): Rate => {
      const charge =
        away || !(head.mandatory || takes.has(headId))
          ? undefined
          : byBoarding.get(boarding)!.find((one) => one.headId === headId && one.termId === chargedIn);
      return { days, boarding, amountMinor: charge?.amountMinor ?? 0 };
    });
    // What is paid once or for a year is not worth less to somebody who comes later.
    found.push({
      head,
      structureId,
      rates: charged(rates, head.frequency === 'term' ? midTerm : { joiners: 'whole', leavers: 'keep' }),
    });
  }
  return found.sort((one, other) => one.head.priority - other.head.priority || (one.head.code < other.head.code ? -1 : 1));
}

function chargeLines(learner: ToBill, tariff: Tariff): DocumentLine[] {
  return headCharges(learner, tariff).flatMap(({ head, structureId, rates }): DocumentLine[] => {
    const amountMinor = amountOf(rates, tariff.unit);
    return amountMinor > 0
      ? [
          {
            headId: head.id,
            kind: 'charge',
            description: `${head.name}${partOf(rates)}`,
            amountMinor,
            structureId,
            awardId: null,
          },
        ]
      : [];
  });
}

/** Of two that charge the same head in the same term, as for day scholars and boarders, the later: that is how it is now. */
function eachOnce(charges: readonly Charge[]): Charge[] {
  return [...new Map(charges.map((one) => [`${one.headId} ${one.termId}`, one])).values()];
}

/** In whole units, where it isn't what was entered: 12,000.00 for 39 of 65 days is 7,200.00. */
function amountOf(rates: readonly Rate[], unit: number): number {
  const of = daysIn(rates);
  if (of === 0 || rates.every((one) => one.amountMinor === rates[0]!.amountMinor)) return rates.at(-1)!.amountMinor;
  return inUnits(rates.reduce((sum, one) => sum + one.amountMinor * one.days, 0) / of, unit);
}

function daysIn(rates: readonly Rate[]): number {
  return rates.reduce((sum, one) => sum + one.days, 0);
}

/**
 * What a line is called: its head, and what it is for where that says more: `Boarding: 50 of 85 school days`, `Tuition: Bursary`.
 */
export function lineWords({ headName, description }: { headName: string; description: string }): string {
  return description === headName || description.startsWith(`${headName}: `) ? description : `${headName}: ${description}`;
}

/** Who joins after the term in which something is paid once or for the year pays it on joining. */
function dueTerm({ frequency }: VoteHead, termId: string, joinedInTermId: string | null, termIds: readonly string[]): string {
  if (frequency === 'term' || joinedInTermId === null) return termId;
  return termIds.indexOf(joinedInTermId) > termIds.indexOf(termId) ? joinedInTermId : termId;
}

/** Why it is not the whole term's: the school days on which it was charged, and as what where that costs differently. */
function partOf(rates: readonly Rate[]): string {
  const lived = rates.filter((one) => one.days > 0);
  if (lived.every((one) => one.amountMinor === lived[0]!.amountMinor)) return '';
  const paid = lived.filter((one) => one.amountMinor > 0);
  const of = daysIn(rates);
  if (paid.every((one) => one.amountMinor === paid[0]!.amountMinor)) return `: ${daysIn(paid)} of ${of} school days`;
  const as = (boarding: Boarding): number => daysIn(paid.filter((one) => one.boarding === boarding));
  return `: ${as('day')} of ${of} school days as a day scholar, ${as('boarder')} as a boarder`;
}

/** A part of an amount in whole units: 12,000.00 for 39 of 65 days is 7,200.00. The whole is what was entered, to the cent. */
export function shareOf(amountMinor: number, { days, of }: Share, unit: number): number {
  return days === of || of === 0 ? amountMinor : inUnits((amountMinor * days) / of, unit);
}

/** What must be written so that each payer owes what they are to owe; nothing when all stands already. */
export function stepsOf(wanted: readonly Bill[], standing: readonly Standing[], unit: number): Step[] {
  const steps: Step[] = [];
  for (const bill of wanted) {
    if (!standing.some((one) => samePayer(one.payer, bill.payer)))
      steps.push({ kind: 'invoice', payer: bill.payer, lines: bill.lines });
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
