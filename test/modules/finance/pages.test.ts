import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../../src/kernel/id.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import type { Answer, Browser } from '../../support/browser.js';
import { textOfPdf } from '../../support/reading/pdf.js';
import { readAll } from '../../support/sheets/read.js';
import { sql } from '../../support/database/sql.js';
import { withBooks, type SchoolWithBooks } from './support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const count = async (school: SchoolUnderTest, table: string): Promise<number> =>
  (await sql<{ n: number }>(school.database, `select count(*)::int as n from ${table}`))[0]!.n;

describe('before the books are open', () => {
  let school: SchoolUnderTest;
  before(async () => {
    school = await aSchool();
  });
  after(() => school.stop());

  it('the bursar is led to opening them, once; the chart is the country’s', async () => {
    const bursar = await school.as('bursar');
    assert.match((await bursar.get('/finance')).html, /href="\/finance\/books\/new"/);
    for (const path of ['/finance/trial-balance', '/finance/journal', '/finance/accounts', '/finance/books'])
      assert.equal((await bursar.get(path)).location, '/finance', path);
    const form = { variant: 'public', yearStartsMonth: '7', startsOn: '2026-01-01', release: 'term' };
    const wrong = await bursar.submit('/finance/books', { ...form, startsOn: '2999-01-01' }, '/finance/books/new');
    assert.equal(wrong.status, 422);
    assert.match(wrong.html, /can begin today or on an earlier date/);
    assert.equal((await bursar.submit('/finance/books', form, '/finance/books/new')).location, '/finance/accounts');
    const accounts = await bursar.get('/finance/accounts');
    assert.match(text(accounts.html), /Bank account, boarding/);
    const again = await bursar.submit('/finance/books', form, '/finance/books/new');
    assert.equal(again.status, 409);
    assert.equal(await count(school, 'finance_books'), 1);
    assert.deepEqual(
      (await sql(school.database, "select after from audit_entries where action = 'finance.books.open'")).length,
      1,
    );
  });
});

