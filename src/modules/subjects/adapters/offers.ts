import type { Offer } from '../../../platform/module.js';

/** What the find box offers beside the menu. */
export const offers: readonly Offer[] = [
  { kind: 'Things to do', label: 'New class', href: '/subjects/classes/new', also: 'grade form' },
  { kind: 'Things to do', label: 'New stream', href: '/subjects/streams/new', also: 'class' },
  { kind: 'Things to do', label: 'New subject', href: '/subjects/new', also: 'learning area' },
  { kind: 'Pages', label: 'Who teaches what', href: '/subjects/allocations', also: 'teachers lessons' },
  { kind: 'Pages', label: 'Pathways', href: '/subjects/pathways', also: 'senior school' },
];
