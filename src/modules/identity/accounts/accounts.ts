import type { Actor } from '../../../kernel/actor.js';
import type { Clock } from '../../../kernel/clock.js';
import { Invalid, NotFound, RuleBroken } from '../../../kernel/errors.js';
import { isId, newId } from '../../../kernel/id.js';
import { parsePhone } from '../../../kernel/people/phone.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { AccountHolder, CreatedAccount, NewAccount } from '../index.js';
import {
  demandKnownRoles,
  demandMayTakeOver,
  demandNotSelf,
  demandOwnerFor,
  demandOwnerRemains,
  demandRoleChange,
  TOP_ROLES,
} from '../roles/limits.rules.js';
import { INVITATION_DAYS, INVITED_AGAIN_MINUTES, SLIP_DAYS } from './lock-out.rules.js';
import { ownLogin, parseEmail, type Login } from './login.rules.js';
import type {
  Account,
  AccountStore,
  AuditTrail,
  FactorStore,
  Later,
  LinkStore,
  PasskeyStore,
  Passwords,
  RefreshStore,
  RoleName,
  SchoolWords,
  Secrets,
  Sessions,
} from '../ports.js';
import type { RoleMatrix } from '../roles/matrix.js';
import { newPasswordHash } from './new-password.js';

export interface AccountParts {
  accounts: AccountStore;
  sessions: Sessions;
  links: LinkStore;
  refresh: RefreshStore;
  factors: FactorStore;
  passkeys: Pick<PasskeyStore, 'remove' | 'removeAll'>;
  passwords: Passwords;
  secrets: Secrets;
  matrix: RoleMatrix;
  school: SchoolWords;
  later: Later;
  clock: Clock;
  unit: Unit;
  audit: AuditTrail;
}

const DAY = 86_400_000;

/** As it was made: every change of an account lets its version grow. */
export function isUntouched({ version, lastSignInAt }: Pick<Account, 'version' | 'lastSignInAt'>): boolean {
  return version === 1 && lastSignInAt === null;
}

/** Making, changing and ending accounts. Every method is one transaction with its audit entry. */
export class Accounts {
  constructor(private readonly parts: AccountParts) {}

  async create(given: NewAccount): Promise<CreatedAccount> {
    const { parts } = this;
    return parts.unit(async () => {
      const account = await this.draft(given);
      await this.demandMayMake(given, account);
      const printed = given.by === 'slip' ? parts.secrets.printedPassword() : null;
      if (printed) this.printPassword(account, printed);
      else if (typeof given.by === 'object') await this.choosePassword(account, given.by.password, given.actor);
      await parts.accounts.insert(account);
      if (given.by === 'invite') await this.sendInvitation(account);
      await this.record(given.actor, 'identity.account.create', account, null, shown(account));
      return { userId: account.id, login: account.email ?? account.phone, oneTimePassword: printed };
    });
  }

  async obstacleTo(given: NewAccount): Promise<{ field: string | null; message: string } | null> {
    const { accounts } = this.parts;
    try {
      const account = await this.draft(given);
      await this.demandMayMake(given, account);
      if (account.email && (await accounts.byLogin({ kind: 'email', value: account.email })))
        return { field: 'email', message: 'Another account already uses this address.' };
      const person = account.person && (await accounts.byPersons(account.person.kind, [account.person.id]));
      return person && person.length > 0 ? { field: null, message: 'This person already has an account.' } : null;
    } catch (error) {
      if (error instanceof Invalid)
        return { field: error.problems[0]?.field ?? null, message: error.problems[0]?.message ?? error.message };
      if (error instanceof RuleBroken) return { field: error.field ?? null, message: error.message };
      throw error;
    }
  }

  async holdersOf(permission: string): Promise<AccountHolder[]> {
    const { matrix } = await this.parts.matrix.now();
    const roles = this.parts.matrix.roles.filter((role) => matrix.has(role, permission));
    const people = await this.parts.accounts.activeWith(
      this.parts.matrix.roles.filter((role) => roles.includes(role) || TOP_ROLES.includes(role)),
    );
    return people.map(({ id, name, email, language, roles: held }) => ({
      userId: id,
      name,
      email,
      language,
      holds: held.some((role) => roles.includes(role)),
      owner: held.some((role) => TOP_ROLES.includes(role)),
    }));
  }

