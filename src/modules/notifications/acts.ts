import type { Acts } from '../../platform/module.js';

/** What this module writes into the audit, in words, under what people look for it. */
export const ACTS: readonly Acts[] = [
  {
    area: 'Messages',
    words: {
      'notifications.retry': 'Sent a message again',
      'notifications.settings.change': 'Changed the message settings',
      'notifications.opt-in': 'Opted in to messages again',
      'notifications.opt-out': 'Opted out of messages',
      'notifications.opt-out.remove': 'Opted in to messages again',
    },
  },
];
