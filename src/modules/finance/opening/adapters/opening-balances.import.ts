import { formatMonth } from '../../../../kernel/day-words.js';
import type { Column } from '../../../../platform/sheets/columns.js';
import type {
  CheckedLine,
  ImportContext,
  ImportKind,
  KindRun,
  Line,
  LineToWrite,
  Remark,
  WrittenLine,
} from '../../../imports/index.js';
import { openingSide, type OpeningBalances } from '../opening-balances.js';
import type { Account } from '../../chart/account.rules.js';

type Col = Column<never>;
const plain = (key: string, head: string, kind: Col['kind'], more: Partial<Col> = {}): Col => ({
  key,
  head,
  kind,
  value: () => null,
  ...more,
});

const columns: Col[] = [
  plain('code', 'Code', 'id', {
    required: true,
    aliases: ['Account code', 'Account no', 'A/C', 'Ledger code'],
    example: '1030',
    note: 'As in the chart of accounts',
  }),
  plain('name', 'Account', 'text', {
    aliases: ['Account name', 'Ledger', 'Particulars', 'Description'],
    example: 'Bank account',
    note: 'For your own reference: matching uses the code',
  }),
  plain('debit', 'Debit', 'money', { aliases: ['Dr', 'Debit balance', 'Closing debit'], example: '250000' }),
  plain('credit', 'Credit', 'money', { aliases: ['Cr', 'Credit balance', 'Closing credit'] }),
];

/** The trial balance that the old books ended with; one row is one account, and all rows together are one entry. */
export function openingBalancesImport(opening: OpeningBalances): ImportKind {
  return {
    key: 'opening-balances',
    label: 'Opening balances',
    counted: ['1 account', '{{n}} accounts'],
    can: 'finance.setup',
    home: '/finance/trial-balance',
    modes: ['create'],
    keyWords: 'account code',
    shown: ['code', 'name', 'debit', 'credit'],
    undoUntil: 'the first month is closed',
    quiet: null,
    rules: { code: { column: 'code', severity: 'error', when: 'same', text: 'Row {{row}} has the same account.' } },
    tables: ['finance_entries', 'finance_lines'],
    columns: () => Promise.resolve(columns),
    population: () => Promise.resolve(0),
    open: async (context) => new OpeningRun(context, opening, await opening.choices()),
  };
}

class OpeningRun implements KindRun {
  private readonly byCode: ReadonlyMap<string, Account>;
  private readonly taken: { accountId: string; amountMinor: number }[] = [];

  constructor(
    private readonly context: ImportContext,
    private readonly opening: OpeningBalances,
    choices: readonly Account[],
  ) {
    this.byCode = new Map(choices.map((one) => [one.code, one]));
  }

  async check(lines: readonly Line[]): Promise<CheckedLine[]> {
    const [there, closedMonth] = [await this.opening.current(), await this.opening.closedMonth()];
    return lines.map((line) => {
      const { account, amountMinor, remarks } = this.read(line);
      if (there)
        remarks.push({
          column: null,
          severity: 'error',
          text: 'The books already have opening balances. Undo the earlier import first.',
        });
      if (closedMonth)
        remarks.push({
          column: null,
          severity: 'error',
          text: 'The books begin in {{month}}, which is closed. Opening balances are dated in that month, so reopen it first.',
          vars: { month: formatMonth(closedMonth) },
        });
      const marks = account ? [{ rule: 'code', value: account.code }] : [];
      return { action: amountMinor === 0 ? 'unchanged' : 'create', remarks, entityId: account?.id ?? null, version: null, marks };
    });
  }

  private read(line: Line): { account: Account | undefined; amountMinor: number; remarks: Remark[] } {
    const remarks: Remark[] = [];
    const code = String(line.values.code ?? '').toUpperCase();
    const account = this.byCode.get(code);
    if (!account)
      remarks.push({
        column: 'code',
        severity: 'error',
        text: 'There is no account “{{value}}” in the chart.',
        vars: { value: code.slice(0, 20) },
      });
    if (account?.role === 'receivable') {
      remarks.push({
        column: 'code',
        severity: 'warning',
        text: 'Family balances are imported student by student; until then this amount is held against the accumulated fund.',
      });
    }
    const side = openingSide(Number(line.values.debit ?? 0), Number(line.values.credit ?? 0));
    if (side === 'both') remarks.push({ column: 'credit', severity: 'error', text: 'Either a debit or a credit, not both.' });
    return { account, amountMinor: typeof side === 'number' ? side : 0, remarks };
  }

  /** Kept until all rows are read: only together do they balance. */
  write(lines: readonly LineToWrite[]): Promise<WrittenLine[]> {
    const written = lines.map((line): WrittenLine => {
      const { account, amountMinor } = this.read(line);
      this.taken.push({ accountId: account!.id, amountMinor });
      return { n: line.n, action: 'create', entityId: account!.id, before: null, trace: null };
    });
    return Promise.resolve(written);
  }

  finishWriting(): Promise<void> {
    return this.opening.book(this.context.actor, this.context.importId, this.taken);
  }

  obstacles(): Promise<string[]> {
    return this.opening.obstacles();
  }

  undo(): Promise<void> {
    return Promise.resolve();
  }

  finishUndoing(): Promise<void> {
    return this.opening.takeBack(this.context.actor, this.context.importId);
  }
}
