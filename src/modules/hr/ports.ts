import type { Page } from '../../kernel/page.js';
import { token } from '../../platform/tokens.js';
import type { Staff } from './domain/staff.js';

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
  insert(staff: Staff): Promise<void>;
  /** False when `version` is not the row's any more. */
  update(staff: Staff): Promise<boolean>;
}

export const STAFF_STORE = token<StaffStore>('StaffStore');
