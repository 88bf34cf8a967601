import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { addDays } from '../../../kernel/clock.js';
import { RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Page } from '../../../kernel/page.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { SchoolApi } from '../../school/index.js';
import type { AccountHolder, StudentsApi } from '../../students/index.js';
import { blockable, limitOf, outcomeOf, type ClearanceTerms, type Outcome } from './clearance.rules.js';
import { planStanding } from '../instalments/plan.rules.js';
import type { Clearance, ClearanceException, ClearanceRow, ClearanceStore, PlanStore } from '../ports.js';

/** Sees who is cleared, without amounts. */
export const SEES_CLEARANCE = 'fees.clearance.read';
/** Takes a snapshot of who is cleared. */
export const CLEARS = 'fees.clearance.write';
/** Lets a child count as cleared, whatever is owed. */
export const EXCEPTS = 'fees.clearance.except';

/** An exception is for this year of school. */
const MOST_DAYS_AHEAD = 365;
const FOUND_AT_ONCE = 50;

export interface ClearanceParts {
  unit: Unit;
  audit: AuditTrail;
  store: ClearanceStore;
  plans: Pick<PlanStore, 'running'>;
  students: Pick<StudentsApi, 'onRoll' | 'holders' | 'search'>;
  school: Pick<SchoolApi, 'today' | 'years' | 'pack'>;
  enqueue: (payload: { clearanceId: string; actor: Pick<Actor, 'userId' | 'name'> }) => Promise<void>;
}

export interface GateFilter {
  classId: string | null;
  streamId: string | null;
  /** Name or number. */
  text: string | null;
  held: boolean | null;
}

/** A row as it was found, and whether a child that was held would be cleared today. */
export interface GateRow extends ClearanceRow {
  student: AccountHolder;
  since: Exclude<Outcome, 'held'> | null;
}

export interface ExceptionShown extends ClearanceException {
  student: AccountHolder;
  counts: boolean;
}

/** Who has paid enough of a term to be cleared. A snapshot stays as it was found; what came later is shown beside it. */
export class Clearances {
  constructor(private readonly parts: ClearanceParts) {}

  list(actor: Actor, cursor: string | null, limit: number): Promise<Page<Clearance>> {
    demand(actor, SEES_CLEARANCE);
    return this.parts.store.list(cursor, limit);
  }

  async find(actor: Actor, id: string): Promise<Clearance> {
    demand(actor, SEES_CLEARANCE);
    const clearance = await this.parts.store.find(id);
    if (!clearance) throw new Missing('clearance');
    return clearance;
  }

  /** What the law of the country lets a school do with it. */
  async law(actor: Actor): Promise<ReturnType<typeof blockable> & { country: string }> {
    demand(actor, SEES_CLEARANCE);
    const pack = await this.parts.school.pack();
    return { ...blockable(pack.law), country: pack.name };
  }

  async rows(
    actor: Actor,
    id: string,
    { text, ...filter }: GateFilter,
    cursor: string | null,
    limit: number,
  ): Promise<Page<GateRow>> {
    const clearance = await this.find(actor, id);
    const { store, students } = this.parts;
    const studentIds = text ? (await students.search(actor, text, FOUND_AT_ONCE)).map((one) => one.id) : null;
    const page = await store.rows(id, { ...filter, studentIds }, cursor, limit);
    const holders = new Map((await students.holders(page.rows.map((row) => row.studentId))).map((one) => [one.id, one]));
    const since = await this.since(clearance, page.rows);
    return {
      ...page,
      rows: page.rows.flatMap((row) =>
        holders.has(row.studentId)
          ? [{ ...row, student: holders.get(row.studentId)!, since: since.get(row.studentId) ?? null }]
          : [],
      ),
    };
  }

  /** Asks for a snapshot as of today; a job takes it. @returns its id */
  start(actor: Actor, termId: string, terms: ClearanceTerms): Promise<string> {
    demand(actor, CLEARS);
    const { unit, store, audit, school, enqueue } = this.parts;
    return unit(async () => {
      if (!(await school.years()).some((year) => year.terms.some((term) => term.id === termId))) throw new Missing('term');
      if (terms.thresholdKind === 'percent' && terms.threshold > 10_000)
        throw new RuleBroken('percent', 'At most 100 per cent', 'threshold');
      const clearance = { id: newId(), termId, asOf: await school.today(), ...terms, byUserId: actor.userId, byName: actor.name };
      await store.insert(clearance);
      await audit.record(actor, { action: 'fees.clearance.take', entity: 'clearance', entityId: clearance.id, after: clearance });
      await enqueue({ clearanceId: clearance.id, actor: { userId: actor.userId, name: actor.name } });
      return clearance.id;
    });
  }

