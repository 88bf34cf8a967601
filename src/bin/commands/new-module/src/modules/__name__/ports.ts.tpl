import type { Page } from '../../kernel/page.js';
import { token } from '../../platform/tokens.js';
import type { __Type__ } from './domain/__file__.js';

export type { AuditTrail } from '../../kernel/audit.js';

export interface __Type__Filter {
  text: string | null;
  active: boolean | null;
}

export interface __Type__Store {
  list(filter: __Type__Filter, cursor: string | null, limit: number): Promise<Page<__Type__>>;
  find(id: string): Promise<__Type__ | null>;
  /** Whether another than `exceptId` has this name, however it is spelt. */
  nameTaken(name: string, exceptId: string | null): Promise<boolean>;
  insert(made: __Type__): Promise<void>;
  /** False when `version` is not the row's any more: somebody else was faster. */
  update(changed: __Type__): Promise<boolean>;
  remove(id: string): Promise<void>;
}

export const __TYPE___STORE = token<__Type__Store>('__Type__Store');
