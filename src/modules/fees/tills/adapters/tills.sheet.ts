import type { Column } from '../../../../platform/sheets/columns.js';
import { expectedOf } from '../tills.js';
import type { TillSession } from '../../ports.js';

/** Instants as the school's clock showed them. */
export function tillColumns(zone: string): Column<TillSession>[] {
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  return [
    { key: 'cashier', head: 'Cashier', kind: 'text', width: 28, value: (row) => row.cashierName },
    { key: 'opened', head: 'Opened', kind: 'text', width: 20, value: (row) => clock.format(row.openedAt) },
    { key: 'closed', head: 'Closed', kind: 'text', width: 20, value: (row) => (row.closedAt ? clock.format(row.closedAt) : '') },
    { key: 'float', head: 'Float', kind: 'money', value: (row) => row.floatMinor },
    { key: 'cash', head: 'Cash received', kind: 'money', value: (row) => taken(row, true) },
    { key: 'other', head: 'Received by other means', kind: 'money', value: (row) => taken(row, false) },
    { key: 'expected', head: 'Expected', kind: 'money', value: (row) => row.expectedMinor ?? expectedOf(row) },
    { key: 'counted', head: 'Counted', kind: 'money', value: (row) => row.countedMinor },
    {
      key: 'difference',
      head: 'Difference',
      kind: 'money',
      value: (row) => (row.countedMinor === null || row.expectedMinor === null ? null : row.countedMinor - row.expectedMinor),
    },
    { key: 'note', head: 'Note', kind: 'text', width: 40, value: (row) => row.note },
  ];
}

function taken({ takings }: TillSession, cash: boolean): number {
  return takings.reduce((sum, one) => sum + ((one.method === 'cash') === cash ? one.totalMinor : 0), 0);
}
