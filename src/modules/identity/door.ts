import type { Actor } from '../../kernel/actor.js';
import { Forbidden } from '../../kernel/errors.js';
import type { AccountBrief, AccountHolder, CreatedAccount, IdentityApi, NewAccount, PersonKind } from './index.js';
import { parseEmail } from './accounts/login.rules.js';
import type { AccountStore, RoleName } from './ports.js';
import { isUntouched, type Accounts } from './accounts/accounts.js';
import type { Factors } from './second-factor/factors.js';
import type { RoleMatrix } from './roles/matrix.js';

/** What other modules may do with accounts. */
export class IdentityDoor implements IdentityApi {
  constructor(
    private readonly accounts: Accounts,
    private readonly factors: Factors,
    private readonly store: AccountStore,
    private readonly matrix: Pick<RoleMatrix, 'now'>,
  ) {}

  async needsSecondStep(roles: readonly RoleName[]): Promise<boolean> {
    const { factorRoles } = await this.matrix.now();
    return roles.some((role) => factorRoles.includes(role));
  }

  createAccount(account: NewAccount): Promise<CreatedAccount> {
    return this.accounts.create(account);
  }

  obstacleTo(account: NewAccount): Promise<{ field: string | null; message: string } | null> {
    return this.accounts.obstacleTo(account);
  }

  withdrawAccounts(userIds: readonly string[], actor: Actor): Promise<void> {
    return this.accounts.withdraw(actor, userIds);
  }

  async accountsOf(kind: PersonKind, personIds: readonly string[]): Promise<AccountBrief[]> {
    if (personIds.length === 0) return [];
    const accounts = await this.store.byPersons(kind, personIds);
    return accounts.map((account) => ({
      userId: account.id,
      personId: account.person!.id,
      login: account.email ?? account.phone,
      state: account.state,
      roles: account.roles,
      lastSignInAt: account.lastSignInAt,
      untouched: isUntouched(account),
    }));
  }

  async hasAccount(kind: PersonKind, personId: string): Promise<boolean> {
    return (await this.store.byPersons(kind, [personId])).length > 0;
  }

  holders(kind: PersonKind, personIds: readonly string[]): Promise<ReadonlySet<string>> {
    return this.store.holders(kind, personIds);
  }

  printNewPassword(userId: string, actor: Actor): Promise<{ login: string | null; oneTimePassword: string }> {
    return this.accounts.printNew(actor, userId);
  }

  async disableAccountOf(kind: PersonKind, personId: string, actor: Actor, reason?: string): Promise<void> {
    const [account] = await this.store.byPersons(kind, [personId]);
    if (account && account.state !== 'disabled') await this.accounts.disable(actor, account.id, reason ?? null);
  }

  inviteAgain(userId: string, actor: Actor): Promise<void> {
    return this.accounts.inviteAtOnce(actor, userId);
  }

  endSessions(userId: string, actor: Actor): Promise<number> {
    return this.accounts.endSessions(actor, userId);
  }

  async accountWith(email: string): Promise<string | null> {
    const value = parseEmail(email);
    return value ? ((await this.store.byLogin({ kind: 'email', value }))?.id ?? null) : null;
  }

  holdersOf(permission: string): Promise<AccountHolder[]> {
    return this.accounts.holdersOf(permission);
  }

  async mailOf(userId: string): Promise<{ email: string; language: string | null } | null> {
    const account = await this.store.find(userId);
    return account?.state === 'active' && account.email ? { email: account.email, language: account.language } : null;
  }

  async enrolFactor(userId: string, actor: Actor): Promise<string> {
    if (actor.userId !== null) throw new Forbidden('Only the account holder can set up the second step.');
    return this.factors.enrolAtOnce(actor, userId);
  }
}
