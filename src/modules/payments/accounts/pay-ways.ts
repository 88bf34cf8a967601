import type { PayWays } from '../../fees/index.js';
import { paidTo } from './account.rules.js';
import type { AccountStore } from '../ports.js';

/** Numbers that are in use, as invoices and statements name them. */
export function payWays(store: Pick<AccountStore, 'list'>): PayWays {
  return {
    list: async () =>
      (await store.list()).filter((one) => one.state === 'on').map((one) => ({ kind: one.kind, number: paidTo(one) })),
  };
}
