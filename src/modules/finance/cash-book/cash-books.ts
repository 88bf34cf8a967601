import { demand, type Actor } from '../../../kernel/actor.js';
import { RuleBroken } from '../../../kernel/errors.js';
import type { Account } from '../chart/account.rules.js';
import { cashAccounts, cashBook, paperKey, type CashBook, type CashRow } from './cash-book.rules.js';
import type { CashBookStore, ChartStore, EntryPaper, EntryPapers, HeadName, HeadNames } from '../ports.js';

/** Some 400 sheets of paper. */
const MOST_ROWS = 10_000;

/** The cash book of each account that holds money, by vote head: as the journal has it. */
export class CashBooks {
  constructor(
    private readonly charts: ChartStore,
    private readonly store: CashBookStore,
    private readonly heads: HeadNames,
    private readonly papers: readonly EntryPapers[],
  ) {}

  async accounts(actor: Actor): Promise<Account[]> {
    demand(actor, 'finance.read');
    return cashAccounts((await this.charts.chart()).accounts);
  }

  /** @throws RuleBroken for more rows than anybody reads */
  async book(
    actor: Actor,
    accountId: string,
    { from, to }: { from: string; to: string },
  ): Promise<{ book: CashBook; heads: readonly HeadName[] }> {
    demand(actor, 'finance.read');
    const { openingMinor, rows } = await this.store.read(accountId, from, to, MOST_ROWS);
    if (rows.length > MOST_ROWS)
      throw new RuleBroken('too-long', 'This period has more than 10,000 lines. See them page by page in the general ledger.');
    const heads = await this.heads.all();
    return {
      book: cashBook(
        openingMinor,
        rows,
        heads.map((head) => head.id),
      ),
      heads,
    };
  }

  /** The documents behind these rows, by the keys of their sources. */
  async papersOf(rows: readonly CashRow[]): Promise<Map<string, EntryPaper>> {
    const sources = [...new Map(rows.map(({ source }) => [paperKey(source), source])).values()];
    const found = await Promise.all(this.papers.map((papers) => papers.of(sources)));
    return new Map(found.flatMap((map) => [...map]));
  }
}
