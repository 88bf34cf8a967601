import { registerName } from '../../../../kernel/people/names.js';
import type { Column } from '../../../../platform/sheets/columns.js';
import type { Names } from '../cheques.js';
import type { ChequeLine } from '../../ports.js';

type Row = ChequeLine & { names: Names };

export const chequeColumns: Column<Row>[] = [
  { key: 'bank', head: 'Bank', kind: 'text', value: (row) => row.bank },
  { key: 'number', head: 'Number', kind: 'text', value: (row) => row.number },
  { key: 'receivedOn', head: 'Received on', kind: 'date', value: (row) => row.receivedOn },
  { key: 'payer', head: 'Paid by', kind: 'text', width: 24, value: (row) => row.payerName },
  {
    key: 'students',
    head: 'For',
    kind: 'text',
    width: 30,
    value: (row) =>
      row.studentIds
        .map((id) => row.names.get(id))
        .filter((one) => one !== undefined)
        .map((one) => registerName(one))
        .join(', '),
  },
  { key: 'receipts', head: 'Receipts', kind: 'text', value: (row) => row.receiptNumbers.join(', ') },
  { key: 'amount', head: 'Amount', kind: 'money', value: (row) => row.amountMinor },
  { key: 'state', head: 'State', kind: 'text', value: (row) => row.state },
  { key: 'days', head: 'Days in hand', kind: 'number', value: (row) => (row.state === 'in-hand' ? row.days : null) },
  { key: 'slip', head: 'Slip', kind: 'text', value: (row) => row.slipNumber },
  { key: 'bankedOn', head: 'Banked on', kind: 'date', value: (row) => row.bankedOn },
  { key: 'clearedOn', head: 'Cleared on', kind: 'date', value: (row) => row.clearedOn },
  { key: 'endedOn', head: 'Returned on', kind: 'date', value: (row) => row.endedOn },
  { key: 'endedWhy', head: 'Why', kind: 'text', width: 24, value: (row) => row.endedWhy },
];
