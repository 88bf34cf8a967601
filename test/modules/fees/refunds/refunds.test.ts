import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type pg from 'pg';
import { Allocations } from '../../../../src/modules/fees/allocations/allocate.js';
import { Defaulters } from '../../../../src/modules/fees/reminders/defaulters.js';
import { Receiving } from '../../../../src/modules/fees/receiving/receive.js';
import { RefundPayouts } from '../../../../src/modules/fees/refunds/refund-payouts.js';
import { Refunds } from '../../../../src/modules/fees/refunds/refunds.js';
import { TakingBack } from '../../../../src/modules/fees/reversals/reversals.js';
import { Charges } from '../../../../src/modules/fees/billing/charges.js';
import { partsOf, type ReceiptCredit } from '../../../../src/modules/fees/refunds/refund.rules.js';
import { REFUND_STORE } from '../../../../src/modules/fees/ports.js';
import { Checker } from '../../../../src/modules/finance/books/checker.js';
import type { Browser } from '../../../support/browser.js';
import { textOfPdf } from '../../../support/reading/pdf.js';
import { sql } from '../../../support/database/sql.js';
import { newId } from '../../../../src/kernel/id.js';
import { TODAY, withFees, type SchoolWithFees } from '../support.js';

let school: SchoolWithFees;
let superuser: pg.Client;
let bursar: Browser;
let owner: Browser;
before(async () => {
  school = await withFees();
  superuser = await school.database.admin();
  bursar = await school.as('bursar');
  owner = await school.as('owner');
});
after(async () => {
  await superuser?.end();
  await school?.stop();
});

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const balance = (id: string) => school.run(() => school.get(Receiving).balanceOf({ kind: 'student', id }));
const credits = (id: string) => school.run(() => school.get(REFUND_STORE).creditsOf([id]));
const differences = async (): Promise<string> =>
  (await school.run(() => school.get(Checker).run())).differences.map((one) => one.sentence).join(' | ');
const stateOf = async (id: string) =>
  (await sql<{ state: string }>(school.database, 'select state from fees_refunds where id = $1', [id]))[0]!.state;
const open = async (studentId: string): Promise<number> =>
  (
    await sql<{ n: number }>(
      school.database,
      "select coalesce(sum(l.amount_minor), 0)::int - coalesce((select sum(a.amount_minor)::int from fees_allocations a join fees_invoices i on i.id = a.invoice_id where i.student_id = $1 and a.freed_at is null), 0) as n from fees_invoice_lines l join fees_invoices i on i.id = l.invoice_id where i.student_id = $1 and i.state = 'issued'",
      [studentId],
    )
  )[0]!.n;
const booked = (id: string) =>
  sql<{ role: string; minor: number; till: string | null; party: string | null }>(
    school.database,
    `select a.role, l.amount_minor::int as minor, l.till_id as till, l.party_id as party from finance_entries e join finance_lines l on l.entry_id = e.id join finance_accounts a on a.id = l.account_id
      where e.source_kind = 'fees-refund' and e.source_key = $1 order by l.n`,
    [id],
  );

/** A child whose family paid `paid` ahead. */
async function ahead(
  paid = 50_000,
  given: Parameters<SchoolWithFees['pay']>[2] = {},
): Promise<{ child: string; receipts: string[]; payment: string }> {
  const [child] = await school.family(1);
  const { receipts, paymentId } = await school.pay(child!.id, paid, { payerName: 'Grace Atieno', ...given });
  return { child: child!.id, receipts: receipts.map((one) => one.id), payment: paymentId };
}

const fields = (receipts: readonly string[], given: Record<string, string> = {}) => ({
  receipts: receipts[0]!,
  amount: '500',
  method: 'cash',
  payeeName: 'Grace Atieno',
  payeeAccount: '',
  reason: 'The family moves away',
  ...given,
});
async function ask(child: string, receipts: readonly string[], given: Record<string, string> = {}): Promise<string> {
  const { status, location, html } = await bursar.submit(
    `/fees/students/${child}/refunds`,
    fields(receipts, given),
    `/fees/students/${child}/refunds/new`,
  );
  assert.equal(status, 303, text(html));
  return /[0-9a-f-]{36}/.exec(location!)![0];
}
const asks = (child: string, receipts: readonly string[], amountMinor = 50_000) =>
  school.run(() =>
    school.get(Refunds).ask(school.office, {
      studentId: child,
      receiptIds: receipts,
      amountMinor,
      method: 'cash',
      payeeName: 'Grace Atieno',
      payeeAccount: '',
      reason: 'Moves away',
    }),
  );
