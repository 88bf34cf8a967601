import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../../../src/kernel/id.js';
import { Cheques } from '../../../../src/modules/fees/banking/cheques.js';
import { Receiving } from '../../../../src/modules/fees/receiving/receive.js';
import { Sponsors } from '../../../../src/modules/fees/awards/sponsors.js';
import { TakingBack } from '../../../../src/modules/fees/reversals/reversals.js';
import { Accounts } from '../../../../src/modules/finance/chart/accounts.js';
import { Checker } from '../../../../src/modules/finance/books/checker.js';
import { IDENTITY } from '../../../../src/modules/identity/index.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { hiddenValue, type Browser } from '../../../support/browser.js';
import { textOfPdf } from '../../../support/reading/pdf.js';
import { countRows, sql } from '../../../support/database/sql.js';
import { aBank } from '../../finance/support.js';
import { TODAY, withFees, type SchoolWithFees } from '../support.js';

const PASSWORD = 'correct-horse-battery-staple-7';

/** A private school: one bank of the role, and one that it has marked. */
let school: SchoolWithFees;
let bursar: Browser;
let owner: Browser;
let usual: string;
let second: string;
before(async () => {
  school = await withFees();
  bursar = await school.as('bursar');
  owner = await school.as('owner');
  usual = school.account('bank');
});
after(() => school?.stop());

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const differences = async (): Promise<string[]> =>
  (await school.run(() => school.get(Checker).run())).differences.map((one) => one.sentence);
const stands = async (accountId: string): Promise<number> =>
  Number(
    (
      await sql(school.database, 'select coalesce(sum(amount_minor), 0)::text as sum from finance_lines where account_id = $1', [
        accountId,
      ])
    )[0]!.sum,
  );
const standing = async (): Promise<[number, number]> => [await stands(usual), await stands(second)];
const slip = (student: Student, given: Record<string, string> = {}) => ({
  key: newId(),
  student: student.id,
  amount: '500',
  method: 'bank',
  reference: newId().slice(-12),
  bank: 'KCB',
  receivedOn: TODAY,
  ...given,
});
const take = (fields: Record<string, string>) =>
  bursar.submit('/fees/cashier', fields, `/fees/cashier?student=${fields.student}`);
let numbers = 7000;
const aCheque = async (amountMinor: number): Promise<string> => {
  const [child] = await school.family(1);
  return (
    await school.pay(child!.id, amountMinor, {
      method: 'cheque',
      references: [{ scheme: 'cheque', issuer: 'KCB', value: String((numbers += 1)) }],
    })
  ).paymentId;
};

describe('a school of one bank', () => {
  it('is asked nowhere which: a slip stands on its only one', async () => {
    const [child] = await school.family(1);
    assert.doesNotMatch((await bursar.get(`/fees/cashier?student=${child!.id}`)).html, /name="accountId"/);
    const before = await stands(usual);
    assert.equal((await take(slip(child!))).status, 303);
    assert.equal((await stands(usual)) - before, 50_000);
  });
});

