import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { cashBook, type CashRow } from '../../../src/modules/finance/cash-book/cash-book.rules.js';
import { TakingBack } from '../../../src/modules/fees/reversals/reversals.js';
import { VoteHeads } from '../../../src/modules/fees/structures/vote-heads.js';
import type { Browser } from '../../support/browser.js';
import { textOfPdf } from '../../support/reading/pdf.js';
import { figuresOf } from '../../support/sheets/figures.js';
import { withFees, type SchoolWithFees } from '../fees/support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

const row = (minor: number, parts: Record<string, number>): CashRow => ({
  entryId: '',
  number: 1,
  postedOn: '2026-09-01',
  memo: '',
  source: { kind: 'x', key: '1' },
  takenBack: false,
  minor,
  parts,
});

describe('a cash book', () => {
  it('has receipts and payments on their sides without a sign, and carries its balance down', () => {
    const book = cashBook(
      500,
      [row(1000, { brd: 300, tui: 700 }), row(-200, { other: -200 }), row(-50, { tui: -50 })],
      ['tui', 'brd', 'empty'],
    );
    assert.deepEqual(book.receipts.columns, ['tui', 'brd'], 'columns that hold nothing are left out');
    assert.deepEqual(book.payments.columns, ['tui', 'other']);
    assert.deepEqual(
      [book.receipts.totals, book.payments.totals],
      [
        { brd: 300, tui: 700 },
        { other: 200, tui: 50 },
      ],
    );
    assert.deepEqual([book.receipts.totalMinor, book.payments.totalMinor, book.closingMinor], [1000, 250, 1250]);
  });

  it('keeps a column whose lines cancel each other: they are there', () => {
    assert.deepEqual(
      cashBook(0, [row(100, { tui: 150, other: -50 }), row(40, { other: 50, brd: -10 })], []).receipts.columns.includes('other'),
      true,
    );
  });
});

