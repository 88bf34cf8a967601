import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Cheques } from '../../../../src/modules/fees/banking/cheques.js';
import { TakingBack } from '../../../../src/modules/fees/reversals/reversals.js';
import { Checker } from '../../../../src/modules/finance/books/checker.js';
import type { Browser } from '../../../support/browser.js';
import { textOfPdf } from '../../../support/reading/pdf.js';
import { countRows, sql } from '../../../support/database/sql.js';
import { TODAY, withFees, type SchoolWithFees } from '../support.js';

let school: SchoolWithFees;
let bursar: Browser;
before(async () => {
  school = await withFees();
  bursar = await school.as('bursar');
});
after(() => school?.stop());

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const differences = async (): Promise<string[]> =>
  (await school.run(() => school.get(Checker).run())).differences.map((one) => one.sentence);
const stands = async (role: 'bank' | 'cheques' | 'receivable'): Promise<number> =>
  Number(
    (
      await sql(school.database, 'select coalesce(sum(amount_minor), 0)::text as sum from finance_lines where account_id = $1', [
        school.account(role),
      ])
    )[0]!.sum,
  );
let numbers = 1000;
/** A cheque that the desk took. */
const aCheque = async (
  amountMinor: number,
  {
    issuer = 'KCB',
    number = String((numbers += 1)),
    ...given
  }: { issuer?: string; number?: string; receivedOn?: string; payerName?: string } = {},
): Promise<{ id: string; number: string; childId: string }> => {
  const [child] = await school.family(1);
  const { paymentId } = await school.pay(child!.id, amountMinor, {
    method: 'cheque',
    references: [{ scheme: 'cheque', issuer, value: number }],
    ...given,
  });
  return { id: paymentId, number, childId: child!.id };
};
let slips = 0;
const bank = (ids: string[], given: Partial<{ slipNumber: string; bankedOn: string }> = {}) =>
  school.run(() =>
    school.get(Cheques).bank(school.office, {
      paymentIds: ids,
      accountId: school.account('bank'),
      slipNumber: `SLIP ${(slips += 1)}`,
      bankedOn: TODAY,
      ...given,
    }),
  );
const clear = (depositId: string, ids: string[], on = TODAY) =>
  school.run(() => school.get(Cheques).clear(school.office, depositId, ids, on));
const bounce = (id: string) => school.run(() => school.get(TakingBack).bounce(school.office, id, 'No cover'));
const stateOf = async (number: string): Promise<string> => text((await bursar.get(`/fees/cheques?q=${number}`)).html);

