import type { Clock } from '../../../kernel/clock.js';
import { newId, timeOf } from '../../../kernel/id.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import { SignInRefused } from '../sign-in/refusals.rules.js';
import type { Account, AccountStore, HistoryStore, RefreshStore, Secrets, TokenSigner } from '../ports.js';
import type { RoleMatrix } from '../roles/matrix.js';
import type { Browser, SigningIn } from '../sign-in/sign-in.js';

export interface TokenAnswer {
  access_token: string;
  refresh_token: string;
  token_type: 'Bearer';
  expires_in: number;
}

const REFRESH_DAYS = 30;
const DAY = 86_400_000;

/**
 * Sign-in of programs: a short bearer token and a refresh token that works once. A token says when its person signed
 * in, however often it was refreshed since: what asks for a recent proof asks a program to sign in again.
 */
export class ApiTokens {
  constructor(
    private readonly parts: {
      signIn: SigningIn;
      accounts: AccountStore;
      refresh: RefreshStore;
      history: HistoryStore;
      matrix: RoleMatrix;
      signer: TokenSigner;
      secrets: Secrets;
      clock: Clock;
      unit: Unit;
    },
  ) {}

  /** @throws SignInRefused, TooMany, Unavailable */
  async issue(login: string, password: string, totp: string | undefined, browser: Browser): Promise<TokenAnswer> {
    const account = await this.parts.signIn.checkPassword(login, password, browser);
    await this.demandFactor(account, totp, browser);
    if (account.mustSetPassword)
      throw new SignInRefused('Sign in on the website once and choose your own password.', 'password-change-needed');
    await this.parts.signIn.enter(account, totp ? 'api+totp' : 'api', browser);
    return this.answer(account, newId(this.parts.clock.now().getTime()), browser);
  }

  private async demandFactor(account: Account, totp: string | undefined, browser: Browser): Promise<void> {
    if (account.hasFactor) {
      if (!totp) throw new SignInRefused('Send the second-step code as totp.', 'totp-needed');
      return this.parts.signIn.checkFactor(account, totp, browser);
    }
    if (await this.lacksFactor(account)) {
      throw new SignInRefused('This role needs a second step. Sign in on the website and set it up.', 'factor-needed');
    }
  }

  private async lacksFactor(account: Account): Promise<boolean> {
    if (account.hasFactor) return false;
    const { factorRoles } = await this.parts.matrix.now();
    return account.roles.some((role) => factorRoles.includes(role));
  }

  /** A refresh token that comes a second time was stolen from somebody: its whole family ends. @throws SignInRefused */
  async refresh(token: string, browser: Browser): Promise<TokenAnswer> {
    const { refresh, accounts, secrets, clock, unit } = this.parts;
    const found = await refresh.find(secrets.hash(token));
    const account = found ? await accounts.find(found.userId) : null;
    if (!found || !account || account.state === 'disabled' || found.expiresAt <= clock.now()) throw refreshRefused();
    if (account.mustSetPassword || (await this.lacksFactor(account))) throw refreshRefused();
    const answer = await unit(async () => {
      if (found.usedAt || !(await refresh.use(found.id))) return null;
      return this.answer(account, found.family, browser);
    });
    if (answer) return answer;
    await this.endStolen(found.family, account, browser);
    throw refreshRefused();
  }

  private async endStolen(family: string, account: Account, browser: Browser): Promise<void> {
    const { ip, userAgent } = browser;
    await this.parts.unit(async () => {
      await this.parts.refresh.endFamily(family);
      await this.parts.accounts.bump(account.id);
      await this.parts.history.write({
        userId: account.id,
        login: '–',
        method: 'refresh',
        outcome: 'refresh-reused',
        knownDevice: false,
        ip,
        userAgent,
      });
    });
  }

  private async answer(account: Account, family: string, browser: Browser): Promise<TokenAnswer> {
    const { signer, secrets, refresh, clock } = this.parts;
    const { token, expiresIn } = await signer.sign(account.id, account.version, timeOf(family));
    const next = secrets.token();
    const { ip, userAgent } = browser;
    await refresh.insert({
      userId: account.id,
      family,
      tokenHash: secrets.hash(next),
      expiresAt: new Date(clock.now().getTime() + REFRESH_DAYS * DAY),
      ip,
      userAgent,
    });
    return { access_token: token, refresh_token: next, token_type: 'Bearer', expires_in: expiresIn };
  }
}

const refreshRefused = (): SignInRefused => new SignInRefused('Sign in again.', 'refresh-refused');
