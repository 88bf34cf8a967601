import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Prompts } from '../../../../src/modules/payments/prompts/prompts.js';
import { RailAccounts } from '../../../../src/modules/payments/accounts/accounts.js';
import type { Browser } from '../../../support/browser.js';
import { countRows, sql } from '../../../support/database/sql.js';
import { aPayingSchool, type PayingSchool } from '../support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('a second source that names another sum', () => {
  let school: PayingSchool;
  let bursar: Browser;
  before(async () => {
    school = await aPayingSchool({ children: 3, pull: false, initiator: true });
    bursar = await school.as('bursar');
  });
  after(() => school?.stop());

  const said = async (code: string) =>
    (
      await sql(
        school.database,
        'select m.source, o.outcome, o.other_minor from payments_messages m left join payments_outcomes o on o.message_id = m.id where m.trans_id = $1 order by m.id',
        [code],
      )
    ).map((row) => [row.source, row.outcome, row.other_minor].filter((one) => one !== null).join(' '));

  it('than a doubtful one books nothing, turns the check red, stands on the pages, and is over once somebody has looked into it', async () => {
    const child = school.children[0]!;
    await school.run(() =>
      school.get(Prompts).fromDesk(school.office, { studentId: child.id, amountMinor: 20_000, phone: '+254722900001' }),
    );
    const paid = (await school.daraja.answer(school.daraja.prompts.at(-1)!, { code: 0, confirmed: false, saidAmount: 100 }))!;
    await school.look();
    assert.deepEqual(await said(paid.transId), ['stk suspense']);
    const held = await school.balanceOf('suspense');
    await school.run(() => school.get(RailAccounts).register(school.office, school.account.id));
    paid.amount = '200.00';
    await school.readLists();
    assert.deepEqual(await said(paid.transId), ['stk suspense', 'list duplicate 10000']);
    assert.deepEqual([await school.owes(child.id), await school.balanceOf('suspense')], [0, held]);
    assert.match(
      (await school.differences()).join(),
      new RegExp(`For ${paid.transId}, KES 100 is known, but a second source says KES 200`),
    );
    for (const path of ['/payments', '/payments/suspense'])
      assert.match(text((await bursar.get(path)).html), /One message gives a different amount from what is known/, path);
    const list = await bursar.get('/payments/messages?outcome=differs');
    assert.match(text(list.html), new RegExp(`${paid.transId}.*known: KES 100 .* 200`));
    const path = /href="(\/payments\/messages\/[0-9a-f-]{36})"/.exec(list.html)![1]!;
    assert.match(text((await bursar.get(path)).html), /It says KES 200; this payment is known as KES 100/);
    const auditor = await school.as('auditor');
    assert.equal((await auditor.get(path)).status, 200);
    assert.equal((await auditor.post(`${path}/looks`, { note: 'Fine' })).status, 403);
    assert.equal((await bursar.submit(`${path}/looks`, { note: '' }, path)).status, 422);
    assert.equal((await bursar.submit(`${path}/looks`, { note: 'The statement says 200' }, path)).status, 303);
    assert.equal((await bursar.post(`${path}/looks`, { note: 'Again' })).status, 403);
    assert.match(text((await bursar.get(path)).html), /Checked by .*: The statement says 200/);
    assert.doesNotMatch(text((await bursar.get('/payments')).html), /a different amount from what is known/);
    assert.equal(await countRows(school.database, "audit_entries where action = 'payments.message.look'"), 1);
    assert.deepEqual(await school.differences(), []);
  });

  it('than a booked one is a difference too, and one that is the same is none', async () => {
    const child = school.children[1]!;
    const paid = (await school.daraja.payTo(
      school.account.shortcode,
      { amount: '300.00', billRef: child.paymentNo },
      { confirm: false },
    ))!;
    await school.readLists();
    assert.equal(await school.owes(child.id), -30_000);
    await school.daraja.confirm(paid);
    await school.look();
    assert.deepEqual(await said(paid.transId), ['list booked', 'confirmation duplicate']);
    await school.daraja.confirm({ ...paid, amount: '350.00' });
    await school.look();
    assert.deepEqual(await said(paid.transId), ['list booked', 'confirmation duplicate', 'confirmation rejected 30000']);
    assert.match(
      text((await bursar.get('/payments/suspense')).html),
      /One message gives a different amount/,
      'a call that the network’s own list speaks against is to be looked into',
    );
    assert.deepEqual(await school.differences(), [], 'but whoever calls can’t turn the check red');
    assert.equal(await school.owes(child.id), -30_000);
  });
});
