import type { Acts } from '../../platform/module.js';

/** What this module writes into the audit, in words, under what people look for it. */
export const ACTS: readonly Acts[] = [
  {
    area: 'Schools',
    words: {
      'schools.enter': 'Entered a school',
      'schools.move': 'Changed the state of a school',
      'schools.retry': 'Retried an opening',
      'schools.send-address': 'Sent the owner the address',
      'schools.send-progress': 'Sent the owner the opening link',
      'schools.give-up': 'Cancelled an opening',
      'schools.delete': 'Requested deletion of a school',
    },
  },
];
