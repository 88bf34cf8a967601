import type { AccountState, Outcome, PersonKind, RoleName } from './accounts/account.ports.js';
import type { Login } from './accounts/login.rules.js';
import type { MatrixChange } from './roles/matrix.rules.js';
import type { AnyRole, Permission as OnePermission } from '../../platform/module.js';

export type { AuditTrail } from '../../kernel/audit.js';
export type * from './accounts/account.ports.js';
export type * from './accounts/lists.ports.js';
export type * from './accounts/live.ports.js';
export type * from './second-factor/passkeys.ports.js';
export type Permission = OnePermission<AnyRole>;

export interface Account {
  id: string;
  name: string;
  email: string | null;
  phone: string | null;
  /** Gets codes there, but it is not this account's login. */
  sharedPhone: string | null;
  person: { kind: PersonKind; id: string } | null;
  passwordHash: string | null;
  mustSetPassword: boolean;
  passwordExpiresAt: Date | null;
  version: number;
  state: AccountState;
  language: string | null;
  density: 'compact' | 'normal' | null;
  roles: RoleName[];
  /** Any second step: an app's codes or a passkey. */
  hasFactor: boolean;
  hasTotp: boolean;
  passkeys: number;
  createdAt: Date;
  lastSignInAt: Date | null;
}

export type AccountPatch = Partial<
  Pick<
    Account,
    | 'name'
    | 'email'
    | 'phone'
    | 'sharedPhone'
    | 'passwordHash'
    | 'mustSetPassword'
    | 'passwordExpiresAt'
    | 'state'
    | 'language'
    | 'density'
    | 'lastSignInAt'
  >
>;

export interface AccountStore {
  find(id: string): Promise<Account | null>;
  /** Locks the account until the transaction ends. */
  lock(id: string): Promise<Account | null>;
  byLogin(login: Login): Promise<Account | null>;
  /** Everybody whom a code to this address may mean: the login's own account and those who share the phone. */
  reachedBy(login: Login): Promise<Account[]>;
  byPersons(kind: PersonKind, ids: readonly string[]): Promise<Account[]>;
  /** Which of these people have an account, in whatever state; from memory. */
  holders(kind: PersonKind, ids: readonly string[]): Promise<ReadonlySet<string>>;
  many(ids: readonly string[]): Promise<Account[]>;
  /** @throws Conflict when the login or the person has an account. */
  insert(account: Account): Promise<void>;
  patch(id: string, patch: AccountPatch): Promise<void>;
  /** With all that belongs to it; only for accounts that were never used. */
  remove(id: string): Promise<void>;
  setRoles(id: string, roles: readonly RoleName[]): Promise<void>;
  /** Ends every API token of the account, and makes every process read it anew. */
  bump(id: string): Promise<void>;
  /** Active owners besides this one; holds a lock so that two can't remove each other. */
  otherOwners(id: string): Promise<number>;
  /** The school's active owners who have an email address. */
  owners(): Promise<{ email: string; language: string | null }[]>;
  /** Active accounts with at least one of these roles, by name; `roles` are those of them that they have. */
  activeWith(
    roles: readonly RoleName[],
  ): Promise<(Pick<Account, 'id' | 'name' | 'email' | 'language'> & { roles: RoleName[] })[]>;
}

export interface MatrixStore {
  changes(): Promise<MatrixChange[]>;
  settings(): Promise<{ version: number; factorRoles: RoleName[]; factorWaived: RoleName[] }>;
  save(changes: readonly (MatrixChange & { isDefault: boolean })[]): Promise<void>;
  saveFactors(choice: { added: readonly RoleName[]; waived: readonly RoleName[] }): Promise<void>;
}

export interface SessionRow {
  id: string;
  sid: string;
  createdAt: Date;
  lastSeenAt: Date;
  ip: string | null;
  userAgent: string | null;
}

export interface Where {
  ip: string | null;
  userAgent: string | null;
}

export interface Sessions {
  /** Begins a session, and from now on this browser has signed in to the account before. */
  start(row: { sidHash: string; userId: string; sess: object; deviceHash: string } & Where): Promise<void>;
  of(userId: string): Promise<SessionRow[]>;
  end(userId: string, id: string): Promise<boolean>;
  /** Ends all sessions of the account but one, and tells how many. */
  endAll(userId: string, exceptSidHash?: string): Promise<number>;
  /** In all sessions and API tokens of the account, what was proven up to then counts no more. */
  doubt(userId: string, provenUntil: Date): Promise<void>;
  /** Removes what is over. */
  prune(): Promise<void>;
}

export type Purpose = 'sign-in' | 'choose' | 'factor';

/** One step of a sign-in that waits for the next, bound to the browser that began it. */
export interface Step {
  id: string;
  purpose: Purpose;
  target: string | null;
  codeHash: string | null;
  candidateIds: string[];
  method: string;
  tries: number;
}

export interface StepStore {
  insert(step: {
    id: string;
    purpose: Purpose;
    target: string | null;
    browserHash: string;
    candidateIds: string[];
    method: string;
    expiresAt: Date;
  }): Promise<void>;
  /** A step that waits to be sent. */
  toSend(id: string): Promise<{ id: string; target: string } | null>;
  /** Writes the code down as it leaves; older codes for the same address end. */
  sent(id: string, target: string, codeHash: string, candidateIds: string[]): Promise<void>;
  /** The newest open step of this browser. */
  open(purpose: Purpose, browserHash: string): Promise<Step | null>;
  /** Counts one try; null when the step is used, over or out of tries. */
  countTry(id: string, most: number): Promise<Step | null>;
  /** True for the one who comes first. */
  use(id: string): Promise<boolean>;
  prune(): Promise<void>;
}

