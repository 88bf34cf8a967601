import type { Column } from '../../../../platform/sheets/columns.js';
import type { Account } from '../../chart/account.rules.js';
import type { BalanceSheet, IncomeStatement, Section, TrialBalance } from '../statements.rules.js';
import type { EntryLine, GeneralLine, LedgerLine } from '../../ports.js';
import { sourceWord } from '../../ledger/adapters/source-words.js';

type T = (text: string) => string;

export const SECTION_WORDS: Record<Section['kind'], string> = {
  asset: 'Assets',
  liability: 'Liabilities',
  equity: 'Funds',
  income: 'Income',
  expense: 'Expenses',
};

export const accountColumns: Column<Account & { fund: string | null; balanceMinor: number }>[] = [
  { key: 'code', head: 'Code', kind: 'id', value: (row) => row.code },
  { key: 'name', head: 'Account', kind: 'text', width: 34, value: (row) => row.name },
  { key: 'kind', head: 'Kind', kind: 'text', value: (row) => row.kind },
  { key: 'fund', head: 'Fund', kind: 'text', value: (row) => row.fund },
  { key: 'balance', head: 'Balance (debit above zero)', kind: 'money', width: 18, value: (row) => row.balanceMinor },
  { key: 'active', head: 'In use', kind: 'flag', value: (row) => row.active },
];

export const ledgerColumns: Column<LedgerLine>[] = [
  { key: 'number', head: 'No.', kind: 'integer', value: (row) => row.number },
  { key: 'postedOn', head: 'Date', kind: 'date', value: (row) => row.postedOn },
  { key: 'valueOn', head: 'Value date', kind: 'date', value: (row) => row.valueOn },
  { key: 'memo', head: 'Details', kind: 'text', width: 40, value: (row) => row.memo },
  { key: 'against', head: 'Against', kind: 'text', value: (row) => row.against.join(', ') },
  { key: 'debit', head: 'Debit', kind: 'money', value: (row) => (row.amountMinor > 0 ? row.amountMinor : null) },
  { key: 'credit', head: 'Credit', kind: 'money', value: (row) => (row.amountMinor < 0 ? -row.amountMinor : null) },
  { key: 'balance', head: 'Balance', kind: 'money', value: (row) => row.balanceMinor },
];

/** The balance is a debit above zero in every account, so that the whole sheet comes to zero. */
export const generalColumns: Column<GeneralLine>[] = [
  { key: 'code', head: 'Code', kind: 'id', value: (row) => row.code },
  { key: 'name', head: 'Account', kind: 'text', width: 30, value: (row) => row.name },
  { key: 'postedOn', head: 'Date', kind: 'date', value: (row) => row.postedOn },
  { key: 'number', head: 'No.', kind: 'integer', value: (row) => row.number },
  { key: 'memo', head: 'Details', kind: 'text', width: 40, value: (row) => row.memo },
  { key: 'debit', head: 'Debit', kind: 'money', value: (row) => (row.amountMinor > 0 ? row.amountMinor : null) },
  { key: 'credit', head: 'Credit', kind: 'money', value: (row) => (row.amountMinor < 0 ? -row.amountMinor : null) },
  { key: 'balance', head: 'Balance (debit above zero)', kind: 'money', width: 18, value: (row) => row.balanceMinor },
];

export const journalColumns: Column<EntryLine>[] = [
  { key: 'number', head: 'No.', kind: 'integer', value: (row) => row.number },
  { key: 'postedOn', head: 'Date', kind: 'date', value: (row) => row.postedOn },
  { key: 'valueOn', head: 'Value date', kind: 'date', value: (row) => row.valueOn },
  { key: 'source', head: 'From', kind: 'text', value: (row) => sourceWord(row.sourceKind) },
  { key: 'memo', head: 'Details', kind: 'text', width: 40, value: (row) => row.memo },
  { key: 'amount', head: 'Amount', kind: 'money', value: (row) => row.amountMinor },
  { key: 'by', head: 'By', kind: 'text', width: 24, value: (row) => row.byName },
];

export interface TrialSheetRow {
  code: string;
  name: string;
  openingDebit: number;
  openingCredit: number;
  debit: number;
  credit: number;
  closingDebit: number;
  closingCredit: number;
}

export const trialColumns: Column<TrialSheetRow>[] = [
  { key: 'code', head: 'Code', kind: 'id', value: (row) => row.code },
  { key: 'name', head: 'Account', kind: 'text', width: 34, value: (row) => row.name },
  { key: 'openingDebit', head: 'Opening debit', kind: 'money', width: 18, value: (row) => row.openingDebit },
  { key: 'openingCredit', head: 'Opening credit', kind: 'money', width: 18, value: (row) => row.openingCredit },
  { key: 'debit', head: 'Debit', kind: 'money', width: 18, value: (row) => row.debit },
  { key: 'credit', head: 'Credit', kind: 'money', width: 18, value: (row) => row.credit },
  { key: 'closingDebit', head: 'Closing debit', kind: 'money', width: 18, value: (row) => row.closingDebit },
  { key: 'closingCredit', head: 'Closing credit', kind: 'money', width: 18, value: (row) => row.closingCredit },
];

/** Each account with its two-sided columns, and the totals as the last row. */
export function trialSheetRows({ rows, totals }: TrialBalance, total: string): TrialSheetRow[] {
  const sides = rows.map(({ code, name, openingMinor, debitMinor, creditMinor, closingMinor }) => ({
    code,
    name,
    openingDebit: Math.max(openingMinor, 0),
    openingCredit: Math.max(-openingMinor, 0),
    debit: debitMinor,
    credit: creditMinor,
    closingDebit: Math.max(closingMinor, 0),
    closingCredit: Math.max(-closingMinor, 0),
  }));
  return [...sides, { code: '', name: total, ...totals }];
}

export interface SectionSheetRow {
  section: string;
  code: string;
  name: string;
  amount: number;
}

export const sectionColumns: Column<SectionSheetRow>[] = [
  { key: 'section', head: 'Section', kind: 'text', value: (row) => row.section },
  { key: 'code', head: 'Code', kind: 'id', value: (row) => row.code },
  { key: 'name', head: 'Account', kind: 'text', width: 34, value: (row) => row.name },
  { key: 'amount', head: 'Amount', kind: 'money', width: 18, value: (row) => row.amount },
];

export function sectionSheetRows(
  sections: readonly Section[],
  t: T,
  result?: { name: string; amountMinor: number },
): SectionSheetRow[] {
  const rows = sections.flatMap(({ kind, lines, totalMinor }) => {
    const section = t(SECTION_WORDS[kind]);
    return [
      ...lines.map(({ code, name, amountMinor }) => ({ section, code, name, amount: amountMinor })),
      { section, code: '', name: t('Total'), amount: totalMinor },
    ];
  });
  return result ? [...rows, { section: '', code: '', name: result.name, amount: result.amountMinor }] : rows;
}

export function sectionsOf(figures: IncomeStatement | BalanceSheet): Section[] {
  return 'income' in figures ? [figures.income, figures.expense] : [figures.assets, figures.liabilities, figures.equity];
}
