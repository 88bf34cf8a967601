import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { byWeeks, crossTable, sumsOf } from '../../../../src/modules/fees/collections/collections.rules.js';
import { Receiving } from '../../../../src/modules/fees/receiving/receive.js';
import { TakingBack } from '../../../../src/modules/fees/reversals/reversals.js';
import type { NewPayment } from '../../../../src/modules/fees/index.js';
import type { Student } from '../../../../src/modules/students/index.js';
import type { Browser } from '../../../support/browser.js';
import { aStudent } from '../../../support/build.js';
import { textOfPdf } from '../../../support/reading/pdf.js';
import { figuresOf, sumAbove } from '../../../support/sheets/figures.js';
import { sql } from '../../../support/database/sql.js';
import { payment, withFees, type SchoolWithFees } from '../support.js';
import { withTariff, type SchoolWithTariff } from '../billing/billing-support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const whole = (minors: number): string => (minors / 100).toLocaleString('en-GB');

describe('a table of what came in', () => {
  it('has rows and columns in the order of their names, what names none last, and comes to the same both ways', () => {
    const rows = new Map<string | null, string>([
      ['tui', 'Tuition'],
      ['brd', 'Boarding'],
      [null, 'Paid ahead'],
    ]);
    const columns = new Map<string | null, string>([
      ['cash', 'Cash'],
      ['bank', 'Bank'],
    ]);
    const table = crossTable(
      [
        { row: null, column: 'bank', minor: 5 },
        { row: 'brd', column: 'bank', minor: -7 },
        { row: 'tui', column: 'cash', minor: 100 },
        { row: 'brd', column: 'cash', minor: 20 },
      ],
      rows,
      columns,
    );
    assert.deepEqual(
      table.rows.map((row) => [row.label, row.cells, row.totalMinor]),
      [
        ['Tuition', [100, 0], 100],
        ['Boarding', [20, -7], 13],
        ['Paid ahead', [0, 5], 5],
      ],
    );
    assert.deepEqual([table.totals, table.totalMinor], [[120, -2], 118]);
  });

  it('of a term says what is open, and no per cent where nothing was expected', () => {
    const fact = (billedMinor: number, discountMinor: number, settledMinor: number) => ({
      headId: 'h',
      classId: null,
      billedMinor,
      discountMinor,
      settledMinor,
    });
    assert.deepEqual(sumsOf([fact(1000, 200, 300), fact(100, 0, 0)]), {
      billedMinor: 1100,
      discountMinor: 200,
      settledMinor: 300,
      expectedMinor: 900,
      openMinor: 600,
      basisPoints: 3333,
    });
    assert.equal(sumsOf([fact(500, 500, 0)]).basisPoints, null);
  });

  it('by the end of each week adds the weeks before, and a week without money stays where it was', () => {
    const days = [
      { on: '2026-08-24', minor: 5 },
      { on: '2026-08-30', minor: 7 },
      { on: '2026-09-07', minor: 1 },
    ];
    assert.deepEqual(byWeeks(days, { from: '2026-08-24', to: '2026-09-14' }), [12, 12, 13, 13]);
  });
});