  /** Accounts that were made and never used, as if they had not been. */
  async withdraw(actor: Actor, userIds: readonly string[]): Promise<void> {
    const { accounts, unit } = this.parts;
    await unit(async () => {
      for (const userId of userIds) {
        const account = await accounts.lock(userId);
        if (!account) continue;
        demandOwnerFor(actor, toHolder(account));
        if (!isUntouched(account))
          throw new RuleBroken(
            'used',
            `${account.name} has already signed in, so the account can’t be removed. Close it under Accounts instead.`,
          );
        await accounts.remove(userId);
        await this.record(actor, 'identity.account.withdraw', account, shown(account), {});
      }
    });
  }

  private async demandMayMake(given: NewAccount, account: Account): Promise<void> {
    const { matrix } = await this.parts.matrix.now();
    demandKnownRoles(given.roles, this.parts.matrix.roles);
    demandRoleChange(given.actor, { userId: account.id, roles: [] }, given.roles, matrix);
  }

  private async draft(given: NewAccount): Promise<Account> {
    const { accounts, school, clock } = this.parts;
    const email = given.email ? parseEmail(given.email) : null;
    if (given.email && !email) throw new Invalid({ email: 'Enter the full email address, such as name@example.org' });
    const phone = given.phone ? parsePhone(given.phone, await school.country()) : null;
    if (given.phone && !phone) throw new Invalid({ phone: 'This is not a valid phone number.' });
    if (!email && !phone) throw new Invalid({ email: 'Enter an email address or phone number to sign in with.' });
    if (school.kind === 'platform') demandPlatformWay(email, given.by);
    const shared = phone ? (await accounts.reachedBy({ kind: 'phone', value: phone })).length > 0 : false;
    if (given.by === 'invite' && shared && !email) {
      throw new RuleBroken(
        'phone-shared',
        'Another account uses this phone. Enter an email address for the invitation, or print a slip.',
        'phone',
      );
    }
    return {
      id: newId(clock.now().getTime()),
      name: given.name,
      email,
      phone: shared ? null : phone,
      sharedPhone: shared ? phone : null,
      person: given.person ?? null,
      passwordHash: null,
      mustSetPassword: false,
      passwordExpiresAt: null,
      version: 1,
      state: 'invited',
      language: given.language ?? null,
      density: null,
      roles: [...new Set(given.roles)],
      hasFactor: false,
      hasTotp: false,
      passkeys: 0,
      createdAt: clock.now(),
      lastSignInAt: null,
    };
  }

  private printPassword(account: Account, printed: string): void {
    account.passwordHash = this.parts.passwords.hashPrinted(printed);
    account.passwordExpiresAt = new Date(this.parts.clock.now().getTime() + SLIP_DAYS * DAY);
    account.mustSetPassword = true;
    account.state = 'active';
  }

  private async choosePassword(account: Account, password: string, actor: Actor): Promise<void> {
    if (actor.userId !== null) throw new RuleBroken('bootstrap-only', 'Only the account holder can choose the password.');
    account.passwordHash = await newPasswordHash(password, account, this.parts.passwords, this.parts.school);
    account.state = 'active';
  }

  /** A new printed password for somebody who has lost theirs; whatever was open ends. */
  async printNew(actor: Actor, userId: string): Promise<{ name: string; login: string | null; oneTimePassword: string }> {
    return this.change(actor, userId, 'identity.account.slip', async (account) => {
      demandNotSelf(actor, toHolder(account), 'Change your own password on your profile.');
      await this.demandTakeOver(actor, account);
      const printed = this.parts.secrets.printedPassword();
      const draft = { ...account };
      this.printPassword(draft, printed);
      const { passwordHash, passwordExpiresAt, mustSetPassword, state } = draft;
      await this.parts.accounts.patch(userId, { passwordHash, passwordExpiresAt, mustSetPassword, state });
      await this.endEverything(userId);
      return {
        result: { name: account.name, login: account.email ?? account.phone, oneTimePassword: printed },
        after: { password: 'printed' },
      };
    });
  }

