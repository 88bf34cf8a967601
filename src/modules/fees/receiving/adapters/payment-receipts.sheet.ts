import type { Column } from '../../../../platform/sheets/columns.js';
import type { PaymentLine } from '../ports.js';

export type ReceiptOfPayment = PaymentLine['receipts'][number] & { admissionNo: string; name: string; className: string };

/** How one payment was shared, for whoever brought it. */
export const receiptColumns: Column<ReceiptOfPayment>[] = [
  { key: 'receipt', head: 'Receipt', kind: 'id', value: (row) => row.number },
  { key: 'admissionNo', head: 'Admission number', kind: 'id', value: (row) => row.admissionNo },
  { key: 'student', head: 'Student', kind: 'text', width: 30, value: (row) => row.name },
  { key: 'class', head: 'Class', kind: 'text', width: 16, value: (row) => row.className },
  {
    key: 'account',
    head: 'Account',
    kind: 'choice',
    choices: [
      { value: 'sponsor', label: 'Sponsor' },
      { value: 'student', label: 'Family' },
    ],
    value: (row) => row.payerKind,
  },
  { key: 'amount', head: 'Amount', kind: 'money', value: (row) => row.amountMinor },
  { key: 'balanceAfter', head: 'Balance after', kind: 'money', value: (row) => row.balanceAfterMinor },
  {
    key: 'state',
    head: 'State',
    kind: 'choice',
    choices: [
      { value: 'issued', label: 'Stands' },
      { value: 'reversed', label: 'Reversed' },
    ],
    value: (row) => row.state,
  },
];
