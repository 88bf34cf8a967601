import { demand, type Actor } from '../../../kernel/actor.js';
import type { DomainEvent } from '../../../kernel/events.js';
import { Invalid, NotFound, RuleBroken } from '../../../kernel/errors.js';
import { Missing } from '../../../kernel/missing.js';
import { newId } from '../../../kernel/id.js';
import { registerName } from '../../../kernel/people/names.js';
import type { AcademicYear } from '../../../kernel/school-calendar.js';
import type { Publish, Unit } from '../../../kernel/unit-of-work.js';
import type { NewYear, SchoolApi, SchoolCalendar } from '../../school/index.js';
import type { CurriculumTurn, SubjectsApi, SubjectTurn } from '../../subjects/index.js';
import {
  classesToCome,
  daysOfTurn,
  planned,
  proposePlan,
  type ByHand,
  type PromotionRule,
  type Rollover,
  type RolloverPlan,
} from './rollover.rules.js';
import { StudentEnrolled, StudentLeft, YearTakenBack } from '../index.js';
import type { AuditTrail, NamedStudent, NewRollover, RolloverStore, StudentTies } from '../ports.js';

/** What a form sends for a class that goes nowhere: its learners leave the school. */
export const LEAVES = 'leave';

/** How many names a refusal says before it counts the rest. */
const NAMES_SAID = 5;

/**
 * The turn of the year. A draft holds one line for each child with what becomes of it; people look and change; then
 * everything moves in one transaction. A year is entered once: doing it again changes nothing.
 */
export class Rollovers {
  constructor(
    private readonly unit: Unit,
    private readonly publish: Publish,
    private readonly audit: AuditTrail,
    private readonly store: RolloverStore,
    private readonly school: SchoolApi,
    private readonly subjects: SubjectsApi,
    private readonly curriculum: CurriculumTurn,
    private readonly ties: StudentTies[],
    private readonly calendar: SchoolCalendar,
  ) {}

  /** The years to choose from, with the one to come where the calendar ends with this one; from where the learners are into the next. */
  async choices(): Promise<{
    years: readonly AcademicYear[];
    coming: NewYear | null;
    fromYearId: string | undefined;
    toYearId: string | undefined;
  }> {
    const [years, today, here, coming] = await Promise.all([
      this.school.years(),
      this.school.today(),
      this.store.yearOfMost(),
      this.calendar.comingYear(),
    ]);
    const from = years.find((year) => year.id === here) ?? years.findLast((year) => year.startsOn <= today) ?? years[0];
    const to = years.find((year) => from && year.startsOn > from.startsOn);
    return { years, coming, fromYearId: from?.id, toYearId: to?.id ?? coming?.startsOn };
  }

  /**
   * Prepares the lines; where the year is prepared or entered already, that one is returned.
   * @param wanted `toYearId`: or the first day of the year to come, which is added then
   */
  prepare(actor: Actor, wanted: { fromYearId: string; toYearId: string } & PromotionRule): Promise<Rollover> {
    demand(actor, 'students.roll-over');
    return this.unit(async () => {
      const { from, to } = await this.demandYears(actor, wanted.fromYearId, wanted.toYearId);
      const standing = await this.store.standingInto(to.id);
      if (standing) return standing;
      await this.growClasses(actor, to);
      const rollover = {
        id: newId(),
        fromYearId: from.id,
        toYearId: to.id,
        ...daysOfTurn(from, to),
        pass: wanted.pass,
        margin: wanted.margin,
        plan: await this.proposePlan(),
        byUserId: actor.userId,
        byName: actor.name,
      };
      await this.store.insert(rollover);
      await this.writeRows(rollover);
      return this.demandRollover(rollover.id);
    });
  }

  async find(id: string): Promise<Rollover | null> {
    const rollover = await this.store.find(id);
    return rollover && this.withDays(rollover);
  }

