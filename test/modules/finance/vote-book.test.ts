import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../../src/kernel/id.js';
import { LEDGER } from '../../../src/modules/finance/index.js';
import { monthsOfYear, voteBook, voteTotals } from '../../../src/modules/finance/vote-book/vote-book.rules.js';
import type { Browser } from '../../support/browser.js';
import { textOfPdf } from '../../support/reading/pdf.js';
import { figuresOf, sumAbove } from '../../support/sheets/figures.js';
import { sql } from '../../support/database/sql.js';
import { withFees, type SchoolWithFees } from '../fees/support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('a vote book', () => {
  it('knows the months of a year that begins in July', () => {
    assert.deepEqual(
      monthsOfYear({ startsOn: '2026-07-01', endsOn: '2027-06-30' }).filter((_, n) => n === 0 || n === 5 || n === 6 || n === 11),
      ['2026-07', '2026-12', '2027-01', '2027-06'],
    );
  });

  it('runs its balance over the months, says how much of an allocation is spent, and puts what names no head last', () => {
    const [tui, brd, none] = voteBook(
      ['tui', 'brd'],
      ['2026-01', '2026-02'],
      [
        { headId: 'tui', month: '2026-01', incomeMinor: 900, spentMinor: 100 },
        { headId: 'tui', month: '2026-02', incomeMinor: 0, spentMinor: 300 },
        { headId: null, month: '2026-02', incomeMinor: 5, spentMinor: 0 },
      ],
      new Map([
        ['tui', 1000],
        ['brd', 0],
      ]),
    );
    assert.deepEqual(
      tui!.months.map((one) => one.balanceMinor),
      [800, 500],
    );
    assert.deepEqual([tui!.usedBasisPoints, brd!.usedBasisPoints, none!.allocationMinor], [4000, null, null]);
    assert.deepEqual(voteTotals([tui!, brd!, none!]), {
      allocationMinor: 1000,
      incomeMinor: 905,
      spentMinor: 400,
      balanceMinor: 505,
      usedBasisPoints: 4000,
    });
  });
});

