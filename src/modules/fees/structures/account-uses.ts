import type { AccountUse } from '../../finance/index.js';
import type { HeadStore } from '../ports.js';

/** Heads that are switched off may be charged no more, but what was charged can still be taken back: they count too. */
export function usesOf(heads: Pick<HeadStore, 'list'>): AccountUse {
  return {
    userOf: async (accountId) => {
      const head = (await heads.list()).find((one) => one.accountId === accountId);
      return head ? `vote head ${head.code} ${head.name}` : null;
    },
  };
}
