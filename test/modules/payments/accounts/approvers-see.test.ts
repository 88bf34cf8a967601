import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../../../src/kernel/id.js';
import { RailAccounts } from '../../../../src/modules/payments/accounts/accounts.js';
import type { Browser } from '../../../support/browser.js';
import { sql } from '../../../support/database/sql.js';
import { aPayingSchool, type PayingSchool } from '../support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('rails, for people who decide and who look', () => {
  let school: PayingSchool;
  let bursar: Browser;
  let owner: Browser;
  before(async () => {
    school = await aPayingSchool({ children: 3, pull: false });
    [bursar, owner] = [await school.as('bursar'), await school.as('owner')];
  });
  after(() => school?.stop());

  it('an approver sees each thing that changes of a number: before and after, and of keys only that they are new', async () => {
    const accounts = school.get(RailAccounts);
    const asking = { ...school.office, userId: newId(), name: 'Bursar' };
    const found = await school.run(() => accounts.find(asking, school.account.id));
    const { name, environment, kind, till, nominatedPhone, ledgerAccountId, version } = found;
    const nothing = { consumerKey: '', consumerSecret: '', passkey: '', initiatorName: '', initiatorCredential: '' };
    const details = { name, environment, kind, shortcode: found.shortcode, till, nominatedPhone, ledgerAccountId };
    await assert.rejects(
      school.run(() => accounts.change(asking, found.id, details, nothing, version)),
      /Nothing was changed/,
    );
    await school.run(() =>
      accounts.change(
        asking,
        found.id,
        { ...details, name: 'Main paybill', shortcode: '777888' },
        { ...nothing, passkey: 'another-passkey-of-tests' },
        version,
      ),
    );
    const list = (await owner.get('/approvals')).html;
    const html = (await owner.get(/href="(\/approvals\/[0-9a-f-]{36})"/.exec(list)![1]!)).html;
    assert.match(
      text(html),
      new RegExp(
        `Name: Paybill → Main paybill.*Paybill, or store number of the till: ${found.shortcode} → 777888.*Passkey: changed \\(kept secret\\)`,
      ),
    );
    assert.doesNotMatch(html, /another-passkey|a-passkey-of-tests/);
    assert.doesNotMatch(text(html), /Consumer key/, 'what stays is not named');
    const stored = await sql<{ payload: string }>(school.database, 'select payload::text as payload from approvals_requests');
    assert.doesNotMatch(stored.map((one) => one.payload).join(), /passkey-of-tests|a-secret/);
  });

  it('suspense finds a student by name, with and without a script, and fills the number in', async () => {
    const child = school.children[1]!;
    const [named] = await sql<{ surname: string }>(school.database, 'select surname from students where id = $1', [child.id]);
    await school.daraja.payTo(school.account.shortcode, { amount: '70.00', billRef: 'NOBODY' });
    await school.run(() => school.get(RailAccounts).register(school.office, school.account.id));
    await school.readLists();
    const [item] = await sql<{ id: string }>(school.database, "select id from payments_suspense where bill_ref = 'NOBODY'");
    const path = `/payments/suspense/${item!.id}`;
    assert.match(
      (await bursar.get(path)).html,
      /hx-get="\/payments\/suspense\/[^"]+" hx-trigger="input changed delay:120ms" hx-target="#hits"/,
    );
    const { html } = await bursar.get(`${path}?q=${encodeURIComponent(named!.surname.slice(0, 4))}`);
    assert.match(html, new RegExp(`href="${path}\\?number=${child.paymentNo}#match"`));
    assert.match((await bursar.get(`${path}?number=${child.paymentNo}`)).html, new RegExp(`value="${child.paymentNo}"`));
    assert.match(text((await bursar.get(`${path}?q=Zzzzqq`)).html), /No one with that name or number/);
    const auditor = await school.as('auditor');
    assert.doesNotMatch((await auditor.get(`${path}?q=${named!.surname}`)).html, /id="hits"/);
  });

  it('a message that waits for proof says since when, why, until when, and what can be done', async () => {
    await school.daraja.post(school.callbackUrl('confirmation'), {
      TransID: 'SKNOPROOF1',
      TransAmount: '90.00',
      BillRefNumber: school.children[0]!.paymentNo,
      TransTime: '20261125090000',
      MSISDN: '2547*****111',
    });
    await school.look();
    const [message] = await sql<{ id: string }>(
      school.database,
      "select id from payments_messages where trans_id = 'SKNOPROOF1'",
    );
    const page = await bursar.get(`/payments/messages/${message!.id}`);
    assert.match(
      text(page.html),
      /Waiting for confirmation since .*This payment is not on M-Pesa’s own list yet\. It is checked every minute, later every hour, and rejected on .*Read the list now.*operator’s statement/,
    );
    assert.match(text((await bursar.get('/payments/messages?outcome=waiting')).html), /SKNOPROOF1 .*not on M-Pesa’s list/);
    const auditor = await school.as('auditor');
    assert.doesNotMatch((await auditor.get(`/payments/messages/${message!.id}`)).html, /action="\/payments\/readings"/);
  });
});