async function decide(who: Browser, id: string, decision = 'approve') {
  const [request] = await sql<{ id: string }>(
    school.database,
    "select id from approvals_requests where subject_id = $1 and state = 'asked'",
    [id],
  );
  const path = `/approvals/${request!.id}`;
  return who.submit(`${path}/decision`, { decision, note: 'So be it' }, path);
}
const pay = (who: Browser, id: string, given: Record<string, string> = {}) =>
  who.submit(`/fees/refunds/${id}/payment`, { paidOn: TODAY, ...given }, '/fees/till/opening');

describe('credit that is held for a refund', () => {
  it('settles no bill: page, paper and the list of who owes name what is open, and the statement says why', async () => {
    const { child, receipts } = await ahead(70_000);
    const id = await ask(child, receipts, { amount: '700' });
    const said = /KES 700 is held for a refund|700 is held for a refund and has not been taken off these amounts/;
    const page = async () => text((await bursar.get(`/fees/students/${child}`)).html);
    const paper = async () => textOfPdf((await bursar.get(`/fees/students/${child}/statement.pdf`)).body);
    assert.doesNotMatch(await page(), said, 'nothing is open');
    await school.bill(child, { TUI: 20_000 }, { dueOn: '2026-09-01' });
    await school.run(() => school.get(Allocations).settleCredit([child]));
    const [owing] = await school.run(() => school.get(Defaulters).among(school.office, [child]));
    assert.equal(owing!.overdueMinor, 20_000);
    assert.match(await page(), said);
    assert.match(await paper(), said);
    assert.match(text((await bursar.get(`/fees/students/${child}/family`)).html), said);
    await decide(owner, id, 'refuse');
    assert.doesNotMatch(await page(), said);
    assert.deepEqual(
      await school.run(() => school.get(Defaulters).among(school.office, [child])),
      [],
      'the credit has settled the bill',
    );
  });
});

describe('the parts of a refund', () => {
  const credit = (receiptId: string, creditMinor: number, payer = 'family'): ReceiptCredit => ({
    receiptId,
    creditMinor,
    payer: { kind: 'student', id: payer },
    paymentId: '',
    number: '',
    studentId: '',
    payerName: '',
    payerPhone: null,
    method: 'cash',
    receivedOn: TODAY,
  });

  it('come from the newest receipt first, and from one payer', () => {
    assert.deepEqual(partsOf(70, [credit('new', 50), credit('old', 40)]), [
      { receiptId: 'new', amountMinor: 50 },
      { receiptId: 'old', amountMinor: 20 },
    ]);
    assert.deepEqual(partsOf(50, [credit('new', 50), credit('old', 40)]), [{ receiptId: 'new', amountMinor: 50 }]);
    assert.throws(() => partsOf(91, [credit('new', 50), credit('old', 40)]), /more than the credit/);
    assert.throws(() => partsOf(10, [credit('new', 50), credit('other', 40, 'sponsor')]), /different people/);
    assert.throws(() => partsOf(10, []), /Choose the receipts/);
  });
});

