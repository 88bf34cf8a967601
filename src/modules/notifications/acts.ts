import type { Acts } from '../../platform/module.js';

/** What this module writes into the audit, in words, under what people look for it. */
export const ACTS: readonly Acts[] = [
  {
    area: 'Messages',
    words: {
      'notifications.retry': 'Sent a message again',
      'notifications.settings.change': 'Changed the settings of messages',
      'notifications.opt-in': 'Took messages again',
      'notifications.opt-out': 'Wants no more messages',
      'notifications.opt-out.remove': 'Took messages again',
    },
  },
];
