import type { Acts } from '../../platform/module.js';

/** What this module writes into the audit, in words, under what people look for it. */
export const ACTS: readonly Acts[] = [
  {
    area: 'Mobile money',
    words: {
      'payments.suspense.claim': 'Claimed an unmatched payment',
      'payments.suspense.match': 'Matched a payment',
      'payments.suspense.reject': 'Rejected an unmatched payment',
      'payments.suspense.receive': 'Received an unmatched payment',
      'payments.suspense.reopen': 'Reopened an unmatched payment',
      'payments.suspense.take-away': 'The network reversed a payment',
      'payments.account.try': 'Tested a payment account',
      'payments.account.register': 'Registered a payment account with the network',
      'payments.account.close': 'Closed a payment account',
      'payments.account.change': 'Changed a payment account',
      'payments.message.look': 'Looked at a network message',
      'payments.message.unproven': 'A network message could not be confirmed',
      'payments.link.give': 'Made a payment link',
      'payments.link.end': 'Ended a payment link',
      'payments.prompt.send': 'Sent a payment prompt',
      'payments.prompt.late': 'A prompt was paid late',
      'payments.list.read': 'Read the network’s list',
      'payments.question.ask': 'Asked the network about a payment',
      'payments.reference.foreign': 'A payment number belonged to another school',
    },
    things: {
      payments_suspense: 'Unmatched payment',
      payments_messages: 'Network message',
      payments_accounts: 'Payment account',
      payments_links: 'Payment link',
      payments_prompts: 'Payment prompt',
    },
  },
];
