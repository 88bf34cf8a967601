import { RuleBroken } from '../../../kernel/errors.js';
import { Missing } from '../../../kernel/missing.js';
import { addDays } from '../../../kernel/clock.js';
import { billingUnit } from '../../../kernel/money.js';
import type { AcademicYear, SchoolApi, Term } from '../../school/index.js';
import type { HrApi } from '../../hr/index.js';
import type { LearnerOnRoll, PlaceToCome, StudentsApi } from '../../students/index.js';
import {
  billsFor,
  headCharges,
  stepsOf,
  totalOf,
  type Bill,
  type Share,
  type Standing,
  type Step,
  type Tariff,
  type ToBill,
} from './billing.rules.js';
import { byAge, siblingShare, type Award, type AwardKind } from '../awards/discount.rules.js';
import { partAfter, stretchesOf, type Taken } from './stretch.rules.js';
import { staffParent, type StaffParent } from '../awards/staff-child.rules.js';
import type { FeeStructure } from '../structures/structure.rules.js';
import type {
  AwardRow,
  AwardStore,
  DocumentStore,
  FeeSettingsStore,
  HeadStore,
  RunScope,
  StructureStore,
  Subscription,
  SubscriptionStore,
} from '../ports.js';

export interface PlanParts {
  heads: HeadStore;
  structures: StructureStore;
  documents: DocumentStore;
  awards: AwardStore;
  subscriptions: SubscriptionStore;
  settings: FeeSettingsStore;
  school: Pick<SchoolApi, 'years' | 'days' | 'today' | 'profile'>;
  students: Pick<StudentsApi, 'onRollIn' | 'guardianMarks'>;
  hr: Pick<HrApi, 'records'>;
}

/** What a run would write for one learner. */
export interface PlannedLearner {
  learner: LearnerOnRoll;
  /** What stands for the term, of all payers; minor units. */
  nowMinor: number;
  thenMinor: number;
  bills: readonly Bill[];
  steps: readonly Step[];
  /** Why the child gets what children of staff get; null where it doesn't. */
  staff: StaffParent | null;
}

export interface Plan {
  year: AcademicYear;
  term: Term;
  rows: readonly PlannedLearner[];
  /** Everybody who has a place in the term, whoever is to be billed. */
  roll: readonly LearnerOnRoll[];
}

/** Compares what everybody is to owe for a term with what stands. Reads only, so that a dry run and a run can't differ. */
export class BillingPlan {
  constructor(private readonly parts: PlanParts) {}

  /**
   * Everybody is billed by the place that the enrolment ledger has for them in the term's own year.
   * @param among only these of the scope
   * @param joining are counted as if they had their places in that year
   * @throws NotFound, or RuleBroken when nothing is published for the year
   */
  async of(
    termId: string,
    scope: RunScope,
    among: readonly string[] | null = null,
    joining: readonly PlaceToCome[] = [],
  ): Promise<Plan> {
    const { structures, documents, school } = this.parts;
    const years = await school.years();
    const { year, term } = termOf(years, termId);
    const published = (await structures.ofYear(year.id)).filter((one) => one.state === 'published');
    if (published.length === 0)
      throw new RuleBroken('no-structure', 'No fee structure has been published for this year. Publish one first.');
    const roll = await this.roll(year, term, joining);
    const named = scope.studentIds && new Set(scope.studentIds);
    const chosen = among && new Set(among);
    const learners = roll.filter(
      (learner) => (chosen?.has(learner.id) ?? true) && (named ? named.has(learner.id) : isIn(scope, learner)),
    );
    const standing = await documents.standing(termId, among ?? scope.studentIds);
    const tariff = await this.tariff(year, term, published);
    const kinds = (await this.parts.awards.kinds()).filter((kind) => kind.active);
    const staff = kinds.some(byItself) ? await this.staffChildren(learners, term) : new Map<string, StaffParent>();
    const toBill = await this.describer(years, year, term, { roll, kinds, staff });
    const rows = learners.map((learner) =>
      planned(
        learner,
        billsFor(toBill(learner), tariff),
        standing.get(learner.id) ?? [],
        tariff.unit,
        staff.get(learner.id) ?? null,
      ),
    );
    return { year, term, rows, roll };
  }

