import { registerName } from '../../../../kernel/people/names.js';
import type { Column } from '../../../../platform/sheets/columns.js';
import type { Named } from '../../receiving/payments.js';
import type { RefundLine } from '../../ports.js';

type Row = Named<RefundLine>;

export const refundColumns: Column<Row>[] = [
  { key: 'number', head: 'Refund', kind: 'id', value: (row) => row.number ?? '' },
  { key: 'askedOn', head: 'Asked on', kind: 'date', value: (row) => row.askedOn },
  { key: 'state', head: 'State', kind: 'text', value: (row) => row.state },
  { key: 'student', head: 'For', kind: 'text', width: 30, value: (row) => nameOf(row) },
  { key: 'payee', head: 'Paid to', kind: 'text', width: 24, value: (row) => row.payeeName },
  { key: 'method', head: 'Method', kind: 'text', value: (row) => row.method },
  { key: 'reference', head: 'Reference', kind: 'text', width: 20, value: (row) => row.reference },
  { key: 'paidOn', head: 'Paid on', kind: 'date', value: (row) => row.paidOn },
  { key: 'amount', head: 'Amount', kind: 'money', value: (row) => row.amountMinor },
  {
    key: 'receipts',
    head: 'From receipts',
    kind: 'text',
    width: 20,
    value: (row) => row.receipts.map((one) => one.number).join(', '),
  },
  { key: 'reason', head: 'Why', kind: 'text', width: 30, value: (row) => row.reason },
  { key: 'by', head: 'Asked by', kind: 'text', width: 24, value: (row) => row.byName },
  { key: 'decidedBy', head: 'Approved by', kind: 'text', width: 24, value: (row) => row.decidedByName },
  { key: 'paidBy', head: 'Paid out by', kind: 'text', width: 24, value: (row) => row.paidByName },
];

function nameOf(row: Row): string {
  const holder = row.names.get(row.studentId);
  return holder ? registerName(holder) : '';
}
