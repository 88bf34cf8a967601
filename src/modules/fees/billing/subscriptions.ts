import { demand, type Actor } from '../../../kernel/actor.js';
import { formatDay } from '../../../kernel/day-words.js';
import { Missing } from '../../../kernel/missing.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { Conflict, Invalid, RuleBroken, Stale } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { AcademicYear, SchoolApi, Term } from '../../school/index.js';
import type { StudentsApi } from '../../students/index.js';
import { WRITES } from '../documents/document.rules.js';
import type { HeadStore, HoldStore, Subscription, SubscriptionStore } from '../ports.js';
import { termOf } from './billing-plan.js';

/** Who takes what is not for everybody: transport, lunch. */
export class Subscriptions {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly store: SubscriptionStore,
    private readonly heads: HeadStore,
    private readonly hold: Pick<HoldStore, 'students'>,
    private readonly students: Pick<StudentsApi, 'holders'>,
    private readonly school: Pick<SchoolApi, 'years'>,
  ) {}

  /** @throws RuleBroken for a head that everybody is charged, Conflict when the student takes it already */
  take(
    actor: Actor,
    given: { studentId: string; headId: string; fromTermId: string; toTermId: string | null; fromOn?: string | null },
  ): Promise<string> {
    demand(actor, WRITES);
    return this.unit(async () => {
      const head = (await this.heads.list()).find((one) => one.id === given.headId && one.active);
      if (!head || head.mandatory || head.kind === 'grant')
        throw new RuleBroken('not-optional', 'Choose a vote head that is optional.', 'headId');
      if ((await this.students.holders([given.studentId])).length === 0) throw new Missing('student');
      const subscription: Subscription = { id: newId(), ...given, fromOn: given.fromOn ?? null, toOn: null, version: 1 };
      const years = await this.school.years();
      const span = spanOf(years, subscription, 'toTermId');
      await this.hold.students([given.studentId]);
      const others = (await this.store.ofStudent(given.studentId))
        .filter((one) => one.headId === given.headId)
        .map((one) => spanOf(years, one));
      if (others.some((one) => meet(one, span))) throw new Conflict('The student already has this fee during these dates.');
      await this.store.insert(subscription);
      await this.audit.record(actor, {
        action: 'fees.subscription.take',
        entity: 'student',
        entityId: given.studentId,
        label: head.name,
        after: given,
      });
      return subscription.id;
    });
  }

  /** One that the student takes, with the name of its vote head. */
  async find(actor: Actor, studentId: string, id: string): Promise<Subscription & { name: string }> {
    demand(actor, WRITES);
    const subscription = (await this.store.ofStudent(studentId)).find((one) => one.id === id);
    if (!subscription) throw new Missing('optional-fee');
    return { ...subscription, name: (await this.heads.list()).find((head) => head.id === subscription.headId)!.name };
  }

  /** With the last term that it is taken in, and the last day where it ends before that term does; null takes it out altogether, as if it had never been. */
  end(actor: Actor, studentId: string, id: string, toTermId: string | null, toOn: string | null = null): Promise<void> {
    demand(actor, WRITES);
    return this.unit(async () => {
      const { name, ...subscription } = await this.find(actor, studentId, id);
      if (toTermId !== null) spanOf(await this.school.years(), { ...subscription, toTermId, toOn }, 'lastTermId');
      if (toTermId === null) await this.store.remove(id);
      else if (!(await this.store.update({ ...subscription, toTermId, toOn }))) throw new Stale();
      await this.audit.record(actor, {
        action: 'fees.subscription.end',
        entity: 'student',
        entityId: studentId,
        label: name,
        before: subscription,
        after: { toTermId, toOn },
      });
    });
  }
}

/** From its first day to its last; null: for good. */
interface Span {
  from: string;
  to: string | null;
}

/** @param lastTerm the field that asks for the last term, where a person has just said when it is taken: whatever can't be is refused beside its field */
function spanOf(
  years: readonly AcademicYear[],
  { fromTermId, fromOn, toTermId, toOn }: Subscription,
  lastTerm: string | null = null,
): Span {
  const first = termOf(years, fromTermId).term;
  const last = toTermId === null ? null : termOf(years, toTermId).term;
  const span = { from: fromOn ?? first.startsOn, to: toOn ?? last?.endsOn ?? null };
  if (lastTerm === null) return span;
  demandIn(first, fromOn, 'fromOn');
  if (last && last.startsOn < first.startsOn) throw new Invalid({ [lastTerm]: 'This term is before the first one' });
  if (last) demandIn(last, toOn, 'lastOn');
  if (span.to !== null && span.to < span.from)
    throw new Invalid({ lastOn: `This date is before the first day, ${formatDay(span.from)}` });
  return span;
}

function demandIn({ startsOn, endsOn }: Term, day: string | null, field: string): void {
  if (day !== null && (day < startsOn || day > endsOn))
    throw new Invalid({ [field]: 'This date is not in that term. Leave it empty for the whole term' });
}

function meet(one: Span, other: Span): boolean {
  return (other.to === null || one.from <= other.to) && (one.to === null || other.from <= one.to);
}
