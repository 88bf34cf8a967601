import type { Offer } from '../../../platform/module.js';

/** What the find box offers beside the menu. */
export const offers: readonly Offer[] = [
  { kind: 'Pages', label: 'Payment prompts', href: '/payments/prompts', also: 'stk push mpesa m-pesa' },
  { kind: 'Pages', label: 'Unmatched payments', href: '/payments/suspense', also: 'suspense mpesa m-pesa unknown' },
  { kind: 'Pages', label: 'Payment numbers', href: '/payments/accounts', also: 'paybill till mpesa m-pesa' },
];