describe('collections', () => {
  let school: SchoolWithFees;
  let bursar: Browser;
  let east: Student;
  let upper: Student;
  let cheque: string;
  let wrong: string;
  const on = (day: string, studentId: string, minor: number, given: Partial<NewPayment> = {}) =>
    school.pay(studentId, minor, { receivedOn: day, ...given });
  before(async () => {
    school = await withFees();
    bursar = await school.as('bursar');
    east = await aStudent(school, { stream: 'Grade 7 East', surname: 'Achieng' });
    upper = await aStudent(school, { stream: 'Grade 8 West', surname: 'Barasa' });
    await school.bill(east.id, { TUI: 10_000_00, BRD: 5_000_00 });
    await school.bill(upper.id, { TUI: 12_000_00 });
    await on('2026-11-20', east.id, 11_000_00);
    cheque = (
      await on('2026-11-20', upper.id, 4_000_50, {
        method: 'cheque',
        references: [{ scheme: 'cheque', issuer: 'KCB', value: '000123' }],
      })
    ).paymentId;
    wrong = (await on('2026-11-23', upper.id, 700_00, { method: 'bank' })).paymentId;
    await on('2026-11-23', upper.id, 20_000_00, { method: 'bank' });
    await on('2026-11-23', east.id, 9_999_00, {
      method: 'mobile',
      provisional: true,
      references: [{ scheme: 'mpesa', issuer: '', value: 'SKL4T7QX2M' }],
    });
    await on('2026-01-02', east.id, 333_00, { method: 'opening' });
    const back = school.get(TakingBack);
    await school.run(() => back.bounce(school.office, cheque, 'No cover'));
    await school.run(
      async () =>
        void (await back.kind.approve(school.office, {
          subject: { kind: 'fee-payment', id: wrong },
          reason: 'Twice',
          payload: {},
        } as Parameters<typeof back.kind.approve>[1])),
    );
  });
  after(() => school.stop());

  it('are for those who see payments', async () => {
    for (const role of ['teacher', 'registrar'] as const) {
      const person = await school.as(role);
      for (const path of ['', '/receipts', '/expected', '/print.pdf', '/expected/print.pdf'])
        assert.equal((await person.get(`/fees/collections${path}`)).status, 403, `${role} ${path}`);
    }
    assert.equal((await (await school.as('auditor')).get('/fees/collections')).status, 200);
  });

  it('stand on the first page with what waits: what was taken back, codes that wait and credit of the old books are not in it', async () => {
    const page = text((await bursar.get('/')).html);
    assert.match(page, /KES 31,000 · 2 payments/);
    assert.match(page, /Codes to verify 1/);
    assert.doesNotMatch((await (await school.as('registrar')).get('/')).html, /money-card/);
  });

  it('count what was taken back on its own day, below zero; a code that waits and credit of the old books not at all', async () => {
    const first = await figuresOf(bursar, '/fees/collections?from=2026-11-20&to=2026-11-20&by=head&across=method');
    assert.deepEqual(first.heads, ['Vote head', 'Cash', 'Cheque', 'Total']);
    assert.deepEqual(
      first.rows.map((row) => [row['Vote head'], Number(row.Total)]),
      [
        ['TUI', 14_000.5],
        ['BRD', 1_000],
        ['Total', 15_000.5],
      ],
    );
    const today = await figuresOf(bursar, '/fees/collections?from=2026-11-24&to=2026-11-24&by=method&across=head');
    assert.deepEqual(
      today.rows.map((row) => [row.Method, Number(row.Total)]),
      [
        ['Cheque', -4_000.5],
        ['Bank', -700],
        ['Total', -4_700.5],
      ],
    );
    assert.equal(
      (await figuresOf(bursar, '/fees/collections?from=2026-01-02&to=2026-01-02')).rows.length,
      1,
      'only a total of nothing',
    );
  });

  it('come to the same by any two things, and to what the journal says the money accounts took', async () => {
    const span = 'from=2026-11-01&to=2026-11-24';
    const [{ minor }] = (await sql<{ minor: string }>(
      school.database,
      `select sum(l.amount_minor)::text as minor from finance_lines l join finance_accounts a on a.id = l.account_id and a.role in ('cash', 'bank', 'cheques', 'clearing.mobile')
        where l.posted_on between '2026-11-01' and '2026-11-24'`,
    )) as [{ minor: string }];
    assert.equal(Number(minor), 31_000_00);
    for (const by of ['head', 'class', 'method', 'cashier', 'day']) {
      for (const across of ['head', 'class', 'method', 'cashier', 'day'].filter((one) => one !== by)) {
        const sheet = await figuresOf(bursar, `/fees/collections?${span}&by=${by}&across=${across}`);
        assert.equal(sheet.minors('Total').at(-1), Number(minor), `${by} by ${across}`);
        for (const head of sheet.heads.slice(1))
          assert.equal(sumAbove(sheet.minors(head)), sheet.minors(head).at(-1), `${by} by ${across}: ${head}`);
        for (const row of sheet.rows)
          assert.equal(
            sheet.heads.slice(1, -1).reduce((sum, head) => sum + Math.round(Number(row[head]) * 100), 0),
            Math.round(Number(row.Total) * 100),
          );
      }
    }
  });

  it('are the same on the screen, in print, as CSV and as a workbook, each figure with the receipts behind it', async () => {
    const address = '/fees/collections?from=2026-11-01&to=2026-11-24&by=class&across=head';
    const page = await bursar.get(address);
    const total = whole(31_000_00);
    assert.ok(text(page.html).includes(`${total}`), text(page.html));
    assert.deepEqual((await figuresOf(bursar, address, 'csv')).rows, (await figuresOf(bursar, address)).rows);
    const print = textOfPdf((await bursar.get(address.replace('collections?', 'collections/print.pdf?'))).body);
    assert.match(print, new RegExp(`Total .*${total}`));
    assert.match(print, /Page 1 of 1/);
    const links = [...page.html.matchAll(/href="(\/fees\/collections\/receipts\?[^"]+)"[^>]*>([-−\d,.]+)<\/a>/g)].map(
      (match) => [match[1]!.replaceAll('&amp;', '&'), match[2]!] as const,
    );
    assert.ok(links.length >= 6, `figures with links: ${links.length}`);
    for (const [href, figure] of links) {
      const behind = await figuresOf(bursar, href);
      const sum = behind.minors('Amount').reduce((all, minor) => all + minor, 0);
      assert.equal(sum, Math.round(Number(figure.replace('−', '-').replaceAll(',', '')) * 100), `${href} is behind ${figure}`);
    }
  });

  it('show receipts page by page, each once, those taken back with their sign and a link to the payment', async () => {
    const seen: string[] = [];
    for (let next: string | null = '/fees/collections/receipts?from=2026-11-01&to=2026-11-24&limit=2'; next;) {
      const { html } = await bursar.get(next);
      seen.push(...[...html.matchAll(/href="\/fees\/payments\/([0-9a-f-]{36})"/g)].map((match) => match[1]!));
      next = /href="([^"]*cursor=[^"]+)"[^>]*rel="next"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? null;
    }
    assert.equal(seen.filter((id) => id === cheque).length, 2, 'once in and once back');
    assert.equal(seen.length, (await figuresOf(bursar, '/fees/collections/receipts?from=2026-11-01&to=2026-11-24')).rows.length);
    const html = (await bursar.get('/fees/collections/receipts?from=2026-11-24&to=2026-11-24')).html;
    assert.match(text(html), /reversed/);
    assert.match(
      text((await bursar.get('/fees/collections/receipts?from=2026-11-24&to=2026-11-24&method=cash')).html),
      /No receipt matches/,
    );
    assert.match(
      text((await bursar.get('/fees/collections?from=2026-10-01&to=2026-10-01')).html),
      /Nothing was received in this period/,
    );
  });
});

