import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import { billingUnit } from '../../../kernel/money.js';
import type { Page } from '../../../kernel/page.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { SchoolApi } from '../../school/index.js';
import type { AccountHolder, StudentsApi } from '../../students/index.js';
import { SEES_ACCOUNTS } from '../documents/document.rules.js';
import {
  demandInstalments,
  equalInstalments,
  holds,
  planStanding,
  type Instalment,
  type Interval,
  type PlanStanding,
  type PlanState,
} from './plan.rules.js';
import { firstGuardian } from '../reminders/reminder.rules.js';
import type { InstalmentsApi, NextInstalment } from '../index.js';
import type { FeePlan, FeeSettingsStore, HoldStore, PaymentStore, PlanStore } from '../ports.js';

/** Agrees on instalments and takes plans back. */
export const PLANS = 'fees.plans';

export interface PlanParts {
  unit: Unit;
  audit: AuditTrail;
  plans: PlanStore;
  payments: Pick<PaymentStore, 'openItems'>;
  hold: HoldStore;
  settings: FeeSettingsStore;
  students: Pick<StudentsApi, 'payees' | 'holders' | 'guardiansOf' | 'siblingsOf'>;
  school: Pick<SchoolApi, 'today' | 'profile'>;
}

/** Equal parts from a day on, or parts as they were agreed, which come to what is open. */
export type Parts = { parts: number; firstOn: string; interval: Interval } | { instalments: readonly Instalment[] };

export interface StandingPlan extends FeePlan {
  standing: PlanStanding;
}

export interface ListedPlan extends StandingPlan {
  student: AccountHolder;
}

/** Before a plan is agreed on: what is open of the student and of brothers and sisters without one. */
export interface Proposal {
  student: AccountHolder;
  openMinor: number;
  running: StandingPlan | null;
  siblings: readonly { student: AccountHolder; openMinor: number }[];
  guardian: string;
  graceDays: number;
}

/** What is open is paid in parts, on agreed days. */
export class Plans implements InstalmentsApi {
  constructor(private readonly parts: PlanParts) {}

  async list(
    actor: Actor,
    filter: { classId: string | null; streamId: string | null; state: PlanState | null },
    cursor: string | null,
    limit: number,
  ): Promise<Page<ListedPlan>> {
    demand(actor, SEES_ACCOUNTS);
    const { plans, school, students } = this.parts;
    const { classId, streamId, state } = filter;
    const studentIds =
      classId || streamId
        ? (await students.payees())
            .filter((one) => (streamId ? one.streamId === streamId : one.classId === classId))
            .map((one) => one.id)
        : null;
    const today = await school.today();
    const page = await plans.list({ studentIds, state, today }, cursor, limit);
    const holders = new Map((await students.holders(page.rows.map((row) => row.studentId))).map((one) => [one.id, one]));
    return {
      ...page,
      rows: page.rows.flatMap((row) =>
        holders.has(row.studentId) ? [{ ...standing(row, today), student: holders.get(row.studentId)! }] : [],
      ),
    };
  }

  async find(actor: Actor, id: string): Promise<ListedPlan> {
    demand(actor, SEES_ACCOUNTS);
    const { plans, school, students } = this.parts;
    const plan = await plans.find(id);
    const [student] = plan ? await students.holders([plan.studentId]) : [];
    if (!plan || !student) throw new Missing('plan');
    return { ...standing(plan, await school.today()), student };
  }

  /** For whoever shows a family what it owes, and has asked for that. */
  async nextOf(studentIds: readonly string[]): Promise<Map<string, NextInstalment>> {
    const today = await this.parts.school.today();
    const running = [...(await this.parts.plans.running(studentIds))];
    return new Map(
      running.flatMap(([studentId, plan]) => {
        const { state, next, overdueMinor, behindMinor } = planStanding(plan, today);
        if (!next || !holds(state)) return [];
        const lateMinor = overdueMinor + behindMinor;
        return [[studentId, { dueOn: next.dueOn, amountMinor: lateMinor || next.amountMinor, late: lateMinor > 0 }] as const];
      }),
    );
  }

