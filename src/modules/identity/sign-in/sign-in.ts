import { systemActor } from '../../../kernel/actor.js';
import type { Clock } from '../../../kernel/clock.js';
import { TooMany } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import { fold } from '../../../kernel/people/names.js';
import { LOCK_OUT } from '../../audit/index.js';
import { CODE_DIGITS, CODE_MINUTES, PLATFORM_RESEND_SECONDS, TRIES_PER_CODE } from '../accounts/lock-out.rules.js';
import { isInvitationOver } from '../accounts/invitation.rules.js';
import { maskLogin, ownLogin, parseLogin, type Login } from '../accounts/login.rules.js';
import { SignInRefused, wrongCode, wrongFactor, wrongPasskey, wrongPassword } from './refusals.rules.js';
import type {
  Account,
  AccountStore,
  AuditTrail,
  HistoryStore,
  Later,
  Limits,
  LinkStore,
  Messages,
  Outcome,
  Passwords,
  SchoolWords,
  Secrets,
  Step,
  StepStore,
  Where,
} from '../ports.js';
import type { Factors } from '../second-factor/factors.js';
import type { Passkeys } from '../second-factor/passkeys.js';

/** The browser that asks, as far as it is known. */
export interface Browser extends Where {
  /** Random, in a cookie, for the length of a sign-in: its steps belong to one browser. */
  trial: string;
  /** In a cookie of half a year: this browser has signed in before. */
  device: string | null;
}

/** What comes next: in, the second factor, or the question which of several people it is. */
export type Progress =
  | { next: 'in'; account: Account; method: string }
  | { next: 'factor'; account: Account }
  | { next: 'choose'; people: { id: string; name: string }[] };

export interface SignInParts {
  accounts: AccountStore;
  steps: StepStore;
  links: LinkStore;
  history: HistoryStore;
  factors: Factors;
  passkeys: Passkeys;
  passwords: Passwords;
  secrets: Secrets;
  limits: Limits;
  messages: Messages;
  later: Later;
  school: SchoolWords;
  clock: Clock;
  audit: AuditTrail;
}

const MINUTE = 60_000;
type Claim = NonNullable<Awaited<ReturnType<Passkeys['claimed']>>>;

/**
 * Proving who one is, step by step. Whoever has no account walks the same steps, meets the same sentences and
 * waits as long; the counting of tries comes before each try and outlives a rollback.
 */
export class SigningIn {
  constructor(private readonly parts: SignInParts) {}

  /** @throws SignInRefused, TooMany, Unavailable */
  async byPassword(login: string, password: string, browser: Browser): Promise<Progress> {
    const account = await this.checkPassword(login, password, browser);
    return this.afterFirst(account, 'password', browser);
  }

  /** The password alone, for the API and for confirming; the second factor is the caller's business. */
  async checkPassword(typed: string, password: string, browser: Browser): Promise<Account> {
    const { accounts, limits, passwords } = this.parts;
    const login = parseLogin(typed, await this.parts.school.country());
    const account = login ? await accounts.byLogin(login) : null;
    const known = await this.isKnown(account, browser);
    const key = this.parts.secrets.hash(login?.value ?? fold(typed).slice(0, 200));
    const from = { ip: browser.ip, known };
    await this.counted(() => limits.try('password', key, from), account, login, 'password', browser, known);
    const right = await passwords.verify(password, this.usableHash(account));
    if (!account || !right) {
      await this.note(account, login, 'password', account?.state === 'disabled' ? 'disabled' : 'wrong', browser, known);
      throw wrongPassword();
    }
    await limits.right('password', key, from);
    return account;
  }

  /** Of somebody who is signed in already. @throws SignInRefused, TooMany */
  async confirmPassword(account: Account, password: string, browser: Browser): Promise<void> {
    const from = { ip: browser.ip, known: true };
    await this.counted(
      () => this.parts.limits.try('password', account.id, from),
      account,
      ownLogin(account),
      'confirm',
      browser,
      true,
    );
    if (!(await this.parts.passwords.verify(password, this.usableHash(account)))) {
      await this.note(account, ownLogin(account), 'confirm', 'wrong', browser, true);
      throw new SignInRefused('The password is wrong.');
    }
    await this.parts.limits.right('password', account.id, from);
  }

