import { Invalid, RuleBroken } from '../../../kernel/errors.js';
import type { VoteHead } from './vote-head.rules.js';

export type Boarding = 'day' | 'boarder';
export const STATES = ['draft', 'published', 'replaced'] as const;
export type StructureState = (typeof STATES)[number];

/** Whom a structure is for. Streams win over classes; nothing named is the whole school. */
export interface Audience {
  classIds: readonly string[];
  streamIds: readonly string[];
  boarding: Boarding | null;
}

/** In which term a head is charged, and how much, in minor units above zero. */
export interface StructureLine {
  headId: string;
  termId: string;
  amountMinor: number;
}

export interface FeeStructure {
  id: string;
  yearId: string;
  name: string;
  audience: Audience;
  state: StructureState;
  /** Counted from 1; a published one is not changed, the next edition takes its place. */
  edition: number;
  replacesId: string | null;
  publishedAt: Date | null;
  publishedBy: string | null;
  lines: readonly StructureLine[];
  version: number;
}

export interface Learner {
  classId: string;
  streamId: string;
  boarding: Boarding;
}

/** A charge and the structure that it comes from. */
export interface Charge extends StructureLine {
  structureId: string;
}

/** How narrow an audience is: a stream beats a class, a class the whole school, and of two alike the one that names day or boarding. */
export function narrowness({ classIds, streamIds, boarding }: Audience): number {
  return (streamIds.length > 0 ? 4 : classIds.length > 0 ? 2 : 0) + (boarding === null ? 0 : 1);
}

export function isFor({ classIds, streamIds, boarding }: Audience, learner: Learner): boolean {
  if (boarding !== null && boarding !== learner.boarding) return false;
  if (streamIds.length > 0) return streamIds.includes(learner.streamId);
  return classIds.length === 0 || classIds.includes(learner.classId);
}

/** What a learner is charged: of each head and term the narrowest structure that is for them counts, and no other. */
export function chargesFor(learner: Learner, structures: readonly FeeStructure[]): Charge[] {
  const narrowestLast = structures
    .filter((one) => one.state === 'published' && isFor(one.audience, learner))
    .sort((a, b) => narrowness(a.audience) - narrowness(b.audience));
  const charges = new Map<string, Charge>();
  for (const { id, lines } of narrowestLast)
    for (const line of lines) charges.set(`${line.headId} ${line.termId}`, { ...line, structureId: id });
  return [...charges.values()];
}

/**
 * Two equally narrow structures may not charge the same learner for the same thing: nobody could say which counts.
 * @throws RuleBroken that names the other
 */
export function demandClear(
  structure: FeeStructure,
  published: readonly FeeStructure[],
  words: { head(id: string): string },
): void {
  for (const other of published) {
    if (other.id === structure.id || other.id === structure.replacesId || other.yearId !== structure.yearId) continue;
    if (!overlap(structure.audience, other.audience)) continue;
    const both = structure.lines.find((line) =>
      other.lines.some((theirs) => theirs.headId === line.headId && theirs.termId === line.termId),
    );
    if (both)
      throw new RuleBroken(
        'charged-twice',
        `“${other.name}” already charges the same students for ${words.head(both.headId)}. Remove the vote head from one of the structures, or limit one to a smaller group.`,
      );
  }
}

function overlap(one: Audience, other: Audience): boolean {
  if (narrowness(one) !== narrowness(other) || one.boarding !== other.boarding) return false;
  if (one.streamIds.length > 0) return one.streamIds.some((id) => other.streamIds.includes(id));
  return one.classIds.length === 0 || one.classIds.some((id) => other.classIds.includes(id));
}

/** @throws Invalid at the box, where a head that is charged once a year or once for all has amounts in several terms, or one is a grant */
export function demandFrequency(lines: readonly StructureLine[], heads: readonly VoteHead[]): void {
  const problems: Record<string, string> = {};
  for (const { id, frequency, kind } of heads) {
    const terms = lines.filter((line) => line.headId === id);
    if (kind === 'grant' && terms.length > 0)
      problems[`amounts.${id}.${terms[0]!.termId}`] = 'A grant is not charged to students';
    if (frequency !== 'term' && terms.length > 1)
      problems[`amounts.${id}.${terms[1]!.termId}`] = 'This vote head is charged once: keep one term only';
  }
  if (Object.keys(problems).length > 0) throw new Invalid(problems);
}

/** Lines of a copy, each raised or lowered by so many hundredths of a per cent and rounded to whole units of `stepMinor`. */
export function raisedBy(lines: readonly StructureLine[], basisPoints: number, stepMinor: number): StructureLine[] {
  return lines.map((line) => ({
    ...line,
    amountMinor: Math.max(stepMinor, Math.round((line.amountMinor * (10_000 + basisPoints)) / 10_000 / stepMinor) * stepMinor),
  }));
}

/** Terms of another year stand in the order of their days: the first of one is the first of the other. Lines of a term too many are left out. */
export function movedToYear(lines: readonly StructureLine[], from: readonly string[], to: readonly string[]): StructureLine[] {
  return lines.flatMap((line) => {
    const termId = to[from.indexOf(line.termId)];
    return termId === undefined ? [] : [{ ...line, termId }];
  });
}

export function totalsByTerm(lines: readonly StructureLine[]): Map<string, number> {
  const totals = new Map<string, number>();
  for (const { termId, amountMinor } of lines) totals.set(termId, (totals.get(termId) ?? 0) + amountMinor);
  return totals;
}
