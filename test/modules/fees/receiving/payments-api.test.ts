import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../../../src/kernel/id.js';
import { RefundPayouts } from '../../../../src/modules/fees/refunds/refund-payouts.js';
import { Refunds } from '../../../../src/modules/fees/refunds/refunds.js';
import { SCHOOL } from '../../../../src/modules/school/index.js';
import { IDENTITY } from '../../../../src/modules/identity/index.js';
import type { Student } from '../../../../src/modules/students/index.js';
import type { Answer } from '../../../support/browser.js';
import { countRows } from '../../../support/database/sql.js';
import { TODAY, withFees, type SchoolWithFees } from '../support.js';

const PASSWORD = 'correct-horse-battery-staple-7';

describe('money over the API', () => {
  let school: SchoolWithFees;
  let child: Student;
  let ask: (method: string, path: string, body?: object, key?: string) => Promise<Answer>;
  before(async () => {
    school = await withFees();
    [child] = (await school.family(1)) as [Student];
    await school.bill(child.id, { TUI: 500_000 });
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
    ask = (method, path, body, key) => {
      const headers = { authorization: `Bearer ${token}`, ...(key && { 'idempotency-key': key }) };
      return method === 'GET' ? program.get(`/api/v1${path}`, headers) : program.json(method, `/api/v1${path}`, body, headers);
    };
  });
  after(() => school?.stop());

  const cash = (more: object = {}) => ({
    student: child.id,
    amount_minor: 200_000,
    currency: 'KES',
    method: 'cash',
    reference: null,
    received_on: TODAY,
    ...more,
  });

  it('a payment is booked once for a key; the reference may be null where there is none', async () => {
    const key = newId();
    const [first, again] = [await ask('POST', '/payments', cash(), key), await ask('POST', '/payments', cash(), key)];
    assert.equal(first.status, 201, first.html);
    assert.deepEqual(again.json(), first.json());
    assert.equal(await countRows(school.database, 'fees_payments'), 1);
    const { receipts } = first.json<{ receipts: { number: string; balance_after_minor: number }[] }>();
    assert.deepEqual(
      receipts.map((one) => one.balance_after_minor),
      [300_000],
    );
    assert.equal((await ask('POST', '/payments', cash({ amount_minor: 1 }), key)).status, 409, 'another body under the same key');
  });

  it('says in a sentence what is missing, and books nothing', async () => {
    assert.equal((await ask('POST', '/payments', cash())).status, 422, 'no key');
    const refused = await ask('POST', '/payments', cash({ student: null }), newId());
    assert.deepEqual(
      [refused.status, refused.json<{ errors: object[] }>().errors],
      [422, [{ field: 'student', message: 'Fill this in' }]],
    );
    assert.equal(await countRows(school.database, 'fees_payments'), 1);
  });

  it('refuses whatever is no payment, at the field by its name here, and books nothing', async () => {
    const closed = '2020-01-15';
    for (const [what, given, field] of [
      ['below zero', { amount_minor: -1 }, 'amount_minor'],
      ['of nothing', { amount_minor: 0 }, 'amount_minor'],
      ['with half a cent', { amount_minor: 100.5 }, 'amount_minor'],
      ['written as text', { amount_minor: '20000' }, 'amount_minor'],
      ['beyond what a number holds', { amount_minor: 2 ** 60 }, 'amount_minor'],
      ['of more than the books can add up', { amount_minor: Number.MAX_SAFE_INTEGER }, 'amount_minor'],
      ['in another currency', { currency: 'USD' }, 'currency'],
      ['for a number that nobody has', { student: 'NOBODY1' }, 'student'],
      ['for an id that nobody has', { student: newId() }, 'student'],
      ['of tomorrow', { received_on: '2027-01-01' }, 'received_on'],
      ['of no day', { received_on: '2026-02-30' }, 'received_on'],
      ['by a method that there isn’t', { method: 'kind' }, 'method'],
    ] as const) {
      const answer = await ask('POST', '/payments', cash(given), newId());
      assert.equal(answer.status, 422, `${what}: ${answer.html}`);
      assert.deepEqual(
        answer.json<{ errors: { field: string }[] }>().errors.map((one) => one.field),
        [field],
        what,
      );
    }
    assert.equal((await ask('POST', '/payments', cash({ received_on: closed }), newId())).status, 422, 'before the books');
    for (const given of [
      { method: 'bank' },
      { method: 'cheque' },
      { method: 'cheque', reference: '000123' },
      { method: 'mobile' },
    ])
      assert.equal(
        (await ask('POST', '/payments', cash(given), newId())).status,
        422,
        `as at the desk: ${JSON.stringify(given)}`,
      );
    for (const key of ['short', 'x'.repeat(101), 'with a space in it'])
      assert.equal((await ask('POST', '/payments', cash(), key)).status, 422, key);
    for (const body of [[], [cash()]]) assert.equal((await ask('POST', '/payments', body, newId())).status, 422);
    assert.equal((await ask('POST', '/payments', cash({ payer_name: 'x'.repeat(2 * 1024 * 1024) }), newId())).status, 413);
    assert.equal(await countRows(school.database, 'fees_payments'), 1);
  });

  it('a code of mobile money is known whoever is named beside it', async () => {
    const [other] = (await school.family(1)) as [Student];
    const shown = (issuer: string | null) =>
      ask('POST', '/payments', cash({ student: other.id, method: 'mobile', reference: 'SKL4T7QX2M', issuer }), newId());
    assert.equal((await shown(null)).status, 201);
    const again = await shown('Safaricom');
    assert.deepEqual([again.status, again.json<{ code: string }>().code], [409, 'reference_known']);
  });

  it('lists take any limit as the nearest they can, and refuse a cursor that they did not give', async () => {
    for (const list of ['/payments', '/invoices', '/refunds']) {
      for (const limit of ['0', '-1', '1e9'])
        assert.equal((await ask('GET', `${list}?limit=${limit}`)).status, 200, list + limit);
      const cursors = [
        'x',
        Buffer.from('["a"]').toString('base64url'),
        Buffer.from('["a","b"]').toString('base64url'),
        Buffer.from(`["2026-01-01","${'9'.repeat(400)}"]`).toString('base64url'),
        Buffer.from('{}').toString('base64url'),
      ];
      for (const cursor of cursors)
        assert.ok([400, 422].includes((await ask('GET', `${list}?cursor=${cursor}`)).status), `${list} ${cursor}`);
      assert.equal((await ask('GET', `${list}?limit=two`)).status, 422);
    }
    assert.equal((await ask('GET', `/students/${child.id}/account?from=soon`)).status, 422);
  });

  it('a run for a class, a term or a student that isn’t there is refused at its field', async () => {
    const { terms } = await school.run(() => school.get(SCHOOL).currentYear());
    for (const [given, field] of [
      [{ term: newId() }, 'term'],
      [{ classes: [newId()] }, 'classes'],
      [{ streams: [newId()] }, 'streams'],
      [{ student: newId() }, 'student'],
    ] as const) {
      const answer = await ask('POST', '/billing-runs', { term: terms[2]!.id, dry_run: true, ...given });
      assert.deepEqual([answer.status, answer.json<{ errors: { field: string }[] }>().errors[0]!.field], [422, field]);
    }
    assert.equal((await ask('GET', `/billing-runs/${newId()}`)).status, 404);
  });

  it('a refund is asked for once, and followed until it is paid', async () => {
    const [other] = (await school.family(1)) as [Student];
    const { receipts } = await school.pay(other.id, 50_000);
    const wish = {
      student: other.id,
      receipts: [receipts[0]!.id],
      amount_minor: 20_000,
      currency: 'KES',
      method: 'bank',
      payee_name: 'Grace Atieno',
      payee_account: '0110 223',
      reason: 'Paid twice',
    };
    for (const [given, field] of [
      [{ amount_minor: 50_001 }, 'amount_minor'],
      [{ currency: 'USD' }, 'currency'],
      [{ receipts: [] }, 'receipts'],
      [{ amount_minor: -5 }, 'amount_minor'],
    ] as const) {
      const refused = await ask('POST', '/refunds', { ...wish, ...given }, newId());
      assert.deepEqual(
        [refused.status, refused.json<{ errors: { field: string }[] }>().errors[0]!.field],
        [422, field],
        refused.html,
      );
    }
    const key = newId();
    const [first, again] = [await ask('POST', '/refunds', wish, key), await ask('POST', '/refunds', wish, key)];
    assert.equal(first.status, 201, first.html);
    assert.deepEqual(again.json(), first.json());
    const reused = await ask('POST', '/refunds', { ...wish, amount_minor: 10_000 }, key);
    assert.deepEqual([reused.status, reused.json<{ code: string }>().code], [409, 'key_reused']);
    const { id, state } = first.json<{ id: string; state: string }>();
    assert.equal(state, 'asked');
    await school.run(() => school.get(Refunds).kind.approve(school.office, { subject: { kind: 'fee-refund', id } } as never));
    await school.run(() => school.get(RefundPayouts).pay(school.office, id, { paidOn: TODAY, reference: 'FT123' }));
    const paid = (await ask('GET', `/refunds/${id}`)).json<{
      state: string;
      number: string;
      amount_minor: number;
      receipts: { number: string; amount_minor: number }[];
    }>();
    assert.deepEqual(
      [paid.state, paid.amount_minor, paid.receipts],
      [
        'paid',
        20_000,
        [
          {
            number: receipts[0]!.number,
            payment: (paid.receipts[0] as unknown as { payment: string }).payment,
            amount_minor: 20_000,
          },
        ],
      ],
    );
    const list = (await ask('GET', `/refunds?student=${other.id}&state=paid`)).json<{ data: { number: string }[] }>();
    assert.deepEqual(
      list.data.map((one) => one.number),
      [paid.number],
    );
    assert.equal((await ask('GET', `/refunds/${newId()}`)).status, 404);
    const reader = await school.api('head');
    assert.equal((await reader('/refunds')).status, 200);
    const teacher = await school.api('teacher');
    assert.equal((await teacher('/refunds')).status, 403);
  });

  it('an account shows its lines with the balance after each', async () => {
    const account = (await ask('GET', `/students/${child.id}/account`)).json<{
      balance_minor: number;
      currency: string;
      lines: { amount_minor: number; balance_minor: number }[];
    }>();
    assert.deepEqual([account.balance_minor, account.currency], [300_000, 'KES']);
    assert.equal(account.lines.at(-1)!.balance_minor, 300_000);
    const check = (await ask('GET', '/ledger/check?now=1')).json<{ ran_at: string; differences: unknown[] }>();
    assert.deepEqual(check.differences, []);
    assert.ok(check.ran_at);
  });
});
