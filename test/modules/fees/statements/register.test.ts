import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Awards } from '../../../../src/modules/fees/awards/awards.js';
import { Charges } from '../../../../src/modules/fees/billing/charges.js';
import { Receiving } from '../../../../src/modules/fees/receiving/receive.js';
import { registerRows } from '../../../../src/modules/fees/collections/register.rules.js';
import type { Student } from '../../../../src/modules/students/index.js';
import type { Browser } from '../../../support/browser.js';
import { aStudent } from '../../../support/build.js';
import { textOfPdf } from '../../../support/reading/pdf.js';
import { figuresOf, sumAbove } from '../../../support/sheets/figures.js';
import { sql } from '../../../support/database/sql.js';
import { payment } from '../support.js';
import { withTariff, type SchoolWithTariff } from '../billing/billing-support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('a line of the register', () => {
  it('begins with what stood before the term, without bills of the term that were written ahead, and comes to the balance', () => {
    const account = { studentId: 's', beforeMinor: 900, arrearsMinor: 0, paidMinor: 400, balanceMinor: 650 };
    const [row] = registerRows(
      ['s'],
      [account],
      [
        { studentId: 's', headId: 'tui', award: false, minor: 800, earlyMinor: 700 },
        { studentId: 's', headId: 'tui', award: true, minor: -50, earlyMinor: 0 },
      ],
    );
    assert.deepEqual(row, {
      studentId: 's',
      forwardMinor: 200,
      billed: { tui: 800 },
      awardsMinor: 50,
      otherMinor: 100,
      paidMinor: 400,
      balanceMinor: 650,
    });
  });

  it('is there for a student of whom the books know nothing', () => {
    assert.equal(registerRows(['new'], [], [])[0]!.balanceMinor, 0);
  });
});