  /**
   * Head → which part of what somebody was charged for it lies in the school days from `day` to the end of the term: they leave,
   * and were there until then. Heads that are not charged by the term have none.
   */
  async leftOf(termId: string, studentId: string, day: string): Promise<Map<string, Share>> {
    const { school, students, structures } = this.parts;
    const years = await school.years();
    const { year, term } = termOf(years, termId);
    // Their place ended on the day before.
    const until = addDays(day, -2);
    const learner = (
      await students.onRollIn({ yearId: year.id, day: until < term.startsOn ? term.startsOn : until, until: term.endsOn })
    ).find((one) => one.id === studentId);
    if (!learner) return new Map();
    const toBill = await this.describer(years, year, term, { roll: [learner], kinds: [], staff: new Map() });
    const tariff = await this.tariff(
      year,
      term,
      (await structures.ofYear(year.id)).filter((one) => one.state === 'published'),
    );
    const left = (await shares(school, term))(day).days;
    return new Map(
      headCharges(toBill(learner), tariff).flatMap(({ head, rates }) => {
        const part = partAfter(rates, left);
        return head.frequency === 'term' && part.of > 0 ? [[head.id, part] as const] : [];
      }),
    );
  }

  private async tariff(year: AcademicYear, term: Term, structures: readonly FeeStructure[]): Promise<Tariff> {
    const { heads, settings, school } = this.parts;
    const unit = billingUnit((await school.profile()).currency);
    return {
      termId: term.id,
      termIds: year.terms.map((one) => one.id),
      structures,
      heads: await heads.list(),
      midTerm: await settings.find(),
      unit,
    };
  }

  /** Who is billed for a term, of the whole school, with the class of the day that counts for it. */
  async roll(year: Pick<AcademicYear, 'id'>, term: Term, joining: readonly PlaceToCome[] = []): Promise<LearnerOnRoll[]> {
    const { students, school } = this.parts;
    return students.onRollIn({ yearId: year.id, day: dayIn(term, await school.today()), until: term.endsOn }, joining);
  }

  private async staffChildren(learners: readonly LearnerOnRoll[], term: Term): Promise<Map<string, StaffParent>> {
    const { hr, students, school } = this.parts;
    const day = dayIn(term, await school.today());
    const staff = (await hr.records(day)).map((one) => ({
      name: one.surname,
      staffNo: one.staffNo,
      phones: [one.phone],
      email: one.email,
      nationalId: one.nationalId,
    }));
    const guardians = await students.guardianMarks(learners.map((one) => one.id));
    return new Map(
      [...guardians].flatMap(([id, marks]) => {
        const parent = staffParent(marks, staff);
        return parent ? [[id, parent] as const] : [];
      }),
    );
  }

  private async describer(
    years: readonly AcademicYear[],
    year: AcademicYear,
    term: Term,
    {
      roll,
      kinds,
      staff,
    }: { roll: readonly LearnerOnRoll[]; kinds: readonly AwardKind[]; staff: ReadonlyMap<string, StaffParent> },
  ): Promise<(learner: LearnerOnRoll) => ToBill> {
    const { subscriptions, awards, school } = this.parts;
    const terms = years.flatMap((one) => one.terms);
    const runs = (span: { fromTermId: string; toTermId: string | null }): boolean => within(terms, span, term);
    const taken = grouped((await subscriptions.all()).filter(runs));
    const given = grouped((await awards.active()).filter(runs));
    const ranks = siblingRanks(roll);
    const shareFrom = await shares(school, term);
    const newSince = firstNewDay(years, year);
    return (learner) => {
      const joined =
        learner.since !== null && learner.since >= newSince
          ? (year.terms.find((one) => one.endsOn >= learner.since!) ?? null)
          : null;
      const since = joined?.id === term.id && learner.since! > term.startsOn ? learner.since : null;
      return {
        studentId: learner.id,
        classId: learner.classId!,
        streamId: learner.streamId ?? '',
        joinedInTermId: joined?.id ?? null,
        stretches: stretchesOf(
          term,
          since,
          learner,
          (taken.get(learner.id) ?? []).map((one) => takenIn(term, one)),
          (day) => shareFrom(day).days,
        ),
        awards: awardsOf(learner.id, kinds, given.get(learner.id) ?? [], {
          rank: ranks.get(learner.id) ?? 1,
          ofStaff: staff.has(learner.id),
        }),
      };
    };
  }
}

/** @throws NotFound */
export function termOf(years: readonly AcademicYear[], termId: string): { year: AcademicYear; term: Term } {
  const year = years.find((one) => one.terms.some((term) => term.id === termId));
  const term = year?.terms.find((one) => one.id === termId);
  if (!year || !term) throw new Missing('term');
  return { year, term };
}

