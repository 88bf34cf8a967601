import type { Page } from '../../kernel/page.js';
import type { Seal, SealedEntry } from './domain/chain.js';
import type { TrailEntry } from './index.js';

export type { Seal, SealedEntry } from './domain/chain.js';
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
  head(): Promise<{ seq: number; hash: string }>;
  /** Committed entries without a seal, oldest first; `everywhere` also looks further back than a day. */
  unsealed(limit: number, everywhere: boolean): Promise<Unsealed[]>;
  append(seals: readonly Seal[]): Promise<void>;
  /** Seals after `seq` with their entries; null where the entry is gone. */
  after(seq: number, limit: number): Promise<{ seal: Seal; entry: SealedEntry | null }[]>;
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
