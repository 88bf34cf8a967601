import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../../../src/kernel/id.js';
import { Awards } from '../../../../src/modules/fees/awards/awards.js';
import { Receiving } from '../../../../src/modules/fees/receiving/receive.js';
import { SponsorPayments, type SponsorMoney } from '../../../../src/modules/fees/awards/sponsor-payments.js';
import { Sponsors } from '../../../../src/modules/fees/awards/sponsors.js';
import { TakingBack } from '../../../../src/modules/fees/reversals/reversals.js';
import { Moving } from '../../../../src/modules/fees/reversals/moving.js';
import { Checker } from '../../../../src/modules/finance/books/checker.js';
import { SCHOOL } from '../../../../src/modules/school/index.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { aClassOf, aStudent } from '../../../support/build.js';
import { hiddenValue, type Browser } from '../../../support/browser.js';
import { textOfPdf } from '../../../support/reading/pdf.js';
import { countRows, sql } from '../../../support/database/sql.js';
import { watchStatements } from '../../../support/database/statements.js';
import { TODAY, withFees, type SchoolWithFees } from '../support.js';

const MANY = 500;
/** Statements of one payment, however many children it is for. */
const MOST_STATEMENTS = 20;

let school: SchoolWithFees;
let bursar: Browser;
let trust: string;
before(async () => {
  school = await withFees({ background: false });
  bursar = await school.as('bursar');
  trust = await school.run(() =>
    school.get(Sponsors).add(school.office, { name: 'Elimu Trust', contact: '', phone: null, email: null }),
  );
});
after(() => school?.stop());

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const differences = async (): Promise<string[]> =>
  (await school.run(() => school.get(Checker).run())).differences.map((one) => one.sentence);
const owes = (id: string, kind: 'student' | 'sponsor' = 'student') =>
  school.run(() => school.get(Receiving).balanceOf({ kind, id }));
