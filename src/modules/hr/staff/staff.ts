import { addDays, dayIn } from '../../../kernel/clock.js';
import type { Actor } from '../../../kernel/actor.js';
import { command, type Doing } from '../../../kernel/shapes/command.js';
import { Invalid, RuleBroken } from '../../../kernel/errors.js';
import { Missing } from '../../../kernel/missing.js';
import { registerName } from '../../../kernel/people/names.js';
import type { Filled } from '../../../kernel/shapes/record.js';
import { CLOCK, LATER, type Given } from '../../../kernel/shapes/tokens.js';
import { IDENTITY } from '../../identity/index.js';
import { SCHOOL } from '../../school/index.js';
import { StaffLeft, type HrApi, type StaffBrief } from '../index.js';
import { STAFF, staff, type NewStaff, type Staff } from './staff.record.js';
import { worksOn } from './staff.rules.js';

export interface StaffChange {
  id: string;
  /** Of the row as it was read. */
  version: number;
  details: Partial<Filled<typeof staff>>;
}

export interface Leaving {
  id: string;
  /** The last day of work. */
  leftOn: string;
  reason: string;
  /** Closes the account now instead of at the end of the last day. */
  closeNow: boolean;
}

export class StaffRegister implements HrApi {
  static readonly needs = { staff: STAFF, clock: CLOCK, school: SCHOOL, identity: IDENTITY, later: LATER };

  constructor(private readonly parts: Given<typeof StaffRegister.needs>) {}

  async staff(day: string): Promise<StaffBrief[]> {
    return (await this.records(day)).map((one) => briefOf(one, true));
  }

  async find(id: string): Promise<StaffBrief | null> {
    const today = await this.parts.school.today();
    const found = (await this.parts.staff.all()).find((one) => one.id === id);
    return found ? briefOf(found, worksOn(found, today)) : null;
  }

  async records(day: string | null): Promise<Staff[]> {
    return (await this.parts.staff.all()).filter((one) => day === null || worksOn(one, day));
  }

  async findOrThrow(id: string): Promise<Staff> {
    const found = await this.parts.staff.find(id);
    if (!found) throw new Missing('staff');
    return found;
  }

  /** Numbers that were typed by hand may be ahead of the count. */
  async nextNumber(): Promise<string> {
    for (;;) {
      const number = await this.parts.school.nextStaffNumber();
      if (!(await this.parts.staff.has('staffNo', number))) return number;
    }
  }

  async hire({ note }: Doing, details: NewStaff): Promise<Staff> {
    const staffNo = details.staffNo ?? (await this.nextNumber());
    const hired = await this.parts.staff.insert({ ...details, staffNo });
    await note({ entityId: hired.id, label: registerName(hired), after: hired });
    return hired;
  }

  async change({ note }: Doing, { id, version, details }: StaffChange): Promise<Staff> {
    const before = await this.findOrThrow(id);
    const after = { ...before, ...details, version };
    if (after.joinedOn && after.leftOn && after.leftOn < after.joinedOn)
      throw new Invalid({ joinedOn: 'The first day can’t be after the last' });
    const saved = await this.parts.staff.update(after);
    await note({ entityId: id, label: registerName(after), before, after });
    return saved;
  }

  /** Work ends with a day. The account closes when that day is over, or now. */
  async leave({ actor, note, publish }: Doing, { id, leftOn, reason, closeNow }: Leaving): Promise<void> {
    const before = await this.findOrThrow(id);
    if (before.joinedOn && leftOn < before.joinedOn) throw new Invalid({ leftOn: 'The last day can’t be before the first' });
    await this.demandMayClose(actor, id);
    await this.parts.staff.update({ ...before, leftOn, leavingReason: reason });
    const label = registerName(before);
    await note({ entityId: id, label, before: { leftOn: before.leftOn }, after: { leftOn }, reason });
    if (closeNow || leftOn < (await this.parts.school.today()))
      await this.parts.identity.disableAccountOf('staff', id, actor, reason);
    else
      await this.parts.later(
        'hr.close-account',
        { staffId: id },
        { key: `hr.close-account:${id}`, runAt: await this.endOf(leftOn) },
      );
    await publish(StaffLeft({ staffId: id, leftOn }));
  }

  /** A leaving is undone; an account that was closed is opened by whoever looks after accounts. */
  async stay({ note, nothingToDo }: Doing, id: string): Promise<void> {
    const before = await this.findOrThrow(id);
    if (before.leftOn === null) return nothingToDo();
    await this.parts.staff.update({ ...before, leftOn: null, leavingReason: null });
    await note({ entityId: id, label: registerName(before), before: { leftOn: before.leftOn }, after: { leftOn: null } });
  }

  /** The evening of somebody's last day; nothing happens when the leaving was undone or put off meanwhile. */
  async closeAccount(actor: Actor, id: string): Promise<void> {
    const found = await this.parts.staff.find(id);
    if (!found?.leftOn || worksOn(found, await this.parts.school.today())) return;
    await this.parts.identity.disableAccountOf('staff', id, actor, found.leavingReason ?? undefined);
  }

  /** The account is closed later by the product itself, so whether this person may close it is asked now. */
  private async demandMayClose(actor: Actor, id: string): Promise<void> {
    if (actor.roles.includes('owner') || actor.roles.includes('system')) return;
    const [account] = await this.parts.identity.accountsOf('staff', [id]);
    if (account?.roles.includes('owner') && account.state !== 'disabled') {
      throw new RuleBroken('owner-only', 'This person is an owner. Only an owner can record that an owner leaves.');
    }
  }

  /** The first instant after a school day. */
  private async endOf(day: string): Promise<Date> {
    const zone = await this.parts.school.zone();
    const next = addDays(day, 1);
    let at = Date.parse(`${day}T00:00:00Z`);
    while (dayIn(zone, new Date(at)) < next) at += 15 * 60_000;
    return new Date(Math.max(at, this.parts.clock.now().getTime()));
  }
}

/** What other modules get to see; the rest of the file is personal. */
function briefOf(one: Staff, active: boolean): StaffBrief {
  const { id, staffNo, title, surname, firstName, middleName, job, category, phone } = one;
  return { id, staffNo, title, surname, firstName, middleName, job, category, phone, active };
}

const STAFF_ACT = { can: 'hr.staff.change', on: staff.entity } as const;

/** Where no number is given, the school's next is taken. */
export const hireStaff = command(
  { key: 'hr.hire', act: 'Added to staff', ...STAFF_ACT },
  StaffRegister,
  (register, doing, details: NewStaff) => register.hire(doing, details),
);

export const changeStaff = command(
  { key: 'hr.change', act: 'Changed details', ...STAFF_ACT },
  StaffRegister,
  (register, doing, change: StaffChange) => register.change(doing, change),
);

export const recordLeaving = command(
  { key: 'hr.leave', act: 'Recorded the last day', ...STAFF_ACT },
  StaffRegister,
  (register, doing, leaving: Leaving) => register.leave(doing, leaving),
);

export const undoLeaving = command(
  { key: 'hr.return', act: 'Undid a departure', ...STAFF_ACT },
  StaffRegister,
  (register, doing, id: string) => register.stay(doing, id),
);

export const STAFF_COMMANDS = [hireStaff, changeStaff, recordLeaving, undoLeaving];