describe('the vote book of a school', () => {
  let school: SchoolWithFees;
  let bursar: Browser;
  let auditor: Browser;
  let reversed: string;
  before(async () => {
    school = await withFees();
    bursar = await school.as('bursar');
    auditor = await school.as('auditor');
    const [tui, brd] = [school.head.TUI, school.head.BRD];
    const line = (account: Parameters<typeof school.account>[0], amountMinor: number, voteHeadId: string | null = null) => ({
      accountId: school.account(account),
      amountMinor,
      voteHeadId,
    });
    await school.post({
      valueOn: '2026-05-02',
      memo: 'Income of Term 2',
      source: { kind: 'fees.release', key: newId() },
      lines: [line('advance', 90_000_00, tui), line('fees', -90_000_00, tui)],
    });
    await school.post({
      valueOn: '2026-09-02',
      memo: 'Income of Term 3',
      source: { kind: 'fees.release', key: newId() },
      lines: [
        line('advance', 60_000_50, tui),
        line('fees', -60_000_50, tui),
        line('advance', 20_000_00, brd),
        line('4010', -20_000_00, brd),
      ],
    });
    await school.post({ valueOn: '2026-10-01', memo: 'Gift', lines: [line('bank', 7_000_00), line('4300', -7_000_00)] });
    await school.post({
      valueOn: '2026-10-05',
      memo: 'Deposits',
      source: { kind: 'fees.invoice', key: newId() },
      lines: [line('bank', 3_000_00), line('caution', -3_000_00, school.head.LUN)],
    });
    await school.post({
      valueOn: '2026-10-06',
      memo: 'A deposit goes back',
      lines: [line('caution', 1_000_00, school.head.LUN), line('bank', -1_000_00)],
    });
    reversed = await school.post({
      valueOn: '2026-10-07',
      memo: 'Wrong',
      lines: [line('5100', 400_00, tui), line('bank', -400_00)],
    });
    await school.run(() => school.get(LEDGER).reverse(school.office, reversed, 'Wrong'));
  });
  after(() => school.stop());

  it('is for those who read the books; only who sets them up allocates', async () => {
    const allocation = `/finance/vote-book/${school.head.TUI}/allocation`;
    for (const path of ['/finance/vote-book', `/finance/vote-book/${school.head.TUI}`, '/finance/vote-book/print.pdf']) {
      assert.equal((await (await school.as('teacher')).get(path)).status, 403, path);
      assert.equal((await auditor.get(path)).status, 200, path);
    }
    assert.equal((await auditor.get(allocation)).status, 403);
    assert.equal((await bursar.get(`/finance/vote-book/${newId()}`)).status, 404);
  });

  it('takes spending from a voucher that names a head, and refuses a head that is not there', async () => {
    const voucher = (headId: string) => ({
      key: newId(),
      valueOn: '2026-11-10',
      memo: 'Chalk and books',
      'lines.0.accountId': school.account('5100'),
      'lines.0.debit': '12,500',
      'lines.0.voteHeadId': headId,
      'lines.1.accountId': school.account('bank'),
      'lines.1.credit': '12,500',
    });
    assert.equal((await bursar.submit('/finance/journal', voucher(newId()), '/finance/journal/new')).status, 422);
    assert.equal((await bursar.submit('/finance/journal', voucher(school.head.TUI), '/finance/journal/new')).status, 303);
    // It touches the bank, so a second person agrees.
    const [request] = await sql<{ id: string }>(school.database, "select id from approvals_requests where state = 'asked'");
    const head = await school.as('head');
    assert.equal(
      (await head.submit(`/approvals/${request!.id}/decision`, { decision: 'approve', note: '' }, `/approvals/${request!.id}`))
        .status,
      303,
    );
    const [entry] = await sql<{ id: string }>(school.database, "select id from finance_entries where memo = 'Chalk and books'");
    assert.match(text((await bursar.get(`/finance/journal/${entry!.id}`)).html), /Teaching and learning materials TUI 12,500/);
    const sheet = await figuresOf(bursar, '/finance/vote-book');
    const rows = sheet.rows
      .filter((row) => row.Code === 'TUI')
      .map((row) => [row.Month, Number(row.Income), Number(row.Spent), Number(row.Balance)]);
    assert.deepEqual(
      rows,
      [
        ['2026-05', 90_000, 0, 90_000],
        ['2026-09', 60_000.5, 0, 150_000.5],
        ['2026-10', 0, 400, 149_600.5],
        ['2026-11', 0, 12_100, 137_500.5],
      ],
      'what is reversed lessens the spending of its own day',
    );
  });

  it('comes to the income statement of the year, and beside it to what is held for others', async () => {
    const sheet = await figuresOf(bursar, '/finance/vote-book');
    for (const head of ['Income', 'Spent']) assert.equal(sumAbove(sheet.minors(head)), sheet.minors(head).at(-1), head);
    const of = async (kind: string): Promise<number> =>
      Number(
        (
          await sql(
            school.database,
            "select coalesce(sum(l.amount_minor), 0)::text as sum from finance_lines l join finance_accounts a on a.id = l.account_id where a.kind = $1 and l.posted_on between '2026-01-01' and '2026-12-31'",
            [kind],
          )
        )[0]!.sum,
      );
    assert.equal(sheet.minors('Income').at(-1), -(await of('income')) + 3_000_00);
    assert.equal(sheet.minors('Spent').at(-1), (await of('expense')) + 1_000_00);
    const trial = (await (await school.api('bursar'))('/ledger/trial-balance?from=2026-01-01&to=2026-11-24')).json<{
      rows: { kind: string; closing_minor: number }[];
    }>();
    const closing = (kind: string): number =>
      trial.rows.filter((row) => row.kind === kind).reduce((sum, row) => sum + row.closing_minor, 0);
    assert.equal(sheet.minors('Balance').at(-1), -closing('income') - closing('expense') + 2_000_00);
  });

  it('has one allocation for each head and year, written down who changed it, refused where it is none or old', async () => {
    const address = `/finance/vote-book/${school.head.TUI}/allocation`;
    const form = { amount: '50,000', version: '0', year: '2026-01-01' };
    const wrong = await bursar.submit(address, { ...form, amount: '-3' });
    assert.equal(wrong.status, 422);
    assert.match(wrong.html, /zero or more/);
    assert.match(wrong.html, /value="-3"/);
    assert.equal((await bursar.submit(address, form)).location, '/finance/vote-book?year=2026-01-01');
    assert.equal((await bursar.submit(address, { ...form, amount: '70,000' })).status, 409, 'somebody wrote it meanwhile');
    assert.equal((await bursar.submit(address, { ...form, amount: '48,400', version: '1' })).status, 303);
    assert.match(text((await bursar.get('/finance/vote-book')).html), /TUI 48,400 150,000\.50 12,500 25\.8 137,500\.50/);
    // The clock of the school stands still, and ids follow it: the transactions say which was first.
    const audits = await sql<{ before: { amountMinor: number } | null; after: { amountMinor: number } }>(
      school.database,
      "select before, after from audit_entries where action = 'finance.allocation.set' order by xmin::text::bigint",
    );
    assert.deepEqual(
      audits.map((one) => [one.before?.amountMinor ?? null, one.after.amountMinor]),
      [
        [null, 5_000_000],
        [5_000_000, 4_840_000],
      ],
    );
  });

  it('leads from a head to its months and entries, whose sheet comes to the same, and prints', async () => {
    const page = await bursar.get(`/finance/vote-book/${school.head.TUI}`);
    assert.match(
      text(page.html),
      /October 2026 400 149,600\.50 November 2026 12,100 137,500\.50 Total 150,000\.50 12,500 137,500\.50/,
    );
    assert.match(page.html, new RegExp(`href="/finance/journal/${reversed}"`));
    const lines = await figuresOf(bursar, `/finance/vote-book/${school.head.TUI}`, 'csv');
    assert.equal(
      lines.minors('Spent').reduce((sum, minor) => sum + minor, 0),
      12_500_00,
    );
    assert.match(text((await bursar.get('/finance/vote-book/none')).html), /Gift/);
    const print = textOfPdf((await bursar.get('/finance/vote-book/print.pdf')).body);
    assert.match(print, /Allocation 48,400, 25\.8 per cent used/);
    assert.match(print, /All vote heads +180,000\.50 +13,500 +166,500\.50/);
  });
});
