import type { Column } from '../../../../platform/sheets/columns.js';
import type { Month } from '../../books/books.rules.js';
import { inOrder, type CashBook, type CashRow } from '../cash-book.rules.js';

/** Key of a column → its short and its whole name. */
export type ColumnWords = ReadonlyMap<string, { code: string; name: string }>;

export interface CashSheetRow {
  on: string | null;
  number: string;
  memo: string;
  receiptMinor: number | null;
  paymentMinor: number | null;
  balanceMinor: number;
  /** Receipts above zero, payments below. */
  parts: Readonly<Record<string, number>>;
}

/** Both sides in one sheet: what a vote head got stands above zero, what it paid below, so that each column can be added up. */
export function cashBookColumns({ receipts, payments }: CashBook, words: ColumnWords): Column<CashSheetRow>[] {
  const keys = inOrder([...receipts.columns, ...payments.columns], [...words.keys()]);
  return [
    { key: 'on', head: 'Date', kind: 'date', value: (row) => row.on },
    { key: 'number', head: 'No.', kind: 'id', value: (row) => row.number },
    { key: 'memo', head: 'Details', kind: 'text', width: 44, value: (row) => row.memo },
    { key: 'receipt', head: 'Receipts', kind: 'money', value: (row) => row.receiptMinor },
    { key: 'payment', head: 'Payments', kind: 'money', value: (row) => row.paymentMinor },
    { key: 'balance', head: 'Balance', kind: 'money', value: (row) => row.balanceMinor },
    ...keys.map((key): Column<CashSheetRow> => ({
      key,
      head: words.get(key)?.name ?? key,
      kind: 'money',
      value: (row) => row.parts[key] ?? null,
    })),
  ];
}

/** The balance brought down first, then line by line, then the totals and the balance carried down. */
export function cashBookSheetRows(
  book: CashBook,
  numbers: ReadonlyMap<string, string>,
  words: { opening: string; total: string; closing: string },
  month: Pick<Month, 'startsOn' | 'endsOn'>,
): CashSheetRow[] {
  const { openingMinor, receipts, payments, closingMinor } = book;
  const back = (row: CashRow): CashRow => ({ ...row, minor: -row.minor, parts: negative(row.parts) });
  const all = [...receipts.rows, ...payments.rows.map(back)].sort(
    (a, b) => a.postedOn.localeCompare(b.postedOn) || a.entryId.localeCompare(b.entryId) || b.minor - a.minor,
  );
  let balanceMinor = openingMinor;
  const line = (memo: string, on: string | null, balance: number): CashSheetRow => ({
    on,
    number: '',
    memo,
    receiptMinor: null,
    paymentMinor: null,
    balanceMinor: balance,
    parts: {},
  });
  return [
    line(words.opening, month.startsOn, openingMinor),
    ...all.map((row): CashSheetRow => {
      balanceMinor += row.minor;
      return {
        on: row.postedOn,
        number: numbers.get(row.entryId) ?? '',
        memo: row.memo,
        receiptMinor: row.minor > 0 ? row.minor : null,
        paymentMinor: row.minor < 0 ? -row.minor : null,
        balanceMinor,
        parts: row.parts,
      };
    }),
    {
      ...line(words.total, null, closingMinor),
      receiptMinor: receipts.totalMinor,
      paymentMinor: payments.totalMinor,
      parts: added(receipts.totals, negative(payments.totals)),
    },
    line(words.closing, month.endsOn, closingMinor),
  ];
}

function negative(parts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(parts).map(([key, minor]) => [key, -minor]));
}

function added(one: Readonly<Record<string, number>>, other: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    [...Object.keys(one), ...Object.keys(other)].map((key) => [key, (one[key] ?? 0) + (other[key] ?? 0)]),
  );
}
