import { inUnits } from '../structures/rounding.rules.js';
import type { VoteHead } from '../structures/vote-head.rules.js';

export const AWARD_METHODS = ['fixed', 'percent', 'siblings'] as const;
/** `siblings` goes by itself to every learner who has elder brothers or sisters enrolled. */
export type AwardMethod = (typeof AWARD_METHODS)[number];

export interface AwardKind {
  id: string;
  name: string;
  method: AwardMethod;
  /** Minor units when fixed, else hundredths of a per cent; of siblings, for each elder one. */
  value: number;
  /** Siblings only: more than this is not given, however many they are. */
  mostBasisPoints: number | null;
  /** What it is taken off; none named is every head that is the school's own income. */
  headIds: readonly string[];
  /** 1 to 99: lower ones are taken off first. */
  rank: number;
  /** More than this in a term is not taken off; minor units. */
  limitMinor: number | null;
  /** An award of more than this, counted as the value is, needs a second person; null asks nobody. */
  askAbove: number | null;
  /** Goes by itself to children of whom a guardian works here, as long as the value is not above `askAbove`. */
  staffChildren: boolean;
  /** A sponsor pays what is taken off; else it is the school's own discount. */
  sponsored: boolean;
  active: boolean;
  version: number;
}

/** What one learner gets in a term. */
export interface Award {
  id: string;
  kind: AwardKind;
  /** Who pays it; null for the school's own discount. */
  sponsorId: string | null;
  /** Minor units or hundredths of a per cent, as the kind's method has it. */
  value: number;
}

export interface Reduction {
  awardId: string;
  kindName: string;
  sponsorId: string | null;
  headId: string;
  /** Minor units, above zero. */
  amountMinor: number;
}

/** The share that the n-th child of a family gets, in hundredths of a per cent: nothing for the first, one step for each elder one, up to the most. */
export function siblingShare(rank: number, step: number, most: number): number {
  return Math.min(most, Math.max(0, rank - 1) * step);
}

/**
 * What is taken off the charges of a term. Awards come in the order of their kinds' ranks; a percentage is of what those
 * before it have left, a fixed sum goes to the heads by their priority, and no head falls below zero.
 */
export function reductionsOf(
  charges: ReadonlyMap<string, number>,
  awards: readonly Award[],
  heads: readonly VoteHead[],
  unit: number,
): Reduction[] {
  const left = new Map(charges);
  const ordered = [...awards].sort(
    (a, b) => a.kind.rank - b.kind.rank || (a.kind.name < b.kind.name ? -1 : 1) || (a.id < b.id ? -1 : 1),
  );
  return ordered.flatMap((award) => {
    const taken = takenOff(left, award, baseOf(award.kind, heads), unit);
    for (const { headId, amountMinor } of taken) left.set(headId, left.get(headId)! - amountMinor);
    return taken;
  });
}

function takenOff(
  left: ReadonlyMap<string, number>,
  { id, kind, sponsorId, value }: Award,
  base: readonly VoteHead[],
  unit: number,
): Reduction[] {
  let room = kind.method === 'fixed' ? Math.min(value, kind.limitMinor ?? Infinity) : (kind.limitMinor ?? Infinity);
  return base.flatMap((head) => {
    const there = left.get(head.id) ?? 0;
    const wanted = kind.method === 'fixed' || value >= 10_000 ? there : inUnits((there * value) / 10_000, unit);
    const amountMinor = Math.min(wanted, there, room);
    if (amountMinor <= 0) return [];
    room -= amountMinor;
    return [{ awardId: id, kindName: kind.name, sponsorId, headId: head.id, amountMinor }];
  });
}

/** By priority. What goes back or on to others is not the school's to give away; a sponsor may pay it. */
function baseOf({ headIds, sponsored }: AwardKind, heads: readonly VoteHead[]): VoteHead[] {
  const named = new Set(headIds);
  return heads
    .filter((head) => (named.size === 0 || named.has(head.id)) && (sponsored || head.kind === 'income'))
    .sort((a, b) => a.priority - b.priority || (a.code < b.code ? -1 : 1));
}

export interface Sibling {
  id: string;
  bornOn: string | null;
  admissionNo: string;
}

/** Eldest first, twins and those without a birthday by admission number: the order in which siblings are counted. */
export function byAge(a: Sibling, b: Sibling): number {
  const [born, other] = [a.bornOn ?? '9999-12-31', b.bornOn ?? '9999-12-31'];
  if (born !== other) return born < other ? -1 : 1;
  return a.admissionNo < b.admissionNo ? -1 : a.admissionNo > b.admissionNo ? 1 : 0;
}
