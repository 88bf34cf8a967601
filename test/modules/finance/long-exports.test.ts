import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from '../../support/browser.js';
import { newId } from '../../../src/kernel/id.js';
import { LEDGER } from '../../../src/modules/finance/index.js';
import { UNIT } from '../../../src/platform/tokens.js';
import { withBooks, type SchoolWithBooks } from './support.js';

const ENTRIES = 2_600;

describe('a long export', () => {
  let school: SchoolWithBooks;
  let bursar: Browser;
  before(async () => {
    school = await withBooks();
    bursar = await school.as('bursar');
    await school.run(() =>
      school.get(UNIT)(() =>
        school.get(LEDGER).postAll(
          school.office,
          Array.from({ length: ENTRIES }, (_, n) => posting(n)),
        ),
      ),
    );
  });
  after(() => school?.stop());

  const posting = (n: number) => ({
    source: { kind: 'journal', key: newId() },
    valueOn: '2026-11-20',
    memo: `Entry ${n}`,
    by: 'person' as const,
    lines: [
      { accountId: school.account('bank'), amountMinor: 100 },
      { accountId: school.account('fees'), amountMinor: -100 },
    ],
  });
  const linesOf = (answer: { body: Buffer }): string[] => answer.body.toString('utf8').trim().split('\r\n').slice(1);

  for (const path of ['/finance/general-ledger?from=2026-11-01&to=2026-11-30&', '/finance/journal?', 'account']) {
    it(`${path} is whole, with its length, and from one moment of the books`, async () => {
      const address = path === 'account' ? `/finance/accounts/${school.account('bank')}?from=2026-11-01&to=2026-11-30&` : path;
      const [before, , while_] = await Promise.all([
        bursar.get(`${address}format=csv`),
        school.run(() => school.get(UNIT)(() => school.get(LEDGER).postAll(school.office, [posting(9_000), posting(9_001)]))),
        bursar.get(`${address}format=csv`),
      ]);
      for (const answer of [before, while_]) {
        assert.equal(answer.status, 200);
        assert.equal(Number(answer.headers['content-length']), answer.body.length);
        const cells = linesOf(answer);
        assert.equal(cells.length % 2, 0, `${cells.length} lines: both of two entries that were written together, or neither`);
        assert.ok(cells.length >= ENTRIES);
      }
    });
  }

  it('adds up to its last line, as the account does page by page', async () => {
    const lines = linesOf(
      await bursar.get(`/finance/accounts/${school.account('bank')}?from=2026-11-01&to=2026-11-30&format=csv`),
    );
    assert.match(lines.at(-1)!, new RegExp(`,${lines.length}(\\.00)?(,|$)`));
  });

  it('whose reading is broken off in the middle is an error page, and no file', async () => {
    const admin = await school.database.admin();
    await admin.query(
      `create function app.slow(uuid) returns boolean language plpgsql as $$ begin raise exception using errcode = '57014', message = 'canceling statement due to statement timeout'; end $$`,
    );
    await admin.query('alter table finance_entries rename to finance_entries_kept');
    await admin.query(
      `create view finance_entries with (security_invoker = true) as select * from finance_entries_kept where memo <> 'Entry 2500' or app.slow(id)`,
    );
    await admin.query('grant select on finance_entries to aims_app');
    try {
      for (const address of [
        '/finance/general-ledger?from=2026-11-01&to=2026-11-30&format=csv',
        '/finance/journal?format=csv',
        '/finance/general-ledger?from=2026-11-01&to=2026-11-30&format=xlsx',
      ]) {
        const answer = await bursar.get(address);
        assert.equal(answer.status, 503, address);
        assert.equal(answer.headers['content-disposition'], undefined);
      }
    } finally {
      await admin.query('drop view finance_entries');
      await admin.query('alter table finance_entries_kept rename to finance_entries');
      await admin.end();
    }
  });
});
