import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type pg from 'pg';
import { newId } from '../../../src/kernel/id.js';
import { LEDGER, type LineDraft, type Posting } from '../../../src/modules/finance/index.js';
import { BooksKeeping } from '../../../src/modules/finance/books/books.js';
import { Checker } from '../../../src/modules/finance/books/checker.js';
import { Journals } from '../../../src/modules/finance/ledger/journals.js';
import { ENTRY_STORE } from '../../../src/modules/finance/ports.js';
import { UNIT } from '../../../src/platform/tokens.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import { connect } from '../../support/database.js';
import { until } from '../../support/waiting.js';

let school: SchoolUnderTest;
let superuser: pg.Client;
let account: Record<'receivable' | 'advance' | 'cash' | 'bank' | 'suspense', string>;

before(async () => {
  school = await aSchool({ clock: { now: () => new Date('2026-11-24T09:00:00Z') } });
  await school.app.open();
  superuser = await school.database.admin();
  await school.run(() =>
    school
      .get(BooksKeeping)
      .open(school.office, { variant: 'private', yearStartsMonth: 1, startsOn: '2026-01-01', release: 'term' }),
  );
  const roles = ['receivable', 'advance', 'cash', 'bank', 'suspense'] as const;
  const found = await school.run(() => Promise.all(roles.map((role) => school.get(LEDGER).account(role))));
  account = Object.fromEntries(roles.map((role, n) => [role, found[n]!.id])) as typeof account;
});
after(async () => {
  await superuser?.end();
  await school?.stop();
});

const child = newId();

function posting(given: Partial<Posting> = {}): Posting {
  const lines: LineDraft[] = [
    { accountId: account.receivable, amountMinor: 1_200_000, party: { kind: 'student', id: child }, studentId: child },
    { accountId: account.advance, amountMinor: -1_200_000, studentId: child },
  ];
  return { source: { kind: 'test', key: newId() }, valueOn: '2026-11-20', memo: 'Term fees', by: 'person', lines, ...given };
}

const post = (given: Partial<Posting> = {}) => school.run(() => school.get(LEDGER).post(school.office, posting(given)));
const balance = () => school.run(() => school.get(LEDGER).balance({ kind: 'student', id: child }));
const count = async (table: string): Promise<number> =>
  (await superuser.query<{ n: number }>(`select count(*)::int as n from ${table}`)).rows[0]!.n;

