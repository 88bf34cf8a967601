import type { Acts } from '../../platform/module.js';

/** What this module writes into the audit, in words, under what people look for it. */
export const ACTS: readonly Acts[] = [
  {
    area: 'Refused',
    words: {
      'access.denied': 'Refused',
      'access.unknown': 'Tried to open a record that doesn’t exist',
    },
  },
  {
    area: 'Exports',
    words: {
      'list.export': 'Exported a list',
    },
  },
  {
    area: 'Audit entries',
    words: {
      'audit.alert.seen': 'Marked an alert as seen',
      'audit.settings.change': 'Changed the audit’s limits and retention',
      'audit.retention': 'Removed old entries',
    },
  },
];
