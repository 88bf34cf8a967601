import { systemActor } from '../../kernel/actor.js';
import { Missing } from '../../kernel/missing.js';
import type { AuditTrail } from '../../kernel/audit.js';
import { Conflict } from '../../kernel/errors.js';
import { newId } from '../../kernel/id.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import { demandMove } from './life.rules.js';
import { NOT_FREE, proposeSubdomains, skeleton, subdomainRefusal } from './subdomain.rules.js';
import type { BootReport, EnterOptions, SchoolEntry, SchoolFilter, SchoolRegister, SchoolState } from './index.js';
import type { SchoolStore } from './ports.js';

type Step = Parameters<SchoolRegister['moveTo']>[2];

const operator = systemActor('operator');

export class Register implements SchoolRegister {
  constructor(
    private readonly store: SchoolStore,
    private readonly unit: Unit,
    /** The launcher keeps the register without one. */
    private readonly audit: AuditTrail | null,
    private readonly graceDays: number,
  ) {}

  find = (schoolId: string) => this.store.find(schoolId);

  findBySubdomain = (subdomain: string) => this.store.findBySubdomain(subdomain);

  list(filter: SchoolFilter = {}, paging: { cursor?: string | null; limit?: number } = {}) {
    return this.store.page(filter, paging.cursor ?? null, paging.limit ?? 50);
  }

  async isTaken(subdomain: string): Promise<boolean> {
    return (await this.store.takenSkeletons([skeleton(subdomain)])).size > 0;
  }

  /** Both questions are asked each time, so that the wait tells nothing either. */
  async refusalOf(subdomain: string): Promise<string | null> {
    const refusal = subdomainRefusal(subdomain);
    const taken = await this.isTaken(subdomain);
    return refusal ?? (taken ? NOT_FREE : null);
  }

  async suggest(name: string, town: string, count: number): Promise<string[]> {
    const proposed = proposeSubdomains(name, town);
    const taken = await this.store.takenSkeletons(proposed.map(skeleton));
    return proposed.filter((subdomain) => !taken.has(skeleton(subdomain))).slice(0, count);
  }

  async enter(school: SchoolEntry, options: EnterOptions = {}): Promise<void> {
    const { state = 'ready', at = null, actor = operator } = options;
    await this.unit(async () => {
      if (await this.store.update(school)) return;
      if (!(await this.store.insert(school, skeleton(school.subdomain), state))) throw new Conflict(NOT_FREE, 'subdomain-taken');
      await this.store.addTransition(school.id, {
        id: newId(),
        from: null,
        to: state,
        reason: 'entered',
        actorId: actor.userId,
        actorName: actor.name,
        at,
      });
      await this.audit?.record(actor, {
        action: 'schools.enter',
        entity: 'school',
        entityId: school.id,
        label: school.subdomain,
        after: { state },
      });
    });
  }

  async moveTo(schoolId: string, state: SchoolState, step: Step): Promise<void> {
    await this.unit(async () => {
      const school = await this.store.lock(schoolId);
      if (!school) throw new Missing('school');
      if (school.state === state) return;
      demandMove(school.state, state, step.reason);
      if (state === 'deleted') await this.store.forget(schoolId);
      await this.store.setState(
        schoolId,
        state,
        state === 'deleted' ? null : (step.note ?? null),
        state === 'closing' ? this.graceDays : null,
      );
      await this.noteMove({ id: schoolId, ...school }, state, step);
    });
  }

  closingUntil = (then: Date) => this.store.closingUntil(then);

  transitionsOf = (schoolId: string) => this.store.transitionsOf(schoolId);

  noteRunning = (schoolId: string, running: boolean, nextJobAt: Date | null) =>
    this.store.noteRunning(schoolId, running, nextJobAt);

  noteBoot = (schoolId: string, report: BootReport) => this.store.noteBoot(schoolId, report);

  bootOf = (schoolId: string) => this.store.bootOf(schoolId);

  private async noteMove(
    school: { id: string; subdomain: string; state: SchoolState },
    to: SchoolState,
    { reason, actor }: Step,
  ): Promise<void> {
    const { id, subdomain, state: from } = school;
    await this.store.addTransition(id, { id: newId(), from, to, reason, actorId: actor.userId, actorName: actor.name, at: null });
    await this.audit?.record(actor, {
      action: 'schools.move',
      entity: 'school',
      entityId: id,
      label: subdomain,
      before: { state: from },
      after: { state: to },
      reason,
    });
  }
}
