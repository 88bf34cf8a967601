import type { ServiceIdentifier } from 'inversify';
import type { Actor } from '../../kernel/actor.js';
import type { PersonKind, RoleName } from './ports.js';

export type { PersonKind };

export interface NewAccount {
  /** Whose account it is; null only for the school's first owner and for people who are in no list. */
  person?: { kind: PersonKind; id: string } | null;
  name: string;
  /** At least one of the two, in any common spelling. A phone that another account uses gets codes and is no login. */
  email?: string | null;
  phone?: string | null;
  roles: readonly RoleName[];
  language?: string | null;
  /**
   * `slip`: a one-time password is given back, to be printed (good for 30 days, changed at the first sign-in).
   * `invite`: a link is sent (good for 7 days).
   * `{ password }`: for the product itself only (bootstrap, demo schools).
   */
  by: 'slip' | 'invite' | { password: string };
  actor: Actor;
}

export interface CreatedAccount {
  userId: string;
  /** Email address, else phone; null when the phone is shared: then codes are the way in. */
  login: string | null;
  /** Only with `slip`; shown once and kept nowhere. */
  oneTimePassword: string | null;
}

export interface AccountBrief {
  userId: string;
  personId: string;
  login: string | null;
  state: 'invited' | 'active' | 'disabled';
  roles: readonly RoleName[];
  lastSignInAt: Date | null;
  /** Nobody has signed in with it, and nobody has changed it. */
  untouched: boolean;
}

/** Somebody who may do a thing, or owns the school. */
export interface AccountHolder {
  userId: string;
  name: string;
  email: string | null;
  language: string | null;
  /** Has the permission; an owner who hasn't stands in the list all the same. */
  holds: boolean;
  owner: boolean;
}

/** Accounts, for the modules that own the people. All methods join the caller's transaction. */
export interface IdentityApi {
  /** Whether somebody with these roles signs in with a second step. */
  needsSecondStep(roles: readonly RoleName[]): Promise<boolean>;
  /** @throws RuleBroken by the limits on who may hand out what; Conflict when the login or the person has an account. */
  createAccount(account: NewAccount): Promise<CreatedAccount>;
  /** Why this account can't be made as it stands, and which of its fields says so; null when it can. Makes nothing. */
  obstacleTo(account: NewAccount): Promise<{ field: string | null; message: string } | null>;
  /** Takes back accounts that nobody has used or changed since they were made. @throws RuleBroken when somebody has */
  withdrawAccounts(userIds: readonly string[], actor: Actor): Promise<void>;
  accountsOf(kind: PersonKind, personIds: readonly string[]): Promise<AccountBrief[]>;
  hasAccount(kind: PersonKind, personId: string): Promise<boolean>;
  /** Those of them who have an account, open or closed, from what is kept in memory. */
  holders(kind: PersonKind, personIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** A new one-time password for an account that is there; whatever was open ends. */
  printNewPassword(userId: string, actor: Actor): Promise<{ login: string | null; oneTimePassword: string }>;
  /** For whoever leaves the school: closed, with all sessions and tokens. Nothing happens when there is no account. */
  disableAccountOf(kind: PersonKind, personId: string, actor: Actor, reason?: string): Promise<void>;
  /** Sends the invitation once more; the days of it begin anew. @throws RuleBroken for a closed account */
  inviteAgain(userId: string, actor: Actor): Promise<void>;
  /** Returns how many sessions ended. */
  endSessions(userId: string, actor: Actor): Promise<number>;
  /** The account that signs in with this address. */
  accountWith(email: string): Promise<string | null>;
  /** Active accounts that have this permission, and the owners, by name. */
  holdersOf(permission: string): Promise<AccountHolder[]>;
  /** Where an active account is written to; null when it is closed, not begun or has no address. */
  mailOf(userId: string): Promise<{ email: string; language: string | null } | null>;
  /** For bootstrap and demo schools: a second factor that counts at once, instead of any that was there. Returns the secret for the app. */
  enrolFactor(userId: string, actor: Actor): Promise<string>;
}

export const IDENTITY: ServiceIdentifier<IdentityApi> = Symbol('Identity');

/** Tickets by which the platform lets an owner into their school. Whoever speaks with the platform binds it. */
export interface EntryTickets {
  /** The email address that it was made for; null when it is forged, too old or used. It works once. */
  use(ticket: string): Promise<string | null>;
}

export const ENTRY_TICKETS: ServiceIdentifier<EntryTickets> = Symbol('EntryTickets');
