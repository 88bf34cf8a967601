import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from '../../support/browser.js';
import { sql } from '../../support/database/sql.js';
import { check, counts, undo, write } from '../imports/support.js';
import { withBooks, type SchoolWithBooks } from './support.js';

const HEADS = 'Account code,Account,Debit,Credit\n';
const BALANCED = `${HEADS}1030,Bank account,"250,000.50",\n1100,Fees receivable,40000,\n1520,Furniture,1000,\n2300,Suppliers,,90000.50\n3010,Accumulated fund,,201000\n`;

describe('opening balances', () => {
  let school: SchoolWithBooks;
  let bursar: Browser;
  before(async () => {
    school = await withBooks({ background: true });
    bursar = await school.as('bursar');
  });
  after(() => school.stop());

  const send = (body: string) => check(bursar, { kind: 'opening-balances', name: 'trial.csv', body });
  const balances = async (): Promise<Record<string, number>> => {
    const rows = await sql<{ code: string; minor: string }>(
      school.database,
      'select a.code, sum(l.amount_minor) as minor from finance_lines l join finance_accounts a on a.id = l.account_id group by a.code having sum(l.amount_minor) <> 0',
    );
    return Object.fromEntries(rows.map((row) => [row.code, Number(row.minor)]));
  };

  it('are refused by row for an account that is not there, and for a row that is debit and credit', async () => {
    const { text } = await send(`${HEADS}9999,Nowhere,5,\n1030,Bank account,5,5\n`);
    assert.match(text, /There is no account “9999”/);
    assert.match(text, /Either a debit or a credit/);
    assert.equal(counts(text).errors, 2);
  });

  it('that don’t balance change nothing, and say so', async () => {
    const { path } = await send(`${HEADS}1030,Bank account,100,\n3010,Accumulated fund,,99\n`);
    const done = await write(bursar, path);
    assert.equal(done.status, 'failed');
    assert.match(done.text, /total credits in this list differ/);
    assert.deepEqual(await balances(), {});
  });

  it('become one entry on the books’ first day; what families owe waits against the accumulated fund', async () => {
    const { path, text } = await send(BALANCED);
    assert.match(text, /imported student by student/);
    assert.equal((await write(bursar, path)).status, 'done');
    assert.deepEqual(await balances(), { 1030: 250_000_50, 1520: 1000_00, 2300: -90_000_50, 3010: -161_000_00 });
    const entries = await sql(
      school.database,
      "select posted_on::text as on from finance_entries where source_kind = 'opening-balances'",
    );
    assert.deepEqual(entries, [{ on: '2026-01-01' }]);

    assert.match((await send(BALANCED)).text, /already have opening balances/, 'a second list waits until the first is reversed');

    assert.equal((await undo(bursar, path)).status, 'undone');
    assert.deepEqual(await balances(), {});
    assert.equal((await write(bursar, (await send(BALANCED)).path)).status, 'done');
  });

  it('stay once a month is closed', async () => {
    const [found] = await sql<{ id: string }>(school.database, "select id from imports where status = 'done'");
    await school.close('2026-01');
    const kept = await undo(bursar, `/imports/${found!.id}`);
    assert.equal(kept.status, 'done');
    assert.match(kept.text, /A month has been closed since/);
  });

  it('are brought by those who set up the books', async () => {
    const registrar = await school.as('registrar');
    assert.notEqual((await registrar.get('/imports/new?kind=opening-balances')).html.includes('Opening balances'), true);
  });
});
