import type { Page } from '../../../kernel/page.js';
import type { AccountState, Outcome, PersonKind, RoleName } from './account.ports.js';

export interface SignInRow {
  id: string;
  at: Date;
  userId: string | null;
  name: string | null;
  login: string;
  method: string;
  outcome: Outcome;
  knownDevice: boolean;
  ip: string | null;
  userAgent: string | null;
}

export interface HistoryFilter {
  userId?: string;
  outcome?: string;
  from?: string;
  to?: string;
}

export interface UserRow {
  id: string;
  name: string;
  nameFolded: string;
  email: string | null;
  phone: string | null;
  personKind: PersonKind | null;
  state: AccountState;
  roles: RoleName[];
  hasFactor: boolean;
  lastSignInAt: Date | null;
}

export interface UserFilter {
  q?: string;
  role?: string;
  state?: string;
}

/** Lists for pages. */
export interface HistoryReader {
  signIns(filter: HistoryFilter, zone: string, cursor: string | null, limit: number): Promise<Page<SignInRow>>;
}
export interface UserReader {
  users(filter: UserFilter, cursor: string | null, limit: number): Promise<Page<UserRow>>;
}
