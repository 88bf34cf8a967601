import type { Acts } from '../../platform/module.js';

/** What this module writes into the audit, in words, under what people look for it. */
export const ACTS: readonly Acts[] = [
  {
    area: 'Finance',
    words: {
      'finance.account.add': 'Added an account',
      'finance.account.change': 'Changed an account',
      'finance.account.close': 'Closed an account',
      'finance.account.reopen': 'Reopened an account',
      'finance.cost-centre.add': 'Added a cost centre',
      'finance.cost-centre.change': 'Changed a cost centre',
      'finance.allocation.set': 'Set a budget',
      'finance.check.differ': 'Found differences in the books',
      'finance.grant.receive': 'Received a grant',
      'finance.grant.take-back': 'Reversed a grant',
      'finance.books.open': 'Opened the books',
      'finance.books.settle': 'Changed the ledger settings',
      'finance.month.close': 'Closed a month',
      'finance.month.reopen': 'Reopened a month',
      'finance.journal.post': 'Posted a journal voucher',
      'finance.journal.reverse': 'Reversed a journal entry',
    },
    things: {
      account: 'Account',
      'cost-centre': 'Cost centre',
      books: 'Books',
      grant: 'Grant',
      entry: 'Journal entry',
    },
  },
  {
    area: 'Imports',
    words: {
      'opening-balances.import': 'Imported opening balances',
      'opening-balances.import-undo': 'Reversed an import',
      'opening-balances.import-discard': 'Discarded an import',
    },
  },
];
