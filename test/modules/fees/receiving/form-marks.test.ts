import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../../../src/kernel/id.js';
import { paperReference } from '../../../../src/kernel/references.js';
import { IDENTITY } from '../../../../src/modules/identity/index.js';
import type { Browser } from '../../../support/browser.js';
import { sql } from '../../../support/database/sql.js';
import { TODAY, withFees, type SchoolWithFees } from '../support.js';

const PASSWORD = 'correct-horse-battery-staple-7';

let school: SchoolWithFees;
let bursar: Browser;
before(async () => {
  school = await withFees();
  bursar = await school.as('bursar');
});
after(() => school?.stop());

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const hidden = (html: string, name: string): string => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)![1]!;
const received = async (studentId: string): Promise<string[]> =>
  (
    await sql<{ minor: string }>(school.database, 'select amount_minor::text as minor from fees_receipts where student_id = $1', [
      studentId,
    ])
  ).map((one) => one.minor);

describe('a form that comes again under its mark', () => {
  it('with another amount at the desk is told what was saved, and that this is not', async () => {
    const [child] = await school.family(1);
    const page = `/fees/cashier?student=${child!.id}`;
    const { html } = await bursar.get(page);
    const fields = {
      _csrf: hidden(html, '_csrf'),
      _once: hidden(html, '_once'),
      key: newId(),
      student: child!.id,
      amount: '5,000',
      method: 'cash',
      receivedOn: TODAY,
    };
    const first = await bursar.post('/fees/cashier', fields);
    assert.equal(first.status, 303, text(first.html).slice(0, 300));
    const same = await bursar.post('/fees/cashier', { ...fields, amount: ' 5,000' });
    assert.deepEqual([same.status, same.location], [303, first.location], 'the same form leads to its receipt');
    const other = await bursar.post('/fees/cashier', { ...fields, amount: '7,000' });
    assert.equal(other.status, 409);
    assert.match(
      text(other.html),
      /Receipt R-\d+ for KES 5,000(\.00)? was saved from this form\. This form has already been saved with different entries\. Your new entries are not saved/,
    );
    assert.ok(other.html.includes(`href="${first.location}"`), 'with the way to what was saved');
    assert.match(other.html, /value="7,000"/);
    assert.deepEqual(await received(child!.id), ['500000']);
  });

  it('from many hands at once, some with another amount: one receipt, and nobody is told that the other was saved', async () => {
    const [child] = await school.family(1);
    const { html } = await bursar.get(`/fees/cashier?student=${child!.id}`);
    const fields = {
      _csrf: hidden(html, '_csrf'),
      _once: hidden(html, '_once'),
      key: newId(),
      student: child!.id,
      amount: '5,000',
      method: 'cash',
      receivedOn: TODAY,
    };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => bursar.post('/fees/cashier', { ...fields, amount: n % 2 ? '7,000' : '5,000' })),
    );
    const [minor, ...more] = await received(child!.id);
    assert.deepEqual(more, []);
    for (const [n, { status }] of answers.entries()) assert.equal(status, (n % 2 ? '700000' : '500000') === minor ? 303 : 409);
  });

  it('in every other form of the product too', async () => {
    const { html } = await bursar.get('/fees/sponsors/new');
    const fields = { _csrf: hidden(html, '_csrf'), _once: hidden(html, '_once'), name: 'County bursary', contact: 'The clerk' };
    const first = await bursar.post('/fees/sponsors', fields);
    assert.equal(first.status, 303, text(first.html).slice(0, 400));
    const other = await bursar.post('/fees/sponsors', { ...fields, name: 'Another fund' });
    assert.equal(other.status, 409);
    assert.match(text(other.html), /already been saved with different entries/);
    assert.deepEqual(await sql(school.database, "select name from fees_sponsors where name = 'Another fund'"), []);
  });

  it('by the API is 409 key_reused', async () => {
    const [child] = await school.family(1);
    await school.run(() =>
      school.get(IDENTITY).createAccount({
        name: 'Till program',
        email: 'till@school.test',
        roles: ['bursar'],
        by: { password: PASSWORD },
        actor: school.office,
      }),
    );
    const program = school.stranger();
    const token = await program.token('till@school.test', PASSWORD);
    const send = (amount: number) =>
      program.json(
        'POST',
        '/api/v1/payments',
        { student: child!.id, amount_minor: amount, currency: 'KES', method: 'cash', received_on: TODAY },
        { authorization: `Bearer ${token}`, 'idempotency-key': 'same-key-0001' },
      );
    assert.equal((await send(4_000_00)).status, 201);
    assert.equal((await send(4_000_00)).status, 201);
    const other = await send(6_000_00);
    assert.deepEqual([other.status, other.json<{ code: string }>().code], [409, 'key_reused']);
    assert.deepEqual(await received(child!.id), ['400000']);
  });
});

