import type { Acts } from '../../platform/module.js';

/** What this module writes into the audit, in words, under what people look for it. */
export const ACTS: readonly Acts[] = [
  {
    area: 'Export everything',
    words: {
      'exports.order': 'Made an export of everything',
      'exports.fetch': 'Downloaded the export of everything',
    },
  },
];
