import type { Acts } from '../../platform/module.js';

/** What this module writes into the audit, in words, under what people look for it. */
export const ACTS: readonly Acts[] = [
  {
    area: 'Imports',
    words: {
      'staff.import': 'Imported staff',
      'staff.import-undo': 'Took an import back',
      'staff.import-discard': 'Threw an import away',
    },
  },
  {
    area: 'Staff',
    words: {
      'hr.hire': 'Added to staff',
      'hr.change': 'Changed details',
      'hr.leave': 'Wrote down the last day',
      'hr.return': 'Took the leaving back',
    },
  },
];