describe('an amount far above what is owed', () => {
  const cash = async (student: string, amount: string, more: Record<string, string> = {}) =>
    bursar.submit(
      '/fees/cashier',
      { key: newId(), student, amount, method: 'cash', receivedOn: TODAY, ...more },
      `/fees/cashier?student=${student}`,
    );

  it('is asked about at the desk, and saved when it is meant', async () => {
    const [child] = await school.family(1);
    await school.bill(child!.id, { TUI: 1_500_000 });
    const asked = await cash(child!.id, '99,999,999');
    assert.equal(asked.status, 422);
    assert.match(
      text(asked.html),
      /KES 99,999,999 is far more than is owed \(KES 15,000\)\. Is the amount right\? .*Yes, save it/,
    );
    assert.deepEqual(await received(child!.id), []);
    assert.equal((await cash(child!.id, '99,999,999', { sure: '1' })).status, 303);
  });

  const paid: [method: string, written: Record<string, string>][] = [
    ['bank', { reference: 'FAR-1', bank: 'KCB' }],
    ['cheque', { reference: '000771', bank: 'KCB' }],
    ['card', { reference: '004417' }],
    ['mobile', { reference: 'TFAR4LWXYZ' }],
  ];
  for (const [method, more] of paid) {
    it(`is asked about for ${method} too`, async () => {
      const [child] = await school.family(1);
      await school.bill(child!.id, { TUI: 1_500_000 });
      const asked = await cash(child!.id, '9,999,999', { method, ...more });
      assert.equal(asked.status, 422);
      assert.match(text(asked.html), /KES 9,999,999 is far more than is owed \(KES 15,000\)/);
      assert.equal((await cash(child!.id, '9,999,999', { method, ...more, sure: '1' })).status, 303);
    });
  }

  it('is not asked about when the same form comes again after it was saved', async () => {
    const [child] = await school.family(1);
    await school.bill(child!.id, { TUI: 1_500_000 });
    const key = newId();
    for (const time of ['first', 'again']) assert.equal((await cash(child!.id, '28,000', { key })).status, 303, time);
    assert.deepEqual(await received(child!.id), ['2800000']);
  });

  it('does not count a year that is paid ahead', async () => {
    const [child] = await school.family(1);
    await school.bill(child!.id, { TUI: 1_500_000 });
    assert.equal((await cash(child!.id, '30,000')).status, 303);
  });

  it('is refused over the API until it is confirmed', async () => {
    const [child] = await school.family(1);
    const program = school.stranger();
    const token = await program.token('till@school.test', PASSWORD);
    const send = (more: object) =>
      program.json(
        'POST',
        '/api/v1/payments',
        { student: child!.id, amount_minor: 9_999_999_900, currency: 'KES', method: 'cash', received_on: TODAY, ...more },
        { authorization: `Bearer ${token}`, 'idempotency-key': 'far-above-0001' },
      );
    const refused = await send({});
    assert.deepEqual([refused.status, refused.json<{ code: string }>().code], [422, 'far-above']);
    assert.equal((await send({ sure: true })).status, 201);
  });
});

describe('a number on paper', () => {
  it('keeps its digits apart where the paper does, and only there', () => {
    for (const [written, kept] of [
      ['1/23', '1-23'],
      ['12/3', '12-3'],
      [' 1 - 23 ', '1-23'],
      ['sl/0042', 'SL0042'],
      ['00417 KCB', '00417KCB'],
      ['000417', '000417'],
      ['000 417', '000417'],
      ['/12/', '12'],
    ] as const)
      assert.equal(paperReference(written), kept);
  });

  it('of two slips 1/23 and 12/3 are two payments, and 1/23 again is the same', async () => {
    const [one, other] = await school.family(2);
    const slip = (value: string) => ({ method: 'bank' as const, references: [{ scheme: 'bank-slip', issuer: 'KCB', value }] });
    await school.pay(one!.id, 1_000_00, slip('1/23'));
    await school.pay(other!.id, 2_000_00, slip('12/3'));
    await assert.rejects(school.pay(other!.id, 2_000_00, slip('1-23')), { code: 'reference_known' });
  });
});