describe('an entry', () => {
  it('is written with its lines, and the balance of the student goes along', async () => {
    const before = await balance();
    const { entryId, again } = await post();
    assert.equal(again, false);
    assert.equal(await balance(), before + 1_200_000);
    const { rows } = await superuser.query(
      'select sum(amount_minor)::int as sum, count(*)::int as n from finance_lines where entry_id = $1',
      [entryId],
    );
    assert.deepEqual(rows[0], { sum: 0, n: 2 });
  });

  it('of the same source is booked once, also by two at the same moment', async () => {
    const source = { kind: 'test', key: 'twice' };
    const before = await balance();
    const all = await Promise.all(Array.from({ length: 8 }, () => post({ source })));
    assert.equal(new Set(all.map((one) => one.entryId)).size, 1);
    assert.equal(all.filter((one) => !one.again).length, 1);
    assert.equal(await balance(), before + 1_200_000);
  });

  it('that does not balance is refused by the rule, and by the database when somebody comes past it', async () => {
    const lines = [
      { accountId: account.cash, amountMinor: 5 },
      { accountId: account.bank, amountMinor: -4 },
    ];
    await assert.rejects(post({ lines }), /must be equal/);
    const app = await connect(school.database.connections.app);
    const id = newId();
    await app.query('begin');
    await app.query(
      "insert into finance_entries (id, value_on, posted_on, source_kind, source_key, memo, by_name) values ($1, '2026-11-20', '2026-11-20', 'x', 'x', '', 'x')",
      [id],
    );
    await app.query(
      "insert into finance_lines (id, entry_id, n, posted_on, account_id, amount_minor) values ($1, $3, 1, '2026-11-20', $2, 7), ($4, $3, 2, '2026-11-20', $2, -6)",
      [newId(), account.cash, id, newId()],
    );
    await assert.rejects(app.query('commit'), /sum to 1/);
    await app.end();
  });

  it('gets no lines later, is not changed and not removed by the application’s own role', async () => {
    const { entryId } = await post();
    const app = await connect(school.database.connections.app);
    const late =
      "insert into finance_lines (id, entry_id, n, posted_on, account_id, amount_minor) values (gen_random_uuid(), $2, 8, '2026-11-20', $1, 7), (gen_random_uuid(), $2, 9, '2026-11-20', $1, -7)";
    await assert.rejects(app.query(late, [account.cash, entryId]), /posted already/);
    for (const statement of [
      'update finance_lines set amount_minor = 1',
      'delete from finance_lines',
      "update finance_entries set memo = 'x'",
      'delete from finance_entries',
      'truncate finance_lines',
    ]) {
      await assert.rejects(app.query(statement), /permission denied/, statement);
    }
    await app.end();
  });

  it('has its number a moment later: no gap and no repeat, also after failures between', async () => {
    await Promise.all(Array.from({ length: 6 }, (_, n) => (n % 3 === 2 ? post({ lines: [] }).catch(() => undefined) : post())));
    await until(
      async () => (await count('finance_entries')) === (await count('finance_entry_numbers')),
      'Entries without numbers',
    );
    const { rows } = await superuser.query<{ number: number }>('select number::int from finance_entry_numbers order by number');
    assert.deepEqual(
      rows.map((row) => row.number),
      rows.map((_row, n) => n + 1),
    );
    await Promise.all(
      Array.from({ length: 3 }, () => school.run(() => school.get(UNIT)(() => school.get(ENTRY_STORE).giveNumbers()))),
    );
    assert.equal(await count('finance_entry_numbers'), rows.length);
  });

  it('is reversed once, line by line', async () => {
    const before = await balance();
    const { entryId } = await post();
    const tries = await Promise.allSettled(
      Array.from({ length: 4 }, () => school.run(() => school.get(LEDGER).reverse(school.office, entryId, 'A mistake'))),
    );
    assert.equal(tries.filter((one) => one.status === 'fulfilled').length, 1);
    assert.equal(await balance(), before);
    const reversal = await school.run(async () =>
      school.get(Journals).find(school.office, (await school.get(Journals).find(school.office, entryId)).reversedById!),
    );
    assert.equal(reversal.postedOn, '2026-11-24');
    assert.deepEqual(
      reversal.lines.map((line) => [line.accountId, line.amountMinor, line.studentId]),
      [
        [account.receivable, -1_200_000, child],
        [account.advance, 1_200_000, child],
      ],
    );
  });
});

