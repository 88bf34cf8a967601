import type { Acts } from '../../platform/module.js';

/** What this module writes into the audit, in words, under what people look for it. */
export const ACTS: readonly Acts[] = [
  {
    area: 'Newsletter',
    words: {
      'website.ask-newsletter': 'Asked for the newsletter',
      'website.confirm-newsletter': 'Confirmed the newsletter',
      'website.leave-newsletter': 'Left the newsletter',
      'website.bounce-newsletter': 'Removed an address that does not exist',
      'website.send-newsletter': 'Sent the newsletter',
    },
  },
];
