import { registerName } from '../../../../kernel/names.js';
import type { Column } from '../../../../platform/sheets/columns.js';
import type { Named } from '../../application/payments.js';
import type { PaymentLine } from '../../ports.js';

type Row = Named<PaymentLine>;

export const paymentColumns: Column<Row>[] = [
  { key: 'receipts', head: 'Receipts', kind: 'text', value: (row) => standing(row).map((one) => one.number).filter(Boolean).join(', ') },
  { key: 'receivedOn', head: 'Paid on', kind: 'date', value: (row) => row.receivedOn },
  { key: 'students', head: 'For', kind: 'text', width: 30, value: (row) => standing(row).map((one) => nameOf(row, one.studentId)).join(', ') },
  { key: 'payer', head: 'Paid by', kind: 'text', width: 24, value: (row) => row.payerName },
  { key: 'method', head: 'Method', kind: 'text', value: (row) => row.method },
  { key: 'references', head: 'Reference', kind: 'text', width: 20, value: (row) => row.references.map((one) => one.value).join(', ') },
  { key: 'amount', head: 'Amount', kind: 'money', value: (row) => row.amountMinor },
  { key: 'state', head: 'State', kind: 'text', value: (row) => row.state },
  { key: 'by', head: 'Taken by', kind: 'text', width: 24, value: (row) => row.byName },
];

/** Without those that others stand in for. */
function standing({ receipts }: Row): Row['receipts'] {
  return receipts.filter((one) => !receipts.some((each) => each.replaces !== null && each.replaces === one.number));
}

function nameOf(row: Row, studentId: string): string {
  const holder = row.names.get(studentId);
  return holder ? registerName(holder) : '';
}
