import type { Offer } from '../../../platform/module.js';

/** What the find box offers beside the menu. */
export const offers: readonly Offer[] = [
  { kind: 'Things to do', label: 'New account', href: '/identity/users/new', also: 'invite person sign-in' },
  { kind: 'Pages', label: 'Your profile', href: '/profile', also: 'password phone email language' },
];
