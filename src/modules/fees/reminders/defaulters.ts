import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { addDays } from '../../../kernel/clock.js';
import { RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Page } from '../../../kernel/page.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { SchoolApi } from '../../school/index.js';
import type { AccountHolder, GuardianBrief, StudentsApi } from '../../students/index.js';
import { SEES_ACCOUNTS } from '../documents/document.rules.js';
import { askedOverdue, holds, planStanding, type PlanStanding } from '../instalments/plan.rules.js';
import { promiseState, type FeePromise, type PromiseState } from './promise.rules.js';
import { firstGuardian } from './reminder.rules.js';
import type { Debt, DefaulterStore } from '../ports.js';

/** Writes promises down and reminds families. */
export const REMINDS = 'fees.remind';

/** A promise is for this year of school, not for one that nobody plans yet. */
const MOST_DAYS_AHEAD = 365;

export interface DefaulterFilter {
  classId: string | null;
  streamId: string | null;
  /** In minor units. */
  atLeastMinor: number;
  /** Days that the oldest part is overdue, at least; from 1. */
  days: number;
}

export type Promised = FeePromise & { state: PromiseState };

export interface Defaulter extends Omit<Debt, 'promise' | 'plan' | 'sinceMinor'> {
  /** What is asked for as overdue: of somebody on a plan what is late of it, and what came after it. */
  overdueMinor: number;
  /** What a reminder names: all that is open, of somebody on a plan what is overdue; zero leaves the family in peace. */
  askedMinor: number;
  plan: (PlanStanding & { id: string }) | null;
  student: AccountHolder;
  /** Whom the school calls. */
  guardian: GuardianBrief | null;
  promise: Promised | null;
}

/** Who owes something that is past its day, and what their families said about it. */
export class Defaulters {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly store: DefaulterStore,
    private readonly students: Pick<StudentsApi, 'payees' | 'holders' | 'guardiansOf'>,
    private readonly school: Pick<SchoolApi, 'today'>,
  ) {}

  /** Who owes most first. */
  async list(actor: Actor, filter: DefaulterFilter, cursor: string | null, limit: number): Promise<Page<Defaulter>> {
    demand(actor, SEES_ACCOUNTS);
    const today = await this.school.today();
    const page = await this.store.debts(
      { studentIds: await this.within(filter), atLeastMinor: filter.atLeastMinor, dueBy: addDays(today, -filter.days), today },
      cursor,
      limit,
    );
    return { ...page, rows: await this.whole(actor, page.rows, today) };
  }

  /** Of these students, those who owe something overdue, those too whose plan holds. */
  async among(actor: Actor, studentIds: readonly string[]): Promise<Defaulter[]> {
    demand(actor, SEES_ACCOUNTS);
    const today = await this.school.today();
    const { rows } = await this.store.debts({ studentIds, atLeastMinor: 0, dueBy: today, today }, null, studentIds.length);
    return this.whole(actor, rows, today);
  }

  async promisesOf(actor: Actor, studentId: string): Promise<Promised[]> {
    demand(actor, SEES_ACCOUNTS);
    const today = await this.school.today();
    return (await this.store.promisesOf(studentId)).map((one) => ({ ...one, state: promiseState(one, today) }));
  }

  /** @throws RuleBroken for a day that is over or far away */
  promise(actor: Actor, studentId: string, given: { promisedOn: string; amountMinor: number; note: string }): Promise<void> {
    demand(actor, REMINDS);
    return this.unit(async () => {
      const today = await this.school.today();
      if (given.promisedOn < today) throw new RuleBroken('past', 'Choose today or a later day', 'promisedOn');
      if (given.promisedOn > addDays(today, MOST_DAYS_AHEAD))
        throw new RuleBroken('far', 'Choose a day within a year', 'promisedOn');
      if ((await this.students.holders([studentId])).length === 0) throw new Missing('student');
      await this.store.insertPromise({ id: newId(), studentId, madeOn: today, byName: actor.name, ...given });
      await this.audit.record(actor, { action: 'fees.promise.record', entity: 'student', entityId: studentId, after: given });
    });
  }

  private async within({ classId, streamId }: DefaulterFilter): Promise<string[] | null> {
    if (!classId && !streamId) return null;
    return (await this.students.payees())
      .filter((one) => (streamId ? one.streamId === streamId : one.classId === classId))
      .map((one) => one.id);
  }

  private async whole(actor: Actor, debts: readonly Debt[], today: string): Promise<Defaulter[]> {
    const ids = debts.map((one) => one.studentId);
    if (ids.length === 0) return [];
    const holders = new Map((await this.students.holders(ids)).map((one) => [one.id, one]));
    const guardians = await this.students.guardiansOf(actor, ids);
    return debts.flatMap(({ promise, plan: facts, sinceMinor, ...debt }) => {
      const student = holders.get(debt.studentId);
      if (!student) return [];
      const plan = facts && { id: facts.id, ...planStanding(facts, today) };
      const overdueMinor = askedOverdue({ ...debt, sinceMinor }, plan);
      const askedMinor = plan && holds(plan.state) ? overdueMinor : debt.openMinor;
      return [
        {
          ...debt,
          overdueMinor,
          askedMinor,
          plan,
          student,
          guardian: firstGuardian(guardians.get(debt.studentId) ?? []),
          promise: promise && { ...promise, state: promiseState(promise, today) },
        },
      ];
    });
  }
}
