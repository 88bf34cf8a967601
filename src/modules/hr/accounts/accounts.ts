import { can, demand, type Actor } from '../../../kernel/actor.js';
import { command, type Doing } from '../../../kernel/shapes/command.js';
import { Forbidden, NotFound, RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import { spokenName } from '../../../kernel/people/names.js';
import { CLOCK, LATER, type Given } from '../../../kernel/shapes/tokens.js';
import { IDENTITY, type AccountBrief, type NewAccount } from '../../identity/index.js';
import { SCHOOL } from '../../school/index.js';
import { STAFF, type Staff } from '../staff/staff.record.js';
import { hasLeft } from '../staff/staff.rules.js';
import { SEALER, SLIPS } from './ports.js';
import { SLIP_MINUTES, type Slip, type SlipBatch } from './slips.rules.js';

/** What stands in the way of an account, or null. */
export type Obstacle = 'has-account' | 'no-address' | 'left' | null;

export interface Wanted {
  /** Their ids. */
  staff: readonly string[];
  roles: NewAccount['roles'];
}

export interface Candidate {
  staff: Staff;
  account: AccountBrief | null;
  obstacle: Obstacle;
}

/**
 * Accounts for many at once, each with a password for once on a slip of paper.
 *
 * The passwords are wanted twice (the page after the form, the print, the print again when the paper jams) but may be
 * kept nowhere. So the slips are sealed with the key of this process into a row that only the person who made them can
 * open and that is gone after ten minutes. Printing straight in the answer of the form would keep less, but a browser
 * that reloads that answer sends the form again, and a lost answer would lose the passwords of forty people.
 */
export class StaffAccounts {
  static readonly needs = {
    clock: CLOCK,
    staff: STAFF,
    slips: SLIPS,
    sealer: SEALER,
    identity: IDENTITY,
    school: SCHOOL,
    later: LATER,
  };

  constructor(private readonly parts: Given<typeof StaffAccounts.needs>) {}

  async candidates(ids: readonly string[]): Promise<Candidate[]> {
    const today = await this.parts.school.today();
    const staff = (await this.parts.staff.all()).filter((one) => ids.includes(one.id));
    const accounts = await this.parts.identity.accountsOf(
      'staff',
      staff.map((one) => one.id),
    );
    return staff.map((one) => {
      const account = accounts.find((each) => each.personId === one.id) ?? null;
      return { staff: one, account, obstacle: obstacleOf(one, account, today) };
    });
  }

  /** Returns the batch of slips; all accounts are made or none. */
  async make({ actor }: Doing, { staff, roles }: Wanted): Promise<string> {
    const ready = (await this.candidates(staff)).filter((one) => one.obstacle === null);
    if (ready.length === 0)
      throw new RuleBroken(
        'nobody',
        'None of these people can get an account. Tick others, or add an email address or phone for them first.',
      );
    const slips: Slip[] = [];
    for (const one of ready) slips.push(await this.makeOne(actor, one.staff, roles));
    return this.keep(actor, slips);
  }

  /** Whether slips wait for this person to print them. */
  async waiting(actor: Actor, id: string): Promise<boolean> {
    return (
      actor.userId !== null &&
      can(actor, 'hr.staff.accounts') &&
      (await this.parts.slips.take(id, actor.userId, this.parts.clock.now())) !== null
    );
  }

  /** The slips of a batch, for the person who made it. */
  async open(actor: Actor, id: string): Promise<SlipBatch> {
    demand(actor, 'hr.staff.accounts');
    const sealed = actor.userId && (await this.parts.slips.take(id, actor.userId, this.parts.clock.now()));
    if (!sealed)
      throw new NotFound(
        'These slips are no longer available: they can be printed only for a few minutes, by the person who created the accounts. You can print a new password on the account’s page.',
      );
    return this.parts.sealer.open(sealed, contextOf(id, actor.userId!));
  }

  forget(): Promise<void> {
    return this.parts.slips.forget(this.parts.clock.now());
  }

  private async makeOne(actor: Actor, staff: Staff, roles: NewAccount['roles']): Promise<Slip> {
    const name = spokenName(staff);
    const made = await this.parts.identity.createAccount({
      person: { kind: 'staff', id: staff.id },
      name,
      email: staff.email,
      phone: staff.phone,
      roles,
      by: 'slip',
      actor,
    });
    return {
      staffId: staff.id,
      name,
      note: staff.job,
      login: made.login,
      phone: staff.phone,
      password: made.login ? made.oneTimePassword : null,
    };
  }

  /** Seals slips for this person; a list of them is found under an id of its own, and waits longer. */
  async keep(
    actor: Actor,
    slips: Slip[],
    { id = newId(this.parts.clock.now().getTime()), minutes = SLIP_MINUTES } = {},
  ): Promise<string> {
    if (actor.userId === null) throw new Forbidden('Slips can be printed only by a person.');
    const now = this.parts.clock.now();
    const expiresAt = new Date(now.getTime() + minutes * 60_000);
    await this.parts.slips.forget(now);
    await this.parts.slips.put({
      id,
      userId: actor.userId,
      sealed: this.parts.sealer.seal(
        { slips, madeAt: now.toISOString(), until: expiresAt.toISOString() },
        contextOf(id, actor.userId),
      ),
      expiresAt,
    });
    await this.parts.later('hr.forget-slips', {}, { key: `hr.forget-slips ${id}`, runAt: expiresAt });
    return id;
  }
}

/** A sealed row that is moved to another person or batch can't be opened there. */
function contextOf(id: string, userId: string): string {
  return `${id}:${userId}`;
}

function obstacleOf(staff: Staff, account: AccountBrief | null, today: string): Obstacle {
  if (account) return 'has-account';
  if (hasLeft(staff, today)) return 'left';
  return staff.email || staff.phone ? null : 'no-address';
}

export const createAccounts = command(
  { key: 'hr.accounts.create', can: 'hr.staff.accounts', act: 'Created accounts', on: 'staff', silent: true },
  StaffAccounts,
  (accounts, doing, wanted: Wanted) => accounts.make(doing, wanted),
);
