import type { Offer } from '../../platform/module.js';

/** What the find box offers beside the menu. */
export const offers: readonly Offer[] = [
  { kind: 'Things to do', label: 'New student', href: '/students/new', also: 'admit admission enrol learner child' },
  { kind: 'Things to do', label: 'Import students', href: '/imports/new?kind=students', also: 'spreadsheet excel upload list' },
  {
    kind: 'Things to do',
    label: 'Move the school to a new year',
    href: '/students/rollovers',
    also: 'promote promotion rollover',
  },
  { kind: 'Pages', label: 'Guardians', href: '/students/guardians', also: 'parents family families' },
  { kind: 'Pages', label: 'Guardian sign-ins', href: '/students/guardians/accounts', also: 'parents accounts invite' },
  { kind: 'Pages', label: 'Possible duplicates', href: '/students/duplicates', also: 'twice merge' },
  { kind: 'Pages', label: 'Class lists, ID cards and letters', href: '/students/prints', also: 'print leaving certificate' },
  { kind: 'Pages', label: 'Alerts on students', href: '/students/alerts', also: 'concerns medical' },
  { kind: 'Pages', label: 'Changes from families', href: '/students/updates', also: 'update requests' },
  { kind: 'Pages', label: 'Student documents', href: '/students/documents', also: 'birth certificate held' },
  { kind: 'Pages', label: 'Custom fields', href: '/students/custom-fields', also: 'custom' },
];