  /** Pressed again and again it is one message and one link. @returns whether one goes out, or the last is too fresh */
  invite(actor: Actor, userId: string): Promise<boolean> {
    return this.parts.unit(async () => {
      await this.parts.accounts.lock(userId);
      if (await this.parts.links.isInvited(userId, INVITED_AGAIN_MINUTES)) return false;
      await this.inviteAtOnce(actor, userId);
      return true;
    });
  }

  /** However fresh the last one is: for the operator at the terminal. */
  async inviteAtOnce(actor: Actor, userId: string): Promise<void> {
    await this.change(actor, userId, 'identity.account.invite', async (account) => {
      if (account.state === 'disabled') throw new RuleBroken('disabled', 'This account is closed. Reopen it first.');
      await this.sendInvitation(account);
      return { result: undefined, after: { invited: true } };
    });
  }

  private async sendInvitation(account: Account): Promise<void> {
    const { links, secrets, clock } = this.parts;
    // This says that an invitation is under way, and until when it is good. Nobody knows its token: a school's job makes
    // another as the message leaves, and nobody of the platform follows a link, they sign in with their address.
    await links.insert({
      kind: 'invitation',
      userId: account.id,
      tokenHash: secrets.hash(secrets.token()),
      expiresAt: new Date(clock.now().getTime() + INVITATION_DAYS * DAY),
    });
    await this.parts.later.enqueue(
      'identity.send-link',
      { kind: 'invitation', userId: account.id, days: INVITATION_DAYS },
      { key: `identity.send-link:${account.id}` },
    );
  }

  async setRoles(actor: Actor, userId: string, roles: readonly RoleName[]): Promise<void> {
    const wanted = [...new Set(roles)];
    await this.change(actor, userId, 'identity.account.roles', async (account) => {
      const { matrix } = await this.parts.matrix.now();
      demandKnownRoles(wanted, this.parts.matrix.roles);
      demandRoleChange(actor, toHolder(account), wanted, matrix);
      demandOwnerRemains(
        toHolder(account),
        wanted.some((role) => TOP_ROLES.includes(role)),
        await this.parts.accounts.otherOwners(userId),
      );
      await this.parts.accounts.setRoles(userId, wanted);
      return { result: undefined, after: { roles: wanted } };
    });
  }

  async setContact(actor: Actor, userId: string, contact: { email: string | null; phone: string | null }): Promise<void> {
    await this.change(actor, userId, 'identity.account.contact', async (account) => {
      await this.demandTakeOver(actor, account);
      const phone = contact.phone ? parsePhone(contact.phone, await this.parts.school.country()) : null;
      const email = contact.email ? parseEmail(contact.email) : null;
      if (contact.email && !email) throw new Invalid({ email: 'Enter the full email address, such as name@example.org' });
      if (this.parts.school.kind === 'platform') demandPlatformWay(email, 'invite');
      if (contact.phone && !phone) throw new Invalid({ phone: 'This is not a valid phone number.' });
      const stillShared = phone !== null && phone === account.sharedPhone;
      if (!email && (!phone || stillShared) && account.email)
        throw new Invalid({ email: 'Enter an email address or phone number to sign in with.' });
      await this.parts.accounts.patch(userId, {
        email,
        phone: stillShared ? null : phone,
        sharedPhone: stillShared ? phone : null,
      });
      await this.parts.accounts.bump(userId);
      // What was sent to the old address opens nothing from now on.
      await this.parts.links.endAll(userId);
      await this.tellOldAddresses(account, email, phone);
      return { result: undefined, after: { email, phone } };
    });
  }

  private async tellOldAddresses(account: Account, email: string | null, phone: string | null): Promise<void> {
    const gone: Login[] = [];
    if (account.email && account.email !== email) gone.push({ kind: 'email', value: account.email });
    if (account.phone && account.phone !== phone) gone.push({ kind: 'phone', value: account.phone });
    for (const to of gone)
      await this.parts.later.enqueue('identity.send-notice', { to, what: 'contact', language: account.language });
  }

  async disable(actor: Actor, userId: string, reason: string | null): Promise<void> {
    await this.change(
      actor,
      userId,
      'identity.account.disable',
      async (account) => {
        demandNotSelf(actor, toHolder(account), 'You can’t close your own account.');
        demandOwnerRemains(toHolder(account), false, await this.parts.accounts.otherOwners(userId));
        await this.parts.accounts.patch(userId, { state: 'disabled' });
        await this.endEverything(userId);
        return { result: undefined, after: { state: 'disabled' } };
      },
      reason,
    );
  }

