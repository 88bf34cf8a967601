import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Newsletter } from '../../../src/modules/website/newsletter.js';
import { aPlatform, type PlatformUnderTest } from '../../support/core.js';
import { startSmtp, type TestSmtp } from '../../support/outside/smtp.js';
import { until as waitUntil } from '../../support/waiting.js';

const until = (met: () => boolean | Promise<boolean>) => waitUntil(async () => met(), 'The letter did not arrive');

const ISSUE = { subject: 'What is new', text: 'Registers print faster.' };

describe('the newsletter', () => {
  let platform: PlatformUnderTest;
  let smtp: TestSmtp;
  let now = new Date('2026-11-25T08:00:00Z');
  before(async () => {
    smtp = await startSmtp();
    const mail = { resendKey: null, resendUrl: 'http://127.0.0.1:9', smtpUrl: smtp.url, from: 'AIMS <post@platform.test>' };
    platform = await aPlatform({ background: true, clock: { now: () => now }, settings: { mail } });
  });
  after(async () => {
    await platform?.stop();
    await smtp?.stop();
  });

  const ask = (email: string, more: object = {}) =>
    platform.stranger().submit('/newsletter/subscribers', { email, ...more }, '/newsletter');
  const subscribers = () =>
    platform.sql<{ email: string; state: string; id: string }>('select * from website_subscribers order by email');
  const lettersTo = (email: string) => smtp.received.filter((mail) => [mail.to].flat().some((to) => to?.text.includes(email)));
  const linkIn = (text: string) => new URL(/https?:\/\/\S+/.exec(text)![0]).pathname;
  const send = (key: string) => platform.run(() => platform.get(Newsletter).sendIssue(key, ISSUE));

  it('an address that can’t be one, and a form that a machine has filled in, lead to nothing', async () => {
    const wrong = await ask('not an address');
    assert.equal(wrong.status, 422);
    assert.match(wrong.html, /value="not an address"/);
    assert.equal((await ask('robot@example.test', { website: 'http://spam.example' })).status, 303);
    assert.deepEqual(await subscribers(), []);
  });

  it('nobody gets it who has not confirmed from their own mailbox; looking at the link is not confirming', async () => {
    assert.equal((await ask('Amina@Example.test', {})).status, 303);
    await until(() => lettersTo('amina@example.test').length === 1);
    assert.equal(await send('first'), 0);
    const link = linkIn(lettersTo('amina@example.test')[0]!.text!);
    const visitor = platform.stranger();
    await visitor.get(link);
    assert.equal((await subscribers())[0]?.state, 'pending');
    assert.equal((await visitor.submit(link, {})).status, 303);
    assert.deepEqual(
      (await subscribers()).map(({ email, state }) => ({ email, state })),
      [{ email: 'amina@example.test', state: 'confirmed' }],
    );
    assert.equal((await visitor.submit(link, {})).status, 303, 'again does no harm');
  });

  it('a link that we did not make, or that was made for something else, confirms nothing', async () => {
    await ask('brian@example.test');
    await until(() => lettersTo('brian@example.test').length === 1);
    const link = linkIn(lettersTo('brian@example.test')[0]!.text!);
    const broken = `${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}`;
    assert.equal((await platform.stranger().post(broken, {})).status, 422);
    assert.equal((await platform.stranger().post(link.replace('confirmations', 'unsubscriptions'), {})).status, 303);
    assert.equal((await subscribers()).find((one) => one.email === 'brian@example.test')?.state, 'pending');
  });

  it('answers the same to an address that has it already, and writes to it no more', async () => {
    const letters = lettersTo('amina@example.test').length;
    const [fresh, known] = [await ask('chege@example.test'), await ask('amina@example.test')];
    assert.deepEqual([known.status, known.location], [fresh.status, fresh.location]);
    await until(() => lettersTo('chege@example.test').length === 1);
    assert.equal(lettersTo('amina@example.test').length, letters);
  });

  it('each letter can be ended by one press in the mail program, without a page of ours before it', async () => {
    assert.equal(await send('second'), 1);
    assert.equal(await send('second'), 0, 'the same issue reaches nobody twice');
    await until(() => lettersTo('amina@example.test').some((mail) => mail.subject === ISSUE.subject));
    const raw = smtp.raw.find((text) => text.includes(`Subject: ${ISSUE.subject}`))!.replace(/\r\n[ \t]+/g, ' ');
    assert.match(raw, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
    const address = new URL(/^List-Unsubscribe: <([^>]+)>/m.exec(raw)![1]!.replaceAll(' ', ''));
    assert.equal(address.origin, platform.url);
    const answer = await platform.stranger().send('POST', address.pathname, Buffer.from('List-Unsubscribe=One-Click'), {
      'content-type': 'application/x-www-form-urlencoded',
      origin: 'null',
      'sec-fetch-site': 'cross-site',
    });
    assert.equal(answer.status, 200);
    assert.ok(!(await subscribers()).some((one) => one.email === 'amina@example.test'), 'the address is gone');
    const again = await platform
      .stranger()
      .send('POST', address.pathname, Buffer.from(''), { 'content-type': 'application/x-www-form-urlencoded' });
    assert.equal(again.status, 200);
    assert.equal(
      (
        await platform
          .stranger()
          .send('POST', `${address.pathname}x`, Buffer.from(''), { 'content-type': 'application/x-www-form-urlencoded' })
      ).status,
      404,
    );
    assert.match((await platform.stranger().get(address.pathname)).location ?? '', /^\/newsletter\/unsubscriptions\//);
  });

  it('every step is in the audit, without an address', async () => {
    const rows = await platform.sql<{ action: string; all: string }>(
      "select action, row_to_json(e)::text as all from audit_entries e where action like 'website.%' order by at, id",
    );
    const actions = new Set(rows.map((row) => row.action));
    for (const action of [
      'website.ask-newsletter',
      'website.confirm-newsletter',
      'website.send-newsletter',
      'website.leave-newsletter',
    ])
      assert.ok(actions.has(action), action);
    assert.ok(!rows.some((row) => row.all.includes('@example.test')));
  });

  it('an address that refused a letter gets no more; one that nobody confirmed is removed after a week', async () => {
    await platform.sql(
      "update website_subscribers set state = 'confirmed', confirmed_at = now() where email = 'chege@example.test'",
    );
    await send('third');
    await platform.sql(
      "update notifications_messages set state = 'failed', sent_at = null where recipient = 'chege@example.test' and template = 'website.newsletter-issue'",
    );
    const tidy = () => platform.run(() => platform.get(Newsletter).tidy());
    await until(async () => {
      await platform.sql(
        "update notifications_messages set state = 'failed', sent_at = null where recipient = 'chege@example.test' and template = 'website.newsletter-issue'",
      );
      await tidy();
      return (await subscribers()).some((one) => one.state === 'bounced');
    });
    assert.equal(await send('fourth'), 0);
    assert.ok((await subscribers()).some((one) => one.email === 'brian@example.test'));
    now = new Date(now.getTime() + 8 * 86_400_000);
    await tidy();
    assert.deepEqual(
      (await subscribers()).map((one) => one.email),
      ['chege@example.test'],
    );
  });

  it('nobody can make us write to one address again and again', async () => {
    const statuses: number[] = [];
    for (let turn = 0; turn < 7; turn += 1) statuses.push((await ask('dede@example.test')).status);
    assert.deepEqual(statuses, [303, 303, 303, 303, 303, 429, 429]);
    await until(() => lettersTo('dede@example.test').length > 0);
    assert.equal(lettersTo('dede@example.test').length, 1);
  });
});

describe('writing to the platform', () => {
  let platform: PlatformUnderTest;
  let smtp: TestSmtp;
  before(async () => {
    smtp = await startSmtp();
    const mail = { resendKey: null, resendUrl: 'http://127.0.0.1:9', smtpUrl: smtp.url, from: 'AIMS <post@platform.test>' };
    platform = await aPlatform({ background: true, settings: { mail, support: 'people@platform.test' } });
  });
  after(async () => {
    await platform?.stop();
    await smtp?.stop();
  });
  const MESSAGE = { name: 'Grace Achieng', email: 'grace@example.test', message: 'Does it print identity cards?' };
  const write = (fields: object) => platform.stranger().submit('/contact', { ...MESSAGE, ...fields });

  it('keeps what was typed when something is missing', async () => {
    const { status, html } = await write({ email: 'grace', message: '' });
    assert.equal(status, 422);
    assert.match(html, /Grace Achieng/);
  });

  it('brings the words to our own address, with an answer going to who wrote them; a header can’t be smuggled in', async () => {
    assert.equal((await write({ name: 'Grace\r\nBcc: all@example.test' })).status, 303);
    await until(() => smtp.received.length === 1);
    const [letter] = smtp.received;
    assert.deepEqual(smtp.recipients, ['people@platform.test']);
    assert.equal(letter!.replyTo?.text, 'grace@example.test');
    assert.match(letter!.text!, /Does it print identity cards\?/);
  });

  it('forgets the words once they have left', async () => {
    await until(async () => (await platform.sql('select 1 from notifications_messages where content is not null')).length === 0);
  });

  it('a machine that fills everything in, or somebody who writes all the time, is not heard', async () => {
    assert.equal((await write({ website: 'x' })).status, 303);
    const statuses: number[] = [];
    for (let turn = 0; turn < 5; turn += 1) statuses.push((await write({})).status);
    assert.deepEqual(statuses, [303, 303, 303, 303, 429]);
  });
});
