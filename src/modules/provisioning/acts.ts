import type { Acts } from '../../platform/module.js';

/** What this module writes into the audit, in words, under what people look for it. */
export const ACTS: readonly Acts[] = [
  {
    area: 'Creating schools',
    words: {
      'provisioning.make': 'Requested a new school',
      'provisioning.remove': 'Requested removal of a school',
      'provisioning.retry': 'Requested another try',
      'provisioning.answer': 'Got a response from the school’s service',
      'provisioning.answer-refused': 'Refused an unverified call',
    },
  },
];