const path = (): string => `/fees/sponsors/${trust}/payments`;
/** Without what a booking sets going afterwards: the numbers of the journal. */
/** What of a payment's own transaction is in no other. */
const BOOKS = /insert into fees_receipts/;
const own = (statements: readonly string[]): string[] =>
  statements.filter(
    (one) => !/^(begin|commit)|finance_entry_numbers|audit_seals|audit.chain|pg_advisory_xact_lock\(4720|app.enqueue/i.test(one),
  );
let cheques = 500;
const cheque = (given: Record<string, string> = {}): Record<string, string> => ({
  key: newId(),
  method: 'cheque',
  reference: String((cheques += 1)),
  bank: 'KCB',
  receivedOn: TODAY,
  purpose: 'bills-first',
  ...given,
});
const linesOf = (children: readonly Student[], amount: string): string =>
  children.map((child) => `${child.admissionNo}, ${amount}`).join('\n');
const preview = async (fields: Record<string, string>, files: Parameters<Browser['upload']>[1] = []) => {
  const page = await bursar.get(`${path()}/new`);
  return bursar.upload(`${path()}/preview`, files, { _csrf: hiddenValue(page.html, '_csrf')!, ...fields });
};
const book = (given: Partial<SponsorMoney> & Pick<SponsorMoney, 'amountMinor' | 'lines'>) =>
  school.run(() =>
    school.get(SponsorPayments).receive(school.office, trust, {
      method: 'cheque',
      reference: String((cheques += 1)),
      bank: 'KCB',
      receivedOn: TODAY,
      currency: 'KES',
      memo: '',
      purpose: 'bills-first',
      sure: false,
      client: 'user:test',
      clientKey: newId(),
      ...given,
    }),
  );
const written = (children: readonly Pick<Student, 'admissionNo'>[], amountMinor: number) =>
  children.map(({ admissionNo }, n) => ({ n: n + 1, text: admissionNo, number: admissionNo, amountMinor }));

const anAward = async (studentId: string): Promise<void> => {
  const { terms } = await school.run(() => school.get(SCHOOL).currentYear());
  const awards = school.get(Awards);
  const kindId = await school.run(() =>
    awards.addKind(school.office, {
      name: 'Bursary',
      method: 'percent',
      value: 5_000,
      mostBasisPoints: null,
      headIds: [],
      rank: 1,
      limitMinor: null,
      askAbove: null,
      sponsored: true,
    }),
  );
  await school.run(() =>
    awards.give(school.office, {
      studentId,
      kindId,
      sponsorId: trust,
      value: null,
      fromTermId: terms[0]!.id,
      toTermId: null,
      reason: 'By the board',
    }),
  );
};

describe('one cheque of a sponsor for many children', () => {
  it('is entered by who takes money', async () => {
    const [auditor, registrar] = [await school.as('auditor'), await school.as('registrar')];
    for (const who of [auditor, registrar]) {
      assert.equal((await who.get(`${path()}/new`)).status, 403);
      assert.equal((await who.post(path(), cheque({ amount: '1', lines: 'X, 1' }))).status, 403);
      assert.equal((await who.upload(`${path()}/preview`, [], {})).status, 403);
    }
    assert.doesNotMatch((await auditor.get(`/fees/sponsors/${trust}`)).html, /payments\/new/);
    assert.match((await bursar.get(`/fees/sponsors/${trust}`)).html, /payments\/new/);
  });

  it('is looked at before it is booked, and each line that can’t be says why', async () => {
    const [one, two] = await school.family(2);
    const lines = `${one!.admissionNo}, 500\nNOBODY9, 100\n${one!.admissionNo}, 1\n${two!.admissionNo}, some`;
    const answer = await preview(cheque({ amount: '601', lines }));
    assert.equal(answer.status, 422);
    const said = text(answer.html);
    for (const words of [
      /3 lines need correcting/,
      /Line 2: No student has this number/,
      /Line 3: This student is already on a line above/,
      /Line 4: Enter one amount/,
    ])
      assert.match(said, words);
    assert.ok(answer.html.includes('NOBODY9, 100'), 'what was typed stays');
    const short = await preview(cheque({ amount: '1,000', lines: linesOf([one!, two!], '400') }));
    assert.equal(short.status, 422);
    assert.match(text(short.html), /The lines add up to less than was paid/);
    for (const [wrong, words] of [
      [{ bank: '' }, /Enter the bank/],
      [{ reference: '' }, /number of the cheque/],
      [{ receivedOn: '2026-12-24' }, /in the future/],
      [{ lines: '' }, /a line for each student/],
      [{ purpose: 'x' }, /what it is paid for/],
    ] as const) {
      const refused = await preview(cheque({ amount: '800', lines: linesOf([one!, two!], '400'), ...wrong }));
      assert.equal(refused.status, 422);
      assert.match(text(refused.html), words);
    }
    assert.equal(await countRows(school.database, `fees_payments where sponsor_id = '${trust}'`), 0);
  });

  it('settles the sponsor’s own bills, and what is beyond them the account of the family', async () => {
    const [billed, plain] = [await aStudent(school), await aStudent(school)];
    await school.bill(billed.id, { TUI: 10_000_00 });
    await school.bill(billed.id, { TUI: 6_000_00 }, { sponsorId: trust });
    await school.bill(plain.id, { TUI: 8_000_00 });
    const form = cheque({ amount: '16,000', lines: `${linesOf([billed], '9,000')}\n${linesOf([plain], '7,000')}` });
    const looked = await preview(form);
    assert.equal(looked.status, 200, text(looked.html));
    assert.match(
      text(looked.html),
      /Sponsor’s bills 6,000 \(6,000, then 0\) Family’s account 3,000 \(10,000, then 7,000\) 9,000/,
    );
    assert.match(text(looked.html), /Book it, with 3 receipts/);
    const saved = await bursar.submit(path(), form, `${path()}/new`);
    assert.equal(saved.status, 303, text(saved.html));
    assert.deepEqual([await owes(trust, 'sponsor'), await owes(billed.id), await owes(plain.id)], [0, 7_000_00, 1_000_00]);
    const id = saved.location!.split('/').at(-1)!;
    assert.equal(
      (await sql(school.database, 'select count(distinct entry_id)::int as n from fees_payments where id = $1', [id]))[0]!.n,
      1,
    );
    assert.deepEqual(
      (
        await sql(
          school.database,
          'select payer_kind, amount_minor::int as minor from fees_receipts where payment_id = $1 order by number',
          [id],
        )
      ).map((row) => [row.payer_kind, row.minor]),
      [
        ['sponsor', 6_000_00],
        ['student', 3_000_00],
        ['student', 7_000_00],
      ],
    );
    const statement = text((await bursar.get(`/fees/students/${billed.id}`)).html);
    const familyReceipt = (
      await sql(
        school.database,
        "select number from fees_receipts where payment_id = $1 and student_id = $2 and payer_kind = 'student'",
        [id, billed.id],
      )
    )[0]!.number;
    assert.match(statement, new RegExp(`Receipt ${familyReceipt} `), 'the family sees its own receipt alone');
    assert.match(text((await bursar.get(`/fees/sponsors/${trust}`)).html), /Payments.*KCB.*3 receipts.*16,000/);
    assert.deepEqual(await differences(), []);
  });

  it('can wait as the sponsor’s own credit, or go to families alone', async () => {
    const [ahead, gift] = [await aStudent(school), await aStudent(school)];
    await school.bill(gift.id, { TUI: 5_000_00 });
    await school.bill(gift.id, { TUI: 5_000_00 }, { sponsorId: trust });
    await book({ amountMinor: 4_000_00, lines: written([ahead], 4_000_00), purpose: 'bills' });
    assert.deepEqual([await owes(ahead.id), await owes(trust, 'sponsor')], [0, 1_000_00]);
    await book({ amountMinor: 4_000_00, lines: written([gift], 4_000_00), purpose: 'families' });
    assert.deepEqual([await owes(gift.id), await owes(trust, 'sponsor')], [1_000_00, 1_000_00]);
    assert.deepEqual(await differences(), []);
  });

  it('is booked once, however often it is sent, and never under a number that is known', async () => {
    const children = await school.family(2);
    await school.bill(children[0]!.id, { TUI: 300_00 }, { sponsorId: trust });
    const given = { amountMinor: 800_00, lines: written(children, 400_00), clientKey: newId(), reference: 'TWICE1' };
    const [first, second] = await Promise.all([book(given), book(given)]);
    assert.equal(first.paymentId, second.paymentId);
    assert.deepEqual([first.again, second.again].sort(), [false, true]);
    assert.equal((await book(given)).again, true, 'also after its bills are settled and the parts would come out otherwise');
    await assert.rejects(book({ ...given, amountMinor: 802_00, lines: written(children, 401_00) }), { code: 'key_reused' });
    await assert.rejects(book({ ...given, clientKey: newId() }), { code: 'reference_known' });
    const known = await preview(cheque({ amount: '800', lines: linesOf(children, '400'), reference: 'TWICE1' }));
    assert.equal(known.status, 422);
    assert.match(text(known.html), /This number is already on receipt/);
    assert.deepEqual(await differences(), []);
  });

  it('takes its list from a file, or from those with an award', async () => {
    const [one, two] = await school.family(2);
    const body = Buffer.from(
      `Bursary awards 2026\nAdm No,Name of student,Amount awarded\n${one!.admissionNo},${one!.surname},"1,500"\n${two!.admissionNo},${two!.surname},2500\n`,
    );
    const read = await preview(cheque({ amount: '4,000', lines: 'OLD, 1' }), [
      { field: 'file', name: 'list.csv', type: 'text/csv', body },
    ]);
    assert.equal(read.status, 200, text(read.html));
    assert.match(text(read.html), /for 2 children/);
    const headless = await preview(cheque({ amount: '4,000' }), [
      { field: 'file', name: 'list.csv', type: 'text/csv', body: Buffer.from('Name,Sum of it\nA,5\n') },
    ]);
    assert.equal(headless.status, 422);
    assert.match(text(headless.html), /needs a column “Admission number”/);
    const picture = await preview(cheque({ amount: '4,000' }), [
      { field: 'file', name: 'list.csv', type: 'text/csv', body: Buffer.from('\x89PNG\r\n\x1a\n0000000000000000', 'latin1') },
    ]);
    assert.equal(picture.status, 422);
    assert.match(text(picture.html), /not Excel|not CSV|is not/);

    await school.bill(one!.id, { TUI: 700_00 }, { sponsorId: trust });
    await anAward(one!.id);
    const picked = await preview(cheque({ step: 'pick', pick: one!.id, lines: linesOf([two!], '5') }));
    assert.equal(picked.status, 200);
    assert.match(picked.html, new RegExp(`${two!.admissionNo}, 5\n${one!.admissionNo}\t700.00\t`));
  });

  it('that bounces takes all of its receipts back; one of them can be moved before', async () => {
    const children = await aClassOf(school, 60);
    const wrong = await aStudent(school);
    const before = await owes(trust, 'sponsor');
    for (const child of children.slice(0, 3)) await school.bill(child.id, { TUI: 100_00 }, { sponsorId: trust });
    const { paymentId, receipts } = await book({ amountMinor: 60 * 150_00, lines: written(children, 150_00) });
    assert.equal(receipts.length, 63);
    const page = text((await bursar.get(`/fees/payments/${paymentId}`)).html);
    assert.match(page, /Receipts R-\d+ – R-\d+ \(63\)/);
    assert.match(page, /the first 20 of 63 receipts/);
    assert.match(text((await bursar.get('/fees/payments')).html), /and 61 more/);
    const moved = receipts.find((one) => one.studentId === children[5]!.id)!;
    await school.run(() =>
      school.get(Moving).kind.approve(school.office, {
        subject: { kind: 'fee-receipt', id: moved.id },
        reason: 'Wrong line',
        payload: { toStudentId: wrong.id },
      } as never),
    );
    assert.deepEqual([await owes(children[5]!.id), await owes(wrong.id)], [0, -150_00]);
    assert.deepEqual(await differences(), []);
    await school.run(() => school.get(TakingBack).bounce(school.office, paymentId, 'No cover'));
    assert.deepEqual([await owes(trust, 'sponsor'), await owes(wrong.id), await owes(children[0]!.id)], [before + 300_00, 0, 0]);
    assert.equal(await countRows(school.database, `fees_receipts where payment_id = '${paymentId}' and state = 'issued'`), 0);
    assert.deepEqual(await differences(), []);
  });

  it('has a list of how it was shared, and its receipts two to a sheet', async () => {
    const children = await school.family(3);
    await school.bill(children[0]!.id, { TUI: 100_00 }, { sponsorId: trust });
    const { paymentId } = await book({ amountMinor: 450_00, lines: written(children, 150_00) });
    const list = `/fees/payments/${paymentId}/receipts`;
    const page = await bursar.get(list);
    assert.match(
      text(page.html),
      new RegExp(`${children[0]!.admissionNo}.*Sponsor.*100.*${children[0]!.admissionNo}.*Family.*50`),
    );
    const csv = (await bursar.get(`${list}?format=csv`)).html;
    assert.equal(csv.trim().split('\n').length, 5);
    assert.match(csv, new RegExp(`${children[2]!.admissionNo},.*Family,150,`));
    assert.equal((await bursar.get(`${list}?format=xlsx`)).status, 200);
    const paper = textOfPdf((await bursar.get(`/fees/payments/${paymentId}/receipts.pdf`)).body);
    for (const words of [/How the payment was split/, /Elimu Trust/, /4 receipts/, /450/]) assert.match(paper, words);
    const receipts = await bursar.get(`/fees/payments/${paymentId}/a5.pdf`);
    assert.match(textOfPdf(receipts.body), /Account of.*Elimu Trust/s);
    assert.match(
      textOfPdf(receipts.body),
      /The sponsor’s balance before/,
      'what the sponsor owes is not taken for what the family does',
    );
    assert.match(textOfPdf(receipts.body), /(?<!sponsor’s )[Bb]alance before/, 'beside receipts for the families');
    assert.equal((receipts.body.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? []).length, 2, 'four receipts on two pages');
    assert.equal((await (await school.as('teacher')).get(list)).status, 403);
  });

  it(`for ${MANY} children takes seconds, and as many statements as for a few`, async (t) => {
    const model = await aStudent(school);
    await sql(
      school.database,
      `insert into students select (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(), 'admission_no', 'BUR' || n, 'payment_no', 'P' || n))).* from students s, generate_series(1, ${MANY}) n where s.id = $1`,
      [model.id],
    );
    const rows = await sql<{ id: string; admissionNo: string }>(
      school.database,
      `select id, admission_no as "admissionNo" from students where admission_no like 'BUR%' order by admission_no`,
    );
    for (const one of rows.slice(0, 100)) await school.bill(one.id, { TUI: 40_00, LUN: 20_00 }, { sponsorId: trust });
    const watch = watchStatements(school.database.connections.app.database);
    try {
      const few = await watch.inTransaction(() => book({ amountMinor: 200_00, lines: written(rows.slice(0, 2), 100_00) }), BOOKS);
      const fewer = own(few).length;
      const begun = performance.now();
      let paymentId = '';
      const many = await watch.inTransaction(
        async () => ({ paymentId } = await book({ amountMinor: MANY * 100_00, lines: written(rows, 100_00) })),
        BOOKS,
      );
      const booked = performance.now();
      const pages = await watch.during(() => bursar.get(`/fees/payments/${paymentId}`));
      t.diagnostic(
        `${MANY} children: booked in ${Math.round(booked - begun)} ms by ${own(many).length} statements (${fewer} for two), its page by ${own(pages).length}`,
      );
      assert.ok(own(many).length <= Math.min(MOST_STATEMENTS, fewer), own(many).join('\n'));
      assert.ok(booked - begun < 10_000);
      await school.run(() => school.get(TakingBack).bounce(school.office, paymentId, 'No cover'));
    } finally {
      watch.stop();
    }
    assert.deepEqual(await differences(), []);
  });
});