describe('the cash book of an account', () => {
  let school: SchoolWithFees;
  let bursar: Browser;
  let bank: string;
  const book = (more = ''): string => `/finance/cash-book?account=${bank}&month=2026-11${more}`;
  before(async () => {
    school = await withFees();
    bursar = await school.as('bursar');
    bank = school.account('bank');
    const [one, other] = await school.family(2);
    await school.bill(one!.id, { TUI: 10_000_00, BRD: 4_000_00 });
    const line = (accountId: string, amountMinor: number) => ({ accountId, amountMinor });
    await school.post({
      valueOn: '2026-10-15',
      memo: 'Gift of a parent',
      lines: [line(bank, 2_500_50), line(school.account('4300'), -2_500_50)],
    });
    await school.pay(one!.id, 12_000_00, { method: 'bank', receivedOn: '2026-11-03' });
    const wrong = await school.pay(other!.id, 900_00, { method: 'bank', receivedOn: '2026-11-04' });
    await school.post({
      valueOn: '2026-11-05',
      memo: 'Cash for the kitchen',
      lines: [line(school.account('cash'), 700_00), line(bank, -700_00)],
    });
    await school.post({
      valueOn: '2026-11-06',
      memo: 'Card payments less their fee',
      lines: [
        line(bank, 950_00),
        line(school.account('charges'), 50_00),
        { ...line(school.account('receivable'), -1_000_00), party: { kind: 'student', id: one!.id } },
      ],
    });
    await school.post({
      valueOn: '2026-11-07',
      memo: 'Bank charges',
      lines: [line(school.account('charges'), 120_00), line(bank, -120_00)],
    });
    const back = school.get(TakingBack);
    await school.run(
      async () =>
        void (await back.kind.approve(school.office, {
          subject: { kind: 'fee-payment', id: wrong.paymentId },
          reason: 'Twice',
          payload: {},
        } as Parameters<typeof back.kind.approve>[1])),
    );
  });
  after(() => school.stop());

  it('is for those who read the books', async () => {
    for (const path of [book(), `/finance/cash-book/print.pdf?account=${bank}`])
      assert.equal((await (await school.as('teacher')).get(path)).status, 403);
    assert.equal((await (await school.as('auditor')).get(book())).status, 200);
    assert.equal((await bursar.get(`/finance/cash-book?account=${school.account('5200')}`)).status, 404, 'food holds no money');
  });

  it('has a column for each vote head and says which line is for what; each line comes to its amount', async () => {
    const sheet = await figuresOf(bursar, book());
    assert.deepEqual(sheet.heads.slice(6), ['TUI', 'BRD', 'Paid ahead', 'Between own accounts', 'Other']);
    const of = (memo: RegExp) => sheet.rows.find((one) => memo.test(one.Details!))!;
    assert.deepEqual([of(/Bank: .*/).TUI, of(/Bank: .*/).BRD, of(/Bank: .*/)['No.']], ['10000', '2000', 'R-000001']);
    assert.equal(of(/Cash for the kitchen/)['Between own accounts'], '-700');
    assert.deepEqual(
      [of(/less their fee/)['Paid ahead'], of(/less their fee/).Other, of(/less their fee/).Receipts],
      ['1000', '-50', '950'],
    );
    assert.deepEqual(
      [of(/Twice/).Payments, of(/Twice/)['Paid ahead'], of(/Twice/)['No.']],
      ['900', '-900', 'R-000002'],
      'what is reversed is a payment of its day',
    );
    const cents = (cell: string | undefined): number => Math.round(Number(cell || 0) * 100);
    for (const one of sheet.rows.slice(1, -1)) {
      const parts = sheet.heads.slice(6).reduce((sum, head) => sum + cents(one[head]), 0);
      assert.equal(parts, cents(one.Receipts) - cents(one.Payments), one.Details);
    }
  });

  it('equals the general ledger and the trial balance: opening, both sides, closing; and its columns add up', async () => {
    const trial = (await (await school.api('bursar'))('/ledger/trial-balance?from=2026-11-01&to=2026-11-30')).json<{
      rows: { code: string; opening_minor: number; debit_minor: number; credit_minor: number; closing_minor: number }[];
    }>();
    const inTrial = trial.rows.find((one) => one.code === '1030')!;
    for (const format of ['xlsx', 'csv'] as const) {
      const sheet = await figuresOf(bursar, book(), format);
      const at = (n: number, head: string): number => sheet.minors(head).at(n)!;
      assert.deepEqual(
        [at(0, 'Balance'), at(-2, 'Receipts'), at(-2, 'Payments'), at(-1, 'Balance')],
        [inTrial.opening_minor, inTrial.debit_minor, inTrial.credit_minor, inTrial.closing_minor],
        format,
      );
      for (const head of ['Receipts', 'Payments', ...sheet.heads.slice(6)])
        assert.equal(
          sheet
            .minors(head)
            .slice(1, -2)
            .reduce((sum, minor) => sum + minor, 0),
          at(-2, head),
          `${format}: ${head}`,
        );
    }
    const ledger = await figuresOf(bursar, '/finance/general-ledger?from=2026-11-01&to=2026-11-30');
    assert.equal(
      ledger.rows.filter((one) => one.Code === '1030').reduce((sum, one) => sum + Math.round(Number(one.Debit || 0) * 100), 0),
      inTrial.debit_minor,
    );
  });

  it('begins a month with what the month before left, and says so when nothing happened', async () => {
    const october = await figuresOf(bursar, `/finance/cash-book?account=${bank}&month=2026-10`);
    assert.equal(october.minors('Balance').at(-1), (await figuresOf(bursar, book())).minors('Balance')[0]);
    assert.match(
      text((await bursar.get(`/finance/cash-book?account=${bank}&month=2026-02`)).html),
      /Nothing was received this month/,
    );
  });

  it('leads to the entry and the receipt, and shows the payments on their own side', async () => {
    const page = await bursar.get(book());
    assert.match(page.html, /href="\/fees\/payments\/[0-9a-f-]{36}">R-000001/);
    assert.match(page.html, /href="\/finance\/journal\/[0-9a-f-]{36}"/);
    assert.match(text(page.html), /Month total 13,850/);
    const payments = text((await bursar.get(book('&side=payments'))).html);
    assert.match(payments, /Bank charges 120 .*Month total 1,720/);
  });

  it('prints both sides to the same sum, and goes on to a second sheet where the columns don’t fit', async () => {
    const print = textOfPdf((await bursar.get(`/finance/cash-book/print.pdf?account=${bank}&month=2026-11`)).body);
    assert.match(print, /With the balance brought down +16,350\.50/);
    assert.match(print, /Balance carried down +14,630\.50/);
    assert.match(print, /With the balance carried down +16,350\.50/);
    const [child] = await school.family(1);
    const codes = Array.from({ length: 11 }, (_, n) => `EXTRA${n}`);
    for (const [n, code] of codes.entries()) {
      const head = await school.run(() =>
        school.get(VoteHeads).add(school.office, {
          code,
          name: code,
          kind: 'income',
          frequency: 'term',
          mandatory: true,
          priority: n + 5,
          accountId: school.account('fees'),
        }),
      );
      await school.post({
        valueOn: '2026-11-10',
        memo: `For ${code}`,
        lines: [
          { accountId: bank, amountMinor: 100 },
          {
            accountId: school.account('receivable'),
            amountMinor: -100,
            voteHeadId: head,
            party: { kind: 'student', id: child!.id },
          },
        ],
      });
    }
    const wide = textOfPdf((await bursar.get(`/finance/cash-book/print.pdf?account=${bank}&month=2026-11`)).body);
    assert.match(wide, /Sheet 2 of 2/);
    for (const code of codes) assert.match(wide, new RegExp(code));
  });
});