describe('a refund', () => {
  it('is asked by who may, decided by somebody else, and paid with one entry, a number and a voucher', async () => {
    const { child, receipts, payment } = await ahead();
    const teacher = await school.as('teacher');
    const head = await school.as('head');
    for (const path of [
      `/fees/students/${child}/refunds/new`,
      '/fees/refunds',
      `/fees/refunds/${newId()}`,
      `/fees/refunds/${newId()}/payment`,
      `/fees/refunds/${newId()}/cancellation`,
      `/fees/refunds/${newId()}/reversal`,
      `/fees/refunds/${newId()}/voucher.pdf`,
    ])
      assert.equal((await teacher.get(path)).status, 403, path);
    assert.equal((await head.get(`/fees/students/${child}/refunds/new`)).status, 403);
    const page = await bursar.get(`/fees/students/${child}/refunds/new`);
    assert.match(page.html, /value="Grace Atieno"/);
    assert.match(text(page.html), /500/);
    assert.match((await bursar.get(`/fees/payments/${payment}`)).html, /Refund credit/);
    assert.match((await bursar.get(`/fees/students/${child}`)).html, /refunds\/new/);

    for (const wrong of [{ amount: '500.01' }, { amount: '0' }, { payeeName: '' }, { reason: '' }, { method: 'kind' }] as Record<
      string,
      string
    >[]) {
      const refused = await bursar.submit(
        `/fees/students/${child}/refunds`,
        fields(receipts, wrong),
        `/fees/students/${child}/refunds/new`,
      );
      assert.equal(refused.status, 422, JSON.stringify(wrong));
    }
    const id = await ask(child, receipts);
    assert.equal(await balance(child), -50_000, 'nothing is booked yet');
    const [request] = await sql<{ id: string }>(school.database, 'select id from approvals_requests where subject_id = $1', [id]);
    assert.match(
      text((await owner.get(`/approvals/${request!.id}`)).html),
      /Credit of .* is refunded to Grace Atieno\. *Receipt R-\d+, paid by/,
    );
    assert.equal((await decide(bursar, id)).status, 403, 'who asks does not decide');
    assert.equal((await pay(bursar, id)).status, 409, 'not before it is decided');
    assert.equal((await decide(owner, id)).status, 303);
    assert.deepEqual(await booked(id), []);
    assert.equal((await pay(bursar, id)).status, 303);
    assert.deepEqual(await booked(id), [
      { role: 'receivable', minor: 50_000, till: null, party: child },
      { role: 'cash', minor: -50_000, till: null, party: null },
    ]);
    assert.equal(await balance(child), 0);
    assert.equal((await pay(bursar, id)).status, 409, 'once');
    const [{ number }] = (await sql<{ number: string }>(school.database, 'select number from fees_refunds where id = $1', [
      id,
    ])) as [{ number: string }];
    const voucher = textOfPdf((await bursar.get(`/fees/refunds/${id}/voucher.pdf`)).body);
    for (const word of [
      number,
      'Grace Atieno',
      'Five hundred shillings only',
      'Received by',
      'Paid out by',
      'The family moves away',
    ])
      assert.ok(voucher.includes(word), word);
    assert.match(textOfPdf((await bursar.get(`/fees/refunds/${id}/voucher.pdf`)).body), /COPY/);
    assert.equal(await differences(), '');
  });

  it('stands in the statement of the child and the family, on paper, as a sheet, in the API, and in its list', async () => {
    const { child, receipts } = await ahead();
    const id = await ask(child, receipts, { amount: '200' });
    await decide(owner, id);
    await pay(bursar, id);
    const [{ number }] = (await sql<{ number: string }>(school.database, 'select number from fees_refunds where id = $1', [
      id,
    ])) as [{ number: string }];
    for (const path of [`/fees/students/${child}`, `/fees/students/${child}/family`])
      assert.match(text((await owner.get(path)).html), new RegExp(`Refund ${number} 200`), path);
    assert.match(textOfPdf((await owner.get(`/fees/students/${child}/statement.pdf`)).body), new RegExp(`Refund ${number}`));
    assert.match((await owner.get(`/fees/students/${child}?format=csv`)).html, new RegExp(number));
    assert.match((await owner.get('/fees/refunds?format=csv')).html, new RegExp(`${number}.*Grace Atieno`));
    const account = JSON.parse((await (await school.api('bursar'))(`/students/${child}/account`)).html) as {
      balance_minor: number;
      lines: { kind: string; number: string; amount_minor: number }[];
    };
    assert.deepEqual(
      [account.balance_minor, account.lines.at(-1)!.kind, account.lines.at(-1)!.number, account.lines.at(-1)!.amount_minor],
      [-30_000, 'refund', number, 20_000],
    );
    for (const query of ['', `?q=${number}`, '?state=paid', '?method=cash', `?student=${child}`, '?q=Atieno'])
      assert.match((await owner.get(`/fees/refunds${query}`)).html, new RegExp(number), query);
    assert.doesNotMatch((await owner.get('/fees/refunds?state=refused')).html, new RegExp(number));
  });

  it('in cash leaves the till that is open, no more than lies there, and is in its count and report', async () => {
    const { child, receipts } = await ahead();
    const id = await ask(child, receipts);
    await decide(owner, id);
    await bursar.submit('/fees/till/opening', { float: '400' });
    assert.equal((await pay(bursar, id)).status, 422);
    assert.equal(await stateOf(id), 'approved');
    await bursar.submit('/fees/till/cash-up', { counted: '400', note: '' });
    await bursar.submit('/fees/till/opening', { float: '2,000' });
    assert.equal((await pay(bursar, id)).status, 303);
    const [session] = await sql<{ id: string }>(school.database, "select id from fees_till_sessions where state = 'open'");
    assert.equal((await booked(id))[1]!.till, session!.id);
    const { location } = await bursar.submit('/fees/till/cash-up', { counted: '1,500', note: '' });
    assert.match(text((await bursar.get(location!)).html), /Refund .*−500 .*Expected in drawer 1,500/);
    assert.match(textOfPdf((await bursar.get(`${location!}/z-report.pdf`)).body), /Refund/);
    assert.equal(
      (await sql(school.database, 'select 1 from fees_till_sessions where id = $1 and entry_id is null', [session!.id])).length,
      1,
      'nothing is missing',
    );
  });

  it('by bank, mobile money or cheque leaves that account, with its number', async () => {
    for (const [method, role] of [
      ['bank', 'bank'],
      ['cheque', 'bank'],
      ['mobile', 'clearing.mobile'],
    ] as const) {
      const { child, receipts } = await ahead();
      const id = await ask(child, receipts, { method, payeeAccount: '0722000111' });
      await decide(owner, id);
      assert.equal((await pay(bursar, id)).status, 422, 'without a number');
      assert.equal((await pay(bursar, id, { reference: 'tx 77' })).status, 303);
      assert.equal((await booked(id))[1]!.role, role);
    }
  });

  it('that is refused, withdrawn or not paid out is credit again, which settles the bill that came in meanwhile', async () => {
    const endings: Record<string, (id: string) => Promise<{ status: number }>> = {
      refused: (id) => decide(owner, id, 'refuse'),
      withdrawn: async (id) => {
        const [request] = await sql<{ id: string }>(
          school.database,
          "select id from approvals_requests where subject_id = $1 and state = 'asked'",
          [id],
        );
        return bursar.submit(`/approvals/${request!.id}/withdrawal`, {}, `/approvals/${request!.id}`);
      },
      cancelled: async (id) => {
        await decide(owner, id);
        return bursar.submit(`/fees/refunds/${id}/cancellation`, { reason: 'Nobody came' });
      },
    };
    for (const [state, end] of Object.entries(endings)) {
      const { child, receipts } = await ahead();
      const id = await ask(child, receipts);
      if (state !== 'cancelled')
        await school.run(() =>
          school.get(Charges).charge(school.office, {
            studentId: child,
            head: 'TUI',
            amountMinor: 20_000,
            description: 'Trip',
            sourceKey: newId(),
          }),
        );
      assert.equal((await end(id)).status, 303, state);
      assert.equal(await stateOf(id), state);
      assert.equal(await open(child), 0, state);
      assert.equal((await credits(child))[0]!.creditMinor, state === 'cancelled' ? 50_000 : 30_000, state);
    }
    assert.equal(await differences(), '');
  });

  it('waits while a bill came in before the decision or before the money leaves', async () => {
    const charge = (child: string) =>
      school.run(() =>
        school
          .get(Charges)
          .charge(school.office, { studentId: child, head: 'TUI', amountMinor: 10_000, description: 'Trip', sourceKey: newId() }),
      );
    const { child, receipts } = await ahead();
    const id = await ask(child, receipts);
    await charge(child);
    assert.equal((await decide(owner, id)).status, 422);
    assert.equal(await stateOf(id), 'asked');
    const later = await ahead();
    const decided = await ask(later.child, later.receipts);
    await decide(owner, decided);
    await charge(later.child);
    assert.equal((await pay(bursar, decided)).status, 422);
    assert.deepEqual(await booked(decided), []);
    assert.equal(await differences(), '');
  });

  it('that was paid wrongly is taken back by its mirror, by two people; the cash is in the till again, and the number stays', async () => {
    const { child, receipts } = await ahead();
    const id = await ask(child, receipts);
    await decide(owner, id);
    await bursar.submit('/fees/till/opening', { float: '1,000' });
    await pay(bursar, id);
    assert.equal((await bursar.submit(`/fees/refunds/${id}/reversal`, { reason: 'The wrong person came' })).status, 303);
    assert.equal(await stateOf(id), 'paid');
    assert.equal((await decide(owner, id)).status, 303);
    assert.equal(await stateOf(id), 'reversed');
    assert.equal(await balance(child), -50_000);
    assert.equal((await credits(child))[0]!.creditMinor, 50_000);
    const { location } = await bursar.submit('/fees/till/cash-up', { counted: '1,000', note: '' });
    assert.match(text((await bursar.get(location!)).html), /Refund reversed .*500 .*Expected in drawer 1,000/);
    assert.match(textOfPdf((await bursar.get(`/fees/refunds/${id}/voucher.pdf`)).body), /VOID/);
    assert.equal(await differences(), '');
  });
});