describe('a closed month', () => {
  before(async () => {
    for (const id of ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06', '2026-07', '2026-08'])
      await school.run(() => school.get(BooksKeeping).close(school.office, id, ''));
  });

  it('is closed in order, once, and not before it is over', async () => {
    await assert.rejects(
      school.run(() => school.get(BooksKeeping).close(school.office, '2026-10', '')),
      /in order/,
    );
    await assert.rejects(
      school.run(() => school.get(BooksKeeping).close(school.office, '2026-08', '')),
      /in order/,
    );
  });

  it('D10: takes nothing that a person dates back', async () => {
    await assert.rejects(post({ valueOn: '2026-08-31' }), /closed/);
    await post({ valueOn: '2026-09-01' });
  });

  it('never refuses money that a rail reports: it counts on the first open day and keeps its own', async () => {
    const { entryId } = await post({ valueOn: '2026-07-14', by: 'rail' });
    const entry = await school.run(() => school.get(Journals).find(school.office, entryId));
    assert.deepEqual([entry.valueOn, entry.postedOn], ['2026-07-14', '2026-09-01']);
  });

  it('takes nothing past the application either', async () => {
    const app = await connect(school.database.connections.app);
    const insert =
      "insert into finance_entries (id, value_on, posted_on, source_kind, source_key, memo, by_name) values (gen_random_uuid(), '2026-08-31', '2026-08-31', 'x', 'y', '', 'x')";
    await assert.rejects(app.query(insert), /closed on 2026-08-31/);
    await app.end();
  });

  it('is not closed while somebody posts into it, and nobody posts while it is being closed', async () => {
    const app = await connect(school.database.connections.app);
    await app.query('begin');
    await app.query(
      "insert into finance_entries (id, value_on, posted_on, source_kind, source_key, memo, by_name) values (gen_random_uuid(), '2026-09-30', '2026-09-30', 'x', 'z', '', 'x')",
    );
    let closed = false;
    const closing = school.run(() => school.get(BooksKeeping).close(school.office, '2026-09', '')).then(() => (closed = true));
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(closed, false);
    await app.query('rollback');
    await closing;
    await app.end();
    await assert.rejects(post({ valueOn: '2026-09-30' }), /closed/);
  });
});

describe('the check', () => {
  const differences = () => school.run(async () => (await school.get(Checker).run()).differences);

  it('finds nothing in books that were only posted to', async () => {
    assert.deepEqual(await differences(), []);
    assert.equal((await school.stranger().get('/healthz')).html, 'ok\n');
  });

  for (const [what, breakIt, expected] of [
    [
      'a line whose amount somebody changed',
      'update finance_lines set amount_minor = amount_minor + 1 where id = (select id from finance_lines where account_id = $1 limit 1)',
      /differ by 1/,
    ],
    [
      'a sum that somebody changed',
      'update finance_party_sums set balance_minor = balance_minor + 5 where $1::uuid is not null',
      /stored as/,
    ],
    [
      'an entry without lines',
      "insert into finance_entries (school_id, id, value_on, posted_on, source_kind, source_key, memo, by_name) select school_id, gen_random_uuid(), posted_on, posted_on, 'x', 'none', '', 'x' from finance_entries where $1::uuid is not null limit 1",
      /fewer than two/,
    ],
    [
      'an entry that was moved into a closed month',
      "with moved as (update finance_lines set posted_on = '2026-09-15' where entry_id = (select max(entry_id::text)::uuid from finance_lines where posted_on > '2026-09-30' and $1::uuid is not null) returning entry_id) update finance_entries set posted_on = '2026-09-15' where id in (select entry_id from moved)",
      /closed/,
    ],
    [
      'a receivable that belongs to nobody',
      'update finance_lines set party_kind = null, party_id = null where id = (select id from finance_lines where account_id = $1 limit 1)',
      /belongs to no student/,
    ],
  ] as const) {
    it(`names ${what}`, async () => {
      await superuser.query('begin');
      await superuser.query("set local session_replication_role = 'replica'");
      await superuser.query(breakIt, [account.receivable]);
      await superuser.query('commit');
      const found = await differences();
      assert.ok(
        found.some((one) => expected.test(one.sentence)),
        JSON.stringify(found),
      );
      await assert.rejects(
        school.run(() => school.get(BooksKeeping).close(school.office, '2026-10', '')),
        /differences/,
      );
    });
  }

  it('says so to whoever watches over the process, which lives on', async () => {
    const { status, html } = await school.stranger().get('/healthz');
    assert.deepEqual([status, html], [200, 'ok\nledger: degraded\n']);
  });

  it('warns the owners of what it had not found before, and not again each hour', async () => {
    const acts = async (): Promise<number> => count("audit_entries where action = 'finance.check.differ'");
    const before = await acts();
    assert.ok(before > 0);
    await differences();
    assert.equal(await acts(), before);
    await until(async () => (await count("audit_alerts where rule = 'books-differ'")) > 0, 'Nobody was warned');
  });
});
