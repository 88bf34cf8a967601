import type { Column } from '../../../../platform/sheets/columns.js';
import type { Grant } from '../../ports.js';

export type GrantSheetRow = Grant & { label: string; fund: string; account: string };

export const grantColumns: Column<GrantSheetRow>[] = [
  { key: 'number', head: 'Number', kind: 'id', value: (row) => row.label },
  { key: 'receivedOn', head: 'Date', kind: 'date', value: (row) => row.receivedOn },
  { key: 'giver', head: 'From', kind: 'text', value: (row) => row.giver },
  { key: 'reference', head: 'Reference', kind: 'id', value: (row) => row.reference },
  { key: 'fund', head: 'Fund', kind: 'text', value: (row) => row.fund },
  { key: 'account', head: 'Bank account', kind: 'text', value: (row) => row.account },
  { key: 'learners', head: 'Learners', kind: 'integer', value: (row) => row.learners },
  { key: 'state', head: 'State', kind: 'text', value: (row) => row.state },
  { key: 'amount', head: 'Amount', kind: 'money', value: (row) => (row.state === 'received' ? row.amountMinor : 0) },
];
