import type { Actor } from '../../../kernel/actor.js';
import { RuleBroken } from '../../../kernel/errors.js';
import type { Account } from '../chart/account.rules.js';
import { demandOpened, firstOpenDay } from '../books/books.rules.js';
import type { BooksStore, ChartStore, EntryStore } from '../ports.js';
import type { Ledger } from '../ledger/ledger.js';

const SOURCE = 'opening-balances';

/** Minor units, a debit above zero; `both` for a row that says both. A minus on one side is the other side. */
export function openingSide(debitMinor: number, creditMinor: number): number | 'both' {
  return debitMinor !== 0 && creditMinor !== 0 ? 'both' : debitMinor - creditMinor;
}

/** What the old books ended with, as one entry on the day that the new ones begin. */
export class OpeningBalances {
  constructor(
    private readonly ledger: Ledger,
    private readonly books: BooksStore,
    private readonly charts: ChartStore,
    private readonly entries: EntryStore,
  ) {}

  async choices(): Promise<Account[]> {
    return (await this.charts.chart()).accounts.filter((one) => one.active);
  }

  /** In which the books begin, where it is closed: nothing can be dated into it. */
  async closedMonth(): Promise<string | null> {
    const books = await this.books.find();
    return books && firstOpenDay(books) > books.startsOn ? books.startsOn.slice(0, 7) : null;
  }

  /** The entry that holds now; null when there is none or it was taken back. */
  async current(): Promise<string | null> {
    const { rows } = await this.entries.journal({ from: null, to: null, source: SOURCE, text: null }, null, 1);
    const last = rows[0] && (await this.entries.find(rows[0].id));
    return last && last.reversedById === null ? last.id : null;
  }

  /**
   * Families' debts are brought student by student against the accumulated fund; so their sum waits there.
   * @throws RuleBroken when the sums differ, or while other balances hold
   */
  async book(actor: Actor, key: string, rows: readonly { accountId: string; amountMinor: number }[]): Promise<void> {
    const books = demandOpened(await this.books.find());
    if (await this.current())
      throw new RuleBroken('opened-already', 'The books already have opening balances. Undo the earlier import first.');
    const sum = rows.reduce((total, row) => total + row.amountMinor, 0);
    if (sum !== 0)
      throw new RuleBroken(
        'unbalanced',
        'Total debits and total credits in this list differ. Look for a row that is missing or was skipped.',
      );
    const [receivable, accumulated, accounts] = [
      await this.ledger.account('receivable'),
      await this.ledger.account('accumulated'),
      await this.choices(),
    ];
    const lines = rows.map(({ accountId, amountMinor }) => {
      const account = accounts.find((one) => one.id === (accountId === receivable.id ? accumulated.id : accountId))!;
      return { accountId: account.id, amountMinor, fundId: account.fundId };
    });
    await this.ledger.post(actor, {
      source: { kind: SOURCE, key },
      valueOn: books.startsOn,
      memo: 'Opening balances',
      by: 'person',
      lines,
    });
  }

  /** Reversed, not removed: the books keep both. */
  async takeBack(actor: Actor, key: string): Promise<void> {
    const entryId = await this.entries.idOfSource(SOURCE, key);
    if (entryId) await this.ledger.reverse(actor, entryId, 'Opening balances undone');
  }

  async obstacles(): Promise<string[]> {
    const closed = (await this.books.find())?.closedThrough ?? null;
    return closed === null ? [] : ['A month has been closed since.'];
  }
}
