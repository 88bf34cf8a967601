import type { Column } from '../../../../platform/sheets/columns.js';
import type { VoteHead } from '../vote-head.rules.js';

export const headColumns: Column<VoteHead & { account: string }>[] = [
  { key: 'priority', head: 'Priority', kind: 'integer', value: (row) => row.priority },
  { key: 'code', head: 'Code', kind: 'id', value: (row) => row.code },
  { key: 'name', head: 'Vote head', kind: 'text', width: 30, value: (row) => row.name },
  { key: 'kind', head: 'Kind', kind: 'text', value: (row) => row.kind },
  { key: 'frequency', head: 'Charged each', kind: 'text', value: (row) => row.frequency },
  { key: 'mandatory', head: 'Everyone', kind: 'flag', value: (row) => row.mandatory },
  { key: 'account', head: 'Account', kind: 'text', width: 30, value: (row) => row.account },
  { key: 'active', head: 'In use', kind: 'flag', value: (row) => row.active },
];
