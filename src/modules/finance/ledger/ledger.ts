import type { Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import { Conflict, RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { SchoolApi } from '../../school/index.js';
import type { Account, SystemRole } from '../chart/account.rules.js';
import { banksOf } from '../chart/bank.rules.js';
import { demandOpened, mayClose, NO_BOOKS, postingDay, type Books } from '../books/books.rules.js';
import { entryFrom, reversalOf, type Entry, type EntryDraft, type Party } from './entry.rules.js';
import type { LedgerApi, Posted, Posting } from '../index.js';
import type { BooksStore, ChartStore, EntryStore, PartyStatement, Share } from '../ports.js';

/** A statement of many lines stays small enough to be made and parsed without waiting. */
const ENTRIES_AT_ONCE = 200;

/** The only writer of the journal. */
export class Ledger implements LedgerApi {
  constructor(
    private readonly unit: Unit,
    private readonly books: BooksStore,
    private readonly charts: ChartStore,
    private readonly entries: EntryStore,
    private readonly school: Pick<SchoolApi, 'today'>,
    private readonly numberSoon: () => void,
  ) {}

  openBooks(): Promise<Books | null> {
    return this.books.find();
  }

  async accounts(): Promise<readonly Account[]> {
    return (await this.charts.chart()).accounts;
  }

  async banks(): Promise<readonly Account[]> {
    return banksOf(await this.accounts());
  }

  async account(role: SystemRole, fundId: string | null = null): Promise<Account> {
    const { accounts } = await this.charts.chart();
    const found =
      accounts.find((one) => one.role === role && (fundId === null || one.fundId === fundId)) ??
      accounts.find((one) => one.role === role);
    if (!found) throw new RuleBroken('no-books', NO_BOOKS);
    return found;
  }

  async post(actor: Actor, posting: Posting): Promise<Posted> {
    return (await this.postAll(actor, [posting]))[0]!;
  }

  postAll(actor: Actor, postings: readonly Posting[]): Promise<Posted[]> {
    return this.unit(async () => {
      const today = await this.school.today();
      const books = await this.booksFor(
        postings.map((posting) => posting.valueOn),
        today,
      );
      const drafts = postings.map(({ by, dayField, ...posting }) => ({
        ...posting,
        postedOn: postingDay(books, posting.valueOn, by, today, dayField),
      }));
      return this.write(actor, drafts);
    });
  }

  /** Posted today, whenever the entry was. @throws Conflict when it is reversed already */
  reverse(actor: Actor, entryId: string, memo: string): Promise<Posted> {
    return this.unit(async () => {
      const entry = await this.entries.find(entryId);
      if (!entry) throw new Missing('entry');
      if (entry.reversedById) throw new Conflict('This entry has already been reversed.');
      const today = await this.school.today();
      const books = await this.booksFor([today], today);
      const [posted] = await this.write(actor, [reversalOf(entry, postingDay(books, today, 'rail', today), memo)]);
      if (posted!.again) throw new Conflict('This entry has already been reversed.');
      return posted!;
    });
  }

  reverseAll(actor: Actor, entryIds: readonly string[], memo: string): Promise<Posted[]> {
    return this.unit(async () => {
      const today = await this.school.today();
      const day = postingDay(await this.booksFor([today], today), today, 'rail', today);
      const done: Posted[] = [];
      for (let at = 0; at < entryIds.length; at += ENTRIES_AT_ONCE) {
        const ids = entryIds.slice(at, at + ENTRIES_AT_ONCE);
        const entries = await this.entries.findAll(ids);
        if (entries.length < ids.length) throw new Missing('entry');
        if (entries.some((entry) => entry.reversedById)) throw new Conflict('One of these entries has already been reversed.');
        done.push(
          ...(await this.write(
            actor,
            entries.map((entry) => reversalOf(entry, day, memo)),
          )),
        );
      }
      return done;
    });
  }

  async statementsOf(
    kind: Party['kind'],
    ids: readonly string[],
    from: string,
    to: string,
  ): Promise<Map<string, PartyStatement>> {
    const { accounts } = await this.charts.chart();
    const receivable = accounts.find((one) => one.role === 'receivable');
    return receivable
      ? this.entries.statementsOf(kind, ids, receivable.id, from, to)
      : new Map(ids.map((id) => [id, { openingMinor: 0, rows: [] }]));
  }

  async standingOn(accountId: string): Promise<Share[]> {
    return (await this.entries.sharesOf(accountId)).filter((share) => share.balanceMinor !== 0);
  }

  /** For entries whose day is settled already: openings and ends of years. */
  write(actor: Actor, drafts: readonly EntryDraft[]): Promise<Posted[]> {
    return this.unit(async () => {
      const entries = drafts.map((draft) => entryFrom(newId(), draft));
      await this.demandAccounts(entries);
      const receivable = await this.account('receivable');
      const written = await this.entries.insert(entries, { userId: actor.userId, name: actor.name }, receivable.id);
      if (written.size > 0) this.numberSoon();
      return Promise.all(entries.map((entry) => this.outcome(entry, written)));
    });
  }

  balance(party: Party): Promise<number> {
    return this.entries.balanceOf(party);
  }

  balances(partyIds: readonly string[]): Promise<Map<string, number>> {
    return this.entries.balancesOf(partyIds);
  }

  private async outcome({ id, source }: Entry, written: ReadonlySet<string>): Promise<Posted> {
    if (written.has(id)) return { entryId: id, again: false };
    const there = await this.entries.idOfSource(source.kind, source.key);
    if (!there) throw new Conflict('This is already being booked. Try again in a moment.', 'in_progress');
    return { entryId: there, again: true };
  }

  private async demandAccounts(entries: readonly Entry[]): Promise<void> {
    const { accounts } = await this.charts.chart();
    const byId = new Map(accounts.map((one) => [one.id, one]));
    for (const { accountId } of entries.filter((entry) => entry.reversesId === null).flatMap((entry) => entry.lines)) {
      const account = byId.get(accountId);
      if (!account) throw new RuleBroken('no-account', 'One of the accounts does not exist.');
      if (!account.active)
        throw new RuleBroken(
          'no-account',
          `The account ${account.code} ${account.name} is switched off. Switch it on again in the chart of accounts first.`,
        );
    }
  }

  /** A day that may be closed meanwhile is looked at once nobody can close it; any other stays open, whatever the cache says. */
  private async booksFor(days: readonly string[], today: string): Promise<Books> {
    const books = days.some((day) => mayClose(day, today)) ? await this.books.hold() : await this.books.find();
    return demandOpened(books);
  }
}
