import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import { addDays, dayIn, type Clock } from '../../../kernel/clock.js';
import { Invalid, RuleBroken, Stale } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import { registerName } from '../../../kernel/names.js';
import type { Publish, Unit } from '../../../kernel/unit-of-work.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import type { IdentityApi } from '../../identity/index.js';
import type { SchoolApi } from '../../school/index.js';
import { worksOn, type Staff } from '../domain/staff.js';
import { StaffLeft, type HrApi, type StaffBrief } from '../index.js';
import type { Later, StaffStore } from '../ports.js';

export type StaffDetails = Omit<Staff, 'id' | 'version' | 'photoFileId' | 'leftOn' | 'leavingReason'>;

export interface Leaving {
  /** The last day of work. */
  leftOn: string;
  reason: string;
  /** Closes the account now instead of at the end of the last day. */
  closeNow: boolean;
}

const NUMBER_TAKEN = 'Another member of staff already has or had this number';

export class StaffRegister implements HrApi {
  constructor(
    private readonly unit: Unit,
    private readonly publish: Publish,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    private readonly store: StaffStore,
    private readonly school: SchoolApi,
    private readonly identity: IdentityApi,
    private readonly later: Later,
  ) {}

  async staff(day: string): Promise<StaffBrief[]> {
    return (await this.store.all()).filter((one) => worksOn(one, day)).map((one) => briefOf(one, true));
  }

  async find(id: string): Promise<StaffBrief | null> {
    const today = await this.school.today();
    const found = (await this.store.all()).find((one) => one.id === id);
    return found ? briefOf(found, worksOn(found, today)) : null;
  }

  async records(day: string | null): Promise<Staff[]> {
    return (await this.store.all()).filter((one) => day === null || worksOn(one, day));
  }

  /** `staffNo` empty takes the school's next number. */
  hire(actor: Actor, details: Omit<StaffDetails, 'staffNo'> & { staffNo: string | null }): Promise<Staff> {
    demand(actor, 'hr.staff.change');
    return this.unit(async () => {
      const staffNo = details.staffNo ?? (await this.nextNumber());
      if (await this.store.numberTaken(staffNo)) throw new Invalid({ staffNo: NUMBER_TAKEN });
      const staff: Staff = { ...details, staffNo, id: newId(), leftOn: null, leavingReason: null, photoFileId: null, version: 1 };
      await this.store.insert(staff);
      await this.audit.record(actor, {
        action: 'hr.hire',
        entity: 'staff',
        entityId: staff.id,
        label: registerName(staff),
        after: staff,
      });
      return staff;
    });
  }

  change(actor: Actor, id: string, version: number, details: Partial<StaffDetails>): Promise<Staff> {
    demand(actor, 'hr.staff.change');
    return this.unit(async () => {
      const before = await this.demandStaff(id);
      const after: Staff = { ...before, ...details, version };
      if (after.staffNo !== before.staffNo && (await this.store.numberTaken(after.staffNo)))
        throw new Invalid({ staffNo: NUMBER_TAKEN });
      if (after.joinedOn && after.leftOn && after.leftOn < after.joinedOn)
        throw new Invalid({ joinedOn: 'The first day can’t be after the last' });
      if (!(await this.store.update(after))) throw new Stale();
      await this.audit.record(actor, {
        action: 'hr.change',
        entity: 'staff',
        entityId: id,
        label: registerName(after),
        before,
        after,
      });
      return { ...after, version: version + 1 };
    });
  }

  /** Work ends with a day. The account closes when that day is over, or now. */
  leave(actor: Actor, id: string, { leftOn, reason, closeNow }: Leaving): Promise<void> {
    demand(actor, 'hr.staff.change');
    return this.unit(async () => {
      const before = await this.demandStaff(id);
      if (before.joinedOn && leftOn < before.joinedOn) throw new Invalid({ leftOn: 'The last day can’t be before the first' });
      await this.demandMayClose(actor, id);
      if (!(await this.store.update({ ...before, leftOn, leavingReason: reason }))) throw new Stale();
      await this.audit.record(actor, {
        action: 'hr.leave',
        entity: 'staff',
        entityId: id,
        label: registerName(before),
        before: { leftOn: before.leftOn },
        after: { leftOn },
        reason,
      });
      if (closeNow || leftOn < (await this.school.today())) await this.identity.disableAccountOf('staff', id, actor, reason);
      else
        await this.later('hr.close-account', { staffId: id }, { key: `hr.close-account:${id}`, runAt: await this.endOf(leftOn) });
      await this.publish(StaffLeft({ staffId: id, leftOn }));
    });
  }

  /** A leaving is taken back; an account that was closed is opened by whoever looks after accounts. */
  stay(actor: Actor, id: string): Promise<void> {
    demand(actor, 'hr.staff.change');
    return this.unit(async () => {
      const before = await this.demandStaff(id);
      if (before.leftOn === null) return;
      if (!(await this.store.update({ ...before, leftOn: null, leavingReason: null }))) throw new Stale();
      await this.audit.record(actor, {
        action: 'hr.return',
        entity: 'staff',
        entityId: id,
        label: registerName(before),
        before: { leftOn: before.leftOn },
        after: { leftOn: null },
      });
    });
  }

  /** The evening of somebody's last day; nothing happens when the leaving was taken back or put off meanwhile. */
  closeAccount(actor: Actor, id: string): Promise<void> {
    return this.unit(async () => {
      const staff = await this.store.find(id);
      if (!staff?.leftOn || worksOn(staff, await this.school.today())) return;
      await this.identity.disableAccountOf('staff', id, actor, staff.leavingReason ?? undefined);
    });
  }

  async demandStaff(id: string): Promise<Staff> {
    const staff = await this.store.find(id);
    if (!staff) throw new Missing('staff');
    return staff;
  }

  /** Numbers that were typed by hand may be ahead of the count. */
  private async nextNumber(): Promise<string> {
    for (;;) {
      const number = await this.school.nextStaffNumber();
      if (!(await this.store.numberTaken(number))) return number;
    }
  }

  /** The account is closed later by the product itself, so whether this person may close it is asked now. */
  private async demandMayClose(actor: Actor, id: string): Promise<void> {
    if (actor.roles.includes('owner') || actor.roles.includes('system')) return;
    const [account] = await this.identity.accountsOf('staff', [id]);
    if (account?.roles.includes('owner') && account.state !== 'disabled') {
      throw new RuleBroken('owner-only', 'This person is an owner. Only an owner can record that an owner leaves.');
    }
  }

  /** The first instant after a school day. */
  private async endOf(day: string): Promise<Date> {
    const zone = await this.school.zone();
    const next = addDays(day, 1);
    let at = Date.parse(`${day}T00:00:00Z`);
    while (dayIn(zone, new Date(at)) < next) at += 15 * 60_000;
    return new Date(Math.max(at, this.clock.now().getTime()));
  }
}

/** What other modules get to see; the rest of the file is personal. */
function briefOf(staff: Staff, active: boolean): StaffBrief {
  const { id, staffNo, title, surname, firstName, middleName, job, category, phone } = staff;
  return { id, staffNo, title, surname, firstName, middleName, job, category, phone, active };
}
