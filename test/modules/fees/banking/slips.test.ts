import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../../../src/kernel/id.js';
import { Cheques } from '../../../../src/modules/fees/banking/cheques.js';
import { Slips } from '../../../../src/modules/fees/banking/slips.js';
import { TakingBack } from '../../../../src/modules/fees/reversals/reversals.js';
import { Checker } from '../../../../src/modules/finance/books/checker.js';
import { LEDGER } from '../../../../src/modules/finance/index.js';
import type { Browser } from '../../../support/browser.js';
import { textOfPdf } from '../../../support/reading/pdf.js';
import { countRows, sql } from '../../../support/database/sql.js';
import { TODAY, withFees, type SchoolWithFees } from '../support.js';

let school: SchoolWithFees;
let bursar: Browser;
let banks: string[];
before(async () => {
  school = await withFees({ variant: 'public' });
  bursar = await school.as('bursar');
  banks = (await school.run(() => school.get(LEDGER).accounts())).filter((one) => one.role === 'bank').map((one) => one.id);
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
let numbers = 5000;
const aCheque = async (amountMinor: number): Promise<string> => {
  const [child] = await school.family(1);
  return (
    await school.pay(child!.id, amountMinor, {
      method: 'cheque',
      references: [{ scheme: 'cheque', issuer: 'KCB', value: String((numbers += 1)) }],
    })
  ).paymentId;
};
const bank = (ids: string[], slipNumber: string, accountId = banks[0]!) =>
  school.run(() => school.get(Cheques).bank(school.office, { paymentIds: ids, accountId, slipNumber, bankedOn: TODAY }));
const slipOf = async (depositId: string): Promise<string> =>
  (await school.run(() => school.get(Cheques).deposit(school.office, depositId))).slipId;
const undo = (id: string) => school.run(() => school.get(Slips).undo(school.office, id, 'It never went'));
const correct = (id: string, accountId: string) =>
  school.run(() => school.get(Slips).correct(school.office, id, accountId, 'It was the other bank'));

describe('the number of a slip', () => {
  it('counts once in a bank, however it is written, for cheques and for cash; another bank may have it too', async () => {
    const [one, two] = [await aCheque(1_000), await aCheque(2_000)];
    await bank([one], 'KCB/001-7');
    const form = { cheques: two, accountId: banks[0]!, slipNumber: 'kcb 001/7', bankedOn: TODAY };
    const again = await bursar.submit('/fees/cheques/deposits', form, '/fees/cheques/deposits/new');
    assert.equal(again.status, 422);
    assert.match(text(again.html), /This bank already has a slip with this number/);
    assert.match(again.html, /value="kcb 001\/7"/);
    await bursar.submit('/fees/till/opening', { float: '5,000' });
    const drop = (slipNumber: string, accountId: string) =>
      bursar.submit('/fees/till/drops', { kind: 'bank', amount: '100', note: '', slipNumber, accountId }, '/fees/till/drops');
    assert.match(text((await drop('KCB001-7', banks[0]!)).html), /This bank already has a slip with this number/);
    assert.equal((await drop('KCB001-7', banks[1]!)).status, 303);
    for (let turn = 0; turn < 2; turn += 1)
      assert.equal((await drop('', banks[0]!)).status, 303, 'without a number there may be several');
    assert.equal((await drop('X1', school.account('cash'))).status, 422);
    const tries = await Promise.allSettled([bank([two], 'RACE 1'), bank([await aCheque(3_000)], 'race-1')]);
    assert.equal(tries.filter((each) => each.status === 'fulfilled').length, 1);
    assert.equal((await bursar.submit('/fees/till/cash-up', { counted: '4,700', note: '' })).status, 303);
    assert.deepEqual(await differences(), []);
  });
});

describe('a slip that never went to the bank', () => {
  it('is undone with a reason: its cheques are in hand, its number is free, and the slip says who did it', async () => {
    const [one, two] = [await aCheque(4_000), await aCheque(6_000)];
    const before = [await stands(banks[0]!), await stands(school.account('cheques'))];
    const deposit = await bank([one, two], 'UNDO 1');
    const id = await slipOf(deposit);
    const [teacher, auditor] = [await school.as('teacher'), await school.as('auditor')];
    for (const who of [teacher, auditor])
      for (const path of ['undoing', 'account']) assert.equal((await who.get(`/fees/slips/${id}/${path}`)).status, 403, path);
    assert.equal((await bursar.submit(`/fees/slips/${id}/undoing`, { reason: '' })).status, 422);
    const done = await bursar.submit(`/fees/slips/${id}/undoing`, { reason: 'The bank was closed' });
    assert.equal(done.status, 303, text(done.html));
    assert.deepEqual([await stands(banks[0]!), await stands(school.account('cheques'))], before);
    const page = await bursar.get(`/fees/cheques/deposits/${deposit}`);
    assert.match(text(page.html), /Undone by .* The bank was closed/);
    assert.doesNotMatch(page.html, new RegExp(`/fees/slips/${id}/undoing`));
    assert.match(text(page.html), /In hand/);
    await assert.rejects(undo(id), { status: 409 });
    await bank([one, two], 'UNDO 1');
    assert.deepEqual(
      [await stands(banks[0]!), await stands(school.account('cheques'))],
      [before[0]! + 10_000, before[1]! - 10_000],
    );
    assert.equal(
      await countRows(school.database, "audit_entries where action = 'fees.slip.undo' and reason = 'The bank was closed'"),
      1,
    );
    assert.deepEqual(await differences(), []);
  });

  it('is not undone once the bank has cleared or returned a cheque on it', async () => {
    const [cleared, bounced] = [await aCheque(1_500), await aCheque(2_500)];
    const first = await bank([cleared], 'CLEARED');
    await school.run(() => school.get(Cheques).clear(school.office, first, [cleared], TODAY));
    await assert.rejects(slipOf(first).then(undo), { code: 'cleared' });
    const second = await bank([bounced], 'BOUNCED');
    await school.run(() => school.get(TakingBack).bounce(school.office, bounced, 'No cover'));
    await assert.rejects(slipOf(second).then(undo), { code: 'came-back' });
    await assert.rejects(
      slipOf(second).then((id) => correct(id, banks[1]!)),
      { code: 'came-back' },
    );
    assert.deepEqual(await differences(), []);
  });

  it('and one of its cheques that bounces at the same moment do one of the two, and the books agree', async () => {
    for (let round = 0; round < 5; round += 1) {
      const cheque = await aCheque(7_000);
      const before = await stands(banks[0]!);
      const id = await slipOf(await bank([cheque], `AT ONCE ${round}`));
      const ends = await Promise.allSettled([
        undo(id),
        school.run(() => school.get(TakingBack).bounce(school.office, cheque, 'No cover')),
      ]);
      assert.equal(ends[1]!.status, 'fulfilled', 'what the bank gave back is always noted');
      assert.equal(await stands(banks[0]!), before);
    }
    assert.deepEqual(await differences(), []);
  });

  it('with cash of a till gives it back to the till that is open, and to the safe after the count', async () => {
    const cash = await stands(school.account('cash'));
    await bursar.submit('/fees/till/opening', { float: '2,000' });
    const drop = async (amount: string, slipNumber: string): Promise<string> => {
      assert.equal(
        (
          await bursar.submit(
            '/fees/till/drops',
            { kind: 'bank', amount, note: '', slipNumber, accountId: banks[0]! },
            '/fees/till/drops',
          )
        ).status,
        303,
      );
      return (await sql(school.database, 'select id from fees_bank_slips where number = $1', [slipNumber]))[0]!.id!;
    };
    const [early, late] = [await drop('300', 'CASH 1'), await drop('500', 'CASH 2')];
    assert.match((await bursar.get('/fees/till')).html, new RegExp(`/fees/slips/${early}/undoing`));
    assert.equal((await bursar.submit(`/fees/slips/${early}/undoing`, { reason: 'Not gone today' })).status, 303);
    assert.match(text((await bursar.get('/fees/till')).html), /CASH 1 · undone: Not gone today.*Expected in drawer 1,500/);
    const counted = await bursar.submit('/fees/till/cash-up', { counted: '1,500', note: '' });
    const session = counted.location!;
    assert.equal((await bursar.submit(`/fees/slips/${late}/undoing`, { reason: 'Found in the safe' })).status, 303);
    const page = text((await bursar.get(session)).html);
    assert.match(page, /CASH 2 · undone: Found in the safe/);
    assert.match(page, /Right.*Expected in drawer 1,500/, 'what was counted stays as it was');
    assert.match(textOfPdf((await bursar.get(`${session}/z-report.pdf`)).body), /CASH 1/);
    assert.equal(await stands(school.account('cash')), cash);
    assert.deepEqual(await differences(), []);
  });
});

describe('a slip on the account of a wrong bank', () => {
  it('moves to the right one by an entry of today, with its cleared cheques; what comes back later leaves that one', async () => {
    const [one, two] = [await aCheque(8_000), await aCheque(9_000)];
    const before = [await stands(banks[0]!), await stands(banks[1]!)];
    const deposit = await bank([one, two], 'WRONG BANK');
    await school.run(() => school.get(Cheques).clear(school.office, deposit, [one], TODAY));
    const id = await slipOf(deposit);
    assert.equal(
      (await bursar.submit(`/fees/slips/${id}/account`, { accountId: banks[0]!, reason: 'It was the other bank' })).status,
      422,
    );
    assert.equal(
      (await bursar.submit(`/fees/slips/${id}/account`, { accountId: banks[1]!, reason: 'It was the other bank' })).status,
      303,
    );
    assert.deepEqual([await stands(banks[0]!), await stands(banks[1]!)], [before[0], before[1]! + 17_000]);
    assert.match(
      text((await bursar.get(`/fees/cheques/deposits/${deposit}`)).html),
      /Moved from .* to .* It was the other bank.*Cleared/,
    );
    await school.run(() => school.get(TakingBack).bounce(school.office, two, 'No cover'));
    assert.deepEqual([await stands(banks[0]!), await stands(banks[1]!)], [before[0], before[1]! + 8_000]);
    assert.deepEqual(await differences(), []);
  });

  it('is refused where that bank has the number, and is undone with its corrections', async () => {
    const [one, two] = [await aCheque(100), await aCheque(200)];
    const first = await slipOf(await bank([one], 'SAME'));
    await bank([two], 'SAME', banks[1]!);
    await assert.rejects(correct(first, banks[1]!), /accountId|slip with this number/);
    const before = [await stands(banks[0]!), await stands(banks[2] ?? banks[1]!)];
    const free = await slipOf(await bank([await aCheque(300)], `FREE ${newId().slice(-4)}`));
    await correct(free, banks[1]!);
    await correct(free, banks[0]!);
    await undo(free);
    assert.deepEqual([await stands(banks[0]!), await stands(banks[2] ?? banks[1]!)], before);
    assert.deepEqual(await differences(), []);
  });
});
