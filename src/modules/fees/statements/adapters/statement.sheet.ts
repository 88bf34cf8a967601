import type { Column } from '../../../../platform/sheets/columns.js';
import type { StatementLine } from '../statements.js';
import { isPaid } from '../../documents/adapters/method-words.js';

export function statementColumns(terms: ReadonlyMap<string, string>): Column<StatementLine>[] {
  return [
    { key: 'date', head: 'Date', kind: 'date', value: (row) => row.on },
    { key: 'number', head: 'Number', kind: 'id', value: (row) => row.number },
    { key: 'what', head: 'Details', kind: 'text', width: 40, value: (row) => row.memo },
    { key: 'term', head: 'Term', kind: 'text', value: (row) => terms.get(row.termId ?? '') ?? '' },
    { key: 'charged', head: 'Charged', kind: 'money', value: (row) => (isPaid(row) ? null : row.amountMinor) },
    { key: 'paid', head: 'Paid', kind: 'money', value: (row) => (isPaid(row) ? -row.amountMinor : null) },
    { key: 'balance', head: 'Balance', kind: 'money', value: (row) => row.balanceMinor },
  ];
}
