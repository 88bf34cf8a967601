import type { Actor } from '../../../kernel/actor.js';
import { Invalid, NotFound } from '../../../kernel/errors.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type {
  Account,
  AccountStore,
  AuditTrail,
  Later,
  LinkStore,
  Passwords,
  RefreshStore,
  SchoolWords,
  SessionRow,
  Sessions,
} from '../ports.js';
import { ownLogin } from '../accounts/login.rules.js';
import { newPasswordHash } from '../accounts/new-password.js';

/** What everybody may see and change of their own account. */
export class Profile {
  constructor(
    private readonly parts: {
      accounts: AccountStore;
      sessions: Sessions;
      refresh: RefreshStore;
      links: LinkStore;
      passwords: Passwords;
      school: SchoolWords;
      later: Later;
      unit: Unit;
      audit: AuditTrail;
    },
  ) {}

  async own(actor: Actor): Promise<Account> {
    const account = actor.userId ? await this.parts.accounts.find(actor.userId) : null;
    if (!account) throw new NotFound();
    return account;
  }

  async setTastes(actor: Actor, tastes: { language: string | null; density: 'compact' | 'normal' | null }): Promise<void> {
    const account = await this.own(actor);
    await this.parts.unit(() => this.parts.accounts.patch(account.id, tastes));
  }

  /** Ends every other session and every API token. */
  async setPassword(actor: Actor, password: string, repeated: string, ownSidHash: string): Promise<void> {
    if (password !== repeated) throw new Invalid({ repeated: 'The two passwords don’t match. Type the new password twice.' });
    const account = await this.own(actor);
    const passwordHash = await newPasswordHash(password, account, this.parts.passwords, this.parts.school);
    await this.parts.unit(async () => {
      await this.parts.accounts.patch(account.id, { passwordHash, mustSetPassword: false, passwordExpiresAt: null });
      await this.parts.sessions.endAll(account.id, ownSidHash);
      await this.parts.refresh.endAll(account.id);
      await this.parts.links.endAll(account.id);
      await this.parts.accounts.bump(account.id);
      const to = ownLogin(account);
      if (to) await this.parts.later.enqueue('identity.send-notice', { to, what: 'password', language: account.language });
      await this.parts.audit.record(actor, {
        action: 'identity.password.change',
        entity: 'identity_users',
        entityId: account.id,
        label: account.name,
      });
    });
  }

  /** @param path what they were asked for; without its query, which may name people */
  async noteProof(actor: Actor, by: 'passkey' | 'code' | 'password', path: string): Promise<void> {
    const { userId } = await this.acting(actor);
    await this.parts.audit.record(actor, {
      action: 'identity.proof',
      entity: 'identity_users',
      entityId: userId,
      label: path.split('?')[0]!.slice(0, 200),
      after: { by },
    });
  }

  async sessions(actor: Actor): Promise<SessionRow[]> {
    return actor.userId ? this.parts.sessions.of(actor.userId) : [];
  }

  async endSession(actor: Actor, id: string): Promise<void> {
    const { userId } = await this.acting(actor);
    await this.parts.unit(async () => {
      if (!(await this.parts.sessions.end(userId, id))) throw new NotFound('This session has already ended.');
      await this.parts.audit.record(actor, { action: 'identity.session.end', entity: 'identity_users', entityId: userId });
    });
  }

  /** Everywhere but here; API tokens too. */
  async endOtherSessions(actor: Actor, ownSidHash: string): Promise<number> {
    const { userId } = await this.acting(actor);
    return this.parts.unit(async () => {
      const ended = await this.parts.sessions.endAll(userId, ownSidHash);
      await this.parts.refresh.endAll(userId);
      await this.parts.accounts.bump(userId);
      await this.parts.audit.record(actor, {
        action: 'identity.session.end-others',
        entity: 'identity_users',
        entityId: userId,
        after: { ended },
      });
      return ended;
    });
  }

  private async acting(actor: Actor): Promise<{ userId: string }> {
    if (!actor.userId) throw new NotFound();
    return { userId: actor.userId };
  }
}
