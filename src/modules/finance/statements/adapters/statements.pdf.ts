import { formatAmount } from '../../../../kernel/money.js';
import { report, type Column, type PrintContext, type ReportKit, type Row, type Text } from '../../../../platform/pdf/kit.js';
import { drawing } from '../../../../platform/pdf/worker.js';
import type { BalanceSheet, IncomeStatement, TrialBalance } from '../statements.rules.js';
import { SECTION_WORDS, sectionsOf, trialSheetRows, type TrialSheetRow } from './statements.sheet.js';

export type StatementKind = 'trial-balance' | 'income-statement' | 'balance-sheet';

export interface PrintedStatement {
  context: PrintContext;
  kind: StatementKind;
  figures: TrialBalance | IncomeStatement | BalanceSheet;
  from: string;
  to: string;
  fund: string | null;
  currency: string;
}

const TITLES: Record<StatementKind, string> = {
  'trial-balance': 'Trial balance',
  'income-statement': 'Income statement',
  'balance-sheet': 'Balance sheet',
};

/** The statement as the head, the auditor and the board read it. */
export async function statement(data: PrintedStatement): Promise<Buffer> {
  const { context, kind, figures, from, to, fund, currency } = data;
  return report(
    {
      context,
      page: kind === 'trial-balance' ? 'A4-landscape' : 'A4',
      title: ({ t }) => t(TITLES[kind]),
      subtitle: ({ t, dateLong }) => {
        const span =
          kind === 'balance-sheet'
            ? t('On {{day}}', { day: dateLong(to) })
            : t('{{from}} to {{to}}', { from: dateLong(from), to: dateLong(to) });
        return [span, t('in {{currency}}', { currency }), fund].filter(Boolean).join(' · ');
      },
    },
    (kit) => {
      const amount = (minor: number): string => formatAmount(minor, currency, context.language);
      if ('rows' in figures) drawTrialBalance(kit, figures, amount);
      else drawSections(kit, figures, amount);
    },
  );
}

const SIDES = [
  'openingDebit',
  'openingCredit',
  'debit',
  'credit',
  'closingDebit',
  'closingCredit',
] as const satisfies readonly (keyof TrialSheetRow)[];

function drawTrialBalance(kit: ReportKit, figures: TrialBalance, amount: (minor: number) => string): void {
  const { t } = kit;
  const rows = trialSheetRows(figures, t('Total'));
  const sides = (row: TrialSheetRow): Text[] => [
    row.code,
    row.name,
    ...SIDES.map((side) => (row[side] === 0 ? '' : amount(row[side]))),
  ];
  const side = (head: string, ruled = false): Column => ({ head, width: 28, align: 'right', ruled });
  kit.table({
    columns: [
      { head: t('Code'), width: 18 },
      { head: t('Account') },
      side(t('Debit'), true),
      side(t('Credit')),
      side(t('Debit'), true),
      side(t('Credit')),
      side(t('Debit'), true),
      side(t('Credit')),
    ],
    bands: [
      { text: t('Opening'), from: 2, to: 3 },
      { text: t('In this period'), from: 4, to: 5 },
      { text: t('Closing'), from: 6, to: 7 },
    ],
    rows: rows.slice(0, -1).map((row): Row => ({ cells: sides(row) })),
    totals: [sides(rows.at(-1)!)],
    size: 8.5,
    empty: t('No entries up to this date.'),
  });
}

function drawSections(kit: ReportKit, figures: IncomeStatement | BalanceSheet, amount: (minor: number) => string): void {
  const { t } = kit;
  const rows = sectionsOf(figures).flatMap(({ kind, lines, totalMinor }): Row[] => [
    { group: t(SECTION_WORDS[kind]) },
    ...lines.map(({ code, name, amountMinor }): Row => ({ cells: [code, name, amount(amountMinor)] })),
    { cells: ['', t('Total'), amount(totalMinor)], strong: true },
  ]);
  const result =
    'surplusMinor' in figures
      ? [figures.surplusMinor < 0 ? t('Deficit') : t('Surplus'), amount(Math.abs(figures.surplusMinor))]
      : [t('Liabilities and funds'), amount(figures.liabilities.totalMinor + figures.equity.totalMinor)];
  kit.table({
    columns: [{ head: t('Code'), width: 22 }, { head: t('Account') }, { head: t('Amount'), width: 40, align: 'right' }],
    rows,
    totals: [['', ...result]],
  });
}

export const statementDrawing = drawing(import.meta.url, { statement });
