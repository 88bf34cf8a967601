import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../../../src/kernel/id.js';
import { expectedCash } from '../../../../src/modules/fees/tills/till.rules.js';
import { Receiving } from '../../../../src/modules/fees/receiving/receive.js';
import { RECEIVING_SETTINGS, TILL_STORE } from '../../../../src/modules/fees/ports.js';
import { TakingBack } from '../../../../src/modules/fees/reversals/reversals.js';
import { Checker } from '../../../../src/modules/finance/books/checker.js';
import { UNIT } from '../../../../src/platform/tokens.js';
import type { Browser } from '../../../support/browser.js';
import { textOfPdf } from '../../../support/reading/pdf.js';
import { sql } from '../../../support/database/sql.js';
import { payment, TODAY, withFees, type SchoolWithFees } from '../support.js';

let school: SchoolWithFees;
let bursar: Browser;
let owner: Browser;
before(async () => {
  school = await withFees();
  bursar = await school.as('bursar');
  owner = await school.as('owner');
});
after(() => school?.stop());

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const differences = async (): Promise<string> =>
  (await school.run(() => school.get(Checker).run())).differences.map((one) => one.sentence).join(' | ');
const take = async (who: Browser, amount: string, given: Record<string, string> = {}): Promise<string> => {
  const [child] = await school.family(1);
  const fields = { key: newId(), student: child!.id, amount, method: 'cash', receivedOn: TODAY, ...given };
  const { location, html } = await who.submit('/fees/cashier', fields, `/fees/cashier?student=${child!.id}`);
  return /paid=([0-9a-f-]{36})/.exec(location ?? html)![1]!;
};
const open = (who: Browser, float: string) => who.submit('/fees/till/opening', { float });
const drop = (who: Browser, fields: { kind: string; amount: string }) =>
  who.submit('/fees/till/drops', { note: '', ...fields }, '/fees/till/drops');
const count = async (who: Browser, counted: string): Promise<string> => {
  const { status, location, html } = await who.submit('/fees/till/cash-up', { counted, note: '' });
  assert.equal(status, 303, text(html));
  return /[0-9a-f-]{36}/.exec(location!)![0];
};
const sessionOf = async (paymentId: string) =>
  (
    await sql<{ id: string | null }>(school.database, 'select till_session_id as id from fees_payments where id = $1', [
      paymentId,
    ])
  )[0]!.id;
const booked = async (kind: string, key: string) =>
  await sql<{ role: string; minor: number; till: string }>(
    school.database,
    `select a.role, l.amount_minor::int as minor, l.till_id as till from finance_entries e join finance_lines l on l.entry_id = e.id join finance_accounts a on a.id = l.account_id
      where e.source_kind = $1 and e.source_key = $2 order by l.n`,
    [kind, key],
  );

describe('what ought to lie in a till', () => {
  it('is the float and the cash taken, less what left; a cheque is no cash', () => {
    const takings = [
      { method: 'cash', count: 2, totalMinor: 1_500 },
      { method: 'cheque', count: 1, totalMinor: 9_000 },
    ] as const;
    assert.equal(
      expectedCash(500, takings, [
        { kind: 'safe', amountMinor: 700 },
        { kind: 'returned', amountMinor: 200 },
      ]),
      1_100,
    );
    assert.equal(expectedCash(0, [], [{ kind: 'returned', amountMinor: 200 }]), -200);
  });
});

