import type { Offer } from '../../../platform/module.js';

/** What the find box offers beside the menu. */
export const offers: readonly Offer[] = [
  { kind: 'Things to do', label: 'New school year', href: '/school/years/new', also: 'terms calendar' },
  { kind: 'Pages', label: 'School profile', href: '/school/profile', also: 'name address logo' },
  { kind: 'Pages', label: 'Colours and badge', href: '/school/brand', also: 'logo crest look' },
  { kind: 'Pages', label: 'Years and terms', href: '/school/years', also: 'calendar dates' },
  { kind: 'Pages', label: 'Days off', href: '/school/days', also: 'holidays calendar closed' },
  { kind: 'Pages', label: 'School lists', href: '/school/lists', also: 'houses dorms routes meal plans' },
  { kind: 'Pages', label: 'Grading scales', href: '/school/scales', also: 'marks grades' },
  { kind: 'Pages', label: 'Numbers', href: '/school/numbers', also: 'admission staff pattern' },
  { kind: 'Pages', label: 'Modules in use', href: '/school/modules', also: 'modules switch off' },
];