describe('a receipt whose credit is paid back', () => {
  it('is not taken back before the refund is', async () => {
    const { child, receipts, payment } = await ahead();
    const back = () =>
      school.run(() =>
        school
          .get(TakingBack)
          .kind.approve(school.office, { subject: { kind: 'fee-payment', id: payment }, reason: 'Wrong', payload: {} } as never),
      );
    const id = await ask(child, receipts);
    await assert.rejects(back(), { code: 'refund-waits' });
    await decide(owner, id);
    await pay(bursar, id);
    await assert.rejects(back(), { code: 'refunded' });
    assert.equal(await balance(child), 0);
  });

  it('by a cheque that bounced is owed again; what the family pays then covers the refund before any bill, and is not paid back twice', async () => {
    const { child, receipts, payment } = await ahead(50_000, {
      method: 'cheque',
      references: [{ scheme: 'cheque', issuer: 'KCB', value: '9001' }],
    });
    const bounce = () => school.run(() => school.get(TakingBack).bounce(school.office, payment, 'No cover'));
    const id = await ask(child, receipts, { amount: '300' });
    assert.match(text((await owner.get('/approvals')).html), /Refund to Grace Atieno/);
    await assert.rejects(bounce(), { code: 'refund-waits' });
    await decide(owner, id);
    await pay(bursar, id);
    await bounce();
    assert.equal(await balance(child), 30_000);
    assert.match(text((await bursar.get(`/fees/refunds/${id}`)).html), /bounced after this was paid out/);
    assert.equal(await differences(), '');
    const paid = await school.pay(child, 30_000);
    await assert.rejects(asks(child, [paid.receipts[0]!.id], 30_000), { code: 'not-ahead' });
    await school.run(() =>
      school
        .get(Charges)
        .charge(school.office, { studentId: child, head: 'TUI', amountMinor: 10_000, description: 'Trip', sourceKey: newId() }),
    );
    assert.deepEqual([await balance(child), await open(child)], [10_000, 10_000]);
    assert.equal(await differences(), '');
  });
});