  async proposal(actor: Actor, studentId: string): Promise<Proposal> {
    demand(actor, PLANS);
    const { plans, settings, school, students } = this.parts;
    const [student] = await students.holders([studentId]);
    if (!student) throw new Missing('student');
    const others = (await students.siblingsOf([studentId])).get(studentId) ?? [];
    const ids = [studentId, ...others.map((one) => one.id)];
    const [open, running, today] = [await this.openOf(ids), await plans.running(ids), await school.today()];
    const own = running.get(studentId);
    return {
      student,
      openMinor: open.get(studentId) ?? 0,
      running: own ? standing(own, today) : null,
      siblings: others.flatMap((one) =>
        (open.get(one.id) ?? 0) > 0 && !running.has(one.id) ? [{ student: one, openMinor: open.get(one.id)! }] : [],
      ),
      guardian: firstGuardian((await students.guardiansOf(actor, [studentId])).get(studentId) ?? [])?.fullName ?? '',
      graceDays: (await settings.find()).planGraceDays,
    };
  }

  /**
   * A plan for each of these students over what each of them owes. @returns their ids
   * @throws RuleBroken where nothing is open, where one has a plan that isn't paid, or where the parts don't fit
   */
  agree(
    actor: Actor,
    studentIds: readonly string[],
    given: { parts: Parts; agreedWith: string; note: string },
  ): Promise<string[]> {
    demand(actor, PLANS);
    const { unit, hold, plans, settings, school, students } = this.parts;
    return unit(async () => {
      const ids = [...new Set(studentIds)];
      const holders = new Map((await students.holders(ids)).map((one) => [one.id, one]));
      if (ids.some((id) => !holders.has(id))) throw new Missing('student');
      await hold.students(ids);
      const [open, running, today, { planGraceDays: graceDays }] = [
        await this.openOf(ids),
        await plans.running(ids),
        await school.today(),
        await settings.find(),
      ];
      const made: string[] = [];
      for (const studentId of ids) {
        const { firstName } = holders.get(studentId)!;
        const totalMinor = open.get(studentId) ?? 0;
        if (totalMinor <= 0)
          throw new RuleBroken('nothing-open', `${firstName} owes nothing that could be split into instalments.`);
        const before = running.get(studentId);
        if (before) await this.closePaid(actor, before, firstName, today);
        made.push(await this.write(actor, { studentId, totalMinor, graceDays, agreedOn: today, ...given }));
      }
      return made;
    });
  }

  /** It holds no more: what is overdue is asked for as without it. @throws RuleBroken where it is over */
  takeBack(actor: Actor, id: string, reason: string): Promise<void> {
    demand(actor, PLANS);
    const { unit, plans, audit, school } = this.parts;
    return unit(async () => {
      const plan = await this.find(actor, id);
      const done = await plans.end(id, {
        endedAs: 'cancelled',
        endedOn: await school.today(),
        endedWhy: reason,
        endedBy: actor.name,
      });
      if (!done) throw new RuleBroken('over', 'This plan has already ended.');
      await audit.record(actor, {
        action: 'fees.plan.take-back',
        entity: 'student',
        entityId: plan.studentId,
        before: { planId: id, state: plan.standing.state, leftMinor: plan.standing.leftMinor },
        reason,
      });
    });
  }

  private async write(
    actor: Actor,
    {
      parts,
      ...given
    }: {
      studentId: string;
      totalMinor: number;
      graceDays: number;
      agreedOn: string;
      parts: Parts;
      agreedWith: string;
      note: string;
    },
  ): Promise<string> {
    const { plans, audit, school } = this.parts;
    const unit = billingUnit((await school.profile()).currency);
    const instalments =
      'instalments' in parts
        ? parts.instalments
        : equalInstalments(given.totalMinor, parts.parts, parts.firstOn, parts.interval, unit);
    demandInstalments(instalments, given.totalMinor, given.agreedOn);
    const plan = { id: newId(), ...given, byName: actor.name, instalments };
    await plans.insert(plan);
    await audit.record(actor, { action: 'fees.plan.agree', entity: 'student', entityId: given.studentId, after: plan });
    return plan.id;
  }

  private async closePaid(actor: Actor, plan: FeePlan, firstName: string, today: string): Promise<void> {
    if (planStanding(plan, today).state !== 'completed')
      throw new RuleBroken('has-plan', `${firstName} already has an instalment plan. Cancel it first.`);
    await this.parts.plans.end(plan.id, { endedAs: 'completed', endedOn: today, endedWhy: '', endedBy: actor.name });
  }

  private async openOf(ids: readonly string[]): Promise<Map<string, number>> {
    const open = new Map<string, number>();
    for (const { studentId, payerId, openMinor } of await this.parts.payments.openItems(ids))
      if (payerId === studentId) open.set(studentId, (open.get(studentId) ?? 0) + openMinor);
    return open;
  }
}

function standing(plan: FeePlan, today: string): StandingPlan {
  return { ...plan, standing: planStanding(plan, today) };
}
