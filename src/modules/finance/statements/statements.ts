import { demand, type Actor } from '../../../kernel/actor.js';
import { RuleBroken } from '../../../kernel/errors.js';
import {
  balanceSheet,
  incomeStatement,
  trialBalance,
  type BalanceSheet,
  type IncomeStatement,
  type TrialBalance,
} from './statements.rules.js';
import type { Page } from '../../../kernel/page.js';
import type { ChartStore, GeneralLine, StatementStore } from '../ports.js';
import type { Ledger } from '../ledger/ledger.js';

/** Some 450 pages. */
const MOST_PRINTED_LINES = 20_000;

export interface Span {
  from: string;
  to: string;
  fundId?: string | null;
}

/** The books as they are read: every figure is summed from the lines when it is asked for. */
export class Statements {
  constructor(
    private readonly charts: ChartStore,
    private readonly store: StatementStore,
    private readonly ledger: Pick<Ledger, 'account'>,
  ) {}

  async trialBalance(actor: Actor, { from, to, fundId }: Span): Promise<TrialBalance> {
    demand(actor, 'finance.read');
    const { accounts } = await this.charts.chart();
    return trialBalance(accounts, await this.store.movements(from, to, { withYearEnd: true, fundId }));
  }

  async incomeStatement(actor: Actor, { from, to, fundId }: Span): Promise<IncomeStatement> {
    demand(actor, 'finance.read');
    const { accounts } = await this.charts.chart();
    return incomeStatement(accounts, await this.store.movements(from, to, { withYearEnd: false, fundId }));
  }

  async generalLedger(
    actor: Actor,
    { from, to, fundId }: Span,
    cursor: string | null,
    limit: number,
  ): Promise<Page<GeneralLine>> {
    demand(actor, 'finance.read');
    return this.store.generalLedger(from, to, fundId ?? null, cursor, limit);
  }

  /** The same, all of it. */
  wholeGeneralLedger(actor: Actor, { from, to, fundId }: Span): AsyncIterable<readonly GeneralLine[]> {
    demand(actor, 'finance.read');
    return this.store.wholeGeneralLedger(from, to, fundId ?? null);
  }

  /** All of it for a print. @throws RuleBroken for more lines than anybody reads on paper */
  async wholeLedger(actor: Actor, span: Span): Promise<GeneralLine[]> {
    const { rows, next } = await this.generalLedger(actor, span, null, MOST_PRINTED_LINES);
    if (next !== null)
      throw new RuleBroken(
        'too-long',
        'This period has more than 20,000 lines. Choose a shorter period, or download the spreadsheet.',
      );
    return rows as GeneralLine[];
  }

  async balanceSheet(actor: Actor, on: string, words: { credits: string; surplus: string }): Promise<BalanceSheet> {
    demand(actor, 'finance.read');
    const { accounts } = await this.charts.chart();
    const receivable = await this.ledger.account('receivable');
    const creditBalancesMinor = await this.store.creditBalances(receivable.id, on);
    return balanceSheet(accounts, await this.store.balances(on), { creditBalancesMinor, receivableId: receivable.id, words });
  }
}
