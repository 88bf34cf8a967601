import type { AccountDetails, RailKeys } from './account.rules.js';

/** One thing that a second person agrees to: what stood there, and what takes its place. Of a key neither is said. */
export interface Change {
  what: keyof AccountDetails | keyof RailKeys;
  from?: string;
  to?: string;
}

type Named = AccountDetails & { keys: RailKeys };
const DETAILS = ['name', 'kind', 'shortcode', 'till', 'environment', 'ledgerAccountId', 'nominatedPhone'] as const;
const KEYS = ['consumerKey', 'consumerSecret', 'passkey', 'initiator'] as const;

/** What becomes different; of a number that is new, everything. @param accountName how the books call an account */
export function changesOf(before: Named | null, after: Named, accountName: (id: string) => string): Change[] {
  const said = (one: Named, what: (typeof DETAILS)[number]): string =>
    what === 'ledgerAccountId' ? accountName(one.ledgerAccountId) : (one[what] ?? '');
  const details = DETAILS.filter((what) => (before?.[what] ?? null) !== (after[what] ?? null)).map((what): Change => ({
    what,
    ...(before ? { from: said(before, what) } : {}),
    to: said(after, what),
  }));
  const keys = KEYS.filter((what) => JSON.stringify(before?.keys[what] ?? null) !== JSON.stringify(after.keys[what] ?? null)).map(
    (what): Change => ({ what }),
  );
  return [...details, ...keys];
}
