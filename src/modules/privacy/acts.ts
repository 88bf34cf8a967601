import type { Acts } from '../../platform/module.js';

/** What this module writes into the audit, in words, under what people look for it. */
export const ACTS: readonly Acts[] = [
  {
    area: 'Personal data',
    words: {
      'privacy.file.read': 'Opened the data file',
      'privacy.erase': 'Erased a person',
      'privacy.retention': 'Removed data for its age',
      'privacy.retention.change': 'Changed how long data is kept',
    },
  },
];
