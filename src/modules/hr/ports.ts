import type { Page } from '../../kernel/page.js';
import { token } from '../../platform/tokens.js';
import type { Staff } from './domain/staff.js';
import type { SlipBatch } from './domain/slips.js';

export interface StaffFilter {
  text: string | null;
  category: Staff['category'] | null;
  /** `here` works today, `left` does not any more. */
  state: 'here' | 'left' | 'all';
}

export interface StaffStore {
  /** From memory. */
  all(): Promise<Staff[]>;
  list(filter: StaffFilter, today: string, cursor: string | null, limit: number): Promise<Page<Staff & { sortName: string }>>;
  find(id: string): Promise<Staff | null>;
  numberTaken(staffNo: string): Promise<boolean>;
  /** @throws Invalid when somebody was faster with the number */
  insert(staff: Staff): Promise<void>;
  /** False when `version` is not the row's any more. */
  update(staff: Staff): Promise<boolean>;
}

/** Slips with passwords, sealed, for the few minutes until they are printed. */
export interface SlipStore {
  put(row: { id: string; userId: string; sealed: Buffer; expiresAt: Date }): Promise<void>;
  /** Only the person's own, and only until they expire. */
  take(id: string, userId: string, now: Date): Promise<Buffer | null>;
  forget(now: Date): Promise<void>;
}

/** Makes slips unreadable without the key of this process; `context` is bound into the seal. */
export interface Sealer {
  seal(batch: SlipBatch, context: string): Buffer;
  open(sealed: Buffer, context: string): SlipBatch;
}

/** Work for later, added with the commit of the current transaction. */
export type Later = (job: string, payload: object, options: { key?: string; runAt?: Date }) => Promise<unknown>;

export const STAFF_STORE = token<StaffStore>('StaffStore');
