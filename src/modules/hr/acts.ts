import type { Acts } from '../../platform/module.js';

/** What this module writes into the audit, in words, under what people look for it. */
export const ACTS: readonly Acts[] = [
  {
    area: 'Imports',
    words: {
      'staff.import': 'Imported staff',
      'staff.import-undo': 'Undid an import',
      'staff.import-discard': 'Discarded an import',
    },
  },
  {
    area: 'Staff',
    words: {
      'hr.hire': 'Added to staff',
      'hr.change': 'Changed details',
      'hr.leave': 'Recorded the last day',
      'hr.return': 'Undid a departure',
    },
  },
];