describe('at the same moment', () => {
  const all = (tasks: readonly (() => Promise<unknown>)[]) => Promise.allSettled(tasks.map((task) => task()));
  const won = (results: readonly PromiseSettledResult<unknown>[]): number =>
    results.filter((one) => one.status === 'fulfilled').length;

  it('of several refunds of one credit one is asked for, and of several payers-out one pays', async () => {
    for (let round = 0; round < 5; round++) {
      const { child, receipts } = await ahead();
      const answers = await Promise.all(
        [1, 2, 3, 4].map(() =>
          bursar.submit(`/fees/students/${child}/refunds`, fields(receipts), `/fees/students/${child}/refunds/new`),
        ),
      );
      assert.equal(answers.filter((one) => one.status === 303).length, 1);
      const [{ id }] = (await sql<{ id: string }>(school.database, 'select id from fees_refunds where student_id = $1', [
        child,
      ])) as [{ id: string }];
      await decide(owner, id);
      const paid = await Promise.all([pay(bursar, id), pay(owner, id), pay(bursar, id)]);
      assert.equal(paid.filter((one) => one.status === 303).length, 1);
      assert.equal(await balance(child), 0);
    }
  });

  it('a refund and a bill never use the same credit', async () => {
    let asked = 0;
    for (let round = 0; round < 12; round++) {
      const { child, receipts } = await ahead();
      const [refund, bill] = await all([
        () => asks(child, receipts),
        () =>
          school.run(() =>
            school.get(Charges).charge(school.office, {
              studentId: child,
              head: 'TUI',
              amountMinor: 50_000,
              description: 'Trip',
              sourceKey: newId(),
            }),
          ),
      ]);
      assert.equal(bill!.status, 'fulfilled');
      assert.equal(await balance(child), 0);
      assert.equal(await open(child), refund!.status === 'fulfilled' ? 50_000 : 0);
      asked += won([refund!]);
    }
    assert.equal(await differences(), '', `${asked} of 12 were asked for`);
  });

  it('a refund that is paid and a bill: the money leaves or the family is not ahead, never both', async () => {
    for (let round = 0; round < 12; round++) {
      const { child, receipts } = await ahead();
      const id = await asks(child, receipts);
      await decide(owner, id);
      const [paid] = await all([
        () => school.run(() => school.get(RefundPayouts).pay(school.office, id, { paidOn: TODAY, reference: '' })),
        () =>
          school.run(() =>
            school.get(Charges).charge(school.office, {
              studentId: child,
              head: 'TUI',
              amountMinor: 50_000,
              description: 'Trip',
              sourceKey: newId(),
            }),
          ),
      ]);
      assert.equal(await balance(child), paid!.status === 'fulfilled' ? 50_000 : 0);
      assert.equal((await booked(id)).length, paid!.status === 'fulfilled' ? 2 : 0);
    }
    assert.equal(await differences(), '');
  });

  it('a refund and the reversal of its receipt: one of them', async () => {
    for (let round = 0; round < 12; round++) {
      const { child, receipts, payment } = await ahead(50_000, {
        method: 'cheque',
        references: [{ scheme: 'cheque', issuer: 'EQ', value: `77${round}` }],
      });
      const results = await all([
        () => asks(child, receipts),
        () => school.run(() => school.get(TakingBack).bounce(school.office, payment, 'No cover')),
      ]);
      assert.equal(won(results), 1, results.map((one) => (one.status === 'rejected' ? String(one.reason) : 'done')).join(' | '));
    }
    assert.equal(await differences(), '');
  });
});

