import type { Acts } from '../../platform/module.js';

/** What this module writes into the audit, in words, under what people look for it. */
export const ACTS: readonly Acts[] = [
  {
    area: 'Refused',
    words: {
      'access.denied': 'Refused',
      'access.unknown': 'Asked for a record that is not here',
    },
  },
  {
    area: 'Exports',
    words: {
      'list.export': 'Took a list out',
    },
  },
  {
    area: 'Records of acts',
    words: {
      'audit.alert.seen': 'Marked an alert as seen',
      'audit.settings.change': 'Changed limits and years of the audit',
      'audit.retention': 'Removed acts for their age',
    },
  },
];
