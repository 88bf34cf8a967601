import type { Offer } from '../../../../platform/module.js';

/** What the find box offers beside the menu. */
export const offers: readonly Offer[] = [
  { kind: 'Things to do', label: 'New member of staff', href: '/hr/staff/new', also: 'teacher employee hire' },
  { kind: 'Things to do', label: 'Accounts for staff', href: '/hr/staff/accounts/new', also: 'invite sign-in' },
];