describe('the fees register', () => {
  let school: SchoolWithTariff;
  let bursar: Browser;
  let term: string;
  let one: Student;
  let two: Student;
  let upper: Student;
  let left: Student;
  const pay = (id: string, minor: number, on: string) =>
    school.run(() => school.get(Receiving).receive(school.office, payment(id, minor, { receivedOn: on })));
  const address = (more = ''): string => `/fees/register?term=${term}${more}`;
  before(async () => {
    school = await withTariff({ today: '2026-09-20' });
    bursar = await school.as('bursar');
    term = school.year.terms[2]!.id;
    one = await aStudent(school, { stream: 'Grade 7 East', surname: 'Achieng', joinedOn: '2025-01-06' });
    two = await aStudent(school, { stream: 'Grade 7 West', surname: 'Barasa', joinedOn: '2025-01-06' });
    upper = await aStudent(school, { stream: 'Grade 8 East', surname: 'Chebet', joinedOn: '2025-01-06' });
    left = await aStudent(school, { stream: null, surname: 'Duale', joinedOn: '2025-01-06' });
    await school.charge({ TUI: [0, 11_000_00, 13_000_00], EXM: [0, 0, 4_000_00] });
    await school.bill(1);
    await pay(one.id, 9_000_00, '2026-08-10');
    await pay(left.id, 500_00, '2026-08-11');
    const kindId = await school.run(() =>
      school.get(Awards).addKind(school.office, {
        name: 'Staff child',
        method: 'percent',
        value: 5_000,
        mostBasisPoints: null,
        headIds: [school.heads.TUI!],
        rank: 1,
        limitMinor: null,
        askAbove: null,
        sponsored: false,
      }),
    );
    await school.run(() =>
      school.get(Awards).give(school.office, {
        studentId: two.id,
        kindId,
        sponsorId: null,
        value: null,
        fromTermId: term,
        toTermId: null,
        reason: 'Works here',
      }),
    );
    await school.bill(2);
    await pay(one.id, 10_000_00, '2026-09-15');
    await pay(upper.id, 20_000_00, '2026-09-16');
    const party = { kind: 'student', id: upper.id } as const;
    await school.post({
      valueOn: '2026-09-17',
      memo: 'Paid back',
      lines: [
        { accountId: school.account('receivable'), amountMinor: 700_00, party, studentId: upper.id },
        { accountId: school.account('cash'), amountMinor: -700_00 },
      ],
    });
  });
  after(() => school.stop());

  it('is for those who see accounts', async () => {
    for (const path of [address(), `/fees/register/print.pdf?term=${term}`])
      assert.equal((await (await school.as('teacher')).get(path)).status, 403);
    assert.equal((await (await school.as('administrator')).get(address())).status, 200);
  });

  it('has for each student what was brought forward, billed by head, taken off, paid and left', async () => {
    const sheet = await figuresOf(bursar, address('&class=all'));
    assert.deepEqual(sheet.heads, [
      'Class',
      'Admission number',
      'Student',
      'Brought forward',
      'Tuition',
      'Examination',
      'Awards',
      'Other',
      'Paid',
      'Balance',
    ]);
    const of = (surname: string): number[] =>
      sheet.heads.slice(3).map((head) => Number(sheet.rows.find((row) => row.Student!.startsWith(surname))![head]));
    assert.deepEqual(of('Achieng'), [11_000 - 9_000, 13_000, 4_000, 0, 0, 10_000, 9_000]);
    assert.deepEqual(of('Barasa'), [11_000, 13_000, 4_000, 6_500, 0, 0, 21_500]);
    assert.deepEqual(of('Chebet'), [11_000, 13_000, 4_000, 0, 700, 20_000, 8_700], 'money that was paid back is other');
    assert.deepEqual(of('Duale'), [-500, 0, 0, 0, 0, 0, -500], 'who is in no class and has paid ahead stands there too');
  });

  it('comes by class and in all to what the control account’s sub-ledger holds for these students on that day', async () => {
    for (const on of ['2026-08-31', '2026-09-15', '2026-09-20']) {
      const sheet = await figuresOf(bursar, address(`&class=all&on=${on}`));
      for (const head of sheet.heads.slice(3))
        assert.equal(sumAbove(sheet.minors(head)), sheet.minors(head).at(-1), `${on}: ${head}`);
      const ledger = await sql<{ name: string; minor: string }>(
        school.database,
        `select s.admission_no as name, sum(l.amount_minor)::text as minor from finance_lines l join students s on s.id = l.party_id where l.account_id = $1 and l.party_kind = 'student' and l.posted_on <= $2 group by 1`,
        [school.account('receivable'), on],
      );
      for (const row of sheet.rows.slice(0, -1))
        assert.equal(
          Math.round(Number(row.Balance) * 100),
          Number(ledger.find((line) => line.name === row['Admission number'])?.minor ?? 0),
          `${on} ${row.Student}`,
        );
      assert.equal(
        sheet.minors('Balance').at(-1),
        ledger.reduce((sum, line) => sum + Number(line.minor), 0),
        on,
      );
    }
    assert.equal((await figuresOf(bursar, address('&class=all'))).minors('Balance').at(-1), await school.on('receivable'));
  });

  it('knows a bill that was taken back until the day on which it was', async () => {
    const before = await figuresOf(bursar, address('&class=all'));
    await school.run(() =>
      school.get(Charges).charge(school.office, {
        studentId: one.id,
        head: 'LUN',
        amountMinor: 900_00,
        description: 'Lunch of a guest',
        termId: term,
        sourceKey: 'guest',
      }),
    );
    const [{ id }] = (await sql<{ id: string }>(school.database, "select id from fees_invoices where source_key = 'guest'")) as [
      { id: string },
    ];
    assert.equal((await figuresOf(bursar, address('&class=all'))).minors('Lunch').at(-1), 900_00);
    await school.run(() => school.get(Charges).reverse(school.office, id, 'Nobody came'));
    assert.deepEqual((await figuresOf(bursar, address('&class=all'))).minors('Balance'), before.minors('Balance'));
  });

  it('shows one class, the sums of all, prints both with totals, and leads to each statement', async () => {
    const page = await bursar.get(address());
    assert.match(page.html, new RegExp(`href="/fees/students/${one.id}"`));
    assert.doesNotMatch(page.html, /Chebet/);
    assert.match(text(page.html), /Total 13,000 26,000 8,000 6,500 10,000 30,500/);
    const sums = text((await bursar.get(address('&class=all'))).html);
    assert.match(sums, /Grade 7 13,000 26,000 .*Grade 8 11,000 13,000 .*In no class 500 cr .*Total 23,500 39,000 12,000/);
    const print = textOfPdf((await bursar.get(`/fees/register/print.pdf?term=${term}&class=all`)).body);
    assert.match(print, /Total for Grade 7 +13,000 +26,000/);
    assert.match(print, /Total +23,500 +39,000 +12,000 +6,500 +700 +30,000 +38,700/);
  });
});