describe('a school of two banks', () => {
  before(async () => {
    second = await aBank(school, {
      code: '1040',
      name: 'Equity for boarding',
      bankName: 'Equity Bank',
      bankBranch: 'Kitale',
      bankNumber: '0180 2345',
    });
  });

  it('says at the desk which one a slip was paid into, the usual one first', async () => {
    const [child] = await school.family(1);
    const page = await bursar.get(`/fees/cashier?student=${child!.id}`);
    assert.match(
      page.html,
      new RegExp(
        `<select[^>]*name="accountId"[^>]*><option value="${usual}">[^<]*</option><option value="${second}">1040 Equity for boarding · Equity Bank 0180 2345<`,
      ),
    );
    const before = await standing();
    const saved = await take(slip(child!, { accountId: second }));
    assert.equal(saved.status, 303, text(saved.html));
    assert.equal((await take(slip(child!))).status, 303, 'who says nothing means the usual one');
    assert.deepEqual(await standing(), [before[0] + 50_000, before[1] + 50_000]);
    const payment = /paid=([0-9a-f-]{36})/.exec(saved.location!)![1]!;
    assert.match(text((await bursar.get(`/fees/payments/${payment}`)).html), /Paid into Equity for boarding/);
    await school.run(
      async () =>
        void (await school
          .get(TakingBack)
          .kind.approve(school.office, { subject: { kind: 'fee-payment', id: payment }, reason: 'Twice', payload: {} } as never)),
    );
    assert.equal(await stands(second), before[1], 'what is reversed leaves the bank that it came to');
  });

  it('takes a slip into nothing else: cash, an account of another school or none at all are refused, and what was typed stays', async () => {
    const [child] = await school.family(1);
    const before = await countRows(school.database, 'fees_payments');
    for (const accountId of [school.account('cash'), school.account('4300'), newId(), 'x']) {
      const answer = await take(slip(child!, { accountId, payerName: 'Zainabu Wafula' }));
      assert.equal(answer.status, 422, accountId);
      assert.match(text(answer.html), /Choose a bank account/);
      assert.match(answer.html, /value="Zainabu Wafula"/);
    }
    assert.equal(await countRows(school.database, 'fees_payments'), before);
  });

  it('puts other money where it always went, whatever is chosen for slips', async () => {
    const [child] = await school.family(1);
    const before = [await stands(school.account('cash')), await stands(second)];
    assert.equal((await take(slip(child!, { method: 'cash', reference: '', bank: '', accountId: second }))).status, 303);
    assert.deepEqual([await stands(school.account('cash')), await stands(second)], [before[0]! + 50_000, before[1]]);
  });

  it('banks cheques and the cash of a till at either; a number counts once in each', async () => {
    const before = await standing();
    const deposit = { slipNumber: 'BOTH 1', bankedOn: TODAY };
    for (const accountId of [usual, second]) {
      const saved = await bursar.submit(
        '/fees/cheques/deposits',
        { ...deposit, accountId, cheques: await aCheque(1_000) },
        '/fees/cheques/deposits/new',
      );
      assert.equal(saved.status, 303, text(saved.html));
      if (accountId === second)
        assert.match(
          textOfPdf((await bursar.get(`${saved.location}/list.pdf`)).body),
          /Equity for boarding.*Equity Bank, Kitale.*0180 2345/s,
        );
    }
    const third = await bursar.submit(
      '/fees/cheques/deposits',
      { ...deposit, accountId: second, cheques: await aCheque(1_000) },
      '/fees/cheques/deposits/new',
    );
    assert.match(text(third.html), /This bank already has a slip with this number/);
    await bursar.submit('/fees/till/opening', { float: '5,000' });
    const drop = (given: Record<string, string>) =>
      bursar.submit(
        '/fees/till/drops',
        { kind: 'bank', amount: '100', note: '', slipNumber: 'CASH 1', ...given },
        '/fees/till/drops',
      );
    assert.match(text((await drop({})).html), /Choose a bank account/);
    for (const accountId of [usual, second]) assert.equal((await drop({ accountId })).status, 303);
    assert.match(text((await bursar.get('/fees/till')).html), /Bank account · CASH 1.*Equity for boarding · CASH 1/);
    const counted = await bursar.submit('/fees/till/cash-up', { counted: '4,800', note: '' });
    assert.match(textOfPdf((await bursar.get(`${counted.location}/z-report.pdf`)).body), /Equity for boarding · CASH 1/);
    assert.deepEqual(await standing(), [before[0] + 11_000, before[1] + 11_000]);
    assert.deepEqual(await differences(), []);
  });

  it('moves a slip of a wrong bank from one to the other', async () => {
    const depositId = await school.run(async () =>
      school
        .get(Cheques)
        .bank(school.office, { paymentIds: [await aCheque(2_000)], accountId: usual, slipNumber: 'WRONG', bankedOn: TODAY }),
    );
    const { slipId } = await school.run(() => school.get(Cheques).deposit(school.office, depositId));
    const before = await standing();
    assert.match((await bursar.get(`/fees/slips/${slipId}/account`)).html, new RegExp(`<option value="${second}">`));
    assert.equal(
      (await bursar.submit(`/fees/slips/${slipId}/account`, { accountId: second, reason: 'Banked to Equity' })).status,
      303,
    );
    assert.deepEqual(await standing(), [before[0] - 2_000, before[1] + 2_000]);
  });

  it('takes a sponsor’s slip into either, seen before it is booked', async () => {
    const trust = await school.run(() =>
      school.get(Sponsors).add(school.office, { name: 'Elimu Trust', contact: '', phone: null, email: null }),
    );
    const [child] = await school.family(1);
    const path = `/fees/sponsors/${trust}/payments`;
    const fields = { ...slip(child!), purpose: 'families', lines: `${child!.admissionNo}, 500` };
    const preview = async (accountId: string) =>
      bursar.upload(`${path}/preview`, [], {
        _csrf: hiddenValue((await bursar.get(`${path}/new`)).html, '_csrf')!,
        ...fields,
        accountId,
      });
    const refused = await preview(school.account('cash'));
    assert.equal(refused.status, 422);
    assert.match(text(refused.html), /Choose a bank account/);
    const shown = await preview(second);
    assert.match(text(shown.html), /Bank slip KCB .* · Equity for boarding/);
    assert.equal(hiddenValue(shown.html, 'accountId'), second);
    const before = await standing();
    assert.equal((await bursar.submit(path, { ...fields, accountId: second }, `${path}/new`)).status, 303);
    assert.deepEqual(await standing(), [before[0], before[1] + 50_000]);
  });

  it('pays refunds by transfer or cheque from either, which the page and the voucher say; those by mobile money from none', async () => {
    for (const [method, accountId, expected] of [
      ['bank', second, second],
      ['cheque', second, second],
      ['bank', '', usual],
      ['mobile', second, school.account('clearing.mobile')],
    ] as const) {
      const [child] = await school.family(1);
      const { receipts } = await school.pay(child!.id, 50_000, { payerName: 'Grace Atieno' });
      const asked = await bursar.submit(
        `/fees/students/${child!.id}/refunds`,
        { receipts: receipts[0]!.id, amount: '500', method, payeeName: 'Grace Atieno', payeeAccount: '', reason: 'Moves away' },
        `/fees/students/${child!.id}/refunds/new`,
      );
      const [request] = await sql<{ id: string }>(
        school.database,
        "select id from approvals_requests where subject_id = $1 and state = 'asked'",
        [asked.location!.split('/').at(-1)],
      );
      await owner.submit(
        `/approvals/${request!.id}/decision`,
        { decision: 'approve', note: 'So be it' },
        `/approvals/${request!.id}`,
      );
      const pay = (given: Record<string, string>) =>
        bursar.submit(`${asked.location}/payment`, { paidOn: TODAY, reference: 'TX 1', ...given });
      if (method !== 'mobile') {
        const refused = await pay({ accountId: school.account('cash') });
        assert.equal(refused.status, 422, method);
        assert.match(text(refused.html), /Choose a bank account/);
        assert.match(refused.html, /value="TX 1"/);
      }
      const before = await stands(expected);
      assert.equal((await pay(accountId ? { accountId } : {})).status, 303);
      assert.equal((await stands(expected)) - before, -50_000, method);
      const page = text((await bursar.get(asked.location!)).html);
      const voucher = textOfPdf((await bursar.get(`${asked.location}/voucher.pdf`)).body);
      if (expected === second) for (const one of [page, voucher]) assert.match(one, /Equity for boarding/);
      if (method === 'mobile') assert.doesNotMatch(voucher, /Equity|clearing/);
    }
    assert.deepEqual(await differences(), []);
  });

  it('lets a program name the bank of a slip by its code, and of nothing else', async () => {
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
    const authorization = `Bearer ${await program.token('till@school.test', PASSWORD)}`;
    const send = (given: object) =>
      program.json(
        'POST',
        '/api/v1/payments',
        {
          student: child!.id,
          amount_minor: 20_000,
          currency: 'KES',
          method: 'bank',
          reference: newId().slice(-12),
          received_on: TODAY,
          ...given,
        },
        { authorization, 'idempotency-key': newId() },
      );
    for (const wrong of [
      { bank_account: '1010' },
      { bank_account: 'none' },
      { method: 'cash', reference: null, bank_account: '1040' },
    ]) {
      const answer = await send(wrong);
      assert.equal(answer.status, 422);
      assert.match(answer.html, /bank_account/);
    }
    const before = await standing();
    assert.equal((await send({ bank_account: '1040' })).status, 201);
    assert.equal((await send({})).status, 201);
    assert.deepEqual(await standing(), [before[0] + 20_000, before[1] + 20_000]);
  });

  it('whose bank is switched off no longer offers it; a cheque that comes back to it says which account is to be switched on', async () => {
    const third = await aBank(school, { code: '1045', name: 'Bank that closes' });
    const cheque = await aCheque(3_000);
    await school.run(() =>
      school.get(Cheques).bank(school.office, { paymentIds: [cheque], accountId: third, slipNumber: 'LAST', bankedOn: TODAY }),
    );
    await school.post({
      lines: [
        { accountId: usual, amountMinor: 3_000 },
        { accountId: third, amountMinor: -3_000 },
      ],
    });
    await school.run(() => school.get(Accounts).close(school.office, third, TODAY));
    await aCheque(1_000);
    await bursar.submit('/fees/till/opening', { float: '0' });
    for (const path of [
      '/fees/cheques/deposits/new',
      '/fees/till/drops',
      `/fees/cashier?student=${(await school.family(1))[0]!.id}`,
    ]) {
      const { html } = await bursar.get(path);
      assert.match(html, /Equity for boarding/, path);
      assert.doesNotMatch(html, /Bank that closes/, path);
    }
    const [child] = await school.family(1);
    assert.equal((await take(slip(child!, { accountId: third }))).status, 422);
    const bounce = () => school.run(() => school.get(TakingBack).bounce(school.office, cheque, 'No cover'));
    await assert.rejects(bounce(), /The account 1045 Bank that closes is switched off/);
    await school.run(() => school.get(Accounts).reopen(school.office, third));
    await bounce();
    assert.equal(await stands(third), -3_000);
    assert.deepEqual(await differences(), []);
  });

  it('has what each family owes and paid as before: banks are no part of it', async () => {
    const [child] = await school.family(1);
    await school.bill(child!.id, { TUI: 80_000 });
    await take(slip(child!, { accountId: second }));
    assert.equal(await school.run(() => school.get(Receiving).balanceOf({ kind: 'student', id: child!.id })), 30_000);
  });
});
