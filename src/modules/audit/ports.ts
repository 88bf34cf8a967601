import type { Page } from '../../kernel/page.js';
import type { AlertLimits, AlertRule, Sighting } from './alert.rules.js';
import type { Anchor, TrailEntry } from './index.js';
import type { Head, Seal, SealedEntry } from './chain.rules.js';

export type { Anchor };
export type { AlertLimits, AlertRule, Sighting } from './alert.rules.js';
export type { Seal, SealedEntry } from './chain.rules.js';
export type { AuditEntry, AuditTrail } from '../../platform/http/ports.js';

export interface Unsealed {
  entry: SealedEntry;
  mac: string;
  /** Long enough ago that it should have been sealed. */
  overdue: boolean;
}

export interface TrailFilter {
  actorId?: string;
  actor?: string;
  entity?: string;
  entityId?: string;
  action?: string;
  /** One of these. */
  actions?: readonly string[];
  from?: string;
  to?: string;
}

export interface TrailStore {
  insert(entry: Omit<TrailEntry, 'at'>, mac: string): Promise<void>;
  find(id: string): Promise<TrailEntry | null>;
  /** Newest first; days are days of the school's zone. */
  page(filter: TrailFilter, zone: string, cursor: string | null, limit: number): Promise<Page<TrailEntry>>;
  of(entity: string, id: string, limit: number): Promise<TrailEntry[]>;
}

export interface ChainStore {
  /** Waits until no other process seals; lasts until the transaction ends. */
  lock(): Promise<void>;
  /** Where the next seal goes on from; `cutoff` is that of the last anchor. */
  head(): Promise<Head & { cutoff: Date | null }>;
  /** Committed entries without a seal, oldest first; `everywhere` also looks further back than an hour. */
  unsealed(limit: number, everywhere: boolean): Promise<Unsealed[]>;
  append(seals: readonly Seal[]): Promise<void>;
  /** Seals after `seq` with their entries; null where the entry is gone. */
  after(seq: number, limit: number): Promise<{ seal: Seal; entry: SealedEntry | null }[]>;
  /** The newest anchor; `told`: the entry about it is there. */
  anchor(): Promise<(Anchor & { mac: string; told: boolean }) | null>;
  /** The first seal up to `seq`: there is none once they were removed. */
  firstUpTo(seq: number): Promise<{ seq: number; entryId: string } | null>;
}

/** A stretch of the chain, from its beginning, that is older than the cutoff. */
export interface OldStretch {
  upto: number;
  hash: string;
  entries: number;
  first: Date;
  last: Date;
}

export interface RetentionStore {
  /** At most `limit` seals; null when there is nothing so old. */
  oldStretch(cutoff: Date, limit: number): Promise<OldStretch | null>;
  /** @throws what the database refuses: too young, not whole, or not told of. */
  remove(anchorId: string, upto: number, cutoff: Date, mac: string): Promise<void>;
  anchors(): Promise<Anchor[]>;
}

export interface AuditSettings extends AlertLimits {
  retentionYears: number;
}

export interface SettingsStore {
  read(): Promise<AuditSettings>;
  save(settings: AuditSettings): Promise<void>;
}

/** Whom one account has looked at since the last count. */
export interface ReadTally {
  accountId: string;
  name: string;
  roles: readonly string[];
  /** Person → whether a page about them alone was opened. */
  people: ReadonlyMap<string, boolean>;
}

/** What has come of a count: the limits that hold, and the accounts that are past theirs. */
export interface Noted {
  limits: AlertLimits;
  over: readonly string[];
}

export interface Alert {
  id: string;
  rule: AlertRule;
  actorId: string | null;
  actorName: string;
  amount: number;
  detail: string | null;
  raisedAt: Date;
  lastAt: Date;
  seenAt: Date | null;
  seenName: string | null;
}

export interface AlertStore {
  /** Waits until nobody else raises alerts; lasts until the transaction ends. */
  lock(): Promise<void>;
  /** The alert of this rule and account that was raised within the last hour. */
  fresh(rule: AlertRule, actorId: string | null): Promise<string | null>;
  insert(id: string, sighting: Sighting): Promise<void>;
  extend(id: string, more: number, detail: string | null): Promise<void>;
  addReads(tallies: readonly ReadTally[]): Promise<void>;
  /** How many different people these accounts have been shown in the last ten minutes, and opened, of whom no alert tells yet; without what was exported. */
  readsOf(accountIds: readonly string[]): Promise<{ accountId: string; people: number; opened: number }[]>;
  /** An alert tells of all that the account has been shown up to now. */
  tellReads(accountId: string): Promise<void>;
  /** Rows exported and printed by the account from ten minutes before `at` (or now) on. */
  exportedBy(accountId: string, at: string | null): Promise<number>;
  /** Accounts locked out in the ten minutes before `at`. */
  lockOuts(at: string): Promise<number>;
  forgetReads(): Promise<void>;
  page(openOnly: boolean, cursor: string | null, limit: number): Promise<Page<Alert>>;
  find(id: string): Promise<Alert | null>;
  /** False when somebody has marked it already. */
  markSeen(id: string, by: { userId: string | null; name: string }): Promise<boolean>;
}

export interface Hashes {
  sha256(text: string): string;
  /** With a key that is not in the database. */
  mac(text: string): string;
  isMac(mac: string, text: string): boolean;
}

/** Where the last seal is kept outside of the database. */
export interface HeadKeeper {
  keep(head: { seq: number; hash: string }): Promise<void>;
  last(): Promise<{ seq: number; hash: string } | null>;
}