export interface Factor {
  userId: string;
  /** Of the app; null for somebody who has passkeys alone. */
  secretSealed: string | null;
  confirmedAt: Date | null;
  lastCounter: number;
  recoveryHashes: string[];
}

export interface FactorStore {
  find(userId: string): Promise<Factor | null>;
  /** Takes the place of one that is there. */
  enrol(userId: string, secretSealed: string, counter: number, recoveryHashes: readonly string[]): Promise<void>;
  /** True once per step of the clock. */
  useCounter(userId: string, counter: number): Promise<boolean>;
  /** True once per code. */
  useRecovery(userId: string, hash: string): Promise<boolean>;
  saveRecovery(userId: string, hashes: readonly string[]): Promise<void>;
  /** Takes the app away; recovery codes stay while there is a passkey. */
  remove(userId: string): Promise<void>;
  /** Recovery codes without anything that they stand in for go. */
  forgetRecoveryWithout(userId: string): Promise<void>;
}

export interface LinkStore {
  /** Older links of the same kind end. */
  insert(link: { kind: 'invitation' | 'reset'; userId: string; tokenHash: string; expiresAt: Date }): Promise<void>;
  find(kind: 'invitation' | 'reset', tokenHash: string): Promise<{ id: string; userId: string } | null>;
  /** True for the one who comes first. */
  use(id: string): Promise<boolean>;
  endAll(userId: string): Promise<void>;
  /** Whether somebody who was invited, in the last so many minutes where that matters, may still follow the invitation. */
  isInvited(userId: string, withinMinutes?: number): Promise<boolean>;
}

export interface RefreshToken {
  id: string;
  userId: string;
  family: string;
  usedAt: Date | null;
  expiresAt: Date;
}

export interface RefreshStore {
  insert(token: { userId: string; family: string; tokenHash: string; expiresAt: Date } & Where): Promise<void>;
  find(tokenHash: string): Promise<RefreshToken | null>;
  use(id: string): Promise<boolean>;
  endFamily(family: string): Promise<void>;
  endAll(userId: string): Promise<void>;
  prune(): Promise<void>;
}

export interface Attempt extends Where {
  userId: string | null;
  login: string;
  method: string;
  outcome: Outcome;
  knownDevice: boolean;
}

export interface HistoryStore {
  write(attempt: Attempt): Promise<void>;
  /** A sign-in that succeeded: written down here and in the account, in one trip. */
  enter(attempt: Attempt & { userId: string }, at: Date): Promise<void>;
  /** True when this browser has signed in to the account before. */
  knows(userId: string, deviceHash: string): Promise<boolean>;
  forget(userId: string): Promise<void>;
  lockedToday(userId: string): Promise<boolean>;
}

export interface Passwords {
  hash(password: string): Promise<string>;
  /** Takes as long for an account that is not there (`null`) as for one that is. */
  verify(password: string, hash: string | null): Promise<boolean>;
  /** For a long random password that is printed and soon replaced: quick to make by the hundred. */
  hashPrinted(password: string): string;
  common: ReadonlySet<string>;
}

export interface Secrets {
  /** Unguessable, for a cookie or an address. */
  token(): string;
  /** So many digits that only this school can make of this text: always the same ones. */
  digitsOf(text: string, count: number): string;
  /** Twelve letters and digits that nobody mixes up, in threes of four. */
  printedPassword(): string;
  recoveryCode(): string;
  hash(text: string): string;
  seal(text: string): string;
  open(sealed: string): string;
}

export interface Totp {
  newSecret(): string;
  address(secret: string, label: string, issuer: string): string;
  /** The clock step that this code belongs to, or null. */
  counterOf(secret: string, code: string, now: Date): number | null;
}

export interface TokenSigner {
  /** @param provenAt when its person signed in, in ms since 1970 */
  sign(userId: string, version: number, provenAt: number): Promise<{ token: string; expiresIn: number }>;
}

/** Limits that all processes share and that outlive a restart. */
export interface Limits {
  /** Counts a try before it is made. @throws TooMany with the seconds to wait. */
  try(
    kind: 'password' | 'code' | 'factor' | 'recovery',
    key: string,
    where: { ip: string | null; known: boolean },
  ): Promise<void>;
  /** The try was right: gives it back. */
  right(
    kind: 'password' | 'code' | 'factor' | 'recovery',
    key: string,
    where: { ip: string | null; known: boolean },
  ): Promise<void>;
  /** False when this address has been sent to often enough for now, or within `everySeconds`. @throws TooMany for one who asks for many. */
  maySend(target: string, ip: string | null, everySeconds?: number): Promise<boolean>;
  /** For what can't be guessed but costs something. @throws TooMany for one who asks for many. */
  mayAsk(ip: string | null): Promise<void>;
}

/** Sentences to look up; the text's `{{school}}` is filled with the name. */
export interface Notice {
  subject: string;
  text: string;
}

export interface Messages {
  code(to: Login, code: string, language: string | null): Promise<void>;
  link(kind: 'invitation' | 'reset' | 'welcome', to: Login, name: string, url: string, language: string | null): Promise<void>;
  notice(to: Login, notice: Notice, language: string | null): Promise<void>;
}

export interface Later {
  enqueue(job: string, payload: object, options?: { key?: string }): Promise<void>;
}

/** What identity asks about the school, or about the platform, where the same people's pages serve its own staff. */
export interface SchoolWords {
  /** On the platform nobody has a password: a code by mail and a second factor are the way in. */
  kind: 'school' | 'platform';
  country(): Promise<string>;
  name(): Promise<string>;
  words(): Promise<string[]>;
}
