import { can, demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { Clock } from '../../../kernel/clock.js';
import { Forbidden, Invalid, RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Page } from '../../../kernel/page.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { SchoolApi } from '../../school/index.js';
import {
  ALERT_KINDS,
  ALERT_LEVELS,
  alertFrom,
  CONCERN_KINDS,
  USUAL_LIMITS,
  type Alert,
  type AlertKind,
  type AlertLevel,
  type AlertLimits,
  type ConcernKind,
} from './alert.rules.js';
import { seesMedicalAlert } from '../register/health.rules.js';
import type { AlertChip, AlertFilter, AlertLine, AlertStore, AuditTrail, OpenAlert, Scope, StudentStore } from '../ports.js';
import { labelOf } from '../register/register.js';
import { sightOf } from '../register/sight.js';

/** Alerts on children, raised by a person or by many concerns in a short time. */
export class Alerts {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    private readonly store: AlertStore,
    private readonly students: StudentStore,
    private readonly school: Pick<SchoolApi, 'today'>,
  ) {}

  /** Health is for those who hold a right to it: all of it, or the urgent alone. */
  kindsFor(actor: Actor): AlertKind[] {
    const { alerts, urgent, meals } = sightOf(actor).health;
    return ALERT_KINDS.filter((kind) => (kind === 'medical' ? alerts || urgent || meals : can(actor, 'students.alerts.read')));
  }

  /** Which of the alerts of the kinds above this person sees. */
  private sees(actor: Actor): (alert: Pick<Alert, 'kind' | 'level' | 'reason'>) => boolean {
    const kinds = this.kindsFor(actor);
    const { health } = sightOf(actor);
    return (alert) => kinds.includes(alert.kind) && (alert.kind !== 'medical' || seesMedicalAlert(alert, health));
  }

  async lines(
    actor: Actor,
    filter: Omit<AlertFilter, 'kinds' | 'urgentOnly'> & { kind: AlertKind | null },
    scope: Scope,
    cursor: string | null,
    limit: number,
  ): Promise<Page<AlertLine>> {
    const kinds = this.kindsFor(actor).filter((kind) => !filter.kind || kind === filter.kind);
    const { level, streamId } = filter;
    return this.store.lines(
      { kinds, level, streamId, urgentOnly: !sightOf(actor).health.alerts },
      scope,
      await this.school.today(),
      cursor,
      limit,
    );
  }

  /** All of one child that this person sees, also those that are over. */
  async ofStudent(actor: Actor, studentId: string): ReturnType<AlertStore['ofStudent']> {
    return (await this.store.ofStudent(studentId)).filter(this.sees(actor));
  }

  /** What is shown beside the names of these children, the gravest first. */
  async chips(actor: Actor, studentIds: readonly string[]): Promise<ReadonlyMap<string, AlertChip[]>> {
    const kinds = this.kindsFor(actor);
    const chips =
      kinds.length === 0 || studentIds.length === 0 ? [] : await this.store.current(studentIds, kinds, await this.school.today());
    const found = new Map(studentIds.map((id): [string, AlertChip[]] => [id, []]));
    for (const chip of chips.filter(this.sees(actor)).sort(gravestFirst)) found.get(chip.studentId)?.push(chip);
    return found;
  }

  /** Of the open alerts of one child those that this person sees today, the gravest first. */
  async seenBy(actor: Actor, open: readonly OpenAlert[]): Promise<OpenAlert[]> {
    const sees = this.sees(actor);
    const today = await this.school.today();
    const seen = open.filter((one) => sees(one) && (one.untilOn === null || one.untilOn >= today));
    return seen.sort(gravestFirst);
  }

  raise(
    actor: Actor,
    studentId: string,
    given: { kind: AlertKind; level: AlertLevel; reason: string; untilOn: string | null },
  ): Promise<void> {
    demand(actor, 'students.alerts.change');
    this.demandKind(actor, given.kind);
    return this.unit(async () => {
      const student = await this.demandStudent(studentId);
      if (given.untilOn !== null && given.untilOn < (await this.school.today()))
        throw new Invalid({ untilOn: 'This date is in the past' });
      await this.store.insert({ ...given, id: newId(), studentId, source: 'hand', byUserId: actor.userId, byName: actor.name });
      await this.audit.record(actor, {
        action: 'students.alert.raise',
        entity: 'student',
        entityId: studentId,
        label: labelOf(student),
        after: auditOf(given),
      });
    });
  }

  end(actor: Actor, studentId: string, alertId: string, reason: string): Promise<void> {
    demand(actor, 'students.alerts.change');
    return this.unit(async () => {
      const student = await this.demandStudent(studentId);
      const alert = (await this.store.ofStudent(studentId)).find((one) => one.id === alertId);
      if (!alert) throw new Missing('alert');
      this.demandKind(actor, alert.kind);
      if (reason.trim() === '') throw new Invalid({ endReason: 'Enter a reason for ending the alert' });
      if (!(await this.store.end(alertId, actor.name, reason.trim(), this.clock.now())))
        throw new RuleBroken('ended', 'This alert has already ended.');
      await this.audit.record(actor, {
        action: 'students.alert.end',
        entity: 'student',
        entityId: studentId,
        label: labelOf(student),
        before: auditOf(alert),
        reason,
      });
    });
  }

  /** A note on one child; enough of them within the window raise an alert, or lift its level. */
  addConcern(actor: Actor, studentId: string, given: { kind: ConcernKind; text: string; onDay: string }): Promise<void> {
    demand(actor, 'students.concerns');
    return this.unit(async () => {
      const student = await this.demandStudent(studentId);
      const today = await this.school.today();
      if (given.onDay > today) throw new Invalid({ onDay: 'This date is in the future' });
      await this.store.addConcern({ ...given, id: newId(), studentId, byUserId: actor.userId, byName: actor.name });
      await this.audit.record(actor, {
        action: 'students.concern.add',
        entity: 'student',
        entityId: studentId,
        label: labelOf(student),
        after: { kind: given.kind, on: given.onDay },
      });
      await this.weigh(actor, studentId, given.kind, today);
    });
  }

  async limits(): Promise<Record<ConcernKind, AlertLimits>> {
    const set = await this.store.limits();
    return Object.fromEntries(CONCERN_KINDS.map((kind) => [kind, set[kind] ?? USUAL_LIMITS])) as Record<ConcernKind, AlertLimits>;
  }

  setLimits(actor: Actor, limits: Record<ConcernKind, AlertLimits>): Promise<void> {
    demand(actor, 'students.alerts.limits');
    return this.unit(async () => {
      for (const kind of CONCERN_KINDS) {
        const { low, medium, high } = limits[kind];
        if (medium < low) throw new Invalid({ [`${kind}.medium`]: 'Enter at least as many as for “Low”' });
        if (high < medium) throw new Invalid({ [`${kind}.high`]: 'Enter at least as many as for “Medium”' });
      }
      const before = await this.limits();
      for (const kind of CONCERN_KINDS) await this.store.setLimits(kind, limits[kind]);
      await this.audit.record(actor, {
        action: 'students.alert.limits',
        entity: 'school',
        entityId: null,
        before,
        after: limits,
      });
    });
  }

  private async weigh(actor: Actor, studentId: string, kind: ConcernKind, today: string): Promise<void> {
    const days = (await this.store.concerns(studentId)).filter((one) => one.kind === kind).map((one) => one.onDay);
    const limits = (await this.limits())[kind];
    const found = alertFrom(days, limits, today);
    if (!found) return;
    const reason = `${found.count} concerns in ${limits.days} days`;
    const open = await this.store.byConcerns(studentId, kind);
    const { level, untilOn } = found;
    if (open) await this.store.change(open.id, { level, reason, untilOn });
    else
      await this.store.insert({
        id: newId(),
        studentId,
        kind,
        level,
        reason,
        untilOn,
        source: 'concerns',
        byUserId: actor.userId,
        byName: actor.name,
      });
    if (open?.level !== level) {
      await this.audit.record(actor, {
        action: 'students.alert.raise',
        entity: 'student',
        entityId: studentId,
        before: open ? { kind, level: open.level } : null,
        after: { kind, level, reason, untilOn },
      });
    }
  }

  private demandKind(actor: Actor, kind: AlertKind): void {
    if (!this.kindsFor(actor).includes(kind)) throw new Forbidden();
  }

  private async demandStudent(id: string) {
    const student = await this.students.findForChange(id);
    if (!student) throw new Missing('student');
    return student;
  }
}

function gravestFirst(one: { level: AlertLevel }, other: { level: AlertLevel }): number {
  return ALERT_LEVELS.indexOf(other.level) - ALERT_LEVELS.indexOf(one.level);
}

/** That there is a medical alert is written, what it says is health. */
function auditOf({ kind, level, reason, untilOn }: Pick<Alert, 'kind' | 'level' | 'reason' | 'untilOn'>): object {
  return kind === 'medical' ? { kind, level, untilOn, medicalReason: reason } : { kind, level, untilOn, reason };
}
