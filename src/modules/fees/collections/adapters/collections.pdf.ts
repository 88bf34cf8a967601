import { formatAmount } from '../../../../kernel/money.js';
import { report, type PrintContext, type Row, type Text } from '../../../../platform/pdf/kit.js';
import { drawWideTable } from '../../../../platform/pdf/wide-table.js';
import { drawing } from '../../../../platform/pdf/worker.js';
import { percentOf, sumsOf, type CrossTable, type ExpectedSums } from '../collections.rules.js';

export interface PrintedCollections {
  context: PrintContext;
  currency: string;
  from: string;
  to: string;
  /** What the rows are, and what the columns. */
  rowsAre: string;
  columnsAre: string;
  table: CrossTable;
}

const AMOUNT = 22;

/** What came in, by two things. */
export async function collections({
  context,
  currency,
  from,
  to,
  rowsAre,
  columnsAre,
  table,
}: PrintedCollections): Promise<Buffer> {
  return report(
    {
      context,
      page: 'A4-landscape',
      title: ({ t }) => t('Collections'),
      subtitle: ({ t, dateLong }) =>
        [
          from === to ? dateLong(from) : t('{{from}} to {{to}}', { from: dateLong(from), to: dateLong(to) }),
          `${rowsAre} × ${columnsAre}`,
          t('in {{currency}}', { currency }),
        ].join(' · '),
    },
    (kit) => {
      const { t } = kit;
      const amount = (minor: number): string => (minor === 0 ? '' : formatAmount(minor, currency, context.language));
      const cells = (minors: readonly number[], total: number): Text[] => [...minors.map(amount), amount(total)];
      const sums = (done: number): number[] =>
        table.columns.map((_, n) => table.rows.slice(0, done).reduce((sum, row) => sum + row.cells[n]!, 0));
      drawWideTable(kit, {
        fixed: [{ head: rowsAre }],
        columns: [
          ...table.columns.map(({ label }) => ({ head: label, width: AMOUNT, align: 'right' as const })),
          { head: t('Total'), width: AMOUNT + 3, align: 'right', ruled: true },
        ],
        rows: table.rows.map((row) => ({ fixed: [row.label], cells: cells(row.cells, row.totalMinor) })),
        totals: table.rows.length > 0 ? [{ fixed: [t('Total')], cells: cells(table.totals, table.totalMinor) }] : [],
        carry: (done, label) => ({
          fixed: [label],
          cells: cells(
            sums(done),
            sums(done).reduce((sum, one) => sum + one, 0),
          ),
        }),
        size: 8.5,
        empty: t('Nothing was received in this period.'),
      });
    },
  );
}

export interface PrintedExpected {
  context: PrintContext;
  currency: string;
  today: string;
  term: string;
  /** By class with its vote heads, or one nameless group. */
  groups: readonly { name: string; rows: readonly (ExpectedSums & { label: string })[]; sums: ExpectedSums }[];
  rowsAre: string;
  sums: ExpectedSums;
}

/** What a term was to bring, and what of it has come. */
export async function expected({ context, currency, today, term, groups, rowsAre, sums }: PrintedExpected): Promise<Buffer> {
  return report(
    {
      context,
      title: ({ t }) => t('Expected and collected'),
      subtitle: ({ t, dateLong }) =>
        [term, t('as on {{day}}', { day: dateLong(today) }), t('in {{currency}}', { currency })].join(' · '),
    },
    (kit) => {
      const { t } = kit;
      const amount = (minor: number): string => (minor === 0 ? '' : formatAmount(minor, currency, context.language));
      const cells = (label: string, of: ExpectedSums): Text[] => [
        label,
        amount(of.billedMinor),
        amount(of.discountMinor),
        amount(of.expectedMinor),
        amount(of.settledMinor),
        percentOf(of),
        amount(of.openMinor),
      ];
      const number = (head: string, width = 26) => ({ head, width, align: 'right' as const });
      const rows = groups.flatMap(({ name, rows: own, sums: all }): { row: Row; of: readonly ExpectedSums[] }[] => [
        ...(name ? [{ row: { group: name }, of: [] }] : []),
        ...own.map((one) => ({ row: { cells: cells(one.label, one) }, of: [one] })),
        ...(name ? [{ row: { cells: cells(t('Total'), all), strong: true }, of: [] }] : []),
      ]);
      kit.table({
        columns: [
          { head: rowsAre },
          number(t('Billed')),
          number(t('Discounts'), 22),
          number(t('Expected')),
          number(t('Collected')),
          number('%', 13),
          number(t('Open')),
        ],
        rows: rows.map(({ row }) => row),
        carry: (done, label) => cells(label, sumsOf(rows.slice(0, done).flatMap(({ of }) => of))),
        totals: groups.length > 0 ? [cells(t('Total'), sums)] : [],
        size: 8.5,
        empty: t('Nothing was billed for this term.'),
      });
    },
  );
}

export const collectionsDrawing = drawing(import.meta.url, { collections });
export const expectedDrawing = drawing(import.meta.url, { expected });