  /** Other goals for classes, or another threshold: every line that nobody decided by hand is decided anew. */
  replan(actor: Actor, id: string, change: PromotionRule & { streams: Record<string, string | null> }): Promise<void> {
    demand(actor, 'students.roll-over');
    return this.unit(async () => {
      const rollover = await this.demandDraft(id);
      const { streams } = await this.subjects.classList();
      for (const [from, to] of Object.entries(change.streams)) {
        if (to && !streams.some((stream) => stream.id === to)) throw new Invalid({ [`streams.${from}`]: 'Choose a class' });
      }
      const plan: RolloverPlan = { ...rollover.plan, streams: { ...rollover.plan.streams, ...change.streams } };
      const rule = { plan, pass: change.pass, margin: change.margin };
      await this.store.setRule(id, rule);
      await this.writeRows({ ...rollover, ...rule });
    });
  }

  /** Takes in who has joined, left or moved since; decisions by hand stay. */
  refresh(actor: Actor, id: string): Promise<void> {
    demand(actor, 'students.roll-over');
    return this.unit(async () => this.writeRows(await this.demandDraft(id)));
  }

  /** A person's word against the rule, with a reason; null gives the child back to the rule. */
  decide(
    actor: Actor,
    id: string,
    studentId: string,
    word: (Pick<ByHand, 'decision' | 'chosenStreamId'> & { reason: string }) | null,
  ): Promise<void> {
    demand(actor, 'students.roll-over');
    return this.unit(async () => {
      const rollover = await this.demandDraft(id);
      const row = await this.store.row(id, studentId);
      if (!row) throw new NotFound();
      if (word && word.reason.trim() === '') throw new Invalid({ reason: 'Enter a reason for this manual decision' });
      const byHand = new Map(await this.store.byHand(id));
      if (word) byHand.set(studentId, { ...word, byName: actor.name });
      else byHand.delete(studentId);
      const [learner] = (await this.store.toMove(rollover.toYearId)).filter((one) => one.studentId === studentId);
      const classOf = await this.classOfStream();
      if (learner && word && planned(learner, row.result, rollover, byHand.get(studentId)!, classOf).decision === 'review') {
        throw new Invalid({ chosenStreamId: 'Choose a class: the plan has no class for this student' });
      }
      await this.writeRows(rollover, byHand);
    });
  }

  discard(actor: Actor, id: string): Promise<void> {
    demand(actor, 'students.roll-over');
    return this.unit(async () => {
      await this.demandDraft(id);
      await this.store.remove(id);
    });
  }

  /** Why it can't begin yet; empty when everything is decided and up to date. */
  async obstacles(rollover: Rollover): Promise<{ drift: number; review: number; leave: number; unplaced: NamedStudent[] }> {
    const [drift, counts, unplaced] = [
      await this.store.countDrift(rollover),
      await this.store.counts(rollover.id),
      await this.store.unplaced(),
    ];
    const sum = (of: 'review' | 'leaving'): number => counts.reduce((all, one) => all + one[of], 0);
    return { drift, unplaced, review: sum('review'), leave: sum('leaving') };
  }

  /** Subjects that classes get or lose with it, where a curriculum is coming in. */
  async subjectTurns(rollover: Rollover): Promise<SubjectTurn[]> {
    return this.curriculum.planned(...(await this.beginnings(rollover)));
  }

