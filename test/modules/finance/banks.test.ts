import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type pg from 'pg';
import { newId } from '../../../src/kernel/id.js';
import { LEDGER } from '../../../src/modules/finance/index.js';
import { UNIT } from '../../../src/platform/tokens.js';
import type { Answer, Browser } from '../../support/browser.js';
import { figuresOf } from '../../support/sheets/figures.js';
import { countRows, sql } from '../../support/database/sql.js';
import { untilSomebodyWaits } from '../../support/waiting.js';
import { aBank, withBooks, type SchoolWithBooks } from './support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

let school: SchoolWithBooks;
let bursar: Browser;
let codes = 1600;
before(async () => {
  school = await withBooks();
  bursar = await school.as('bursar');
});
after(() => school?.stop());

const form = (given: Record<string, string> = {}): Record<string, string> => ({
  code: String((codes += 1)),
  name: 'Equity, salaries',
  kind: 'asset',
  atBank: 'on',
  bankName: 'Equity Bank',
  bankBranch: 'Kitale',
  bankNumber: '0180 2345/67',
  ...given,
});
const add = (given: Record<string, string> = {}) => bursar.submit('/finance/accounts', form(given), '/finance/accounts/new');
const added = async (given: Record<string, string> = {}): Promise<string> => (await add(given)).location!.split('/').at(-1)!;
/** As the page has it now, with what is changed. */
const edit = async (id: string, given: Record<string, string | undefined>) => {
  const [row] = await sql<Record<string, string>>(
    school.database,
    'select code, name, version::text, case when at_bank then \'on\' end as "atBank", bank_name as "bankName", bank_branch as "bankBranch", bank_number as "bankNumber" from finance_accounts where id = $1',
    [id],
  );
  const fields = Object.fromEntries(
    Object.entries({ ...row, ...given }).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
  return bursar.submit(`/finance/accounts/${id}/edit`, fields, `/finance/accounts/${id}/edit`);
};
const banks = async (): Promise<string[]> => (await school.run(() => school.get(LEDGER).banks())).map((one) => one.id);
const spend = (accountId: string, amountMinor = -5_000) =>
  school.post({
    lines: [
      { accountId, amountMinor },
      { accountId: school.account('5200'), amountMinor: -amountMinor },
    ],
  });
const markOf = async (id: string): Promise<boolean> =>
  (await sql<{ at: boolean }>(school.database, 'select at_bank as at from finance_accounts where id = $1', [id]))[0]!.at;

describe('an account at a bank', () => {
  it('is marked by who changes the chart: an auditor reads it, a teacher sees nothing', async () => {
    const id = await added();
    const [auditor, teacher] = [await school.as('auditor'), await school.as('teacher')];
    assert.match(text((await auditor.get(`/finance/accounts/${id}`)).html), /Equity Bank, Kitale.*0180 2345\/67/);
    assert.equal((await teacher.get(`/finance/accounts/${id}`)).status, 403);
    for (const who of [auditor, teacher]) {
      assert.equal((await who.get(`/finance/accounts/${id}/edit`)).status, 403);
      assert.equal((await who.post(`/finance/accounts/${id}/edit`, { ...form(), version: '1' })).status, 403);
      assert.equal((await who.post('/finance/accounts', form())).status, 403);
    }
  });

  it('can be chosen from then on, after the bank of the role, and its change is in the audit', async () => {
    const id = await added({ name: 'KCB, fees' });
    const found = await banks();
    assert.equal(found[0], school.account('bank'));
    assert.ok(found.includes(id));
    const [entry] = await sql<{ after: Record<string, unknown> }>(
      school.database,
      "select after from audit_entries where action = 'finance.account.add' and entity_id = $1",
      [id],
    );
    assert.deepEqual(
      [entry!.after.atBank, entry!.after.bankName, entry!.after.bankNumber],
      [true, 'Equity Bank', '0180 2345/67'],
    );
    assert.match(text((await bursar.get('/finance/accounts')).html), /KCB, fees Equity Bank 0180 2345\/67/);
  });

  for (const [what, given, sentence, kept] of [
    ['of a kind that is no asset', { kind: 'liability' }, /Only an asset account/, /value="Equity Bank"/],
    ['without the mark but with a bank', { atBank: '' }, /leave bank, branch and number empty/, /value="0180 2345\/67"/],
    ['with a number that no bank gives', { bankNumber: '0180; 23' }, /up to 34 letters and digits/, /value="0180; 23"/],
  ] as const) {
    it(`is refused ${what}; what was typed is kept and nothing is added`, async () => {
      const before = await countRows(school.database, 'finance_accounts');
      const answer = await add(given);
      assert.equal(answer.status, 422);
      assert.match(text(answer.html), sentence);
      assert.match(answer.html, kept);
      assert.equal(await countRows(school.database, 'finance_accounts'), before);
    });
  }

  it('may be one that the school has had and used; the product’s own are none, but its bank has a name and a number too', async () => {
    const id = await added({ atBank: '', bankName: '', bankBranch: '', bankNumber: '' });
    await spend(id);
    assert.equal((await bursar.get(`/finance/cash-book?account=${id}`)).status, 404, 'it holds no money yet');
    assert.equal((await edit(id, { atBank: 'on' })).status, 303);
    assert.ok((await banks()).includes(id));
    assert.equal((await bursar.get(`/finance/cash-book?account=${id}`)).status, 200);
    for (const own of ['cash', 'cheques', 'receivable'] as const) {
      assert.doesNotMatch((await bursar.get(`/finance/accounts/${school.account(own)}/edit`)).html, /atBank|bankName/, own);
      assert.match(text((await edit(school.account(own), { atBank: 'on' })).html), /can’t be marked/, own);
      assert.equal(await markOf(school.account(own)), false);
    }
    assert.equal((await edit(school.account('bank'), { bankName: 'KCB', bankNumber: '11 22' })).status, 303);
    assert.match(text((await bursar.get(`/finance/accounts/${school.account('bank')}`)).html), /KCB.*11 22/);
  });

  it('stays one once money was booked to it, and can be switched off when it is empty', async () => {
    const [unused, used] = [await added(), await added()];
    const none = { atBank: undefined, bankName: '', bankBranch: '', bankNumber: '' };
    assert.equal((await edit(unused, none)).status, 303);
    assert.equal(await markOf(unused), false);
    await spend(used);
    const kept = await edit(used, none);
    assert.equal(kept.status, 422);
    assert.match(text(kept.html), /Money has been booked to this bank account, so it must stay a bank account/);
    assert.equal(await markOf(used), true);
    const closing = () => bursar.submit(`/finance/accounts/${used}/closing`, {});
    assert.match(text((await closing()).html), /has a balance/);
    await spend(used, 5_000);
    assert.equal((await closing()).status, 303);
    assert.ok(!(await banks()).includes(used));
    assert.equal((await bursar.get(`/finance/cash-book?account=${used}`)).status, 200, 'what was booked is still read');
    await assert.rejects(spend(used), /The account 16\d\d Equity, salaries is switched off/);
    assert.equal((await bursar.submit(`/finance/accounts/${used}/opening`, {}, `/finance/accounts/${used}`)).status, 303);
    assert.ok((await banks()).includes(used));
  });

  it('stays one too while money is being booked to it', async () => {
    const id = await added();
    let asked: Promise<Answer> | undefined;
    const superuser = await school.database.admin();
    try {
      await school.run(() =>
        school.get(UNIT)(async () => {
          const lines = [
            { accountId: id, amountMinor: 5_000 },
            { accountId: school.account('4300'), amountMinor: -5_000 },
          ];
          await school.get(LEDGER).post(school.office, {
            source: { kind: 'test', key: newId() },
            valueOn: '2026-11-20',
            memo: 'Gift',
            by: 'person',
            lines,
          });
          asked = edit(id, { atBank: undefined, bankName: '', bankBranch: '', bankNumber: '' });
          await untilSomebodyWaits(superuser);
        }),
      );
    } finally {
      await superuser.end();
    }
    assert.equal((await asked!).status, 422);
    assert.equal(await markOf(id), true);
  });

  it('is saved once: who edits an older version is told so', async () => {
    const id = await added();
    const answers = await Promise.all(['One', 'Two'].map((name) => edit(id, { name, version: '1' })));
    assert.deepEqual(answers.map((one) => one.status).sort(), [303, 409]);
  });

  it('is never anything else in the database, and no school sees the banks of another', async () => {
    const superuser: pg.Client = await school.database.admin();
    try {
      const refused = (set: string, where: string) =>
        assert.rejects(superuser.query(`update finance_accounts set ${set} where ${where}`), { code: '23514' });
      await refused('at_bank = true', "role = 'cash'");
      await refused('at_bank = true', "kind = 'expense' and role is null");
      await refused("bank_number = '1'", "role = 'cheques'");
      const other = newId();
      await superuser.query(
        "insert into finance_accounts (school_id, id, code, name, kind, at_bank) values ($1, $2, '9999', 'Of another school', 'asset', true)",
        [other, newId()],
      );
      assert.ok(!(await school.run(() => school.get(LEDGER).banks())).some((one) => one.code === '9999'));
      await superuser.query('delete from finance_accounts where school_id = $1', [other]);
    } finally {
      await superuser.end();
    }
  });
});

describe('the cash books of two banks', () => {
  let own: SchoolWithBooks;
  let reader: Browser;
  let fees: string;
  let salaries: string;
  before(async () => {
    own = await withBooks();
    reader = await own.as('bursar');
    fees = own.account('bank');
    salaries = await aBank(own);
    const line = (accountId: string, amountMinor: number) => ({ accountId, amountMinor });
    const post = (valueOn: string, memo: string, ...lines: { accountId: string; amountMinor: number }[]) =>
      own.post({ valueOn, memo, lines });
    await post('2026-10-20', 'Gift', line(fees, 9_000_00), line(own.account('4300'), -9_000_00));
    await post('2026-10-25', 'To the bank for salaries', line(salaries, 2_000_00), line(fees, -2_000_00));
    await post('2026-11-02', 'To the bank for salaries', line(salaries, 5_000_50), line(fees, -5_000_50));
    await post('2026-11-03', 'Salaries', line(own.account('5000'), 6_100_25), line(salaries, -6_100_25));
    await post('2026-11-04', 'Cash to the bank', line(salaries, 300_00), line(own.account('cash'), -300_00));
    await post(
      '2026-11-05',
      'Rent and charges',
      line(own.account('4400'), -1_000_00),
      line(fees, 950_00),
      line(own.account('charges'), 50_00),
    );
    const wrong = await post('2026-11-06', 'Twice', line(own.account('5000'), 100_00), line(salaries, -100_00));
    await own.run(() => own.get(LEDGER).reverse(own.office, wrong, 'Twice'));
  });
  after(() => own?.stop());

  it('each come to what the journal says of their account, and together to the money at banks', async () => {
    let together = 0;
    for (const account of [fees, salaries]) {
      const [sum] = await sql<Record<'opening' | 'came' | 'went' | 'closing', number>>(
        own.database,
        `select coalesce(sum(amount_minor) filter (where posted_on < '2026-11-01'), 0)::int as opening, coalesce(sum(amount_minor) filter (where posted_on >= '2026-11-01' and amount_minor > 0), 0)::int as came,
            coalesce(-sum(amount_minor) filter (where posted_on >= '2026-11-01' and amount_minor < 0), 0)::int as went, sum(amount_minor)::int as closing from finance_lines where account_id = $1`,
        [account],
      );
      const book = await figuresOf(reader, `/finance/cash-book?account=${account}&month=2026-11`);
      assert.deepEqual(
        [
          book.minors('Balance')[0],
          book.minors('Receipts').at(-2),
          book.minors('Payments').at(-2),
          book.minors('Balance').at(-1),
        ],
        [sum!.opening, sum!.came, sum!.went, sum!.closing],
      );
      together += book.minors('Balance').at(-1)!;
    }
    assert.equal(together, 9_000_00 - 6_100_25 + 300_00 + 950_00);
  });

  it('show what moves between them as a move between own accounts, on the side of each', async () => {
    const of = async (account: string) =>
      (await figuresOf(reader, `/finance/cash-book?account=${account}&month=2026-11`)).rows.find((row) =>
        /To the bank for salaries/.test(row.Details!),
      )!;
    assert.deepEqual([(await of(fees)).Payments, (await of(fees))['Between own accounts']], ['5000.5', '-5000.5']);
    assert.deepEqual([(await of(salaries)).Receipts, (await of(salaries))['Between own accounts']], ['5000.5', '5000.5']);
  });

  it('are chosen by name, and the first page of finance shows what stands on each', async () => {
    const page = text((await reader.get('/finance/cash-book')).html);
    assert.match(page, /Bank account .*Bank account for salaries/);
    assert.match(text((await reader.get('/finance')).html), /Bank account for salaries.*1,200\.25/);
  });
});
