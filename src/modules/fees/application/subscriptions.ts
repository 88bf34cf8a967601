import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { Conflict, Invalid, RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { SchoolApi } from '../../school/index.js';
import type { StudentsApi } from '../../students/index.js';
import { WRITES } from '../domain/document.js';
import type { HeadStore, Subscription, SubscriptionStore } from '../ports.js';
import { termOf } from './billing-plan.js';

/** Who takes what is not for everybody: transport, lunch. */
export class Subscriptions {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly store: SubscriptionStore,
    private readonly heads: HeadStore,
    private readonly students: Pick<StudentsApi, 'holders'>,
    private readonly school: Pick<SchoolApi, 'years'>,
  ) {}

  /** @throws RuleBroken for a head that everybody is charged, Conflict when the student takes it already */
  take(actor: Actor, given: { studentId: string; headId: string; fromTermId: string; toTermId: string | null; fromOn?: string | null }): Promise<string> {
    demand(actor, WRITES);
    return this.unit(async () => {
      const head = (await this.heads.list()).find((one) => one.id === given.headId && one.active);
      if (!head || head.mandatory || head.kind === 'grant') throw new RuleBroken('not-optional', 'Choose a vote head that is optional.', 'headId');
      if ((await this.students.holders([given.studentId])).length === 0) throw new Missing('student');
      const fromOn = given.fromOn ?? null;
      await this.demandIn(given.fromTermId, fromOn, 'fromOn');
      const subscription: Subscription = { id: newId(), ...given, fromOn, toOn: null, version: 1 };
      await this.store.insert(subscription);
      await this.audit.record(actor, { action: 'fees.subscription.take', entity: 'student', entityId: given.studentId, label: head.name, after: given });
      return subscription.id;
    });
  }

  /** With the last term that it is taken in, and the last day where it ends before that term does; null takes it out altogether, as if it had never been. */
  end(actor: Actor, studentId: string, id: string, toTermId: string | null, toOn: string | null = null): Promise<void> {
    demand(actor, WRITES);
    return this.unit(async () => {
      const subscription = (await this.store.ofStudent(studentId)).find((one) => one.id === id);
      if (!subscription) throw new Missing('optional-fee');
      if (toTermId !== null) await this.demandIn(toTermId, toOn, 'lastOn');
      if (toTermId === null) await this.store.remove(id);
      else if (!(await this.store.update({ ...subscription, toTermId, toOn }))) throw new Conflict('Someone else has changed this since you opened it.');
      await this.audit.record(actor, { action: 'fees.subscription.end', entity: 'student', entityId: studentId, before: subscription, after: { toTermId, toOn } });
    });
  }

  private async demandIn(termId: string, day: string | null, field: string): Promise<void> {
    const { term } = termOf(await this.school.years(), termId);
    if (day !== null && (day < term.startsOn || day > term.endsOn)) throw new Invalid({ [field]: 'This date is not in that term. Leave it empty for the whole term' });
  }
}