  /** Null makes the comparison fail and take its time. */
  private usableHash(account: Account | null): string | null {
    if (!account || account.state === 'disabled') return null;
    const { passwordExpiresAt } = account;
    return passwordExpiresAt && passwordExpiresAt <= this.parts.clock.now() ? null : account.passwordHash;
  }

  /** Asks for a code by mail or SMS. Says nothing about whether anybody will get it. */
  async askForCode(typed: string, browser: Browser): Promise<void> {
    const { limits, steps, later, clock, secrets } = this.parts;
    const login = parseLogin(typed, await this.parts.school.country());
    const target = login?.value ?? '-';
    const everySeconds = this.parts.school.kind === 'platform' ? PLATFORM_RESEND_SECONDS : 0;
    if (!(await limits.maySend(secrets.hash(target), browser.ip, everySeconds))) return;
    const id = newId(clock.now().getTime());
    await steps.insert({
      id,
      purpose: 'sign-in',
      target,
      browserHash: secrets.hash(browser.trial),
      candidateIds: [],
      method: login?.kind === 'phone' ? 'sms-code' : 'mail-code',
      expiresAt: this.inMinutes(CODE_MINUTES),
    });
    await later.enqueue('identity.send-code', { stepId: id });
  }

  /**
   * The job behind `askForCode`: the code is made as it leaves, so it never lies readable in a queue. A job may run
   * twice, and a code that has left already must stay good: it follows from the step, and its tries go on counting.
   */
  async sendCode(stepId: string): Promise<void> {
    const { accounts, steps, secrets, messages } = this.parts;
    const step = await steps.toSend(stepId);
    const login = step ? loginOf(step.target) : null;
    if (!step || !login) return;
    const people = await this.admitted((await accounts.reachedBy(login)).filter((account) => account.state !== 'disabled'));
    if (people.length === 0) return;
    const code = secrets.digitsOf(`code:${step.id}`, CODE_DIGITS);
    await steps.sent(
      step.id,
      step.target,
      secrets.hash(`${step.id}:${code}`),
      people.map((account) => account.id),
    );
    await messages.code(login, code, people[0]?.language ?? null);
  }

  /** Without those of the platform whose invitation is over before they came. */
  private async admitted(people: Account[]): Promise<Account[]> {
    if (this.parts.school.kind !== 'platform') return people;
    const over = await Promise.all(
      people.map(async (account) => isInvitationOver(account, await this.parts.links.isInvited(account.id))),
    );
    return people.filter((_account, at) => !over[at]);
  }

  /** By a ticket of the platform, which has proven this address. Null when no account of this school has it. */
  async byTicket(email: string, browser: Browser): Promise<Progress | null> {
    const login = parseLogin(email, '');
    const account = login ? await this.parts.accounts.byLogin(login) : null;
    return account && account.state !== 'disabled' ? this.afterFirst(account, 'ticket', browser) : null;
  }

  /** @throws SignInRefused, TooMany */
  async byCode(typed: string, browser: Browser): Promise<Progress> {
    const { accounts, steps, limits, secrets } = this.parts;
    const open = await steps.open('sign-in', secrets.hash(browser.trial));
    if (!open?.target) throw wrongCode();
    const login = loginOf(open.target);
    const people = (await accounts.many(open.candidateIds)).filter((account) => isReachedAt(account, open.target));
    const known = await this.isKnown(people.length === 1 ? people[0]! : null, browser);
    const from = { ip: browser.ip, known };
    const key = secrets.hash(open.target);
    await this.counted(() => limits.try('code', key, from), people[0] ?? null, login, open.method, browser, known);
    const step = await steps.countTry(open.id, TRIES_PER_CODE);
    const right = step?.codeHash === secrets.hash(`${open.id}:${typed.replace(/\D/g, '')}`) && (await steps.use(open.id));
    const alive = people.filter((account) => account.state !== 'disabled');
    if (!right || alive.length === 0) {
      await this.note(people[0] ?? null, login, open.method, 'wrong', browser, known);
      throw wrongCode();
    }
    await limits.right('code', key, from);
    if (alive.length === 1) return this.afterFirst(alive[0]!, open.method, browser);
    await this.beginStep(
      'choose',
      alive.map((account) => account.id),
      open.method,
      browser,
    );
    return { next: 'choose', people: alive.map(({ id, name }) => ({ id, name })) };
  }