describe('expected against collected', () => {
  let school: SchoolWithTariff;
  let bursar: Browser;
  let term: string;
  before(async () => {
    school = await withTariff();
    bursar = await school.as('bursar');
    term = school.year.terms[2]!.id;
    const [east, upper] = [
      await aStudent(school, { stream: 'Grade 7 East', joinedOn: '2025-01-06' }),
      await aStudent(school, { stream: 'Grade 8 West', joinedOn: '2025-01-06' }),
    ];
    await school.charge({ TUI: [12_000_00, 12_000_00, 13_000_00], EXM: [0, 0, 4_000_00] });
    await school.bill(2);
    const pay = (id: string, minor: number) =>
      school.run(() => school.get(Receiving).receive(school.office, payment(id, minor, { receivedOn: '2026-09-01' })));
    await pay(east.id, 6_500_00);
    await pay(upper.id, 20_000_00);
  });
  after(() => school.stop());

  it('is by class and vote head what the term’s lines in the journal come to, with what is open', async () => {
    const rows = await sql<{ minor: string }>(
      school.database,
      'select sum(amount_minor)::text as minor from finance_lines where account_id = $1 and amount_minor > 0 and term_id = $2',
      [school.account('receivable'), term],
    );
    for (const by of ['class-head', 'class', 'head']) {
      const sheet = await figuresOf(bursar, `/fees/collections/expected?term=${term}&by=${by}`);
      assert.equal(sheet.minors('Billed').at(-1), Number(rows[0]!.minor), by);
      for (const head of ['Billed', 'Discounts', 'Expected', 'Collected', 'Open'])
        assert.equal(sumAbove(sheet.minors(head)), sheet.minors(head).at(-1), `${by}: ${head}`);
      assert.deepEqual([sheet.minors('Collected').at(-1), sheet.minors('Open').at(-1)], [23_500_00, 10_500_00]);
    }
    const sheet = await figuresOf(bursar, `/fees/collections/expected?term=${term}`);
    assert.deepEqual(sheet.rows[0], {
      Class: 'Grade 7',
      'Vote head': 'Tuition',
      Billed: '13000',
      Discounts: '0',
      Expected: '13000',
      Collected: '6500',
      'Per cent': '50',
      Open: '6500',
    });
  });

  it('leaves what is paid ahead out: what is open less it is what the control account holds', async () => {
    const ahead = 3_000_00;
    const open = (await figuresOf(bursar, `/fees/collections/expected?term=${term}`)).minors('Open').at(-1)!;
    assert.equal(open - ahead, await school.on('receivable'));
  });

  it('is the same on the screen and in print, and says when a term is not billed', async () => {
    const page = text((await bursar.get(`/fees/collections/expected?term=${term}`)).html);
    assert.match(page, /Total 34,000 34,000 23,500 69\.1 10,500|Total 34,000.*23,500 69\.1 10,500/);
    assert.match(
      textOfPdf((await bursar.get(`/fees/collections/expected/print.pdf?term=${term}`)).body),
      /Total +34,000 +34,000 +23,500 +69\.1 +10,500/,
    );
    assert.match(
      text((await bursar.get(`/fees/collections/expected?term=${school.year.terms[0]!.id}`)).html),
      /Nothing was billed for this term/,
    );
  });
});
