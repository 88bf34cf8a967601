import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PACKS } from '../../../../src/kernel/packs/index.js';
import { aSchool } from '../../../support/app.js';
import { sql } from '../../../support/database/sql.js';
import { withBooks } from '../../finance/support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const PATH = '/fees/vote-heads/usual';

describe('usual vote heads of the country', () => {
  for (const pack of Object.values(PACKS)) {
    it(`are offered in ${pack.name}, each in the account that fits it, and none twice`, async () => {
      const school = await withBooks({ country: pack.country });
      try {
        const bursar = await school.as('bursar');
        assert.match((await bursar.get('/fees')).html, /href="\/fees\/vote-heads\/usual"/);
        const page = (await bursar.get(PATH)).html;
        for (const fee of pack.fees) assert.match(page, new RegExp(`value="${fee.code}"(?! checked)`), fee.name);
        assert.match((await bursar.submit(PATH, {})).html, /Tick at least one/);

        const [first, ...others] = pack.fees.map((fee) => fee.code);
        assert.equal((await bursar.submit(PATH, { code: first! })).location, '/fees/vote-heads');
        assert.doesNotMatch((await bursar.get(PATH)).html, new RegExp(`value="${first}"`));
        for (let round = 0; round < 2; round += 1) await bursar.submit(PATH, { code: [first!, ...others, 'NONE'] });
        const rows = await sql<{ code: string; kind: string; account: string | null; number: string; priority: number }>(
          school.database,
          'select h.code, h.kind, a.role as account, a.code as number, h.priority from fees_vote_heads h join finance_accounts a on a.id = h.account_id order by h.priority',
        );
        assert.deepEqual(
          rows.map((row) => row.code),
          [first, ...others],
        );
        for (const { kind, account } of rows)
          assert.equal(account === 'caution' ? 'deposit' : account === 'for-others' ? 'for-others' : 'income', kind);
        assert.equal(rows.find((row) => pack.fees.find((fee) => fee.code === row.code)!.books === 'boarding')!.number, '4010');
        assert.match(text((await bursar.get(PATH)).html), /Nothing left to add/);
        const entries = await sql(school.database, "select 1 from audit_entries where action = 'fees.head.add'");
        assert.equal(entries.length, pack.fees.length);
      } finally {
        await school.stop();
      }
    });
  }

  it('pass over what the school charges under its own code or name, in use or not', async () => {
    const school = await withBooks();
    try {
      const bursar = await school.as('bursar');
      const own = { kind: 'income', frequency: 'term', mandatory: 'on', priority: '4', accountId: school.account('fees') };
      await bursar.submit('/fees/vote-heads', { ...own, code: 'T1', name: 'tuition' }, '/fees/vote-heads/new');
      await bursar.submit('/fees/vote-heads', { ...own, code: 'TRA', name: 'Bus' }, '/fees/vote-heads/new');
      const [bus] = await sql<{ id: string }>(school.database, "select id from fees_vote_heads where code = 'TRA'");
      await bursar.submit(`/fees/vote-heads/${bus!.id}/closing`, {}, '/fees/vote-heads');
      const page = (await bursar.get(PATH)).html;
      assert.doesNotMatch(page, /value="TUI"|value="TRA"/);
      assert.match(text(page), /You already charge: Tuition, School transport\./);
      await bursar.submit(PATH, { code: ['TUI', 'TRA', 'CAU'] });
      assert.deepEqual(
        await sql<{ code: string; priority: number }>(
          school.database,
          'select code, priority from fees_vote_heads order by code',
        ),
        [
          { code: 'CAU', priority: 5 },
          { code: 'T1', priority: 4 },
          { code: 'TRA', priority: 4 },
        ],
      );
    } finally {
      await school.stop();
    }
  });

  it('are no business of who may not set up fees, and wait for the books', async () => {
    const school = await aSchool({ country: 'ZA' });
    try {
      for (const role of ['teacher', 'registrar', 'auditor'] as const)
        assert.equal((await (await school.as(role)).get(PATH)).status, 403, role);
      const bursar = await school.as('bursar');
      const page = (await bursar.get(PATH)).html;
      assert.match(text(page), /the books are not open yet/);
      assert.doesNotMatch(page, /name="code"/);
    } finally {
      await school.stop();
    }
  });
});
