import { addDays } from '../../../kernel/clock.js';

/** What becomes of a child when the year turns; `review` is no end: a person decides before anything moves. */
export const DECISIONS = ['promoted', 'repeating', 'leaving', 'review'] as const;
export type Decision = (typeof DECISIONS)[number];

/** `pass` null: no result counts, everybody goes up. */
export interface PromotionRule {
  pass: number | null;
  margin: number;
}

export type RolloverStatus = 'draft' | 'done' | 'undone';

/** Where each stream goes, and learners of a class without a stream; null leaves the school. */
export interface RolloverPlan {
  streams: Record<string, string | null>;
  classes: Record<string, string | null>;
}

export interface Rollover extends PromotionRule {
  id: string;
  fromYearId: string;
  toYearId: string;
  status: RolloverStatus;
  /** Last day of the old lines of the ledger, first day of the new. */
  closesOn: string;
  opensOn: string;
  plan: RolloverPlan;
  activeBefore: number | null;
  promoted: number | null;
  repeating: number | null;
  leaving: number | null;
  byUserId: string | null;
  byName: string | null;
  createdAt: Date;
  doneAt: Date | null;
  doneBy: string | null;
  undoneAt: Date | null;
  undoneBy: string | null;
}

export interface RolloverRow {
  studentId: string;
  fromEnrolmentId: string;
  fromClassId: string;
  fromStreamId: string | null;
  toClassId: string | null;
  toStreamId: string | null;
  decision: Decision;
  result: number | null;
  pass: number | null;
  margin: number | null;
  byHand: boolean;
  chosenStreamId: string | null;
  reason: string | null;
  byName: string | null;
}

/**
 * The last class leaves, whatever the result. Without a result, or without a threshold, a child goes up; at the
 * threshold or above too; within the margin below it a person decides; further below it is held back.
 */
export function decide(result: number | null, rule: PromotionRule, leaves: boolean): Decision {
  if (leaves) return 'leaving';
  if (result === null || rule.pass === null || result >= rule.pass) return 'promoted';
  return result >= rule.pass - rule.margin ? 'review' : 'repeating';
}

interface YearDays {
  startsOn: string;
  endsOn: string;
  terms: readonly { startsOn: string }[];
}

/** The old lines end with the old year, or the day before the first school day of the new one, with which the new lines begin. */
export function daysOfTurn(from: YearDays, to: YearDays): Pick<Rollover, 'closesOn' | 'opensOn'> {
  const opensOn = to.terms[0]?.startsOn ?? to.startsOn;
  return { opensOn, closesOn: from.endsOn < opensOn ? from.endsOn : addDays(opensOn, -1) };
}

interface PlannedClass {
  id: string;
  nextClassId: string | null;
}
interface PlannedStream {
  id: string;
  classId: string;
  name: string;
  order: number;
  active: boolean;
}

/**
 * Classes that a curriculum brings in by the year that comes and the school hasn't got yet, although it has the class
 * below: Grade 11 in 2027. They get the streams of that class.
 */
export function classesToCome(
  classes: readonly { id: string; name: string; active: boolean }[],
  streams: readonly { classId: string; name: string; active: boolean }[],
  all: readonly { code: string; name: string; next: string | null }[],
  running: readonly { code: string; name: string; since?: number }[],
): { name: string; streams: string[] }[] {
  return running.flatMap((level) => {
    if (level.since === undefined || classes.some((one) => one.name === level.name)) return [];
    const below = all.filter((one) => one.next === level.code);
    const from = classes.find((one) => one.active && below.some((lower) => lower.name === one.name));
    return from
      ? [
          {
            name: level.name,
            streams: streams.filter((one) => one.active && one.classId === from.id && one.name !== '').map((one) => one.name),
          },
        ]
      : [];
  });
}

/** By rule: the next class, there the stream of the same name, else the one at the same place, else the first. */
export function proposePlan(classes: readonly PlannedClass[], streams: readonly PlannedStream[]): RolloverPlan {
  const nextOf = new Map(classes.map((one) => [one.id, one.nextClassId]));
  const there = (classId: string | null | undefined): PlannedStream[] =>
    streams.filter((stream) => stream.classId === classId && stream.active).sort((a, b) => a.order - b.order);
  return {
    classes: Object.fromEntries(nextOf),
    streams: Object.fromEntries(
      streams.map((stream) => {
        const candidates = there(nextOf.get(stream.classId));
        const place = there(stream.classId).findIndex((one) => one.id === stream.id);
        const same = candidates.find((one) => one.name === stream.name);
        return [stream.id, (same ?? candidates[place] ?? candidates[0])?.id ?? null];
      }),
    ),
  };
}

interface Learner {
  studentId: string;
  enrolmentId: string;
  classId: string;
  streamId: string | null;
}

/** What a person has settled for one child, kept when the plan or the rule changes. */
export interface ByHand {
  decision: Exclude<Decision, 'review'>;
  chosenStreamId: string | null;
  reason: string;
  byName: string | null;
}

/** One child's line in the rollover: decided by rule unless a person has decided, placed by the plan. */
export function planned(
  learner: Learner,
  result: number | null,
  rollover: Pick<Rollover, 'plan' | 'pass' | 'margin'>,
  byHand: ByHand | null,
  classOf: ReadonlyMap<string, string>,
): RolloverRow {
  const { plan, pass, margin } = rollover;
  const upward = learner.streamId
    ? { streamId: plan.streams[learner.streamId] ?? null, classId: null }
    : { streamId: null, classId: plan.classes[learner.classId] ?? null };
  const upClass = upward.streamId ? (classOf.get(upward.streamId) ?? null) : upward.classId;
  const chosen = byHand?.chosenStreamId ?? null;
  const wanted = byHand?.decision ?? decide(result, { pass, margin }, upClass === null);
  const place = placeFor(
    wanted,
    { classId: upClass, streamId: upward.streamId },
    learner,
    chosen ? { classId: classOf.get(chosen) ?? null, streamId: chosen } : null,
  );
  // Somebody wanted this child to go up, and the plan has changed since: there is no class above any more.
  const stranded = wanted === 'promoted' && place.classId === null;
  const decision = stranded ? 'review' : wanted;
  return {
    studentId: learner.studentId,
    fromEnrolmentId: learner.enrolmentId,
    fromClassId: learner.classId,
    fromStreamId: learner.streamId,
    toClassId: place.classId,
    toStreamId: place.streamId,
    decision,
    result,
    pass,
    margin,
    byHand: byHand !== null,
    chosenStreamId: chosen,
    reason: byHand?.reason ?? null,
    byName: byHand?.byName ?? null,
  };
}

interface PlaceInSchool {
  classId: string | null;
  streamId: string | null;
}

const NOWHERE: PlaceInSchool = { classId: null, streamId: null };

function placeFor(decision: Decision, upward: PlaceInSchool, learner: Learner, chosen: PlaceInSchool | null): PlaceInSchool {
  if (decision === 'leaving' || decision === 'review') return NOWHERE;
  if (chosen) return chosen;
  return decision === 'promoted' ? upward : { classId: learner.classId, streamId: learner.streamId };
}