  /** The job: everybody on the roll, in one transaction; a second time, also at the same moment, changes nothing. */
  work(id: string): Promise<void> {
    const { unit, store, students } = this.parts;
    return unit(async () => {
      await store.hold(id);
      const clearance = await store.find(id);
      if (!clearance || clearance.counts) return;
      const learners = await students.onRoll();
      const found = await this.judge(
        clearance,
        learners.map((one) => one.id),
        clearance.asOf,
      );
      const rows = learners.map(({ id: studentId, classId, streamId }, at): ClearanceRow => ({
        n: at + 1,
        studentId,
        classId,
        streamId,
        ...found.get(studentId)!,
      }));
      const held = rows.filter((row) => row.outcome === 'held').length;
      await store.finish(id, rows, { cleared: rows.length - held, held });
    });
  }

  async exceptions(actor: Actor, cursor: string | null, limit: number): Promise<Page<ExceptionShown>> {
    demand(actor, SEES_CLEARANCE);
    const { store, students, school } = this.parts;
    const page = await store.exceptions(cursor, limit);
    const holders = new Map((await students.holders(page.rows.map((row) => row.studentId))).map((one) => [one.id, one]));
    const today = await school.today();
    return {
      ...page,
      rows: page.rows.flatMap((row) =>
        holders.has(row.studentId)
          ? [{ ...row, student: holders.get(row.studentId)!, counts: !row.endedAt && row.until >= today }]
          : [],
      ),
    };
  }

  /** @throws RuleBroken for a day that is over or far away */
  except(actor: Actor, given: { studentId: string; until: string; reason: string }): Promise<void> {
    demand(actor, EXCEPTS);
    const { unit, store, audit, students, school } = this.parts;
    return unit(async () => {
      const today = await school.today();
      if (given.until < today) throw new RuleBroken('past', 'Choose today or a later day', 'until');
      if (given.until > addDays(today, MOST_DAYS_AHEAD)) throw new RuleBroken('far', 'Choose a day within a year', 'until');
      if ((await students.holders([given.studentId])).length === 0) throw new Missing('student');
      await store.insertException({ id: newId(), ...given, byName: actor.name });
      await audit.record(actor, {
        action: 'fees.clearance.except',
        entity: 'student',
        entityId: given.studentId,
        after: { until: given.until },
        reason: given.reason,
      });
    });
  }

  endException(actor: Actor, id: string): Promise<void> {
    demand(actor, EXCEPTS);
    const { unit, store, audit } = this.parts;
    return unit(async () => {
      const exception = await store.findException(id);
      if (!exception) throw new Missing('exception');
      if (!(await store.endException(id, actor.name))) throw new RuleBroken('ended', 'This exception has already ended.');
      await audit.record(actor, {
        action: 'fees.clearance.end-exception',
        entity: 'student',
        entityId: exception.studentId,
        before: { until: exception.until, reason: exception.reason },
      });
    });
  }

  /** Of those held: who would be cleared today, by what has come, been agreed on or allowed since. */
  private async since(clearance: Clearance, rows: readonly ClearanceRow[]): Promise<Map<string, GateRow['since']>> {
    const held = rows.filter((row) => row.outcome === 'held').map((row) => row.studentId);
    if (held.length === 0) return new Map();
    const now = await this.judge(clearance, held, await this.parts.school.today());
    return new Map([...now].flatMap(([id, { outcome }]) => (outcome === 'held' ? [] : [[id, outcome] as const])));
  }

  /** What counts is what was past its day when the snapshot was taken; `on` is the day of plans and exceptions. */
  private async judge(
    clearance: Clearance,
    studentIds: readonly string[],
    on: string,
  ): Promise<Map<string, Pick<ClearanceRow, 'billedMinor' | 'countedMinor' | 'limitMinor' | 'outcome'>>> {
    const { store, plans } = this.parts;
    const debts = await store.debts(studentIds, clearance.termId, addDays(clearance.asOf, -clearance.graceDays));
    const sums = studentIds.map((id) => {
      const { billedMinor, countedMinor } = debts.get(id) ?? { billedMinor: 0, countedMinor: 0 };
      return { id, billedMinor, countedMinor, limitMinor: limitOf(clearance, billedMinor) };
    });
    const behind = sums.filter((one) => one.countedMinor > one.limitMinor).map((one) => one.id);
    const [running, excepted] = [await plans.running(behind), await store.excepted(behind, on)];
    return new Map(
      sums.map(({ id, ...sum }) => {
        const plan = running.get(id);
        return [
          id,
          {
            ...sum,
            outcome: outcomeOf(
              { ...sum, plan: plan ? planStanding(plan, on).state : null, excepted: excepted.has(id) },
              clearance.plansCount,
            ),
          },
        ];
      }),
    );
  }
}