describe('a till', () => {
  it('is for who takes money; sessions are read by who sees payments', async () => {
    const teacher = await school.as('teacher');
    const auditor = await school.as('auditor');
    for (const path of [
      '/fees/till',
      '/fees/till/opening',
      '/fees/till/drops',
      '/fees/till/cash-up',
      '/fees/tills',
      `/fees/tills/${newId()}`,
      `/fees/tills/${newId()}/z-report.pdf`,
    ])
      assert.equal((await teacher.get(path)).status, 403, path);
    for (const path of ['/fees/till', '/fees/till/opening', '/fees/till/drops', '/fees/till/cash-up'])
      assert.equal((await auditor.get(path)).status, 403, path);
    assert.equal((await auditor.get('/fees/tills')).status, 200);
    assert.equal((await bursar.get(`/fees/tills/${newId()}`)).status, 404);
  });

  it('is offered where money is taken without one, and nothing is held up for it', async () => {
    assert.match(text((await bursar.get('/fees/cashier')).html), /Till not opened/);
    assert.match(text((await bursar.get('/fees/till')).html), /Your till is not open/);
    assert.equal(await sessionOf(await take(bursar, '1,000')), null);
    assert.equal((await bursar.submit('/fees/till/cash-up', { counted: '0', note: '' }, '/fees/till/opening')).status, 409);
  });

  it('takes what its cashier takes, and nobody else’s; the books know the till of cash alone', async () => {
    assert.equal((await open(bursar, '-5')).status, 422);
    assert.equal((await open(bursar, '2,000')).status, 303);
    assert.equal((await open(bursar, '2,000')).status, 409);
    assert.match(text((await bursar.get('/fees/cashier')).html), /Till open since/);
    const own = await take(bursar, '12,000');
    const cheque = await take(bursar, '3,000', { method: 'cheque', reference: '551', bank: 'KCB' });
    const other = await take(owner, '700');
    const id = await sessionOf(own);
    assert.ok(id);
    assert.equal(await sessionOf(cheque), id);
    assert.equal(await sessionOf(other), null);
    assert.equal((await booked('fees-payment', own))[0]!.till, id);
    assert.equal((await booked('fees-payment', cheque))[0]!.till, null);
  });

  it('gives no more than lies there; what goes to the bank is booked, what goes to the safe is not', async () => {
    assert.equal((await drop(bursar, { kind: 'bank', amount: '14,000.01' })).status, 422);
    assert.equal((await drop(bursar, { kind: 'bank', amount: '0' })).status, 422);
    assert.equal((await drop(bursar, { kind: 'returned', amount: '5' })).status, 422);
    assert.equal((await drop(bursar, { kind: 'bank', amount: '10,000' })).status, 303);
    assert.equal((await drop(bursar, { kind: 'safe', amount: '1,500' })).status, 303);
    const [movement] = await sql<{ id: string }>(school.database, "select id from fees_till_movements where kind = 'bank'");
    assert.deepEqual(
      (await booked('fees-till-banking', movement!.id)).map(({ role, minor }) => [role, minor]),
      [
        ['bank', 1_000_000],
        ['cash', -1_000_000],
      ],
    );
    assert.equal(
      (await sql(school.database, "select 1 from fees_till_movements where kind = 'safe' and entry_id is null")).length,
      1,
    );
  });

  it('books the difference of the count once, and shows it on the report with takings by method', async () => {
    const id = await count(bursar, '2,450');
    assert.deepEqual(
      (await booked('fees-till', id)).map(({ role, minor, till }) => [role, minor, till]),
      [
        ['cash', -5_000, id],
        ['over-short', 5_000, id],
      ],
    );
    assert.equal((await bursar.submit('/fees/till/cash-up', { counted: '2,450', note: '' }, '/fees/till/opening')).status, 409);
    assert.match(text((await owner.get(`/fees/tills/${id}`)).html), /50 short .*Counted KES 2,450/);
    assert.match(text((await owner.get('/fees/tills')).html), /50 short/);
    assert.match(text((await owner.get('/fees/tills?state=different')).html), /50 short/);
    assert.match(text((await owner.get('/fees/tills?state=open')).html), /No session matches/);
    assert.match(text((await owner.get('/fees/tills?to=2020-01-01')).html), /No session matches/);
    assert.match(
      (await owner.get('/fees/tills?state=different&format=csv')).html,
      /Cashier,Opened,.*Difference.*\r?\n[^\n]*,2500(\.00)?,2450(\.00)?,-50(\.00)?,/,
    );
    const paper = textOfPdf((await bursar.get(`/fees/tills/${id}/z-report.pdf`)).body);
    for (const word of [/Z-report/, /Cash/, /12,000/, /Cheque/, /3,000/, /Expected in drawer/, /2,500/, /2,450/, /Short/])
      assert.match(paper, word);
    assert.equal(await differences(), '');
  });

  it('that was counted takes nothing more: later receipts are in the next session', async () => {
    const between = await take(bursar, '40');
    assert.equal(await sessionOf(between), null);
    await open(bursar, '0');
    const later = await take(bursar, '50');
    const next = await count(bursar, '50');
    assert.equal(await sessionOf(later), next);
    assert.deepEqual(await booked('fees-till', next), []);
  });

  it('shows a receipt that was taken back in the session as void, with its number, and counts nothing of it', async () => {
    await open(bursar, '0');
    const [kept, wrong] = [await take(bursar, '70'), await take(bursar, '90')];
    await school.run(() =>
      school.get(TakingBack).kind.approve(school.office, {
        subject: { kind: 'fee-payment', id: wrong },
        reason: 'The wrong child',
        payload: {},
      } as never),
    );
    const [{ number }] = (await sql<{ number: string }>(
      school.database,
      'select number from fees_receipts where payment_id = $1',
      [wrong],
    )) as [{ number: string }];
    assert.match(text((await bursar.get('/fees/till')).html), new RegExp(`Void receipts ${number} Cash · The wrong child 90`));
    const id = await count(bursar, '70');
    assert.equal(await sessionOf(kept), id);
    const paper = textOfPdf((await bursar.get(`/fees/tills/${id}/z-report.pdf`)).body);
    assert.match(paper, /Void receipts/);
    assert.match(paper, new RegExp(number));
    assert.match(paper, /No difference/);
  });

  it('is counted after the receipt that is under way, with it', async () => {
    const [child] = await school.family(1);
    await open(bursar, '0');
    const [id] = (await sql<{ id: string }>(school.database, "select id from fees_till_sessions where state = 'open'")).map(
      (row) => row.id,
    );
    let release = (): void => undefined;
    const waits = new Promise<void>((resolve) => (release = resolve));
    let held = (): void => undefined;
    const isHeld = new Promise<void>((resolve) => (held = resolve));
    const underWay = school.run(() =>
      school.get(UNIT)(async () => {
        assert.ok(await school.get(TILL_STORE).holdOpen(id!));
        await school.get(Receiving).receive(school.office, payment(child!.id, 10_000), id);
        held();
        await waits;
      }),
    );
    await isHeld;
    let done = false;
    const counting = count(bursar, '100').then((session) => {
      done = true;
      return session;
    });
    await new Promise((resolve) => setTimeout(resolve, 400));
    assert.equal(done, false, 'counting waits');
    release();
    await underWay;
    assert.equal(await counting, id);
    assert.deepEqual(await booked('fees-till', id!), [], 'it is in the count');
    assert.equal(await school.run(() => school.get(UNIT)(() => school.get(TILL_STORE).holdOpen(id!))), false);
  });
});

