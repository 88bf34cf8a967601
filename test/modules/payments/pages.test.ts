import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Codes } from '../../../src/modules/fees/receiving/codes.js';
import type { Browser } from '../../support/browser.js';
import { countRows, sql } from '../../support/database/sql.js';
import { aPayingSchool, type PayingSchool } from './support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('pages of payments', () => {
  let school: PayingSchool;
  let bursar: Browser;
  before(async () => {
    school = await aPayingSchool({ children: 6 });
    bursar = await school.as('bursar');
  });
  after(() => school?.stop());

  const suspended = async (given: {
    amount: string;
    billRef: string;
    payer?: string;
  }): Promise<{ id: string; transId: string }> => {
    const paid = (await school.daraja.payTo(school.account.shortcode, given))!;
    await school.look();
    const [row] = await sql(school.database, 'select id from payments_suspense where trans_id = $1', [paid.transId]);
    return { id: row!.id!, transId: paid.transId };
  };

  it('are the bursar’s; a teacher sees none of them, and an auditor changes nothing', async () => {
    const [teacher, auditor] = [await school.as('teacher'), await school.as('auditor')];
    for (const path of ['/payments', '/payments/suspense', '/payments/messages', '/payments/accounts', '/payments/prompts'])
      assert.equal((await teacher.get(path)).status, 403, path);
    const { id } = await suspended({ amount: '5.00', billRef: 'WHO' });
    assert.equal((await auditor.get(`/payments/suspense/${id}`)).status, 200);
    assert.equal(
      (await auditor.post(`/payments/suspense/${id}/matches`, { 'shares.0.number': school.children[0]!.paymentNo })).status,
      403,
    );
    assert.equal((await auditor.get('/payments/accounts/new')).status, 403);
  });

  it('suspense suggests whose it may be, and a payment is given to one student or split to the shilling', async () => {
    const [one, other] = [school.children[0]!, school.children[1]!];
    const { id } = await suspended({ amount: '100.00', billRef: `0${one.paymentNo}X`, payer: 'NOBODY' });
    const page = await bursar.get(`/payments/suspense/${id}`);
    assert.match(text(page.html), /Likely students/);
    const wrong = await bursar.submit(
      `/payments/suspense/${id}/matches`,
      { 'shares.0.number': 'NOBODY' },
      `/payments/suspense/${id}`,
    );
    assert.equal(wrong.status, 422);
    assert.match(wrong.html, /No student has this number/);
    assert.match(wrong.html, /value="NOBODY"/);
    const short = await bursar.submit(
      `/payments/suspense/${id}/matches`,
      { 'shares.0.number': one.paymentNo, 'shares.0.amount': '60', 'shares.1.number': other.paymentNo, 'shares.1.amount': '30' },
      `/payments/suspense/${id}`,
    );
    assert.match(short.html, /The parts must add up to the whole payment/);
    const before = [await school.owes(one.id), await school.owes(other.id)];
    const held = await school.balanceOf('suspense');
    const done = await bursar.submit(
      `/payments/suspense/${id}/matches`,
      {
        'shares.0.number': one.admissionNo.toLowerCase(),
        'shares.0.amount': '60',
        'shares.1.number': other.paymentNo,
        'shares.1.amount': '',
      },
      `/payments/suspense/${id}`,
    );
    assert.equal(done.status, 303, text(done.html));
    assert.deepEqual([await school.owes(one.id), await school.owes(other.id)], [before[0]! - 6000, before[1]! - 4000]);
    assert.equal((await school.balanceOf('suspense')) - held, 10_000);
    const again = await bursar.post(`/payments/suspense/${id}/matches`, { 'shares.0.number': one.paymentNo });
    assert.ok([403, 409, 422].includes(again.status), String(again.status));
    assert.equal(await countRows(school.database, "audit_entries where action = 'payments.suspense.match'"), 1);
    assert.deepEqual(await school.differences(), []);
  });

  it('the first page counts what waits for its student, with the sum and the way there, for who may see it', async () => {
    await suspended({ amount: '6.00', billRef: 'WHOSE' });
    const [{ n, sum }] = (await sql(
      school.database,
      "select count(*)::text as n, to_char(sum(amount_minor) / 100, 'FM999,999') as sum from payments_suspense where state = 'open'",
    )) as [Record<string, string>];
    const waits = new RegExp(`Unmatched payments KES ${sum} ${n}`);
    for (const role of ['bursar', 'head', 'owner'] as const) {
      const { html } = await (await school.as(role)).get('/');
      assert.match(text(html), waits, role);
      assert.match(html, /href="\/payments\/suspense"/, role);
    }
    const waiting = (permissions: string[]) =>
      school.run(() => school.get(Codes).waiting({ ...school.office, permissions: new Set(permissions) }));
    assert.equal((await waiting(['payments.read'])).length, 1);
    assert.deepEqual(await waiting(['fees.payments.read']), []);
    const administrator = await school.as('administrator');
    const use = (on: string[]) => administrator.submit('/school/modules', { on }, '/school/modules');
    assert.equal((await use(['finance', 'fees'])).status, 303);
    const { html } = await bursar.get('/');
    assert.match(html, /money-card/);
    assert.doesNotMatch(html, /Money without a student/, 'where mobile money is switched off');
    assert.equal((await use(['finance', 'fees', 'payments'])).status, 303);
  });

  it('a child that is clearly meant is given the money from the list itself', async () => {
    const one = school.children[0]!;
    const { id } = await suspended({ amount: '55.00', billRef: `00${one.paymentNo}`, payer: 'NOBODY' });
    const list = await bursar.get('/payments/suspense');
    assert.match(text(list.html), new RegExp(`Match to [^·]+ ${one.admissionNo} · the same digits`));
    const before = await school.owes(one.id);
    assert.equal(
      (await bursar.submit(`/payments/suspense/${id}/matches`, { 'shares.0.number': one.paymentNo }, '/payments/suspense'))
        .status,
      303,
    );
    assert.equal(await school.owes(one.id), before - 5500);
  });

  it('what is no fee is put aside with a reason, and stays in the suspense account', async () => {
    const { id } = await suspended({ amount: '7.00', billRef: 'CHURCH' });
    const held = await school.balanceOf('suspense');
    assert.equal((await bursar.submit(`/payments/suspense/${id}/rejection`, { reason: '' })).status, 422);
    assert.equal((await bursar.submit(`/payments/suspense/${id}/rejection`, { reason: 'Hall rent of the church' })).status, 303);
    assert.match(text((await bursar.get('/payments/suspense?state=rejected')).html), /Hall rent of the church/);
    assert.equal(await school.balanceOf('suspense'), held);
  });

  it('a code that somebody shows is found, wherever it stands, and one that nobody has told of is said to be none', async () => {
    const { transId } = await suspended({ amount: '8.00', billRef: 'LOST' });
    assert.match(text((await bursar.get(`/payments?number=${transId.toLowerCase()}`)).html), /Unmatched KES 8/);
    const paid = (await school.daraja.payTo(school.account.shortcode, {
      amount: '9.00',
      billRef: school.children[2]!.paymentNo,
    }))!;
    await school.look();
    assert.match(
      text((await bursar.get(`/payments?number=${paid.transId}`)).html),
      new RegExp(`Booked KES 9 .*${school.children[2]!.admissionNo}`),
    );
    assert.match(text((await bursar.get('/payments?number=SKNOTHING1')).html), /A message on a phone can be faked/);
    assert.match(text((await bursar.get(`/payments/messages?q=${paid.transId}`)).html), /Already known/);
  });

  it('a prompt from the desk is followed until it is paid, with what was typed kept when it is refused', async () => {
    const child = school.children[3]!;
    const wrong = await bursar.submit(
      '/payments/prompts',
      { studentId: child.id, amount: '1,500', phone: '12' },
      `/payments/prompts/new?student=${child.id}`,
    );
    assert.equal(wrong.status, 422);
    assert.match(wrong.html, /value="1,500"/);
    assert.match(wrong.html, /Enter the phone number/);
    const sent = await bursar.submit(
      '/payments/prompts',
      { studentId: child.id, amount: '1,500', phone: '0722 481 903' },
      `/payments/prompts/new?student=${child.id}`,
    );
    assert.equal(sent.status, 303, text(sent.html));
    const live = await bursar.get(sent.location!);
    assert.match(text(live.html), /The prompt is on the phone/);
    assert.match(live.html, /http-equiv="refresh"/, 'without a script it looks again too');
    const paid = (await school.daraja.answer(school.daraja.prompts.at(-1)!, { code: 0 }))!;
    const done = await bursar.get(sent.location!);
    assert.match(text(done.html), new RegExp(`Paid\\. .*${paid.transId}`));
    assert.doesNotMatch(done.html, /http-equiv="refresh"/);
    assert.equal(await school.owes(child.id), -150_000);
  });

  it('keys are never shown again, a change waits for a second person, and wrong keys say so', async () => {
    const path = `/payments/accounts/${school.account.id}`;
    const page = (await bursar.get(path)).html + (await bursar.get(`${path}/edit`)).html;
    for (const secret of ['a-key', 'a-secret', 'a-passkey-of-tests', school.account.token])
      assert.ok(!page.includes(secret), secret);
    assert.match((await bursar.submit(`${path}/trials`, {}, path)).location!, new RegExp(path));
    assert.match(text((await bursar.get(path)).html), /Accepted by M-Pesa/);
    const form = Object.fromEntries(
      [...(await bursar.get(`${path}/edit`)).html.matchAll(/name="(shortcode|nominatedPhone|version)"[^>]*value="([^"]*)"/g)].map(
        ([, name, value]) => [name!, value!],
      ),
    );
    const [ledger] = await sql(school.database, 'select ledger_account_id as id from payments_accounts');
    const changed = await bursar.submit(`${path}/edit`, {
      ...form,
      name: 'New name',
      environment: 'sandbox',
      kind: 'paybill',
      nominatedPhone: '0722000111',
      ledgerAccountId: ledger!.id!,
      consumerKey: 'other',
    });
    assert.equal(changed.status, 303, text(changed.html));
    const after = text((await bursar.get(path)).html);
    assert.match(after, /waiting for a second person/i);
    assert.doesNotMatch(after, /New name/);
    const stored = await sql(school.database, 'select sealed, pending from payments_accounts');
    assert.doesNotMatch(JSON.stringify(stored), /a-secret|New name/);
  });

  describe('the pay link', () => {
    let url: string;
    const child = () => school.children[4]!;
    before(async () => {
      assert.equal((await bursar.submit('/payments/links', { studentId: child().id }, `/students/${child().id}`)).status, 303);
      const answer = await bursar.get(`/payments/links/${child().id}`);
      url = new URL(/value="(http[^"]+\/pay\/[\w-]{43})"/.exec(answer.html)![1]!).pathname;
    });

    it('shows whom it is for by initials, what is owed and how to pay, and nothing else; within 30 KB', async () => {
      const page = await school.stranger().get(url);
      const [names] = await sql(school.database, 'select surname, first_name from students where id = $1', [child().id]);
      assert.equal(page.status, 200);
      assert.doesNotMatch(page.html, new RegExp(`${names!.surname}|${names!.first_name}`));
      assert.match(text(page.html), new RegExp(`Or pay by Paybill ${school.account.shortcode} *, account ${child().paymentNo}`));
      assert.doesNotMatch(page.html, /<script/, 'nothing that a slow line would wait for');
      assert.ok(page.html.length < 10 * 1024, `${page.html.length} bytes`);
    });

    it('D1: pressed twice it is one prompt and one payment, and the receipt stands on the same page', async () => {
      const family = school.stranger();
      const send = () => family.post(url, { how: 'other', amount: '250', phone: '0711 222 333' });
      const [first, second] = [await send(), await send()];
      assert.equal(first.status, 303, text(first.html));
      assert.equal(second.location, first.location);
      const paid = (await school.daraja.answer(school.daraja.prompts.at(-1)!, { code: 0 }))!;
      const done = await family.get(first.location!);
      assert.match(text(done.html), new RegExp(`Thank you.*Paid\\..*KES 250.*${paid.transId}`));
      assert.equal(await countRows(school.database, 'fees_payment_references where value = $1', [paid.transId]), 1);
      assert.equal(await school.owes(child().id), -25_000);
    });

    it('can be looked at again without waiting, and after a failure says that the school hears of a late payment too', async () => {
      const family = school.stranger();
      const sent = await family.post(url, { how: 'other', amount: '90', phone: '0711 222 335' });
      assert.match((await family.get(sent.location!)).html, new RegExp(`<a [^>]*href="${sent.location!}">Look again`));
      await school.daraja.answer(school.daraja.prompts.at(-1)!, { code: 1032 });
      const failed = await family.get(sent.location!);
      assert.match(
        text(failed.html),
        /The prompt was cancelled on the phone\. If M-Pesa confirms the payment later, don’t pay again: the school is told too\..*Try again/,
      );
      assert.doesNotMatch(failed.html, /http-equiv="refresh"|Look again/);
    });

    it('D7: refuses what is no amount, and keeps what was typed', async () => {
      for (const wrong of ['-5', '0', 'NaN', '1e2', '10.005', '', 'much']) {
        const answer = await school.stranger().post(url, { how: 'other', amount: wrong, phone: '0711 222 334' });
        assert.equal(answer.status, 422, wrong);
        assert.match(answer.html, /value="0711 222 334"|0711 222 334/);
      }
    });

    it('one that was never made, was ended or is of another school is over, always in the same words', async () => {
      const made = await school.stranger().get(`/pay/${'x'.repeat(43)}`);
      // Not the last letter: two of its six bits are of no byte.
      const forged = await school.stranger().get(`${url.slice(0, -2)}${url.at(-2) === 'A' ? 'B' : 'A'}${url.at(-1)}`);
      assert.deepEqual([made.status, forged.status], [404, 404]);
      assert.equal((await bursar.submit(`/payments/links/${child().id}/ending`, {}, `/students/${child().id}`)).status, 303);
      assert.equal((await school.stranger().get(url)).status, 404);
      assert.match(made.html, /This pay link has expired/);
    });

    it('prompts from one link are few', async () => {
      await bursar.submit('/payments/links', { studentId: school.children[5]!.id }, `/students/${child().id}`);
      const answer = await bursar.get(`/payments/links/${school.children[5]!.id}`);
      const own = new URL(/value="(http[^"]+\/pay\/[\w-]{43})"/.exec(answer.html)![1]!).pathname;
      const statuses: number[] = [];
      for (let n = 0; n < 8; n += 1)
        statuses.push((await school.stranger().post(own, { how: 'other', amount: '10', phone: `071122240${n}` })).status);
      assert.equal(statuses.filter((status) => status === 303).length, 6);
      assert.ok(statuses.includes(429), statuses.join());
    });
  });
});
