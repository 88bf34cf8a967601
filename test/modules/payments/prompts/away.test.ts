import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../../../src/kernel/id.js';
import { Approvals } from '../../../../src/modules/approvals/approvals.js';
import { RailAccounts } from '../../../../src/modules/payments/accounts/accounts.js';
import { Prompts } from '../../../../src/modules/payments/prompts/prompts.js';
import { countRows, sql } from '../../../support/database/sql.js';
import { aPayingSchool, type PayingSchool } from '../support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('M-Pesa that was away, late, or closed', () => {
  let school: PayingSchool;
  before(async () => (school = await aPayingSchool({ children: 4 })));
  after(() => school?.stop());

  const pay = async (amount: string, billRef: string, confirm = false) =>
    (await school.daraja.payTo(school.account.shortcode, { amount, billRef }, { confirm }))!;

  it('the list is read over all its pages, and read again it brings nothing twice', async () => {
    const child = school.children[0]!;
    const before = await school.owes(child.id);
    for (let n = 0; n < 60; n += 1) await pay('10.00', child.paymentNo);
    await school.readLists();
    assert.equal(await school.owes(child.id), before - 60_000);
    await pay('10.00', child.paymentNo);
    await school.readLists();
    assert.equal(await school.owes(child.id), before - 61_000, 'the next hour has the two days before too');
    assert.deepEqual(await school.differences(), []);
  });

  it('a success after it had failed is credited once, and says so once: on its page, in the list and in the audit', async () => {
    const child = school.children[1]!;
    const id = await school.run(() =>
      school.get(Prompts).fromDesk(school.office, { studentId: child.id, amountMinor: 20_000, phone: '+254722800001' }),
    );
    const asked = school.daraja.prompts.at(-1)!;
    await school.daraja.post(asked.callbackUrl, school.daraja.stkBody(asked, { code: 1037 }, null));
    school.ahead(3);
    await school.look();
    const paid = (await school.daraja.answer(asked, { code: 0 }))!;
    await school.daraja.post(asked.callbackUrl, school.daraja.stkBody(asked, { code: 0 }, paid));
    await school.look();
    await school.readLists();
    assert.equal(await school.owes(child.id), -20_000);
    assert.equal(
      await countRows(school.database, "audit_entries where action = 'payments.prompt.late' and label = $1", [paid.transId]),
      1,
    );
    const bursar = await school.as('bursar');
    assert.match(
      text((await bursar.get(`/payments/prompts/${id}`)).html),
      /Paid after all, after The phone could not be reached/,
    );
    assert.match(text((await bursar.get('/payments/prompts')).html), /Paid after failing first/);
  });

  it('a number of one school is not put in use by another', async () => {
    const [other] = await school.core.sql<{ id: string }>(
      "insert into schools (id, subdomain, skeleton, name, name_folded, country) values (gen_random_uuid(), 'next-door', 'next-door', 'Next door', 'next door', 'KE') returning id",
    );
    await school.core.sql(
      "insert into callbacks_shortcodes (id, school_id, network, shortcode) values (gen_random_uuid(), $1, 'mpesa-ke', '247247')",
      [other!.id],
    );
    const accounts = school.get(RailAccounts);
    const bursar = { ...school.office, userId: newId(), name: 'Bursar' };
    const owner = { ...school.office, userId: newId(), name: 'Owner', roles: ['owner'] as const };
    const put = async (shortcode: string): Promise<string> => {
      const ledgerAccountId = (await school.run(() => accounts.ledgerAccounts())).find(
        (one) => one.role === 'clearing.mobile',
      )!.id;
      const id = await school.run(() =>
        accounts.add(
          bursar,
          {
            name: `Number ${shortcode}`,
            environment: 'production',
            kind: 'paybill',
            shortcode,
            till: null,
            nominatedPhone: '+254722000111',
            ledgerAccountId,
          },
          { consumerKey: 'k', consumerSecret: 's', passkey: 'p', initiatorName: '', initiatorCredential: '' },
        ),
      );
      const [request] = await sql(school.database, 'select id from approvals_requests where subject_id = $1', [id]);
      return school
        .run(() => school.get(Approvals).decide(owner as never, request!.id!, { approve: true, note: '' }))
        .then(() => id);
    };
    await assert.rejects(put('247247'), /can belong to only one school/);
    assert.equal(
      (await sql(school.database, "select state from payments_accounts where shortcode = '247247'"))[0]!.state,
      'waiting',
    );
    await put('247248');
    assert.equal(await countRows(school.database, "payments_accounts where shortcode = '247248' and state = 'on'"), 1);
    assert.equal(
      (
        await school.core.sql("select 1 from callbacks_shortcodes where shortcode = '247248' and school_id = $1", [
          school.app.config.school!.id,
        ])
      ).length,
      1,
    );
  });

  it('D5: for a child who has left, and to a number that was switched off, what was paid is booked', async () => {
    const left = school.children[2]!;
    await sql(school.database, "update students set status = 'transferred', status_on = current_date where id = $1", [left.id]);
    await pay('70.00', left.paymentNo, true);
    await school.look();
    assert.equal(await school.owes(left.id), -7000);
    await school.run(() => school.get(RailAccounts).switchOff(school.office, school.account.id));
    const stayed = school.children[3]!;
    await pay('80.00', stayed.paymentNo, true);
    await school.look();
    assert.equal(await school.owes(stayed.id), -8000);
    assert.deepEqual(await school.differences(), []);
  });

  it('after more than two days without a look the page asks for the organisation’s statement', async () => {
    assert.doesNotMatch(text((await (await school.as('bursar')).get('/payments')).html), /was not looked at since/);
    school.ahead(49 * 60);
    assert.match(
      text((await (await school.as('bursar')).get('/payments')).html),
      /Number 247248 has not been checked since .* Ask the operator for the organisation statement/,
    );
  });
});
