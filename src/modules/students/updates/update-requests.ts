import { demand, type Actor } from '../../../kernel/actor.js';
import type { Clock } from '../../../kernel/clock.js';
import { Conflict, Forbidden, Invalid, RuleBroken } from '../../../kernel/errors.js';
import { Missing } from '../../../kernel/missing.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { Guardian } from '../guardians/guardian.rules.js';
import type { Student } from '../register/student.rules.js';
import { sensitivityOf } from '../register/sensitive.rules.js';
import { stateAfter, type FieldChange, type FieldValue, type UpdateRequest } from './update-request.rules.js';
import type { AuditTrail, GuardianStore, StudentStore, UpdateStore } from '../ports.js';
import type { Guardians } from '../guardians/guardians.js';
import type { Register } from '../register/register.js';
import { sightOf } from '../register/sight.js';

/** A field of a request beside what the register says now. */
export interface ShownChange extends FieldChange {
  current: FieldValue;
  /** The register was changed after the family had looked. */
  conflict: boolean;
  /** The person or child is in the register no more. */
  gone: boolean;
}

export interface ShownRequest extends Omit<UpdateRequest, 'changes'> {
  changes: ShownChange[];
}

/** Nobody decides about what they may not see. */
function demandToSee(actor: Actor, changes: readonly FieldChange[]): void {
  const sight = sightOf(actor);
  if (!changes.every(({ field }) => sight.sees(sensitivityOf(field))))
    throw new Forbidden('These changes include family details you don’t have access to.');
}

/** What the office does with what families have sent. */
export class UpdateRequests {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    private readonly store: UpdateStore,
    private readonly students: StudentStore,
    private readonly guardians: GuardianStore,
    private readonly register: Pick<Register, 'change'>,
    private readonly people: Pick<Guardians, 'change'>,
  ) {}

  async show(actor: Actor, id: string): Promise<ShownRequest> {
    demand(actor, 'students.updates');
    const request = await this.store.request(id);
    if (!request) throw new Missing('update');
    demandToSee(actor, request.changes);
    return { ...request, changes: await this.beside(request) };
  }

  /**
   * Takes the ticked fields over, all of them or none, and turns the others down.
   * @param seen what the page showed as the present value of each field, by its place
   * @throws Conflict when one of the ticked fields says something else by now
   */
  decide(
    actor: Actor,
    id: string,
    taken: readonly number[],
    seen: ReadonlyMap<number, string>,
    reason: string | null,
  ): Promise<UpdateRequest> {
    demand(actor, 'students.updates');
    return this.unit(async () => {
      const request = await this.store.requestForChange(id);
      if (!request) throw new Missing('update');
      demandToSee(actor, request.changes);
      if (request.state !== 'open') throw new RuleBroken('decided', 'Someone has already reviewed these changes.');
      const shown = await this.beside(request);
      if (taken.length < shown.length && !reason) throw new Invalid({ reason: 'Enter a reason for refusing' });
      for (const at of taken) {
        const change = shown[at];
        if (!change || change.gone) throw new Invalid({ taken: 'This person is no longer in the register' });
        if (seen.get(at) !== seenValue(change.current))
          throw new Conflict(
            'The register has changed since you opened this page. Nothing was saved; check the new values and decide again.',
          );
      }
      await this.apply(
        actor,
        shown.filter((_change, at) => taken.includes(at)),
      );
      const changes = request.changes.map((change, at) => ({ ...change, taken: taken.includes(at) }));
      const decided: UpdateRequest = {
        ...request,
        changes,
        state: stateAfter(changes),
        decidedAt: this.clock.now(),
        decidedBy: actor.userId,
        decidedByName: actor.name,
        reason,
      };
      await this.store.decide(decided);
      await this.audit.record(actor, {
        action: `students.update.${decided.state}`,
        entity: 'guardian',
        entityId: request.guardianId,
        label: (await this.guardians.find(request.guardianId))?.fullName ?? '',
        after: {
          taken: changes.filter((one) => one.taken).map((one) => one.field),
          left: changes.filter((one) => !one.taken).map((one) => one.field),
        },
        reason,
      });
      return decided;
    });
  }

  private async beside(request: UpdateRequest): Promise<ShownChange[]> {
    const held = new Map<string, Student | Guardian | null>();
    for (const { target, targetId } of request.changes) {
      if (!held.has(targetId))
        held.set(targetId, target === 'student' ? await this.students.find(targetId) : await this.guardians.find(targetId));
    }
    return request.changes.map((change) => {
      const record = held.get(change.targetId) ?? null;
      const current = record ? valueOf(record, change.field) : null;
      return {
        ...change,
        current,
        gone: record === null,
        conflict: request.state === 'open' && record !== null && current !== change.old,
      };
    });
  }

  /** Each record is changed once, by the use case that the office's own form calls. */
  private async apply(actor: Actor, changes: readonly ShownChange[]): Promise<void> {
    for (const targetId of new Set(changes.map((one) => one.targetId))) {
      const own = changes.filter((one) => one.targetId === targetId);
      if (own[0]!.target === 'guardian') {
        const before = (await this.guardians.find(targetId))!;
        const { fullName, phone, otherPhone, email, nationalId, occupation, address, language } = {
          ...before,
          ...plainFields(own),
        };
        await this.people.change(actor, targetId, before.version, {
          fullName,
          phone,
          otherPhone,
          email,
          nationalId,
          occupation,
          address,
          language,
        });
      } else {
        const before = (await this.students.findForChange(targetId))!;
        const custom = Object.fromEntries(
          own.filter((one) => one.field.startsWith('custom.')).map((one) => [one.field.slice('custom.'.length), one.new]),
        );
        const given = Object.keys(custom).length > 0 ? { values: custom, whole: false } : undefined;
        await this.register.change(actor, targetId, before.version, plainFields(own), undefined, given);
      }
    }
  }
}

/** A value as a hidden field carries it. */
export function seenValue(value: FieldValue): string {
  return value === null ? '' : String(value);
}

function plainFields(changes: readonly FieldChange[]): Record<string, never> {
  return Object.fromEntries(
    changes.filter((one) => !one.field.startsWith('custom.')).map((one) => [one.field, one.new]),
  ) as Record<string, never>;
}

function valueOf(record: Student | Guardian, field: string): FieldValue {
  if (field.startsWith('custom.')) return (record as Student).custom[field.slice('custom.'.length)] ?? null;
  return (record as unknown as Record<string, FieldValue>)[field] ?? null;
}
