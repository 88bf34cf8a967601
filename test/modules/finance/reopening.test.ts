import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { RuleBroken } from '../../../src/kernel/errors.js';
import { closedWithout, monthsOf, type Books } from '../../../src/modules/finance/books/books.rules.js';
import type { Browser } from '../../support/browser.js';
import { sql } from '../../support/database/sql.js';
import { withBooks, type SchoolWithBooks } from './support.js';

const BOOKS: Books = {
  variant: 'private',
  currency: 'KES',
  yearStartsMonth: 1,
  startsOn: '2026-01-15',
  closedThrough: '2026-02-28',
  release: 'term',
  voucherLimitMinor: 0,
  version: 1,
};

describe('until when the books are closed once a month is open again', () => {
  for (const [id, left] of [
    ['2026-02', '2026-01-31'],
    ['2026-01', null],
  ] as const) {
    it(`${id}: ${left ?? 'nothing is closed'}`, () => {
      assert.equal(
        closedWithout(
          BOOKS,
          monthsOf(BOOKS, '2026-03-10').find((month) => month.id === id)!,
        ),
        left,
      );
    });
  }
});

describe('opening a closed month again', () => {
  let school: SchoolWithBooks;
  let bursar: Browser;
  let head: Browser;
  before(async () => {
    school = await withBooks({ startsOn: '2025-11-01' });
    bursar = await school.as('bursar');
    head = await school.as('head');
    await school.post({
      valueOn: '2025-11-10',
      lines: [
        { accountId: school.account('bank'), amountMinor: 70_000 },
        { accountId: school.account('fees'), amountMinor: -70_000 },
      ],
    });
    await school.close('2025-11');
  });
  after(() => school.stop());

  const ask = (month: string, reason = 'A receipt was forgotten') =>
    bursar.submit(`/finance/months/${month}/reopening`, { reason });
  const decide = (id: string, decision: string, note = '') =>
    head.submit(`/approvals/${id}/decision`, { decision, note }, `/approvals/${id}`);
  const requestOf = async (month: string): Promise<string> =>
    (
      await sql<{ id: string }>(
        school.database,
        'select id from approvals_requests where subject_id = $1 order by id desc limit 1',
        [month],
      )
    )[0]!.id;
  const closedThrough = async (): Promise<string | null> =>
    (await sql<{ day: string | null }>(school.database, 'select closed_through::text as day from finance_books'))[0]!.day;
  const late = (valueOn: string, amountMinor = 5_000) =>
    school.post({
      valueOn,
      lines: [
        { accountId: school.account('bank'), amountMinor },
        { accountId: school.account('fees'), amountMinor: -amountMinor },
      ],
    });

  it('takes two people: the bursar asks with a reason, the month stays closed until somebody else approves', async () => {
    assert.equal((await head.get('/finance/months/2025-11/reopening')).status, 403, 'who may not close may not ask');
    assert.equal((await ask('2025-11', '')).status, 422);
    assert.equal((await ask('2025-11')).location, '/finance/books');
    assert.match((await bursar.get('/finance/books')).html, /Reopening requested/);
    assert.equal((await ask('2025-11')).status, 409, 'asked once');
    assert.equal(await closedThrough(), '2025-11-30');
    await assert.rejects(late('2025-11-20'), RuleBroken);
    const id = await requestOf('2025-11');
    for (const role of ['bursar', 'auditor', 'administrator'] as const) {
      const page = await (await school.as(role)).get(`/approvals/${id}`);
      assert.doesNotMatch(page.html, /name="decision"/, `a second ${role} does not decide`);
    }
    assert.match((await head.get(`/approvals/${id}`)).html, /Reopen November 2025/);
    assert.equal((await decide(id, 'approve')).status, 303);
    assert.equal(await closedThrough(), null);
    await late('2025-11-20');
    const [closing] = await sql<{ kind: string; by_name: string; reason: string }>(
      school.database,
      'select kind, by_name, reason from finance_closings order by created_at desc limit 1',
    );
    assert.equal(closing!.kind, 'reopen');
    assert.equal(closing!.reason, 'A receipt was forgotten');
    assert.match(closing!.by_name, /, /, 'both people are named');
    assert.equal((await sql(school.database, "select 1 from audit_entries where action = 'finance.month.reopen'")).length, 1);
    assert.match((await bursar.get('/finance/books')).html, /Reopened/);
  });

  it('changes nothing when it is refused', async () => {
    await school.close('2025-11');
    await ask('2025-11');
    assert.equal((await decide(await requestOf('2025-11'), 'refuse', 'Book it in December')).status, 303);
    assert.equal(await closedThrough(), '2025-11-30');
  });

  it('is for the month that was closed last: a request for an earlier one ends when another month closes', async () => {
    await ask('2025-11');
    const id = await requestOf('2025-11');
    await school.close('2025-12');
    assert.match((await head.get(`/approvals/${id}`)).html, /A later month has been closed since/);
    const early = await bursar.get('/finance/months/2025-11/reopening');
    assert.equal(early.status, 422);
    assert.match(early.html, /Only the most recently closed month can be reopened/);
    assert.equal(await closedThrough(), '2025-12-31');
  });

  it('after a year’s end carries only what changed into the accumulated fund when the year closes again', async () => {
    const accumulated = async (): Promise<number> =>
      (
        await sql<{ minor: number }>(
          school.database,
          'select coalesce(sum(amount_minor), 0)::int as minor from finance_lines where account_id = $1',
          [school.account('accumulated')],
        )
      )[0]!.minor;
    const before = await accumulated();
    await ask('2025-12');
    assert.equal((await decide(await requestOf('2025-12'), 'approve')).status, 303);
    await late('2025-12-20', 3_000);
    await school.close('2025-12');
    assert.equal(await accumulated(), before - 3_000);
    assert.equal((await sql(school.database, "select 1 from finance_entries where source_kind = 'year-end'")).length, 2);
    const result = await sql<{ minor: number }>(
      school.database,
      "select coalesce(sum(l.amount_minor), 0)::int as minor from finance_lines l join finance_accounts a on a.id = l.account_id where a.kind in ('income', 'expense') and l.posted_on <= '2025-12-31'",
    );
    assert.equal(result[0]!.minor, 0, 'no income of the year is left over');
  });

  it('waits for nobody twice: an approval and the closing of the next month at once leave one of them', async () => {
    await ask('2025-12');
    const id = await requestOf('2025-12');
    const [approved, closed] = await Promise.allSettled([decide(id, 'approve'), school.close('2026-01')]);
    const opened = approved.status === 'fulfilled' && approved.value.status === 303;
    assert.notEqual(opened, closed.status === 'fulfilled');
    assert.equal(await closedThrough(), opened ? '2025-11-30' : '2026-01-31');
  });
});
