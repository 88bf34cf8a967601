import { Cached, changed, db, query } from '../../../../platform/db/index.js';
import { snake } from '../../../../platform/db/rows/rows.js';
import type { Books } from '../books.rules.js';
import { newId } from '../../../../kernel/id.js';
import type { BooksStore, ClosedFigures, Closing } from '../../ports.js';
import { CLOSED_FIGURES } from './closed-figures.js';

const KEY = 'finance.books';

export class PostgresBooksStore implements BooksStore {
  private readonly cached = new Cached<Books | null>(KEY, readBooks);

  find(): Promise<Books | null> {
    return this.cached.get();
  }

  async insert({ release, version, ...books }: Books): Promise<void> {
    await db()('finance_books').insert({ id: newId(), ...snake(books), income_release: release, version });
    await changed(KEY);
  }

  async update({ closedThrough, release, yearStartsMonth, voucherLimitMinor, version }: Books): Promise<boolean> {
    const count = await db()('finance_books')
      .where({ version })
      .update({
        closed_through: closedThrough,
        income_release: release,
        year_starts_month: yearStartsMonth,
        voucher_limit_minor: voucherLimitMinor,
        version: version + 1,
      });
    await changed(KEY);
    return count === 1;
  }

  hold(): Promise<Books | null> {
    return readOnce(query('finance.books.share', 'select pg_advisory_xact_lock_shared(4720, 1)'));
  }

  /** The same lock that each posting shares (see the migration). */
  holdAll(): Promise<Books | null> {
    return readOnce(query('finance.books.hold', 'select pg_advisory_xact_lock(4720, 1)'));
  }

  async addClosing(closing: Omit<Closing, 'at'>): Promise<void> {
    const figures =
      closing.kind === 'reopen'
        ? null
        : (await query<ClosedFigures>('finance.closings.figures', CLOSED_FIGURES('$1::date'), [closing.throughOn]))[0]!;
    // Not when this transaction began: whatever was posted while it waited came before the closing.
    await db()('finance_closings').insert({ ...snake({ ...closing, ...figures }), created_at: db().raw('clock_timestamp()') });
  }

  closings(): Promise<Closing[]> {
    return query<Closing>(
      'finance.closings',
      `select id, kind, through_on as "throughOn", reason, by_user_id as "byUserId", by_name as "byName", created_at as at
        from finance_closings order by created_at desc, id desc limit 200`,
    );
  }
}

/** Past the cache: what it has may be older than the closing that was waited for. */
async function readOnce(held: Promise<unknown>): Promise<Books | null> {
  const [books] = await Promise.all([readBooks(), held]);
  return books;
}

async function readBooks(): Promise<Books | null> {
  const [row] = await query<Books>(
    'finance.books',
    `select variant, currency, year_starts_month as "yearStartsMonth", starts_on as "startsOn", closed_through as "closedThrough",
        income_release as release, voucher_limit_minor as "voucherLimitMinor", version from finance_books`,
  );
  return row ?? null;
}