describe('a receipt of a till that is taken back', () => {
  before(() =>
    school.run(() =>
      school.get(UNIT)(async () => {
        const settings = school.get(RECEIVING_SETTINGS);
        await settings.save({ ...(await settings.read()), reversalLimitMinor: 1_000_000 });
      }),
    ),
  );

  it('is its cashier’s alone until the count, and a second person’s afterwards', async () => {
    await open(bursar, '0');
    const [early, late] = [await take(bursar, '300'), await take(bursar, '400')];
    const state = async (id: string) =>
      (await sql<{ state: string }>(school.database, 'select state from fees_payments where id = $1', [id]))[0]!.state;
    const back = (id: string) => bursar.submit(`/fees/payments/${id}/reversal`, { reason: 'A mistake' });
    assert.equal((await back(early)).status, 303);
    assert.equal(await state(early), 'reversed');
    const counted = await count(bursar, '400');
    assert.deepEqual(await booked('fees-till', counted), [], 'what was given back is not missing');
    assert.equal((await back(late)).status, 303);
    assert.equal(await state(late), 'posted');

    await open(bursar, '1,000');
    const { html } = await owner.get('/approvals');
    const request = /href="(\/approvals\/[0-9a-f-]{36})"/.exec(html)![1]!;
    assert.equal((await owner.submit(`${request}/decision`, { decision: 'approve', note: '' }, request)).status, 303);
    assert.equal(await state(late), 'reversed');
    const next = await count(bursar, '600');
    assert.deepEqual(await booked('fees-till', next), [], 'it was given out of the till that is open now');
    const page = text((await owner.get(`/fees/tills/${counted}`)).html);
    assert.match(page, /Cash 1 400/, 'what was counted stays as it was');
    assert.equal(await differences(), '');
  });
});