  /** Those among whom this browser may choose; none when there is nothing to choose. */
  async choices(browser: Browser): Promise<{ id: string; name: string }[]> {
    const step = await this.parts.steps.open('choose', this.parts.secrets.hash(browser.trial));
    const people = step ? await this.parts.accounts.many(step.candidateIds) : [];
    return people.filter((account) => account.state !== 'disabled').map(({ id, name }) => ({ id, name }));
  }

  async choose(userId: string, browser: Browser): Promise<Progress> {
    const { steps, secrets, accounts } = this.parts;
    const step = await steps.open('choose', secrets.hash(browser.trial));
    const account = step?.candidateIds.includes(userId) ? await accounts.find(userId) : null;
    if (!step || !account || account.state === 'disabled' || !(await steps.use(step.id))) throw wrongCode();
    return this.afterFirst(account, step.method, browser);
  }

  /** Whose second factor this browser is asked for. */
  async waitsForFactor(browser: Browser): Promise<Account | null> {
    const step = await this.parts.steps.open('factor', this.parts.secrets.hash(browser.trial));
    return step?.candidateIds[0] ? this.parts.accounts.find(step.candidateIds[0]) : null;
  }

  /** What the browser needs to ask for a passkey; after a first step, one of that account's. */
  async askForPasskey(browser: Browser): Promise<object> {
    await this.parts.limits.mayAsk(browser.ip);
    const account = await this.waitsForFactor(browser);
    return this.parts.passkeys.beginUse('sign-in', this.parts.secrets.hash(browser.trial), account?.id ?? null);
  }

  /** A passkey is both steps: the thing, and the finger or number that opens it. @throws SignInRefused, TooMany */
  async byPasskey(response: unknown, browser: Browser): Promise<Progress> {
    await this.parts.limits.mayAsk(browser.ip);
    const claim = await this.parts.passkeys.claimed(response);
    if (!claim) {
      await this.note(null, null, 'passkey', 'wrong', browser, false);
      throw wrongPasskey();
    }
    await this.checkPasskey(claim, response, 'sign-in', this.parts.secrets.hash(browser.trial), browser);
    return this.enter(claim.account, 'passkey', browser);
  }

  /** Of somebody who is signed in already. @throws SignInRefused, TooMany */
  async confirmPasskey(account: Account, response: unknown, browser: Browser): Promise<void> {
    const claim = await this.parts.passkeys.claimed(response);
    if (claim?.account.id !== account.id) throw wrongPasskey();
    await this.checkPasskey(claim, response, 'confirm', account.id, browser);
  }

  private async checkPasskey(
    claim: Claim,
    response: unknown,
    purpose: 'sign-in' | 'confirm',
    holder: string,
    browser: Browser,
  ): Promise<void> {
    const { account } = claim;
    const known = await this.isKnown(account, browser);
    try {
      await this.parts.passkeys.prove(claim, response, purpose, holder);
    } catch (refusal) {
      await this.note(account, ownLogin(account), 'passkey', 'wrong-factor', browser, known);
      throw refusal;
    }
  }

  /** @throws SignInRefused, TooMany */
  async byFactor(typed: string, browser: Browser): Promise<Progress> {
    const { steps, secrets, accounts } = this.parts;
    const open = await steps.open('factor', secrets.hash(browser.trial));
    const account = open?.candidateIds[0] ? await accounts.find(open.candidateIds[0]) : null;
    if (!open || !account || account.state === 'disabled') throw wrongFactor();
    const step: Step | null = await steps.countTry(open.id, TRIES_PER_CODE);
    if (!step) throw wrongFactor();
    await this.checkFactor(account, typed, browser);
    if (!(await steps.use(open.id))) throw wrongFactor();
    return this.enter(account, `${open.method}+totp`, browser);
  }

