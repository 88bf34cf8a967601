import { demand, type Actor } from '../../../kernel/actor.js';
import { Conflict, Invalid, NotFound } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import { registerName } from '../../../kernel/names.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { AuditTrail } from '../../../platform/http/ports.js';
import type { SchoolApi } from '../../school/index.js';
import { worksOn, type Staff } from '../domain/staff.js';
import type { HrApi, StaffBrief } from '../index.js';
import type { StaffStore } from '../ports.js';

export type StaffDetails = Omit<Staff, 'id' | 'version' | 'photoFileId' | 'leftOn' | 'leavingReason'>;

export class StaffRegister implements HrApi {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly store: StaffStore,
    private readonly school: SchoolApi,
  ) {}

  async staff(day: string): Promise<StaffBrief[]> {
    return (await this.store.all()).filter((one) => worksOn(one, day)).map((one) => ({ ...one, active: true }));
  }

  async find(id: string): Promise<StaffBrief | null> {
    const today = await this.school.today();
    const found = (await this.store.all()).find((one) => one.id === id);
    return found ? { ...found, active: worksOn(found, today) } : null;
  }

  /** `staffNo` empty takes the school's next number. */
  hire(actor: Actor, details: Omit<StaffDetails, 'staffNo'> & { staffNo: string | null }): Promise<Staff> {
    demand(actor, 'hr.staff.change');
    return this.unit(async () => {
      const staffNo = details.staffNo ?? (await this.school.nextStaffNumber());
      if (await this.store.numberTaken(staffNo)) throw new Invalid({ staffNo: 'Another member of staff has or had this number' });
      const staff: Staff = { ...details, staffNo, id: newId(), leftOn: null, leavingReason: null, photoFileId: null, version: 1 };
      await this.store.insert(staff);
      await this.audit.record(actor, { action: 'hr.hire', entity: 'staff', entityId: staff.id, label: registerName(staff), after: staff });
      return staff;
    });
  }

  change(actor: Actor, id: string, version: number, details: StaffDetails): Promise<Staff> {
    demand(actor, 'hr.staff.change');
    return this.unit(async () => {
      const before = await this.demandStaff(id);
      if (details.staffNo !== before.staffNo && (await this.store.numberTaken(details.staffNo))) {
        throw new Invalid({ staffNo: 'Another member of staff has or had this number' });
      }
      const after: Staff = { ...before, ...details, version };
      if (!(await this.store.update(after))) throw stale();
      await this.audit.record(actor, { action: 'hr.change', entity: 'staff', entityId: id, label: registerName(after), before, after });
      return after;
    });
  }

  /** The last day of work; null takes a leaving back. */
  leave(actor: Actor, id: string, leftOn: string | null, reason: string | null): Promise<void> {
    demand(actor, 'hr.staff.change');
    return this.unit(async () => {
      const before = await this.demandStaff(id);
      if (leftOn && before.joinedOn && leftOn < before.joinedOn) throw new Invalid({ leftOn: 'The last day can’t be before the first' });
      if (!(await this.store.update({ ...before, leftOn, leavingReason: leftOn ? reason : null }))) throw stale();
      await this.audit.record(actor, {
        action: leftOn ? 'hr.leave' : 'hr.return', entity: 'staff', entityId: id, label: registerName(before),
        before: { leftOn: before.leftOn }, after: { leftOn }, reason,
      });
    });
  }

  private async demandStaff(id: string): Promise<Staff> {
    const staff = await this.store.find(id);
    if (!staff) throw new NotFound('There is no such member of staff.');
    return staff;
  }
}

function stale(): Conflict {
  return new Conflict('Somebody else changed this page while you had it open. Nothing was saved; look at the new values and try again.');
}
