import type { Acts } from '../../platform/module.js';

/** What this module writes into the audit, in words, under what people look for it. */
export const ACTS: readonly Acts[] = [
  {
    area: '__Title__',
    words: {
      '__name__.add': 'Added',
      '__name__.change': 'Changed',
      '__name__.remove': 'Removed',
    },
  },
];
