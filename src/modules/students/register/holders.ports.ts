import type { ServiceIdentifier } from 'inversify';
import type { AccountHolder } from './briefs.rules.js';

/** Children as those who keep accounts for them ask; put-aside ones are left out. */
export interface HolderStore {
  /** In register order. */
  holders(ids: readonly string[]): Promise<AccountHolder[]>;
  /** Every id that was asked about is there, if only with nobody. */
  siblingsOf(ids: readonly string[]): Promise<Map<string, AccountHolder[]>>;
}

export const HOLDER_STORE: ServiceIdentifier<HolderStore> = Symbol('StudentHolderStore');
