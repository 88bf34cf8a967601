import type { Acts } from '../../platform/module.js';

/** What this module writes into the audit, in words, under what people look for it. */
export const ACTS: readonly Acts[] = [
  {
    area: 'Schools',
    words: {
      'schools.enter': 'Entered a school',
      'schools.move': 'Changed the state of a school',
      'schools.retry': 'Tried an opening again',
      'schools.send-address': 'Sent the owner the address',
      'schools.send-progress': 'Sent the owner the link to the opening',
      'schools.give-up': 'Gave an opening up',
      'schools.delete': 'Ordered that a school be deleted',
    },
  },
];
