import { can, demand, type Actor } from '../../../kernel/actor.js';
import { Conflict, RuleBroken } from '../../../kernel/errors.js';
import type { IdentityApi } from '../../identity/index.js';
import type { Guardian } from './guardian.rules.js';
import type { AuditTrail, GuardianStore } from '../ports.js';

export interface GuardianForAccount extends Pick<Guardian, 'id' | 'fullName' | 'phone' | 'email'> {
  children: string;
}

export interface AccountPlan {
  ready: GuardianForAccount[];
  have: number;
  /** Neither phone nor email: there is nothing to sign in with. */
  unreachable: GuardianForAccount[];
}

/** What is printed and handed over; the password is shown once and kept nowhere. */
export interface GuardianSlip {
  name: string;
  note: string;
  login: string;
  /** Null where families share the phone: a code by SMS is the way in. */
  password: string | null;
}

/** More slips in one go are more paper than anybody hands out in a day. */
const MOST_AT_ONCE = 500;

/** Sign-ins for guardians: many at once with printed slips, or one by invitation. */
export class GuardianAccounts {
  constructor(
    private readonly audit: AuditTrail,
    private readonly guardians: GuardianStore,
    private readonly identity: IdentityApi,
  ) {}

  /** Guardians of the children in these streams who aren't barred from them. */
  async plan(actor: Actor, streamIds: readonly string[]): Promise<AccountPlan> {
    demand(actor, 'students.change-guardians');
    const all = await this.guardians.ofStreams(streamIds);
    const have = await this.identity.holders(
      'guardian',
      all.map((one) => one.id),
    );
    const without = all.filter((one) => !have.has(one.id));
    return { have: have.size, ready: without.filter(reachable), unreachable: without.filter((one) => !reachable(one)) };
  }

  /** Each account stands for itself: one address that somebody uses already does not stop the others. */
  async makeMany(actor: Actor, streamIds: readonly string[]): Promise<{ slips: GuardianSlip[]; leftOut: GuardianForAccount[] }> {
    const { ready } = await this.plan(actor, streamIds);
    const slips: GuardianSlip[] = [];
    const leftOut: GuardianForAccount[] = [];
    for (const guardian of ready.slice(0, MOST_AT_ONCE)) {
      const slip = await this.make(actor, guardian);
      if (slip) slips.push(slip);
      else leftOut.push(guardian);
    }
    await this.audit.record(actor, {
      action: 'students.guardian-accounts',
      entity: 'school',
      entityId: null,
      after: { made: slips.length, leftOut: leftOut.map((one) => one.fullName) },
    });
    return { slips, leftOut };
  }

  /** By a link that is sent; joins the caller's transaction. Somebody who has an account keeps it. */
  async invite(actor: Actor, guardianId: string): Promise<void> {
    demand(actor, 'students.change-guardians');
    if (await this.identity.hasAccount('guardian', guardianId)) return;
    const guardian = await this.guardians.find(guardianId);
    if (!guardian || !reachable(guardian))
      throw new RuleBroken('unreachable', 'Enter a mobile phone or an email address to sign in with.', 'phone');
    const { fullName: name, phone, email, language } = guardian;
    await this.identity.createAccount({
      person: { kind: 'guardian', id: guardianId },
      name,
      phone,
      email,
      language,
      roles: ['guardian'],
      by: 'invite',
      actor,
    });
  }

  /** The logins of one child's guardians, for those who may change them. */
  async loginsOf(actor: Actor, guardianIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (!can(actor, 'students.change-guardians')) return new Set();
    return this.identity.holders('guardian', guardianIds);
  }

  private async make(actor: Actor, guardian: GuardianForAccount): Promise<GuardianSlip | null> {
    const { id, fullName: name, phone, email, children } = guardian;
    const attempts =
      email && phone
        ? [
            { email, phone },
            { email: null, phone },
          ]
        : [{ email, phone }];
    for (const reach of attempts) {
      try {
        const account = await this.identity.createAccount({
          person: { kind: 'guardian', id },
          name,
          ...reach,
          roles: ['guardian'],
          by: 'slip',
          actor,
        });
        const password = account.login === null ? null : account.oneTimePassword;
        return { name, note: children, login: account.login ?? phone ?? email ?? '', password };
      } catch (error) {
        if (!(error instanceof Conflict)) throw error;
      }
    }
    return null;
  }
}

function reachable(guardian: { phone: string | null; email: string | null }): boolean {
  return guardian.phone !== null || guardian.email !== null;
}
