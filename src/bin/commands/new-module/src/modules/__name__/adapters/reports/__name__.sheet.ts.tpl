import type { Column } from '../../../../platform/sheets/columns.js';
import type { __Type__ } from '../../domain/__file__.js';

export const __const__Columns: Column<__Type__>[] = [
  { key: 'name', head: 'Name', kind: 'text', required: true, width: 30, value: (row) => row.name },
  { key: 'note', head: 'Note', kind: 'text', width: 50, value: (row) => row.note },
  { key: 'active', head: 'In use', kind: 'flag', value: (row) => row.active },
];
