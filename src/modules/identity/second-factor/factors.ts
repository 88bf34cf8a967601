import type { Actor } from '../../../kernel/actor.js';
import type { Clock } from '../../../kernel/clock.js';
import { Conflict, Invalid, NotFound } from '../../../kernel/errors.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import { demandAnotherFactor } from './factor.rules.js';
import { ownLogin } from '../accounts/login.rules.js';
import type { AccountStore, AuditTrail, FactorStore, Later, SchoolWords, Secrets, Totp } from '../ports.js';
import type { RoleMatrix } from '../roles/matrix.js';

const RECOVERY_CODES = 10;

/** The second factor: codes of an app on the phone, and recovery codes on paper for when the phone is lost. */
export class Factors {
  constructor(
    private readonly parts: {
      factors: FactorStore;
      accounts: AccountStore;
      secrets: Secrets;
      totp: Totp;
      school: SchoolWords;
      clock: Clock;
      unit: Unit;
      audit: AuditTrail;
      later: Later;
      matrix: RoleMatrix;
    },
  ) {}

  /** Else it can only be a recovery code, which is too long to be guessed. */
  isAppCode(typed: string): boolean {
    return /^\d{6}$/.test(plain(typed));
  }

  /** True when the code is right; then it will never be right again. */
  async accepts(userId: string, typed: string): Promise<boolean> {
    const { factors, secrets } = this.parts;
    const code = plain(typed);
    if (!this.isAppCode(typed)) return factors.useRecovery(userId, this.recoveryHash(userId, code));
    const factor = await factors.find(userId);
    if (!factor?.confirmedAt || !factor.secretSealed) return false;
    const counter = this.parts.totp.counterOf(secrets.open(factor.secretSealed), code, this.parts.clock.now());
    return counter !== null && factors.useCounter(userId, counter);
  }

  /**
   * A secret to scan; counts only after `confirm`. The caller keeps it sealed in the session that began, where a reload
   * finds it again: whoever else has got into the account must not see it. For somebody who has one it is the next
   * phone; the older app goes on until `confirm`.
   */
  async begin(userId: string, kept: string | null): Promise<{ sealed: string; secret: string; address: string }> {
    const { secrets, totp, school } = this.parts;
    const secret = kept ? secrets.open(kept) : totp.newSecret();
    const account = await this.parts.accounts.find(userId);
    if (!account) throw new NotFound();
    return {
      sealed: kept ?? secrets.seal(secret),
      secret,
      address: totp.address(secret, account.email ?? account.phone ?? account.name, await school.name()),
    };
  }

  /** Returns the recovery codes, which are shown once. */
  async confirm(actor: Actor, userId: string, sealed: string | null, typed: string): Promise<string[]> {
    const { factors, secrets, totp, clock } = this.parts;
    if (!sealed) throw new Conflict('There is nothing to confirm. Open your profile and start again.', 'no-factor');
    const counter = totp.counterOf(secrets.open(sealed), typed.replace(/\D/g, ''), clock.now());
    if (counter === null)
      throw new Invalid({
        code: 'This code is wrong. Check the app again, and make sure your phone sets its clock automatically.',
      });
    return this.write(actor, userId, 'identity.factor.enrol', async (hashes) => {
      await factors.enrol(userId, sealed, counter, hashes);
      await this.warn(userId, 'factor-added');
    });
  }

  async newRecoveryCodes(actor: Actor, userId: string): Promise<string[]> {
    return this.write(actor, userId, 'identity.factor.recovery-codes', (hashes) =>
      this.parts.factors.saveRecovery(userId, hashes),
    );
  }

  /** Bootstrap and the demo school: a factor that is confirmed at once. */
  async enrolAtOnce(actor: Actor, userId: string): Promise<string> {
    const { secret, sealed } = await this.begin(userId, null);
    await this.write(actor, userId, 'identity.factor.enrol', (hashes) => this.parts.factors.enrol(userId, sealed, 0, hashes));
    return secret;
  }

  /** @throws RuleBroken for somebody whose role needs a second step and who has no other */
  async remove(actor: Actor, userId: string): Promise<void> {
    const { accounts, factors, matrix, unit, audit } = this.parts;
    const { factorRoles } = await matrix.now();
    await unit(async () => {
      const account = await accounts.lock(userId);
      if (!account) throw new NotFound();
      demandAnotherFactor(account, factorRoles, 'totp');
      await factors.remove(userId);
      await audit.record(actor, { action: 'identity.factor.remove', entity: 'identity_users', entityId: userId });
      await this.warn(userId, 'factor-removed');
    });
  }

  /** With the last passkey go the recovery codes, unless there is an app. */
  forgetRecoveryWithout(userId: string): Promise<void> {
    return this.parts.factors.forgetRecoveryWithout(userId);
  }

  private async warn(userId: string, what: string): Promise<void> {
    const account = await this.parts.accounts.find(userId);
    const to = account && ownLogin(account);
    if (to) await this.parts.later.enqueue('identity.send-notice', { to, what, language: account.language });
  }

  private async write(
    actor: Actor,
    userId: string,
    action: string,
    save: (hashes: string[]) => Promise<void>,
  ): Promise<string[]> {
    const codes = Array.from({ length: RECOVERY_CODES }, () => this.parts.secrets.recoveryCode());
    await this.parts.unit(async () => {
      await this.parts.accounts.lock(userId);
      await save(codes.map((code) => this.recoveryHash(userId, code.replace('-', ''))));
      await this.parts.audit.record(actor, { action, entity: 'identity_users', entityId: userId });
    });
    return codes;
  }

  private recoveryHash(userId: string, code: string): string {
    return this.parts.secrets.hash(`recovery:${userId}:${code}`);
  }
}

function plain(typed: string): string {
  return typed.replace(/[\s-]/g, '').toLowerCase();
}
