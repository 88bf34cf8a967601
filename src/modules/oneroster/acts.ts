import type { Acts } from '../../platform/module.js';

/** What this module writes into the audit, in words, under what people look for it. */
export const ACTS: readonly Acts[] = [
  {
    area: 'OneRoster',
    words: {
      'oneroster.send': 'Downloaded a bundle',
      'oneroster.import': 'Imported a bundle',
      'oneroster.undo': 'Undid a bundle',
      'oneroster.discard': 'Discarded a bundle',
    },
  },
];
