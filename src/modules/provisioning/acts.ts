import type { Acts } from '../../platform/module.js';

/** What this module writes into the audit, in words, under what people look for it. */
export const ACTS: readonly Acts[] = [
  {
    area: 'Making of schools',
    words: {
      'provisioning.make': 'Ordered that a school be made',
      'provisioning.remove': 'Ordered that what was made be taken away',
      'provisioning.retry': 'Ordered another try',
      'provisioning.answer': 'Heard from the school’s service',
      'provisioning.answer-refused': 'Refused a call that could not be believed',
    },
  },
];