describe('the books', () => {
  let school: SchoolWithBooks;
  let bursar: Browser;
  let auditor: Browser;
  before(async () => {
    school = await withBooks();
    bursar = await school.as('bursar');
    auditor = await school.as('auditor');
  });
  after(() => school.stop());

  const voucher = (given: Record<string, string> = {}) => ({
    key: newId(),
    valueOn: '2026-11-20',
    memo: 'Firewood',
    'lines.0.accountId': school.account('5200'),
    'lines.0.debit': '12,500.50',
    'lines.1.accountId': school.account('cash'),
    'lines.1.credit': '12 500.50',
    ...given,
  });
  const send = (who: Browser, fields: Record<string, string>): Promise<Answer> =>
    who.submit('/finance/journal', fields, '/finance/journal/new');

  it('are for those who see money: a teacher gets nothing, an auditor reads and writes nothing', async () => {
    const teacher = await school.as('teacher');
    for (const path of [
      '/finance',
      '/finance/journal',
      '/finance/accounts',
      '/finance/trial-balance',
      '/finance/balance-sheet/print.pdf',
      '/finance/checks',
      '/finance/books',
    ]) {
      assert.equal((await teacher.get(path)).status, 403, path);
      assert.equal((await auditor.get(path)).status, 200, path);
    }
    for (const path of ['/ledger/check', '/ledger/trial-balance']) {
      assert.equal((await (await school.api('teacher'))(path)).status, 403, path);
      assert.equal((await (await school.api('auditor'))(path)).status, 200, path);
    }
    for (const path of [
      '/finance/journal/new',
      '/finance/accounts/new',
      '/finance/months/2026-01/closing',
      '/finance/books/edit',
      '/finance/books/new',
    ])
      assert.equal((await auditor.get(path)).status, 403, path);
  });

  it('take a voucher once, however often it is sent, and write down who booked it', async () => {
    const fields = voucher();
    const first = await send(bursar, fields);
    assert.match(first.location ?? '', /^\/finance\/journal\/[0-9a-f-]{36}$/);
    const second = await send(bursar, fields);
    assert.equal(second.location, first.location);
    const page = text((await bursar.get(first.location!)).html);
    assert.match(page, /Firewood/);
    assert.match(page, /5200 Food 12,500\.50/);
    const entries = await sql(
      school.database,
      "select 1 from audit_entries where action = 'finance.journal.post' and label = 'Firewood'",
    );
    assert.equal(entries.length, 1);
  });

  for (const [what, given, field, sentence] of [
    ['debits that are not the credits', { 'lines.1.credit': '12,500' }, null, /must be equal/],
    ['an amount that is none', { 'lines.0.debit': '1e5' }, 'f-lines-0-debit', /amount above zero/],
    ['a negative amount', { 'lines.0.debit': '-5' }, 'f-lines-0-debit', /amount above zero/],
    ['a fraction of a cent', { 'lines.0.debit': '12.505' }, 'f-lines-0-debit', /amount above zero/],
    ['a debit and a credit on one line', { 'lines.0.credit': '5' }, 'f-lines-0-credit', /Either a debit or a credit/],
    ['a day to come', { valueOn: '2026-11-25' }, 'f-valueOn', /in the future/],
    ['a day before the books', { valueOn: '2025-12-31' }, 'f-valueOn', /before the books begin/],
    ['no words', { memo: '' }, 'f-memo', /what this is for/],
  ] as const) {
    it(`refuse ${what}: a sentence, what was typed, and nothing booked`, async () => {
      const before = await count(school, 'finance_entries');
      const answer = await send(bursar, voucher(given));
      assert.equal(answer.status, 422);
      assert.match(answer.html, sentence);
      if (field) assert.match(answer.html, new RegExp(`id="${field}"[^>]*aria-invalid="true"`));
      assert.match(answer.html, /value="12 500\.50"|value="12,500"/);
      assert.equal(await count(school, 'finance_entries'), before);
    });
  }

  it('never let a hand change what families owe', async () => {
    const answer = await send(bursar, voucher({ 'lines.0.accountId': school.account('receivable') }));
    assert.equal(answer.status, 422);
    assert.match(answer.html, /only through invoices, notes and receipts/);
  });

  it('send a voucher that touches a bank, or is above the limit, to somebody else, and never let a hand on money that waits', async () => {
    const head = await school.as('head');
    const waits = await send(bursar, voucher({ 'lines.0.accountId': school.account('suspense') }));
    assert.equal(waits.status, 422);
    assert.match(waits.html, /only on the Unmatched payments page/);
    const both: (Record<string, string> & { memo: string })[] = [
      { memo: 'Bank charges by hand', 'lines.1.accountId': school.account('bank') },
      { memo: 'A new bus', 'lines.0.debit': '1,000,000', 'lines.1.credit': '1,000,000' },
    ];
    for (const given of both) {
      const before = await count(school, 'finance_entries');
      const fields = voucher(given);
      assert.equal((await send(bursar, fields)).location, '/finance/journal');
      assert.equal(await count(school, 'finance_entries'), before, 'nothing is booked yet');
      const [request] = await sql<{ id: string }>(school.database, 'select id from approvals_requests where subject_id = $1', [
        fields.key,
      ]);
      assert.doesNotMatch((await bursar.get(`/approvals/${request!.id}`)).html, /name="decision"/);
      const page = await head.get(`/approvals/${request!.id}`);
      assert.match(text(page.html), new RegExp(given.memo));
      assert.match(text(page.html), /Dated 20 November 2026.*Debit 5200 Food/);
      assert.equal(
        (await head.submit(`/approvals/${request!.id}/decision`, { decision: 'approve', note: '' }, `/approvals/${request!.id}`))
          .status,
        303,
      );
      assert.equal(await count(school, 'finance_entries'), before + 1);
      const [entry] = await sql<{ id: string; by: string }>(
        school.database,
        "select id, by_name as by from finance_entries where source_kind = 'journal' and source_key = $1",
        [fields.key],
      );
      assert.match(entry!.by, /, /, 'both people are named');
      assert.equal(
        (await bursar.submit(`/finance/journal/${entry!.id}/reversal`, { reason: 'Wrong' })).location,
        `/finance/journal/${entry!.id}`,
      );
      assert.equal(await count(school, 'finance_entries'), before + 1, 'nor is it reversed alone');
    }
  });

  it('reverse a voucher once, with a reason, and nothing that comes from a document', async () => {
    const { location } = await send(bursar, voucher({ memo: 'Booked by mistake' }));
    assert.equal((await bursar.submit(`${location}/reversal`, { reason: '' })).status, 422);
    const back = await bursar.submit(`${location}/reversal`, { reason: 'Wrong account' });
    assert.match(text((await bursar.get(back.location!)).html), /Reversal: Wrong account/);
    assert.match(text((await bursar.get(location!)).html), /This entry was reversed/);
    assert.equal((await bursar.submit(`${location}/reversal`, { reason: 'Again' })).status, 409);
    const document = await school.post({
      source: { kind: 'invoice', key: newId() },
      lines: [
        { accountId: school.account('cash'), amountMinor: 5 },
        { accountId: school.account('suspense'), amountMinor: -5 },
      ],
    });
    const refused = await bursar.submit(`/finance/journal/${document}/reversal`, { reason: 'Please' });
    assert.equal(refused.status, 422);
    assert.match(refused.html, /comes from a document/);
  });

  it('say the same on the screen, in print, as CSV, as a workbook and over the API', async () => {
    const page = await bursar.get('/finance/trial-balance?from=2026-01-01&to=2026-11-24');
    const api = (await (await school.api('bursar'))('/ledger/trial-balance?from=2026-01-01&to=2026-11-24')).json<{
      rows: { code: string; closing_minor: number }[];
      totals: { debit_minor: number; credit_minor: number };
    }>();
    assert.equal(api.totals.debit_minor, api.totals.credit_minor);
    assert.equal(
      api.rows.reduce((sum, row) => sum + row.closing_minor, 0),
      0,
    );
    const food = api.rows.find((row) => row.code === '5200')!.closing_minor;
    const total = (api.totals.debit_minor / 100).toLocaleString('en-GB', { minimumFractionDigits: 2 });
    assert.ok(text(page.html).includes(`Total ${total}`) || text(page.html).includes(total), total);
    for (const format of ['csv', 'xlsx']) {
      const sheet = await bursar.get(`/finance/trial-balance?from=2026-01-01&to=2026-11-24&format=${format}`);
      const { headers, rows } = await readAll(sheet.body, {}, `trial.${format}`);
      const at = (head: string): number => headers[0]!.headers.indexOf(head);
      const amounts = (head: string): number[] => rows.map(({ cells }) => Number(cells[at(head)] ?? 0));
      for (const head of ['Debit', 'Credit', 'Closing debit', 'Closing credit']) {
        const column = amounts(head);
        assert.equal(
          Math.round(column.slice(0, -1).reduce((a, b) => a + b, 0) * 100),
          Math.round(column.at(-1)! * 100),
          `${format}: ${head} comes to its total`,
        );
      }
      assert.equal(Math.round(amounts('Debit').at(-1)! * 100), api.totals.debit_minor, format);
      const row = rows.find(({ cells }) => String(cells[at('Code')]) === '5200')!;
      assert.equal(Math.round(Number(row.cells[at('Closing debit')]) * 100), food, format);
    }
    const print = textOfPdf((await bursar.get('/finance/trial-balance/print.pdf?from=2026-01-01&to=2026-11-24')).body);
    assert.ok(print.includes(total), print);
    for (const kind of ['income-statement', 'balance-sheet']) {
      assert.match(textOfPdf((await bursar.get(`/finance/${kind}/print.pdf`)).body), /Total/);
      assert.equal((await bursar.get(`/finance/${kind}?format=xlsx`)).status, 200);
    }
  });

  it('show each account’s lines with the balance that runs, page by page', async () => {
    const account = school.account('2310');
    for (let n = 1; n <= 7; n += 1)
      await school.post({
        valueOn: `2026-0${n}-15`,
        lines: [
          { accountId: account, amountMinor: -n * 100 },
          { accountId: school.account('bank'), amountMinor: n * 100 },
        ],
      });
    const first = await bursar.get(`/finance/accounts/${account}?limit=3&from=2026-02-01`);
    assert.match(text(first.html), /Brought forward 1 .*15 Feb 2026 .* 2 3 .*15 Mar 2026 .* 3 6 .*15 Apr 2026 .* 4 10/);
    const next = /href="([^"]*cursor=[^"]+)"/.exec(first.html)![1]!.replaceAll('&amp;', '&');
    assert.match(text((await bursar.get(next)).html), /Brought forward 10 .* 5 15 .* 6 21 .* 7 28/);
    const csv = (await bursar.get(`/finance/accounts/${account}?format=csv`)).body.toString();
    assert.equal(csv.trim().split(/\r?\n/).length, 8);
  });

  it('show all accounts in one ledger, whose sheet comes to zero and whose last balances are the trial balance', async () => {
    const asked = 'from=2026-02-01&to=2026-11-24';
    const trial = (await (await school.api('bursar'))(`/ledger/trial-balance?${asked}`)).json<{
      rows: { code: string; closing_minor: number }[];
      totals: { debit_minor: number };
    }>();
    const { headers, rows } = await readAll(
      (await bursar.get(`/finance/general-ledger?${asked}&format=csv`)).body,
      {},
      'ledger.csv',
    );
    const at = (head: string): number => headers[0]!.headers.indexOf(head);
    const cents = (cell: unknown): number => Math.round(Number(cell ?? 0) * 100);
    const debits = rows.reduce((sum, { cells }) => sum + cents(cells[at('Debit')]), 0);
    assert.equal(debits, trial.totals.debit_minor);
    assert.equal(
      rows.reduce((sum, { cells }) => sum + cents(cells[at('Credit')]), 0),
      debits,
    );
    const last = new Map(rows.map(({ cells }) => [String(cells[at('Code')]), cents(cells[at('Balance (debit above zero)')])]));
    for (const [code, balance] of last) assert.equal(balance, trial.rows.find((row) => row.code === code)!.closing_minor, code);
    const paged: string[] = [];
    for (let next: string | null = `/finance/general-ledger?${asked}&limit=3`; next;) {
      const { html } = await bursar.get(next);
      paged.push(...[...html.matchAll(/href="\/finance\/journal\/([0-9a-f-]{36})"/g)].map((match) => match[1]!));
      next =
        /href="([^"]*cursor=[^"]+)"[^>]*rel="next"|rel="next"[^>]*href="([^"]*cursor=[^"]+)"/
          .exec(html)
          ?.slice(1)
          .find(Boolean)
          ?.replaceAll('&amp;', '&') ?? null;
    }
    assert.equal(paged.length, rows.length, 'each line once, whatever the size of a page');
    assert.match(textOfPdf((await bursar.get(`/finance/general-ledger/print.pdf?${asked}`)).body), /General ledger/);
  });

  it('keep what the product needs, and let the school name, add and switch off its own', async () => {
    const cash = school.account('cash');
    assert.equal((await bursar.submit(`/finance/accounts/${cash}/closing`, {})).status, 422);
    const renamed = await bursar.submit(`/finance/accounts/${cash}/edit`, { code: '1010', name: 'Bursar’s safe', version: '1' });
    assert.equal(renamed.status, 303);
    assert.equal(
      (await bursar.submit(`/finance/accounts/${cash}/edit`, { code: '1010', name: 'Another name', version: '1' })).status,
      409,
      'an old version',
    );
    const taken = await bursar.submit(
      '/finance/accounts',
      { code: '1010', name: 'Twin', kind: 'asset' },
      '/finance/accounts/new',
    );
    assert.match(taken.html, /This code is already in use/);
    const added = await bursar.submit(
      '/finance/accounts',
      { code: '5120', name: 'Laboratory', kind: 'expense' },
      '/finance/accounts/new',
    );
    assert.equal((await bursar.submit(`${added.location}/closing`, {})).status, 303);
    const off = added.location!.split('/').at(-1)!;
    assert.match((await send(bursar, voucher({ 'lines.0.accountId': off }))).html, /switched off/);
    const food = school.account('5200');
    assert.match((await bursar.submit(`/finance/accounts/${food}/closing`, {})).html, /has a balance/);
  });

  it('close a month through a page that says what is open, and refuse what is dated into it', async () => {
    await bursar.submit('/finance/checks', {});
    assert.match(text((await bursar.get('/finance/checks')).html), /0 differences/);
    const page = await bursar.get('/finance/months/2026-01/closing');
    assert.match(text(page.html), /The ledger check finds no differences/);
    assert.equal((await bursar.submit('/finance/months/2026-01/closing', { reason: 'January' })).location, '/finance/books');
    assert.match(text((await bursar.get('/finance/books')).html), /January 2026 Closed/);
    assert.match((await send(bursar, voucher({ valueOn: '2026-01-15' }))).html, /month is closed/);
    assert.equal((await bursar.get('/finance/months/2020-01/closing')).status, 404);
  });
});