describe('the check of refunds', () => {
  let newest = '';
  before(async () => {
    const { child, receipts } = await ahead();
    newest = await ask(child, receipts);
    await decide(owner, newest);
    await pay(bursar, newest);
    assert.equal(await differences(), '');
  });

  for (const [what, breakIt, mendIt, expected] of [
    [
      'one that says another sum than its entry',
      'update fees_refunds set amount_minor = amount_minor + 1 where id = $1',
      'update fees_refunds set amount_minor = amount_minor - 1 where id = $1',
      /Refund RF-\d+ doesn’t agree/,
    ],
    [
      'one whose entry is not mirrored though it is taken back',
      "update fees_refunds set state = 'reversed', ended_on = '2026-11-24' where id = $1",
      "update fees_refunds set state = 'paid', ended_on = null where id = $1",
      /Refund RF-\d+ doesn’t agree/,
    ],
    [
      'one that pays out more than the credit',
      'update fees_refund_parts set amount_minor = amount_minor + 1 where refund_id = $1',
      'update fees_refund_parts set amount_minor = amount_minor - 1 where refund_id = $1',
      /covers more than was paid.*|Refund RF-\d+ doesn’t agree/,
    ],
    [
      'a receipt of which more is paid out than there is',
      'update fees_receipts set amount_minor = amount_minor - 1 where id = (select receipt_id from fees_refund_parts where refund_id = $1)',
      'update fees_receipts set amount_minor = amount_minor + 1 where id = (select receipt_id from fees_refund_parts where refund_id = $1)',
      /covers more than was paid/,
    ],
    [
      'one that no credit stands behind',
      "update fees_refund_parts set freed_at = now(), freed_why = 'x' where refund_id = $1",
      'update fees_refund_parts set freed_at = null, freed_why = null where refund_id = $1',
      /Refund RF-\d+ doesn’t agree/,
    ],
    [
      'a number that is missing',
      "update fees_series set last = last + 1 where key = 'refund' and $1::text is not null",
      "update fees_series set last = last - 1 where key = 'refund' and $1::text is not null",
      /refunds up to number .* one is missing/,
    ],
  ] as const) {
    it(`names ${what}`, async () => {
      const past = async (statement: string): Promise<void> => {
        await superuser.query('begin');
        await superuser.query("set local session_replication_role = 'replica'");
        await superuser.query(statement, [newest]);
        await superuser.query('commit');
      };
      await past(breakIt);
      assert.match(await differences(), expected);
      await past(mendIt);
      assert.equal(await differences(), '');
    });
  }
});