/** By which day a term is billed: today, or its nearest day where today is none of them. */
function dayIn({ startsOn, endsOn }: Term, today: string): string {
  return today < startsOn ? startsOn : today > endsOn ? endsOn : today;
}

function planned(
  learner: LearnerOnRoll,
  bills: readonly Bill[],
  standing: readonly Standing[],
  unit: number,
  staff: StaffParent | null,
): PlannedLearner {
  const sum = (of: readonly Bill[]): number => of.reduce((total, bill) => total + totalOf(bill.lines), 0);
  return { learner, nowMinor: sum(standing), thenMinor: sum(bills), bills, steps: stepsOf(bills, standing, unit), staff };
}

function isIn({ classIds, streamIds, boarding }: RunScope, learner: LearnerOnRoll): boolean {
  if (boarding !== null && learner.boarding !== boarding) return false;
  if (streamIds.length > 0) return streamIds.includes(learner.streamId ?? '');
  return classIds.length === 0 || classIds.includes(learner.classId!);
}

/** From this day on somebody who joins is new in the year: in the holidays before it too. */
export function firstNewDay(years: readonly AcademicYear[], year: AcademicYear): string {
  const before = years.filter((one) => one.endsOn < year.startsOn).at(-1);
  const end = before?.terms.at(-1)?.endsOn;
  return end ? addDays(end, 1) : year.startsOn;
}

/** School days from a day to the end of a term, halves counted as halves. */
export async function shares(school: Pick<SchoolApi, 'days'>, term: Term): Promise<(from: string) => Share> {
  const days = await school.days(term.startsOn, term.endsOn);
  const worth = (of: typeof days): number => of.reduce((sum, one) => sum + one.worth, 0);
  const whole = worth(days);
  return (from) => ({ days: worth(days.filter((one) => one.day >= from)), of: whole });
}

/** From which day to which somebody takes something, as far as that lies in the term. */
function takenIn(term: Term, { headId, fromTermId, fromOn, toTermId, toOn }: Subscription): Taken {
  return { headId, from: (fromTermId === term.id && fromOn) || term.startsOn, to: toTermId === term.id ? toOn : null };
}

function within(
  terms: readonly Term[],
  { fromTermId, toTermId }: { fromTermId: string; toTermId: string | null },
  { startsOn }: Term,
): boolean {
  const dayOf = (id: string): string => terms.find((term) => term.id === id)?.startsOn ?? '';
  return dayOf(fromTermId) <= startsOn && (toTermId === null || startsOn <= dayOf(toTermId));
}

function grouped<Row extends { studentId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row.studentId, [...(groups.get(row.studentId) ?? []), row]);
  return groups;
}

/** Learner → which child of its family it is among the enrolled, counted from 1. */
export function siblingRanks(roll: readonly LearnerOnRoll[]): Map<string, number> {
  const families = new Map<string, LearnerOnRoll[]>();
  for (const learner of roll) families.set(learner.familyId, [...(families.get(learner.familyId) ?? []), learner]);
  const ranks = new Map<string, number>();
  for (const family of families.values()) family.sort(byAge).forEach((learner, n) => ranks.set(learner.id, n + 1));
  return ranks;
}

/** Whether a kind goes to children of staff without being given: above what one person may give it doesn't. */
function byItself({ staffChildren, askAbove, value }: AwardKind): boolean {
  return staffChildren && (askAbove === null || value <= askAbove);
}

function awardsOf(
  studentId: string,
  kinds: readonly AwardKind[],
  given: readonly AwardRow[],
  { rank, ofStaff }: { rank: number; ofStaff: boolean },
): Award[] {
  return kinds.flatMap((kind): Award[] => {
    if (kind.method === 'siblings') {
      const value = siblingShare(rank, kind.value, kind.mostBasisPoints!);
      return value > 0 ? [{ id: kind.id, kind, sponsorId: null, value }] : [];
    }
    const own = given.filter((one) => one.kindId === kind.id);
    // What was given by hand takes the place of what goes by itself.
    if (own.length === 0 && ofStaff && byItself(kind)) return [{ id: kind.id, kind, sponsorId: null, value: kind.value }];
    return own.map((one) => ({
      id: one.id,
      kind,
      sponsorId: kind.sponsored ? one.sponsorId : null,
      value: one.value ?? kind.value,
    }));
  });
}
