import { registerName } from '../../../../kernel/people/names.js';
import type { Column } from '../../../../platform/sheets/columns.js';
import type { FormerShown } from '../former-receipts.js';

/** Can be sent again as it is. */
export const formerReceiptColumns: Column<FormerShown>[] = [
  { key: 'admissionNo', head: 'Admission number', kind: 'id', value: (row) => row.student.admissionNo },
  { key: 'name', head: 'Student', kind: 'text', width: 30, value: (row) => registerName(row.student) },
  { key: 'number', head: 'Receipt number', kind: 'id', value: (row) => row.number },
  { key: 'receivedOn', head: 'Date', kind: 'date', value: (row) => row.receivedOn },
  { key: 'amount', head: 'Amount', kind: 'money', value: (row) => row.amountMinor },
  { key: 'method', head: 'Method', kind: 'text', value: (row) => row.method },
  { key: 'payer', head: 'Paid by', kind: 'text', width: 24, value: (row) => row.payerName },
  { key: 'note', head: 'Note', kind: 'text', width: 30, value: (row) => row.note },
];