  async enable(actor: Actor, userId: string): Promise<void> {
    await this.change(actor, userId, 'identity.account.enable', async (account) => {
      await this.parts.accounts.patch(userId, { state: account.passwordHash ? 'active' : 'invited' });
      return { result: undefined, after: { state: 'active' } };
    });
  }

  async endSessions(actor: Actor, userId: string): Promise<number> {
    return this.change(actor, userId, 'identity.account.end-sessions', async () => {
      const ended = await this.endEverything(userId);
      return { result: ended, after: { sessionsEnded: ended } };
    });
  }

  async removeFactor(actor: Actor, userId: string): Promise<void> {
    await this.change(actor, userId, 'identity.account.remove-factor', async (account) => {
      demandNotSelf(actor, toHolder(account), 'Change your own second step on your profile.');
      await this.demandTakeOver(actor, account);
      await this.parts.passkeys.removeAll(userId);
      await this.parts.factors.remove(userId);
      await this.endEverything(userId);
      await this.tell(account, 'factor-removed');
      return { result: undefined, after: { factor: null } };
    });
  }

  /** One key that is lost; the others go on. */
  async removePasskey(actor: Actor, userId: string, keyId: string): Promise<void> {
    await this.change(actor, userId, 'identity.account.remove-passkey', async (account) => {
      demandNotSelf(actor, toHolder(account), 'Remove your own passkeys on your profile.');
      await this.demandTakeOver(actor, account);
      const name = isId(keyId) ? await this.parts.passkeys.remove(userId, keyId) : null;
      if (name === null) throw new NotFound('This passkey has already been removed.');
      await this.parts.factors.forgetRecoveryWithout(userId);
      await this.endEverything(userId);
      await this.tell(account, 'factor-removed');
      return { result: undefined, after: { passkeyRemoved: name } };
    });
  }

  private async tell(account: Account, what: string): Promise<void> {
    const to = ownLogin(account);
    if (to) await this.parts.later.enqueue('identity.send-notice', { to, what, language: account.language });
  }

  private async demandTakeOver(actor: Actor, account: Account): Promise<void> {
    demandMayTakeOver(actor, toHolder(account), (await this.parts.matrix.now()).matrix);
  }

  /** Sessions, API tokens and refresh tokens. */
  private async endEverything(userId: string): Promise<number> {
    const ended = await this.parts.sessions.endAll(userId);
    await this.parts.refresh.endAll(userId);
    await this.parts.links.endAll(userId);
    await this.parts.accounts.bump(userId);
    return ended;
  }

  private async change<Result>(
    actor: Actor,
    userId: string,
    action: string,
    work: (account: Account) => Promise<{ result: Result; after: object }>,
    reason: string | null = null,
  ): Promise<Result> {
    return this.parts.unit(async () => {
      const account = await this.parts.accounts.lock(userId);
      if (!account) throw new NotFound();
      demandOwnerFor(actor, toHolder(account));
      const { result, after } = await work(account);
      await this.record(actor, action, account, shown(account), { ...shown(account), ...after }, reason);
      return result;
    });
  }

  private record(
    actor: Actor,
    action: string,
    account: Account,
    before: object | null,
    after: object,
    reason: string | null = null,
  ): Promise<void> {
    return this.parts.audit.record(actor, {
      action,
      entity: 'identity_users',
      entityId: account.id,
      label: account.name,
      before,
      after,
      reason,
    });
  }
}

/** People of the platform sign in with codes by mail and with nothing else. */
function demandPlatformWay(email: string | null, by: NewAccount['by']): void {
  if (!email) throw new Invalid({ email: 'Enter an email address: the codes are sent there.' });
  if (by !== 'invite') throw new RuleBroken('no-passwords', 'Platform accounts have no passwords.');
}

export function toHolder(account: Account): { userId: string; roles: readonly RoleName[] } {
  return { userId: account.id, roles: account.roles };
}

/** What the audit keeps of an account. */
function shown(account: Account): object {
  const { name, email, phone, state, roles, person } = account;
  return { name, email, phone, state, roles, person };
}