  /**
   * Everybody moves. A second time it finds the work done and does nothing.
   * @param leaving how many leave the school, as the person has read and confirmed it
   */
  commit(actor: Actor, id: string, leaving: number): Promise<Rollover> {
    demand(actor, 'students.roll-over');
    return this.unit(async () => {
      const rollover = await this.demandRollover(id);
      if (rollover.status === 'done') return rollover;
      if (rollover.status === 'undone') throw new RuleBroken('taken-back', 'This rollover was undone. Prepare a new one.');
      const drift = await this.store.lockAndCountDrift(rollover);
      if (drift > 0)
        throw new RuleBroken(
          'register-changed',
          `The register has changed since this was prepared (${drift} ${drift === 1 ? 'student' : 'students'}). Update it and check again.`,
        );
      const { review, unplaced, leave } = await this.obstacles(rollover);
      if (review > 0)
        throw new RuleBroken('to-decide', `${review} ${review === 1 ? 'student is' : 'students are'} still to be decided.`);
      if (unplaced.length > 0)
        throw new RuleBroken(
          'unplaced',
          `${said(unplaced)} ${unplaced.length === 1 ? 'is' : 'are'} not in a class. Assign a class or withdraw the student first.`,
        );
      if (leave !== leaving)
        throw new RuleBroken(
          'leaving-unconfirmed',
          `${leave} ${leave === 1 ? 'student leaves' : 'students leave'} the school. Check their classes, then tick the box to confirm.`,
        );
      const turning = await this.withDays(rollover);
      await this.store.commit(turning, { userId: actor.userId, name: actor.name });
      const [from, to] = await this.beginnings(rollover);
      await this.store.keepSubjects(id, await this.curriculum.make(actor, from, to, turning.closesOn));
      const done = await this.demandRollover(id);
      await this.publish(...(await this.events(done)));
      await this.audit.record(actor, {
        action: 'students.roll-over',
        entity: 'year',
        entityId: rollover.toYearId,
        label: await this.yearName(rollover.toYearId),
        after: { activeBefore: done.activeBefore, promoted: done.promoted, repeating: done.repeating, leaving: done.leaving },
      });
      return done;
    });
  }

  /** Possible until somebody is marked in the new year, and until somebody has moved on from where this put them. */
  undo(actor: Actor, id: string): Promise<void> {
    demand(actor, 'students.roll-over');
    return this.unit(async () => {
      const rollover = await this.demandRollover(id);
      if (rollover.status === 'undone') return;
      if (rollover.status !== 'done') throw new RuleBroken('not-done', 'Nothing has moved yet.');
      for (const tie of this.ties) {
        if (await tie.yearHasMarks(rollover.toYearId))
          throw new RuleBroken('has-marks', 'Marks have been entered in the new year. The rollover can no longer be undone.');
      }
      const moved = await this.store.movedSince(id);
      if (moved.length > 0)
        throw new RuleBroken(
          'moved-since',
          `${said(moved)} ${moved.length === 1 ? 'has' : 'have'} moved since. Move them back to the class in which they began the year, then undo the rollover.`,
        );
      const placed = await this.store.moved(id);
      const studentIds = placed.map((one) => one.studentId);
      const leavers = placed.filter((one) => one.decision === 'leaving').map(({ studentId, on }) => ({ studentId, on }));
      await this.store.undo(rollover, { userId: actor.userId, name: actor.name }, await this.school.today());
      await this.curriculum.takeBack(actor, await this.store.keptSubjects(id), rollover.closesOn);
      await this.publish(YearTakenBack({ yearId: rollover.toYearId, studentIds, leavers }));
      await this.audit.record(actor, {
        action: 'students.undo-roll-over',
        entity: 'year',
        entityId: rollover.toYearId,
        label: await this.yearName(rollover.toYearId),
        before: { students: studentIds.length },
      });
    });
  }

  private async writeRows(rollover: NewRollover, byHand?: ReadonlyMap<string, ByHand>): Promise<void> {
    const words = byHand ?? (await this.store.byHand(rollover.id));
    const learners = await this.store.toMove(rollover.toYearId);
    const results = await this.results(
      learners.map((one) => one.studentId),
      rollover.fromYearId,
    );
    const classOf = await this.classOfStream();
    await this.store.replaceRows(
      rollover.id,
      learners.map((one) =>
        planned(one, results.get(one.studentId) ?? null, rollover, words.get(one.studentId) ?? null, classOf),
      ),
    );
  }

