import type { Offer } from '../../../platform/module.js';

/** What the find box offers beside the menu. */
export const offers: readonly Offer[] = [
  { kind: 'Things to do', label: 'Take a payment', href: '/fees/cashier', also: 'receive money receipt fees cash pay' },
  { kind: 'Things to do', label: 'Bill a term', href: '/fees/billing/new', also: 'invoice fees charge' },
  { kind: 'Things to do', label: 'Send fee reminders', href: '/fees/defaulters/reminders/new', also: 'sms overdue balances' },
  { kind: 'Things to do', label: 'New discount or award', href: '/fees/awards/new', also: 'bursary scholarship' },
  { kind: 'Things to do', label: 'New sponsor', href: '/fees/sponsors/new', also: 'bursary donor' },
  { kind: 'Things to do', label: 'Bank cheques', href: '/fees/cheques/deposits/new', also: 'deposit bank' },
  { kind: 'Things to do', label: 'Cash up', href: '/fees/till/cash-up', also: 'till close count' },
  { kind: 'Things to do', label: 'Choose the usual vote heads', href: '/fees/vote-heads/usual', also: 'fees items charges' },
  { kind: 'Things to do', label: 'New fee structure', href: '/fees/structures/new', also: 'fees charges' },
  { kind: 'Pages', label: 'Billing', href: '/fees/billing', also: 'invoices fees bills' },
  { kind: 'Pages', label: 'Invoices', href: '/fees/invoices', also: 'bills fees credit debit notes' },
  { kind: 'Pages', label: 'Overdue', href: '/fees/defaulters', also: 'defaulters arrears fees balances debt' },
  { kind: 'Pages', label: 'Instalments', href: '/fees/plans', also: 'payment plans fees' },
  { kind: 'Pages', label: 'Clearance', href: '/fees/clearances', also: 'fees leaving exams' },
  { kind: 'Pages', label: 'Collections', href: '/fees/collections', also: 'fees money received day' },
  { kind: 'Pages', label: 'Fees register', href: '/fees/register', also: 'fees balances ledger' },
  { kind: 'Pages', label: 'Discounts and awards', href: '/fees/awards', also: 'bursary scholarship fees' },
  { kind: 'Pages', label: 'Sponsors', href: '/fees/sponsors', also: 'bursary donors fees' },
  { kind: 'Pages', label: 'Refunds', href: '/fees/refunds', also: 'fees money back' },
  { kind: 'Pages', label: 'Cheques', href: '/fees/cheques', also: 'bounced deposits' },
  { kind: 'Pages', label: 'My till', href: '/fees/till', also: 'cashier drawer' },
  { kind: 'Pages', label: 'Tills', href: '/fees/tills', also: 'cashier z-report' },
  { kind: 'Pages', label: 'Vote heads', href: '/fees/vote-heads', also: 'fees items' },
  { kind: 'Pages', label: 'Fee settings', href: '/fees/settings', also: 'fees rules paper' },
];
