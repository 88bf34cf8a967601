import type { Column } from '../../../../platform/sheets/columns.js';
import type { DueFamily } from '../../ports.js';

export const dueColumns: Column<DueFamily>[] = [
  { key: 'fullName', head: 'Guardian', kind: 'name', value: (row) => row.fullName },
  { key: 'phone', head: 'Phone', kind: 'phone', value: (row) => row.phone },
  { key: 'email', head: 'Email', kind: 'email', value: (row) => row.email },
  { key: 'children', head: 'Children', kind: 'text', value: (row) => row.children },
  { key: 'refreshedOn', head: 'Checked on', kind: 'date', value: (row) => row.refreshedOn },
  { key: 'askedAt', head: 'Asked on', kind: 'date', value: (row) => row.askedAt?.toISOString().slice(0, 10) ?? null },
];