describe('the register of cheques', () => {
  it('is read by who sees payments, and changed by who takes money', async () => {
    const { id } = await aCheque(1_000);
    const [teacher, auditor] = [await school.as('teacher'), await school.as('auditor')];
    assert.equal((await teacher.get('/fees/cheques')).status, 403);
    assert.equal((await auditor.get('/fees/cheques')).status, 200);
    assert.equal((await auditor.get('/fees/cheques/deposits/new')).status, 403);
    assert.equal((await auditor.post('/fees/cheques/deposits', { cheques: id })).status, 403);
    const depositId = await bank([id]);
    assert.equal((await auditor.get(`/fees/cheques/deposits/${depositId}`)).status, 200);
    assert.equal(
      (await auditor.post(`/fees/cheques/deposits/${depositId}/clearings`, { cheques: id, clearedOn: TODAY })).status,
      403,
    );
  });

  it('several go to the bank on one slip: their money leaves the cheques in hand, and the list is printed for the bank', async () => {
    const [one, two, kept] = [
      await aCheque(120_000, { payerName: 'Hassan Abdi Noor' }),
      await aCheque(80_050),
      await aCheque(5_000),
    ];
    const before = [await stands('bank'), await stands('cheques')];
    const form = { accountId: school.account('bank'), slipNumber: 'SLIP 77', bankedOn: TODAY };
    for (const [wrong, words] of [
      [{ ...form, cheques: '' }, /Choose the cheques/],
      [{ ...form, cheques: one.id, slipNumber: '' }, /Enter the slip number/],
      [{ ...form, cheques: one.id, bankedOn: '2026-12-24' }, /in the future/],
      [{ ...form, cheques: one.id, accountId: school.account('cash') }, /Choose a bank account/],
    ] as const) {
      const answer = await bursar.submit('/fees/cheques/deposits', wrong, '/fees/cheques/deposits/new');
      assert.equal(answer.status, 422);
      assert.match(text(answer.html), words);
    }
    const saved = await bursar.submit(
      '/fees/cheques/deposits',
      { ...form, cheques: [one.id, two.id] },
      '/fees/cheques/deposits/new',
    );
    assert.equal(saved.status, 303, text(saved.html));
    assert.deepEqual([await stands('bank'), await stands('cheques')], [before[0]! + 200_050, before[1]! - 200_050]);
    assert.match(await stateOf(one.number), /SLIP 77 24 Nov 2026 Banked 1,200/);
    assert.match(await stateOf(kept.number), /In hand/);
    const list = textOfPdf((await bursar.get(`${saved.location}/list.pdf`)).body);
    for (const words of [/Hassan Abdi Noor/, new RegExp(two.number), /2 cheques/, /2,000\.50/, /Received by the bank/])
      assert.match(list, words);
    assert.equal(await countRows(school.database, "audit_entries where action = 'fees.cheques.bank' and label = 'SLIP 77'"), 1);
    assert.deepEqual(await differences(), []);
  });

  it('a cheque goes to the bank once, also when two people send it at the same moment', async () => {
    const { id } = await aCheque(7_000);
    const before = await stands('bank');
    const tries = await Promise.allSettled([1, 2, 3].map((n) => bank([id], { slipNumber: `TWICE ${n}` })));
    assert.equal(tries.filter((one) => one.status === 'fulfilled').length, 1);
    assert.ok(
      tries.every((one) => one.status === 'fulfilled' || (one.reason as { status?: number }).status === 409),
      JSON.stringify(tries),
    );
    assert.equal((await stands('bank')) - before, 7_000);
  });

  it('clears on a day that is said, once, and not before it was banked; nothing is booked by that', async () => {
    const [one, two] = [await aCheque(3_000), await aCheque(4_000)];
    const depositId = await bank([one.id, two.id]);
    const entries = await countRows(school.database, 'finance_entries');
    await assert.rejects(clear(depositId, [one.id], '2026-11-23'), /before the cheques were banked/);
    await assert.rejects(clear(depositId, []), /Choose the cheques/);
    const saved = await bursar.submit(
      `/fees/cheques/deposits/${depositId}/clearings`,
      { cheques: one.id, clearedOn: TODAY },
      `/fees/cheques/deposits/${depositId}`,
    );
    assert.equal(saved.status, 303, text(saved.html));
    await assert.rejects(clear(depositId, [one.id]), { status: 409 });
    assert.match(await stateOf(one.number), /Cleared/);
    assert.match(await stateOf(two.number), /Banked/);
    assert.equal(await countRows(school.database, 'finance_entries'), entries);
  });

  for (const [state, upTo] of [
    ['in hand', 0],
    ['banked', 1],
    ['cleared', 2],
  ] as const) {
    it(`one that bounces ${state} leaves the account that it stands on, and the family owes again`, async () => {
      const before = [await stands('bank'), await stands('cheques'), await stands('receivable')];
      const cheque = await aCheque(50_000);
      if (upTo >= 1) {
        const depositId = await bank([cheque.id]);
        if (upTo === 2) await clear(depositId, [cheque.id]);
      }
      await bounce(cheque.id);
      assert.deepEqual([await stands('bank'), await stands('cheques'), await stands('receivable')], before);
      assert.match(await stateOf(cheque.number), /Bounced/);
      await assert.rejects(bank([cheque.id]), { status: 409 }, 'it goes to no bank any more');
      assert.deepEqual(await differences(), []);
    });
  }

  it('that bounces while it is brought to the bank does one of the two, and the books agree', async () => {
    for (let round = 0; round < 6; round += 1) {
      const before = [await stands('bank'), await stands('cheques')];
      const cheque = await aCheque(9_000);
      const ends = await Promise.allSettled(
        round % 2 ? [bounce(cheque.id), bank([cheque.id])] : [bank([cheque.id]), bounce(cheque.id)],
      );
      assert.equal(ends[round % 2 ? 0 : 1]!.status, 'fulfilled', 'what the bank gave back is always noted');
      assert.deepEqual([await stands('bank'), await stands('cheques')], before);
    }
    assert.deepEqual(await differences(), []);
  });

  it('shows what is in hand by age, and filters by state, day, bank and payer; the sheet has the same', async () => {
    const old = await aCheque(61_000, { receivedOn: '2026-03-02', payerName: 'Very Old Payer' });
    const page = text((await bursar.get('/fees/cheques?state=in-hand')).html);
    assert.match(page, /Over 180 days: too old for most banks 610 1 cheque in hand/);
    assert.match(page, /In hand, 267 days/);
    assert.match(text((await bursar.get('/fees/cheques?q=very%20old')).html), new RegExp(`KCB ${old.number}`));
    assert.match(text((await bursar.get('/fees/cheques?from=2026-03-01&to=2026-03-31')).html), new RegExp(old.number));
    assert.doesNotMatch(text((await bursar.get('/fees/cheques?state=cleared')).html), new RegExp(`KCB ${old.number}`));
    assert.match(
      (await bursar.get('/fees/cheques?format=csv&state=in-hand')).html,
      new RegExp(`KCB,.*${old.number}.*in-hand,267`),
    );
    assert.match(text((await bursar.get('/fees/cheques?q=nothing-like-it')).html), /No cheque matches/);
  });

  it('is known whatever way its bank is written, and shown as it was', async () => {
    const { id } = await aCheque(6_000, { issuer: 'KCB Moi Avenue ', number: '70 01' });
    await assert.rejects(aCheque(6_000, { issuer: 'kcb moi avenue', number: '7001' }), /already on receipt R-\d+/);
    for (const page of [`/fees/payments/${id}`, '/fees/cheques?q=kcb+moi+avenue'])
      assert.match(text((await bursar.get(page)).html), /KCB Moi Avenue 7001/, page);
    assert.match(textOfPdf((await bursar.get(`/fees/payments/${id}/a5.pdf`)).body), /KCB Moi Avenue/);
  });

  it('that is written down later has the day on which it came on its receipt', async () => {
    const { id } = await aCheque(6_100, { receivedOn: '2026-03-02' });
    assert.match(textOfPdf((await bursar.get(`/fees/payments/${id}/a5.pdf`)).body), /2 Mar 2026/);
  });

  it('the check names a slip that its cheques don’t come to', async () => {
    const { id } = await aCheque(2_000);
    await bank([id], { slipNumber: 'BROKEN' });
    const superuser = await school.database.admin();
    await superuser.query('update fees_cheque_bankings set returned_entry_id = gen_random_uuid() where payment_id = $1', [id]);
    assert.match((await differences()).join(), /Slip BROKEN doesn’t agree/);
    await superuser.query('update fees_cheque_bankings set returned_entry_id = null where payment_id = $1', [id]);
    await superuser.end();
    assert.deepEqual(await differences(), []);
  });
});
