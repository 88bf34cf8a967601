import type { Offer } from '../../../platform/module.js';

/** What the find box offers beside the menu. */
export const offers: readonly Offer[] = [
  { kind: 'Things to do', label: 'New journal entry', href: '/finance/journal/new', also: 'book post' },
  { kind: 'Pages', label: 'Journal', href: '/finance/journal', also: 'entries books' },
  { kind: 'Pages', label: 'Chart of accounts', href: '/finance/accounts', also: 'ledger books' },
  { kind: 'Pages', label: 'General ledger', href: '/finance/general-ledger', also: 'books accounts' },
  { kind: 'Pages', label: 'Cash book', href: '/finance/cash-book', also: 'bank books' },
  { kind: 'Pages', label: 'Vote book', href: '/finance/vote-book', also: 'heads capitation' },
  { kind: 'Pages', label: 'Grants', href: '/finance/grants', also: 'capitation government' },
  { kind: 'Pages', label: 'Ledger check', href: '/finance/checks', also: 'balance' },
];
