import type { Acts } from '../../platform/module.js';

/** What this module writes into the audit, in words, under what people look for it. */
export const ACTS: readonly Acts[] = [
  {
    area: 'Approvals',
    words: {
      'approvals.ask': 'Asked for an approval',
      'approvals.approve': 'Approved',
      'approvals.refuse': 'Refused to approve',
      'approvals.withdraw': 'Withdrew a request',
      'approvals.void': 'Request no longer needed',
    },
    things: {
      approvals_requests: 'Request',
    },
  },
];
