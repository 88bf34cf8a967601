import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { LocalDaraja } from '../../../../src/bin/local-daraja/local-daraja.js';
import { Hearing } from '../../../../src/modules/payments/messages/hearing.js';
import { Prompts } from '../../../../src/modules/payments/prompts/prompts.js';
import { RailAccounts } from '../../../../src/modules/payments/accounts/accounts.js';
import { Settling } from '../../../../src/modules/payments/messages/settling.js';
import type { Browser } from '../../../support/browser.js';
import { countRows, sql } from '../../../support/database/sql.js';
import { aPayingSchool, type Child, type PayingSchool } from '../support.js';

type Asked = LocalDaraja['prompts'][number];
const PAID_ALREADY = /This prompt has already been paid/;
const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

let phones = 722_800_000;
let forgeries = 0;

/** What a prompt, its callbacks and their outcomes look like in a school. */
function prompting(school: () => PayingSchool) {
  const at = { school };
  const prompt = async (child: Child, shillings = 650): Promise<{ id: string; asked: Asked }> => {
    const id = await at.school().run(() =>
      at
        .school()
        .get(Prompts)
        .fromDesk(at.school().office, { studentId: child.id, amountMinor: shillings * 100, phone: `+254${(phones += 1)}` }),
    );
    return { id, asked: at.school().daraja.prompts.at(-1)! };
  };
  /** A success for a checkout under a number that somebody invented. */
  const forge = async (asked: Asked, transId = `SKFAKE${String((forgeries += 1)).padStart(4, '0')}`): Promise<string> => {
    const { daraja } = at.school();
    await daraja.post(
      asked.callbackUrl,
      daraja.stkBody(
        asked,
        { code: 0 },
        {
          transId,
          shortcode: asked.shortcode,
          amount: `${asked.amount}.00`,
          billRef: asked.reference,
          phone: asked.phone,
          payer: '',
          at: new Date(),
          type: '',
        },
      ),
    );
    return transId;
  };
  const said = async (transId: string) =>
    (
      await sql(
        at.school().database,
        'select m.source, o.outcome, o.reason, o.proof from payments_messages m left join payments_outcomes o on o.message_id = m.id where m.trans_id = $1 order by m.id',
        [transId],
      )
    ).map((row) => [row.source, row.outcome ?? 'waiting', row.proof].filter(Boolean).join(' '));
  const why = async (transId: string) =>
    (await sql(at.school().database, 'select why from payments_suspense where trans_id = $1', [transId]))[0]?.why ?? '';
  const stateOf = async (id: string) =>
    (await sql(at.school().database, 'select state, trans_id from payments_prompts where id = $1', [id]))[0]!;
  return { prompt, forge, said, why, stateOf };
}