  private async results(studentIds: string[], yearId: string): Promise<ReadonlyMap<string, number>> {
    const all = new Map<string, number>();
    for (const tie of this.ties) for (const [id, result] of await tie.yearResults(studentIds, yearId)) all.set(id, result);
    return all;
  }

  private async events(rollover: Rollover): Promise<DomainEvent[]> {
    return (await this.store.moved(rollover.id)).map(({ studentId, decision, classId, streamId, on }) =>
      decision === 'leaving' || classId === null
        ? StudentLeft({ studentId, on, status: 'graduated', reason: 'completed' })
        : StudentEnrolled({ studentId, yearId: rollover.toYearId, classId, streamId, on, reason: decision }),
    );
  }

  /** Where a curriculum is coming in, its next class is made with the streams of the one below, so that nobody stands at its end. */
  private async growClasses(actor: Actor, to: AcademicYear): Promise<void> {
    const { classes, streams } = await this.subjects.classList();
    const year = Number(to.startsOn.slice(0, 4));
    const pack = await this.school.pack();
    const grown = classesToCome(classes, streams, pack.levels, await this.school.levels(year));
    if (grown.length > 0) await this.subjects.seedFromPack(actor, pack.id, grown, year);
  }

  private async proposePlan(): Promise<RolloverPlan> {
    const { classes, streams } = await this.subjects.classList();
    return proposePlan(classes, streams);
  }

  private async classOfStream(): Promise<ReadonlyMap<string, string>> {
    return new Map((await this.subjects.classList()).streams.map((stream) => [stream.id, stream.classId]));
  }

  private async demandYears(
    actor: Actor,
    fromYearId: string,
    toYearId: string,
  ): Promise<{ from: AcademicYear; to: AcademicYear }> {
    const years = await this.school.years();
    const from = years.find((year) => year.id === fromYearId);
    const to = await this.calendar.chosenYear(actor, toYearId);
    if (!from) throw new Invalid({ fromYearId: 'Choose a year' });
    if (!to) throw new Invalid({ toYearId: 'Choose a year' });
    if (to.startsOn <= from.startsOn) throw new Invalid({ toYearId: 'The new year must begin after the old one' });
    return { from, to };
  }

  /** Until everybody has moved, the days are those that the calendar has now. */
  private async withDays(rollover: Rollover): Promise<Rollover> {
    if (rollover.status !== 'draft') return rollover;
    const years = await this.school.years();
    const [from, to] = [rollover.fromYearId, rollover.toYearId].map((id) => years.find((year) => year.id === id));
    return from && to ? { ...rollover, ...daysOfTurn(from, to) } : rollover;
  }

  private async demandRollover(id: string): Promise<Rollover> {
    const rollover = await this.store.findForChange(id);
    if (!rollover) throw new Missing('rollover');
    return rollover;
  }

  private async demandDraft(id: string): Promise<Rollover> {
    const rollover = await this.demandRollover(id);
    if (rollover.status !== 'draft')
      throw new RuleBroken('not-a-draft', 'Everyone has already been moved; nothing can be changed here any more.');
    return rollover;
  }

  /** The calendar years in which both school years begin. */
  private async beginnings({ fromYearId, toYearId }: Rollover): Promise<[from: number, to: number]> {
    const years = await this.school.years();
    const begins = (id: string): number => Number(years.find((year) => year.id === id)!.startsOn.slice(0, 4));
    return [begins(fromYearId), begins(toYearId)];
  }

  private async yearName(id: string): Promise<string> {
    return (await this.school.years()).find((year) => year.id === id)?.name ?? '';
  }
}

function said(students: readonly NamedStudent[]): string {
  const names = students.slice(0, NAMES_SAID).map((one) => `${registerName({ ...one, middleName: null })}, ${one.admissionNo}`);
  const rest = students.length - names.length;
  return rest > 0 ? `${names.join('; ')} and ${rest} more` : names.join('; ');
}
