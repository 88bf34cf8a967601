import type { Clock } from '../../../kernel/clock.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { Actor } from '../../../kernel/actor.js';
import { INVITATION_DAYS, RESET_MINUTES } from './lock-out.rules.js';
import { ownLogin, parseLogin } from './login.rules.js';
import { SignInRefused } from '../sign-in/refusals.rules.js';
import type {
  Account,
  AccountStore,
  AuditTrail,
  HistoryStore,
  Later,
  Limits,
  LinkStore,
  Messages,
  Passwords,
  RefreshStore,
  SchoolWords,
  Secrets,
  Sessions,
  Where,
} from '../ports.js';
import { newPasswordHash } from './new-password.js';

export type LinkKind = 'invitation' | 'reset';

const MINUTE = 60_000;

/** Links by which a person sets a password: for a new account, or for a forgotten one. */
export class Links {
  constructor(
    private readonly parts: {
      accounts: AccountStore;
      links: LinkStore;
      sessions: Sessions;
      refresh: RefreshStore;
      history: HistoryStore;
      passwords: Passwords;
      secrets: Secrets;
      limits: Limits;
      messages: Messages;
      later: Later;
      school: SchoolWords;
      clock: Clock;
      unit: Unit;
      audit: AuditTrail;
      /** Scheme and authority from the settings; never from a request. */
      publicUrl: string;
    },
  ) {}

  /** Says nothing about whether anybody will get a link. */
  async askForReset(typed: string, ip: string | null): Promise<void> {
    const login = parseLogin(typed, await this.parts.school.country());
    const target = login?.value ?? '-';
    if (!(await this.parts.limits.maySend(this.parts.secrets.hash(target), ip))) return;
    await this.parts.later.enqueue('identity.send-reset', { login: target });
  }

  /** The job behind `askForReset`. Only the account whose own login this is gets a link; who shares a phone uses a code. */
  async sendReset(target: string): Promise<void> {
    const login = parseLogin(target, '');
    const account = login ? await this.parts.accounts.byLogin(login) : null;
    if (account && account.state !== 'disabled') await this.send('reset', account);
  }

  /** The job behind an invitation. */
  async sendInvitation(userId: string): Promise<void> {
    const account = await this.parts.accounts.find(userId);
    if (account && account.state !== 'disabled') await this.send('invitation', account);
  }

  /** The token is made as it leaves, so it never lies readable in a queue. */
  private async send(kind: LinkKind, account: Account): Promise<void> {
    const { secrets, links, clock, messages, publicUrl } = this.parts;
    const to = ownLogin(account);
    if (!to) return;
    if (this.parts.school.kind === 'platform')
      return messages.link('welcome', to, account.name, `${publicUrl}/login`, account.language);
    const token = secrets.token();
    const minutes = kind === 'reset' ? RESET_MINUTES : INVITATION_DAYS * 24 * 60;
    // Together: between the end of the older one and this one somebody who presses again would find none.
    await this.parts.unit(() =>
      links.insert({
        kind,
        userId: account.id,
        tokenHash: secrets.hash(token),
        expiresAt: new Date(clock.now().getTime() + minutes * MINUTE),
      }),
    );
    await messages.link(kind, to, account.name, `${publicUrl}/login/${kind}?token=${token}`, account.language);
  }

  /** Whose link this is; null when it is used, old or unknown. */
  async holder(kind: LinkKind, token: string): Promise<Account | null> {
    const link = await this.parts.links.find(kind, this.parts.secrets.hash(token));
    const account = link ? await this.parts.accounts.find(link.userId) : null;
    return account?.state === 'disabled' ? null : account;
  }

  /** Sets the password and ends every session and API token of the account. The second factor stays as it is. */
  async follow(kind: LinkKind, token: string, password: string, where: Where, requestId: string | null): Promise<void> {
    const { parts } = this;
    const link = await parts.links.find(kind, parts.secrets.hash(token));
    const account = link ? await parts.accounts.find(link.userId) : null;
    if (!link || !account || account.state === 'disabled') throw linkOver();
    const passwordHash = await newPasswordHash(password, account, parts.passwords, parts.school);
    await parts.unit(async () => {
      if (!(await parts.links.use(link.id))) throw linkOver();
      await parts.accounts.patch(account.id, { passwordHash, mustSetPassword: false, passwordExpiresAt: null, state: 'active' });
      await endAll(parts, account.id);
      // An older invitation in somebody's mail would else undo what the reset has saved.
      await parts.links.endAll(account.id);
      const outcome = kind === 'reset' ? 'reset' : 'invited';
      await parts.history.write({
        userId: account.id,
        login: '–',
        method: `${kind}-link`,
        outcome,
        knownDevice: false,
        ...where,
      });
      await parts.audit.record(asSelf(account, where, requestId), {
        action: `identity.password.${kind}`,
        entity: 'identity_users',
        entityId: account.id,
        label: account.name,
      });
    });
  }
}

export const linkOver = (): SignInRefused =>
  new SignInRefused('This link has already been used or is too old. Ask for a new one.', 'link-over');

async function endAll(
  parts: { sessions: Sessions; refresh: RefreshStore; accounts: AccountStore },
  userId: string,
): Promise<void> {
  await parts.sessions.endAll(userId);
  await parts.refresh.endAll(userId);
  await parts.accounts.bump(userId);
}

function asSelf(account: Account, where: Where, requestId: string | null): Actor {
  return {
    userId: account.id,
    name: account.name,
    person: account.person,
    roles: account.roles,
    permissions: new Set(),
    ip: where.ip,
    requestId,
  };
}
