import type { Column } from '../../../../platform/sheets/columns.js';
import type { Guardian } from '../guardian.rules.js';

export const guardianColumns: Column<Guardian & { children: string }>[] = [
  { key: 'fullName', head: 'Full name', kind: 'name', value: (row) => row.fullName },
  { key: 'phone', head: 'Phone', kind: 'phone', value: (row) => row.phone },
  { key: 'otherPhone', head: 'Other phone', kind: 'phone', value: (row) => row.otherPhone },
  { key: 'email', head: 'Email', kind: 'email', value: (row) => row.email },
  { key: 'nationalId', head: 'ID number', kind: 'id', value: (row) => row.nationalId },
  { key: 'occupation', head: 'Occupation', kind: 'text', value: (row) => row.occupation },
  { key: 'children', head: 'Children', kind: 'text', value: (row) => row.children },
];