describe('a prompt that was paid, where nothing but the prompt can be asked about', () => {
  let school: PayingSchool;
  let bursar: Browser;
  const { prompt, forge, said, why, stateOf } = prompting(() => school);
  before(async () => {
    school = await aPayingSchool({ children: 8, pull: false });
    bursar = await school.as('bursar');
  });
  after(() => school?.stop());

  it('is credited once, however many successes are told of it under other numbers', async () => {
    const child = school.children[0]!;
    const { id, asked } = await prompt(child);
    const paid = (await school.daraja.answer(asked, { code: 0, confirmed: false }))!;
    await school.look();
    const forged = [await forge(asked), await forge(asked), await forge(asked)];
    await school.look();
    await school.look(true);
    assert.equal(await school.owes(child.id), -65_000, '650 were paid');
    assert.deepEqual(await said(paid.transId), ['stk booked prompt']);
    for (const transId of forged) {
      assert.deepEqual(await said(transId), ['stk suspense']);
      assert.match(await why(transId), PAID_ALREADY);
    }
    assert.deepEqual(await stateOf(id), { state: 'paid', trans_id: paid.transId });
    assert.deepEqual(await school.differences(), []);
  });

  it('is credited once where they come all at once, to several processes', async () => {
    const child = school.children[1]!;
    const { asked } = await prompt(child);
    await school.daraja.answer(asked, { code: 0, confirmed: false, callback: false });
    await Promise.all(Array.from({ length: 8 }, () => forge(asked)));
    await school.run(() => school.get(Hearing).takeInbox());
    await Promise.all([1, 2, 3].map(() => school.run(() => school.get(Settling).settleAll())));
    assert.equal(await school.owes(child.id), -65_000);
    assert.deepEqual(await school.differences(), []);
  });

  it('is credited once where the invented number comes first, and the same callback comes twice', async () => {
    const child = school.children[2]!;
    const { asked } = await prompt(child);
    const paid = (await school.daraja.answer(asked, { code: 0, confirmed: false, callback: false }))!;
    const first = await forge(asked);
    await school.look();
    await school.daraja.post(asked.callbackUrl, school.daraja.stkBody(asked, { code: 0 }, paid));
    await school.daraja.post(asked.callbackUrl, school.daraja.stkBody(asked, { code: 0 }, paid));
    await school.look();
    assert.equal(await school.owes(child.id), -65_000);
    assert.deepEqual(await said(first), ['stk booked prompt']);
    assert.deepEqual(await said(paid.transId), ['stk suspense', 'stk duplicate']);
  });

  it('is credited once where the first success named another sum', async () => {
    const child = school.children[3]!;
    const { asked } = await prompt(child);
    const paid = (await school.daraja.answer(asked, { code: 0, confirmed: false, saidAmount: 10 }))!;
    await school.look();
    const second = await forge(asked);
    await school.look();
    assert.equal(await school.owes(child.id), 0);
    assert.deepEqual([await said(paid.transId), await said(second)], [['stk suspense prompt'], ['stk suspense']]);
  });

  it('gives a known receipt on another paid checkout its one outcome, and that checkout keeps its own payment', async () => {
    const [one, other] = [school.children[4]!, school.children[5]!];
    const first = await prompt(one);
    const paid = (await school.daraja.answer(first.asked, { code: 0, confirmed: false }))!;
    await school.look();
    const second = await prompt(other);
    await school.daraja.answer(second.asked, { code: 0, confirmed: false, callback: false });
    await forge(second.asked, paid.transId);
    await school.look();
    assert.deepEqual(await said(paid.transId), ['stk booked prompt', 'stk duplicate'], 'no error at each look');
    assert.equal((await stateOf(second.id)).trans_id, null);
    const own = await forge(second.asked, 'SKOWNRCPT1');
    await school.look();
    assert.deepEqual(await said(own), ['stk booked prompt']);
    assert.deepEqual([await school.owes(one.id), await school.owes(other.id)], [-65_000, -65_000]);
    assert.deepEqual(await stateOf(second.id), { state: 'paid', trans_id: own });
  });

  it('leaves doubtful money to who has seen it on the statement; the desk can’t claim it', async () => {
    const child = school.children[6]!;
    const { asked } = await prompt(child);
    await school.daraja.answer(asked, { code: 0, confirmed: false });
    await school.look();
    const transId = await forge(asked);
    await school.look();
    const [item] = await sql(school.database, 'select id from payments_suspense where trans_id = $1', [transId]);
    const path = `/payments/suspense/${item!.id}`;
    assert.match(
      text((await bursar.get(path)).html),
      /Reported only by a call so far, since .*look for the code on the operator’s statement/,
    );
    const list = (await bursar.get('/payments/suspense')).html;
    assert.doesNotMatch(list, new RegExp(`action="${path}/matches"`), 'it is not proposed to give it by one press');
    const refused = await bursar.submit(`${path}/matches`, { 'shares.0.number': child.paymentNo }, path);
    assert.equal(refused.status, 422);
    assert.match(text(refused.html), /on M-Pesa’s list or the operator’s statement first/);
    const claimed = await bursar.submit(
      '/fees/cashier',
      { student: child.id, amount: '650', method: 'mobile', reference: transId, key: randomUUID(), receivedOn: school.today() },
      `/fees/cashier?student=${child.id}`,
    );
    assert.equal(claimed.status, 409);
    assert.equal(await school.owes(child.id), -65_000);
    assert.equal((await bursar.submit(`${path}/matches`, { 'shares.0.number': child.paymentNo, seen: '1' }, path)).status, 303);
    assert.equal(await school.owes(child.id), -130_000);
    assert.equal(await countRows(school.database, "payments_suspense where trans_id = $1 and seen_by <> ''", [transId]), 1);
    assert.deepEqual(await school.differences(), []);
  });
});

describe('a prompt that was paid, with the network’s own list', () => {
  let school: PayingSchool;
  const { prompt, forge, said } = prompting(() => school);
  before(async () => (school = await aPayingSchool({ children: 4, pull: false, initiator: true })));
  after(() => school?.stop());

  it('credits a second success once its very receipt is in the list, and the check names the one that nobody knows', async () => {
    const child = school.children[0]!;
    const { asked } = await prompt(child);
    const paid = (await school.daraja.answer(asked, { code: 0, confirmed: false, callback: false }))!;
    const forged = await forge(asked);
    await school.look();
    await school.daraja.post(asked.callbackUrl, school.daraja.stkBody(asked, { code: 0 }, paid));
    await school.look();
    assert.deepEqual([await said(forged), await said(paid.transId)], [['stk booked prompt'], ['stk suspense']]);
    await school.run(() => school.get(RailAccounts).register(school.office, school.account.id));
    await school.readLists();
    assert.ok((await said(paid.transId)).includes('list booked list'));
    assert.equal(await school.owes(child.id), -130_000);
    assert.match(
      (await school.differences()).join(),
      new RegExp(`One prompt was paid once, but ${forged} and ${paid.transId} were both credited`),
    );
  });

  it('is proven by the list before the prompt is asked about: an invented number after it is held', async () => {
    const child = school.children[1]!;
    const { asked } = await prompt(child);
    const paid = (await school.daraja.answer(asked, { code: 0, confirmed: false, callback: false }))!;
    const forged = await forge(asked);
    await school.look();
    assert.deepEqual([await said(forged), (await said(paid.transId))[0]], [['stk suspense'], 'list booked list']);
    assert.equal(await school.owes(child.id), -65_000);
  });
});