describe('a year', () => {
  it('ends with its result in the accumulated fund; its income statement stays what it was', async () => {
    const school = await withBooks({ startsOn: '2025-11-01' });
    try {
      const line = (name: Parameters<SchoolWithBooks['account']>[0], amountMinor: number) => ({
        accountId: school.account(name),
        amountMinor,
      });
      await school.post({ valueOn: '2025-11-10', lines: [line('bank', 900_00), line('fees', -900_00)] });
      await school.post({ valueOn: '2025-12-10', lines: [line('5000', 300_00), line('bank', -300_00)] });
      await school.close('2025-11');
      await school.close('2025-12');
      const bursar = await school.as('bursar');
      const trial = (await (await school.api('bursar'))('/ledger/trial-balance?from=2026-01-01&to=2026-11-24')).json<{
        rows: { code: string; opening_minor: number }[];
      }>();
      const opening = Object.fromEntries(trial.rows.map((row) => [row.code, row.opening_minor]));
      assert.deepEqual([opening['4000'], opening['5000'], opening['3010'], opening['1030']], [0, 0, -600_00, 600_00]);
      const statement = text((await bursar.get('/finance/income-statement?from=2025-11-01&to=2025-12-31')).html);
      assert.match(statement, /School fees 900 Total 900/);
      assert.match(statement, /Surplus 600/);
      assert.match(
        text((await bursar.get('/finance/balance-sheet?to=2026-11-24')).html),
        /Accumulated fund 600 .*Liabilities and funds 600/,
      );
    } finally {
      await school.stop();
    }
  });
});