  /** @throws SignInRefused, TooMany */
  async checkFactor(account: Account, typed: string, browser: Browser): Promise<void> {
    const known = await this.isKnown(account, browser);
    const from = { ip: browser.ip, known };
    const login = ownLogin(account);
    const kind = this.parts.factors.isAppCode(typed) ? 'factor' : 'recovery';
    await this.counted(() => this.parts.limits.try(kind, account.id, from), account, login, 'totp', browser, known);
    if (!(await this.parts.factors.accepts(account.id, typed))) {
      await this.note(account, login, 'totp', 'wrong-factor', browser, known);
      throw wrongFactor();
    }
    await this.parts.limits.right(kind, account.id, from);
  }

  private async afterFirst(account: Account, method: string, browser: Browser): Promise<Progress> {
    if (!account.hasFactor) return this.enter(account, method, browser);
    await this.beginStep('factor', [account.id], method, browser);
    return { next: 'factor', account };
  }

  /** Writes the sign-in down; the session itself is the caller's. */
  async enter(account: Account, method: string, browser: Browser): Promise<Progress> {
    const known = await this.isKnown(account, browser);
    const login = ownLogin(account);
    const attempt = {
      userId: account.id,
      login: login ? maskLogin(login) : '–',
      method,
      outcome: 'signed-in',
      knownDevice: known,
    } as const;
    await this.parts.history.enter({ ...attempt, ip: browser.ip, userAgent: browser.userAgent }, this.parts.clock.now());
    if (account.state === 'invited') await this.parts.accounts.patch(account.id, { state: 'active' });
    return { next: 'in', account, method };
  }

  private async beginStep(purpose: 'choose' | 'factor', candidateIds: string[], method: string, browser: Browser): Promise<void> {
    const { steps, secrets, clock } = this.parts;
    const id = newId(clock.now().getTime());
    await steps.insert({
      id,
      purpose,
      target: null,
      browserHash: secrets.hash(browser.trial),
      candidateIds,
      method,
      expiresAt: this.inMinutes(CODE_MINUTES),
    });
  }

  private async isKnown(account: Account | null, browser: Browser): Promise<boolean> {
    if (!browser.device) return false;
    return this.parts.history.knows(account?.id ?? NOBODY, this.parts.secrets.hash(browser.device));
  }

  /** Writes a lock-out down and tells its owner, then passes the refusal on. */
  private async counted(
    count: () => Promise<void>,
    account: Account | null,
    login: Login | null,
    method: string,
    browser: Browser,
    known: boolean,
  ): Promise<void> {
    try {
      await count();
    } catch (refusal) {
      if (refusal instanceof TooMany) {
        await this.tellOwner(account, browser);
        await this.note(account, login, method, 'locked', browser, known);
      }
      throw refusal;
    }
  }

  /** Once a day; in the audit too, where many of them at once are noticed. */
  private async tellOwner(account: Account | null, { ip }: Browser): Promise<void> {
    const to = account ? ownLogin(account) : null;
    if (!account || !to || (await this.parts.history.lockedToday(account.id))) return;
    await this.parts.audit.record(
      { ...systemActor('Sign-in'), ip },
      { action: LOCK_OUT, entity: 'identity_users', entityId: account.id, label: account.name },
    );
    await this.parts.later.enqueue('identity.send-notice', { to, what: 'locked', language: account.language });
  }

  private note(
    account: Account | null,
    login: Login | null,
    method: string,
    outcome: Outcome,
    browser: Browser,
    knownDevice: boolean,
  ): Promise<void> {
    const { ip, userAgent } = browser;
    return this.parts.history.write({
      userId: account?.id ?? null,
      login: login ? maskLogin(login) : '–',
      method,
      outcome,
      knownDevice,
      ip,
      userAgent,
    });
  }

  private inMinutes(minutes: number): Date {
    return new Date(this.parts.clock.now().getTime() + minutes * MINUTE);
  }
}

/** Nobody has this id: an unknown login asks the same questions as a known one. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

function loginOf(target: string): Login | null {
  if (target.includes('@')) return { kind: 'email', value: target };
  return target.startsWith('+') ? { kind: 'phone', value: target } : null;
}

/** The address may have been taken from the account since the code left. */
function isReachedAt(account: Account, target: string | null): boolean {
  return [account.email, account.phone, account.sharedPhone].includes(target);
}
