import { registerName } from '../../../../kernel/people/names.js';
import type { Column } from '../../../../platform/sheets/columns.js';
import type { Named } from '../payments.js';
import { numbersInBrief } from '../../documents/brief.rules.js';
import type { PaymentInBrief } from '../../ports.js';

type Row = Named<PaymentInBrief>;

export const paymentColumns: Column<Row>[] = [
  { key: 'receipts', head: 'Receipts', kind: 'text', value: numbersOf },
  { key: 'receivedOn', head: 'Paid on', kind: 'date', value: (row) => row.receivedOn },
  { key: 'students', head: 'For', kind: 'text', width: 30, value: namesOf },
  { key: 'payer', head: 'Paid by', kind: 'text', width: 24, value: (row) => row.payerName },
  { key: 'method', head: 'Method', kind: 'text', value: (row) => row.method },
  {
    key: 'references',
    head: 'Reference',
    kind: 'text',
    width: 20,
    value: (row) => row.references.map((one) => one.value).join(', '),
  },
  { key: 'amount', head: 'Amount', kind: 'money', value: (row) => row.amountMinor },
  { key: 'state', head: 'State', kind: 'text', value: (row) => row.state },
  { key: 'by', head: 'Taken by', kind: 'text', width: 24, value: (row) => row.byName },
];

/** Each, as far as the list has them; where it has not, the first and the last. */
function numbersOf({ receipts, receiptCount, lastNumber }: Row): string {
  const numbers = receipts.map((one) => one.number).filter((one) => one !== null);
  return receiptCount > receipts.length && numbers.length > 0
    ? numbersInBrief(numbers, { count: receiptCount, last: lastNumber })
    : numbers.join(', ');
}

function namesOf({ receipts, receiptCount, names }: Row): string {
  const named = receipts
    .map((one) => names.get(one.studentId))
    .filter((one) => one !== undefined)
    .map(registerName);
  return named.join(', ') + (receiptCount > receipts.length ? ` +${receiptCount - receipts.length}` : '');
}
