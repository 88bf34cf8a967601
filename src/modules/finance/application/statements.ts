import { demand, type Actor } from '../../../kernel/actor.js';
import { balanceSheet, incomeStatement, trialBalance, type BalanceSheet, type IncomeStatement, type TrialBalance } from '../domain/statements.js';
import type { ChartStore, StatementStore } from '../ports.js';
import type { Ledger } from './ledger.js';

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

  async balanceSheet(actor: Actor, on: string, words: { credits: string; surplus: string }): Promise<BalanceSheet> {
    demand(actor, 'finance.read');
    const { accounts } = await this.charts.chart();
    const receivable = await this.ledger.account('receivable');
    const creditBalancesMinor = await this.store.creditBalances(receivable.id, on);
    return balanceSheet(accounts, await this.store.balances(on), { creditBalancesMinor, receivableId: receivable.id, words });
  }
}
