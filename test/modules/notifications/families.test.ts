import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, beforeEach, describe, it } from 'node:test';
import { DeliverMessage } from '../../../src/modules/notifications/deliver.js';
import { onePerFamily, waysTo } from '../../../src/modules/notifications/family.rules.js';
import { quietUntil } from '../../../src/modules/notifications/quiet-hours.rules.js';
import {
  FAMILY_MESSAGES,
  NOTIFICATIONS,
  type FamilyMessage,
  type MessageTemplate,
} from '../../../src/modules/notifications/index.js';
import { LocalMailbox } from '../../../src/platform/mail/index.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import { sql } from '../../support/database/sql.js';

describe('quiet hours', () => {
  const night = { from: '20:00', until: '07:00' };
  for (const [what, now, zone, hours, until] of [
    ['by day nothing waits', '2026-11-24T09:00:00Z', 'Africa/Nairobi', night, null],
    ['the first minute of the evening', '2026-11-24T17:00:30Z', 'Africa/Nairobi', night, '2026-11-25T04:00:00Z'],
    ['the minute before it', '2026-11-24T16:59:59Z', 'Africa/Nairobi', night, null],
    ['after midnight it is the same morning', '2026-11-24T22:30:00Z', 'Africa/Nairobi', night, '2026-11-25T04:00:00Z'],
    ['the minute that they end', '2026-11-25T04:00:00Z', 'Africa/Nairobi', night, null],
    ['in the school’s own zone', '2026-11-24T17:30:00Z', 'Africa/Accra', night, null],
    ['within one day', '2026-11-24T10:30:00Z', 'Africa/Nairobi', { from: '13:00', until: '14:00' }, '2026-11-24T11:00:00Z'],
    ['the same twice is none', '2026-11-24T17:00:00Z', 'Africa/Nairobi', { from: '20:00', until: '20:00' }, null],
    ['a night in which the clocks go back', '2026-02-14T22:00:00Z', 'Africa/Casablanca', night, '2026-02-15T07:00:00Z'],
  ] as const) {
    it(what, () =>
      assert.equal(quietUntil(new Date(now), zone, hours)?.toISOString() ?? null, until && new Date(until).toISOString()),
    );
  }
});

describe('who is written to, and where', () => {
  const [phone, email] = ['+254722481903', 'Parent@Example.org'];
  for (const [what, addresses, prefer, ways] of [
    ['a phone first', { phone, email }, 'sms', [`sms ${phone}`]],
    ['email where there is no phone', { phone: null, email }, 'sms', ['mail parent@example.org']],
    ['email first', { phone, email }, 'mail', ['mail parent@example.org']],
    ['the phone where there is no email', { phone, email: null }, 'mail', [`sms ${phone}`]],
    ['both', { phone, email }, 'both', [`sms ${phone}`, 'mail parent@example.org']],
    ['nobody', { phone: null, email: null }, 'both', []],
  ] as const) {
    it(what, () =>
      assert.deepEqual(
        waysTo(addresses, prefer).map((way) => `${way.channel} ${way.to}`),
        ways,
      ),
    );
  }

  it('the same words go once to a phone, other words again', () => {
    const sms = (to: string, words: string) => ({ channel: 'sms' as const, to, text: words });
    assert.equal(onePerFamily([sms('+1', 'closed'), sms('+1', 'closed'), sms('+2', 'closed'), sms('+1', 'open')]).length, 3);
  });
});

interface Receipt {
  child: string;
  amount: string;
}
const RECEIPT: MessageTemplate<Receipt> = {
  key: 'fees.receipt',
  label: 'Receipt',
  subject: (t) => t('Receipt'),
  text: (t, { child, amount }) => t('Received {{amount}} for {{child}}. Thank you.', { child, amount }),
};
const NOON = new Date('2026-11-24T09:00:00Z');
const NIGHT = new Date('2026-11-24T19:00:00Z');
const MORNING = new Date('2026-11-25T04:00:00Z');

describe('messages to families', () => {
  let school: SchoolUnderTest;
  let gateway: http.Server;
  let now = NOON;
  let taken = 0;
  const asked: URLSearchParams[] = [];
  before(async () => {
    // Speaks as the provider documents it: 201, the truth in the body, an id for each message.
    gateway = http.createServer(async (req, res) => {
      const fields = new URLSearchParams(await text(req));
      asked.push(fields);
      const Recipients = [
        { statusCode: 101, number: fields.get('to'), status: 'Success', cost: 'KES 0.8000', messageId: `ATXid_${(taken += 1)}` },
      ];
      res
        .writeHead(201, { 'content-type': 'application/json' })
        .end(JSON.stringify({ SMSMessageData: { Message: 'Sent to 1/1', Recipients } }));
    });
    await once(gateway.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
    school = await aSchool({
      clock: { now: () => now },
      settings: { sms: { url, apiKey: 'k', username: 'school', sender: null } },
    });
  });
  after(async () => {
    await school.stop();
    gateway.close();
  });
  beforeEach(() => {
    now = NOON;
    asked.length = 0;
  });

  const parent = (phone: string | null, email: string | null = null, child = 'Amina', language: string | null = null) => ({
    phone,
    email,
    language,
    params: { child, amount: 'KES 4,000' },
  });
  const message = (
    key: string,
    to: FamilyMessage<Receipt>['to'],
    more: Partial<FamilyMessage<Receipt>> = {},
  ): FamilyMessage<Receipt> => ({ template: RECEIPT, key, to, ...more });
  const tellEach = (given: FamilyMessage<Receipt>) => school.run(() => school.get(FAMILY_MESSAGES).tellFamily(given));
  const tell = async (given: FamilyMessage<Receipt>) => {
    const { messageIds: _, ...told } = await tellEach(given);
    return told;
  };
  const estimate = (given: FamilyMessage<Receipt>) => school.run(() => school.get(FAMILY_MESSAGES).estimate(given));
  const rows = (recipient: string) =>
    sql<{ id: string; state: string; attempts: number; reason: string | null; ref: string | null; next_try_at: Date | null }>(
      school.database,
      'select id, state, attempts, reason, ref, next_try_at from notifications_messages where recipient = $1 order by id',
      [recipient],
    );
  const deliver = async (recipient: string): Promise<void> => {
    for (const { id } of await rows(recipient)) await school.run(() => school.get(DeliverMessage).run(id));
  };

  it('go once to a phone for several children when the words are the same, and once for a key however often it is asked', async () => {
    const twins = message('closing:1', [parent('+254700000001'), parent('+254700000001'), parent('+254700000002')]);
    assert.deepEqual(await tell(twins), { messages: 2, again: 0, optedOut: 0, unreachable: 0 });
    assert.deepEqual(await tell(twins), { messages: 0, again: 2, optedOut: 0, unreachable: 0 });
    const [only, ...others] = await rows('+254700000001');
    assert.deepEqual(others, []);
    const jobs = await sql<{ task_identifier: string; queue_name: string }>(
      school.database,
      'select task_identifier, queue_name from graphile_worker.jobs where key = $1',
      [`notifications.deliver:${only!.id}`],
    );
    assert.deepEqual(
      jobs,
      [{ task_identifier: 'notifications.deliver', queue_name: 'notifications.sms' }],
      'and each has its job',
    );
    const { messageIds } = await tellEach(
      message('each:1', [parent('+254700000061'), parent(null), parent('+254700000061'), parent('+254700000062')]),
    );
    const [shared, other] = [(await rows('+254700000061'))[0]!.id, (await rows('+254700000062'))[0]!.id];
    assert.deepEqual(messageIds, [[shared], [], [shared], [other]], 'and who asks is told which message says it to whom');
    const standing = await school.run(() => school.get(FAMILY_MESSAGES).standingOf([shared, other]));
    assert.deepEqual(standing.map(({ to, state }) => [to, state]).sort(), [
      ['+254700000061', 'queued'],
      ['+254700000062', 'queued'],
    ]);
    await tell(message('receipts:1', [parent('+254700000003', null, 'Amina'), parent('+254700000003', null, 'Yusuf')]));
    assert.equal((await rows('+254700000003')).length, 2, 'each child its own receipt');
  });

  it('are estimated before: messages, parts, cost, who gets none', async () => {
    const owner = await school.as('owner');
    assert.equal(
      (await owner.submit('/notifications/settings', { quietFrom: '20:00', quietUntil: '07:00', price: '0.80', version: '0' }))
        .status,
      303,
    );
    const long = parent('+254700000005', null, 'x'.repeat(160));
    const given = message('estimate:1', [
      parent('+254700000004'),
      parent('+254700000004'),
      long,
      parent(null, 'mum@example.org'),
      parent(null, null),
    ]);
    const { sample, ...counts } = await estimate(given);
    assert.deepEqual(counts, {
      messages: 3,
      sms: 2,
      mails: 1,
      segments: 3,
      costMinor: 240,
      optedOut: 0,
      unreachable: 1,
      waitsUntil: null,
    });
    assert.equal(sample?.segments, 2);
    assert.equal((await rows('+254700000004')).length, 0, 'nothing is sent');
    assert.equal((await tell(given)).messages, counts.messages);
    const curly = await estimate(message('estimate:2', [parent('+254700000006', null, '“Amina’s”')]));
    assert.equal(curly.segments, 1, 'typographic signs don’t double the price');
    assert.match(curly.sample!.text, /"Amina's"/);
  });

  it('wait for the morning; a code does not', async () => {
    now = NIGHT;
    assert.deepEqual((await estimate(message('night:0', [parent('+254700000007')]))).waitsUntil, MORNING);
    await tell(message('night:1', [parent('+254700000007')]));
    await deliver('+254700000007');
    const [held] = await rows('+254700000007');
    assert.deepEqual(
      { state: held!.state, attempts: held!.attempts, at: held!.next_try_at },
      { state: 'queued', attempts: 0, at: MORNING },
    );
    assert.match((await (await school.as('registrar')).get('/notifications/messages')).html, /Waits until morning/);
    assert.equal(asked.length, 0);
    const code = { ...RECEIPT, key: 'identity.code', label: 'Code', secret: true } as const;
    await school.run(() =>
      school
        .get(NOTIFICATIONS)
        .send({ channel: 'sms', to: '+254700000008', template: code, params: { child: 'x', amount: '1' } }),
    );
    await deliver('+254700000008');
    assert.equal(asked.length, 1);
    now = MORNING;
    await deliver('+254700000007');
    assert.equal((await rows('+254700000007'))[0]!.state, 'sent');
    assert.equal(asked.length, 2);
  });

  it('wait for the morning whoever wrote them down: what staff are written too, but no warning about an account', async () => {
    now = NIGHT;
    const notice = { ...RECEIPT, key: 'approvals.waiting', label: 'A request' } as const;
    const warning = { ...RECEIPT, key: 'identity.warning', label: 'A warning' } as const;
    for (const [to, template] of [
      ['+254700000071', notice],
      ['+254700000072', warning],
    ] as const) {
      await school.run(() =>
        school.get(NOTIFICATIONS).send({ channel: 'sms', to, template, params: { child: 'x', amount: '1' } }),
      );
      await deliver(to);
    }
    assert.deepEqual(
      (await rows('+254700000071')).map((row) => [row.state, row.next_try_at]),
      [['queued', MORNING]],
    );
    assert.deepEqual(
      (await rows('+254700000072')).map((row) => row.state),
      ['sent'],
    );
    assert.equal(asked.length, 1);
    now = MORNING;
    await deliver('+254700000071');
    assert.equal(asked.length, 2);
  });

  it('don’t go to who asked for none, also when they asked while it waited', async () => {
    const owner = await school.as('owner');
    const teacher = await school.as('teacher');
    assert.equal((await teacher.get('/notifications/opt-outs/new')).status, 403);
    assert.equal(
      (await owner.submit('/notifications/opt-outs', { address: 'nobody' }, '/notifications/opt-outs/new')).status,
      422,
    );
    now = NIGHT;
    await tell(message('stop:1', [parent('+254700000009')]));
    assert.equal(
      (await owner.submit('/notifications/opt-outs', { address: '0700 000 009' }, '/notifications/opt-outs/new')).status,
      303,
    );
    now = MORNING;
    await deliver('+254700000009');
    assert.deepEqual(
      (await rows('+254700000009')).map((row) => [row.state, row.reason]),
      [['failed', 'This address has opted out of messages.']],
    );
    assert.deepEqual(await tell(message('stop:2', [parent('+254700000009'), parent('+254700000010')])), {
      messages: 1,
      again: 0,
      optedOut: 1,
      unreachable: 0,
    });
    await school.run(() =>
      school.get(NOTIFICATIONS).send({
        channel: 'sms',
        to: '+254700000009',
        template: { ...RECEIPT, secret: true },
        params: { child: 'x', amount: '1' },
      }),
    );
    await deliver('+254700000009');
    assert.equal(asked.length, 1, 'a code reaches them all the same');
    const page = await owner.get('/notifications/opt-outs');
    assert.match(page.html, /0700 000 009/);
    const id = /data-id="([^"]+)"/.exec(page.html)![1]!;
    assert.equal((await owner.submit(`/notifications/opt-outs/${id}/removal`, {}, '/notifications/opt-outs')).status, 303);
    assert.equal((await tell(message('stop:3', [parent('+254700000009')]))).messages, 1);
    assert.deepEqual(
      (
        await sql<{ action: string }>(
          school.database,
          "select action from audit_entries where label = '+254700000009' order by id",
        )
      ).map((row) => row.action),
      ['notifications.opt-out', 'notifications.opt-in'],
    );
  });

  it('end by the link in a mail, in the reader’s language, and begin again by the same page', async () => {
    await tell(message('mail:1', [parent(null, 'Baba@Example.org', 'Amina', 'sw')]));
    const [{ content }] = (await sql<{ content: { text: string; headers: Record<string, string> } }>(
      school.database,
      "select content from notifications_messages where recipient = 'baba@example.org'",
    )) as [{ content: { text: string; headers: Record<string, string> } }];
    assert.match(content.text, /Ili usipokee tena ujumbe huu/);
    assert.doesNotMatch(content.text, /baba@example/i, 'the address can’t be read in the link');
    const link = new URL(/https?:\/\/\S+\/stop\/\S+/.exec(content.text)![0]).pathname;
    assert.equal(content.headers['List-Unsubscribe-Post'], 'List-Unsubscribe=One-Click');
    const reader = school.stranger();
    assert.match((await reader.get(link)).html, /b…@example\.org/);
    assert.equal(
      (await sql(school.database, "select 1 from notifications_opt_outs where address = 'baba@example.org'")).length,
      0,
      'a look changes nothing',
    );
    assert.equal((await reader.submit(link, {})).location, link);
    assert.match((await reader.get(`${link}?lang=fr`)).html, /ne recevra plus de reçus/);
    assert.equal((await tell(message('mail:2', [parent(null, 'baba@example.org')]))).optedOut, 1);
    assert.equal((await reader.submit(link, { again: 'yes' })).status, 303);
    assert.equal((await tell(message('mail:3', [parent(null, 'baba@example.org')]))).messages, 1);
    const oneClick = new URL(/<([^>]+)>/.exec(content.headers['List-Unsubscribe']!)![1]!).pathname;
    assert.equal((await reader.post(oneClick, { 'List-Unsubscribe': 'One-Click' })).status, 200);
    assert.equal((await tell(message('mail:4', [parent(null, 'baba@example.org')]))).optedOut, 1);
    const broken = `${link.slice(0, -3)}abc`;
    assert.equal((await reader.get(broken)).status, 404);
    assert.equal((await reader.post(`/api${broken}`, {})).status, 404);
  });

  it('are delivered, or not, as the gateway reports it with the school’s secret address', async () => {
    const page = await (await school.as('owner')).get('/notifications/settings');
    const reports = /(\/api\/sms\/[\w-]{32}\/reports)</.exec(page.html)![1]!;
    const send = async (phone: string): Promise<string> => {
      await tell(message(`report:${phone}`, [parent(phone)]));
      await deliver(phone);
      return (await rows(phone))[0]!.ref!;
    };
    const states = async (phone: string): Promise<string> =>
      (await rows(phone)).map((row) => `${row.state}${row.reason ? ` ${row.reason}` : ''}`).join();
    const program = school.stranger();
    const [good, bad] = [await send('+254700000011'), await send('+254700000012')];
    assert.match(good, /^ATXid_/);
    const report = (path: string, fields: Record<string, string>) =>
      program.post(path, fields, { origin: 'https://gateway.example' });
    assert.equal(
      (await report(reports.replace(/[\w-]{4}\/reports$/, 'aaaa/reports'), { id: good, status: 'Success' })).status,
      404,
      'without the secret word',
    );
    assert.equal((await report(reports, { id: good, status: 'Buffered', phoneNumber: '+254700000011' })).status, 200);
    assert.equal(await states('+254700000011'), 'sent');
    assert.equal((await report(reports, { id: good, status: 'Success', phoneNumber: '+254700000011' })).status, 200);
    assert.equal((await report(reports, { id: good, status: 'Failed', failureReason: 'Late' })).status, 200);
    assert.equal(await states('+254700000011'), 'delivered', 'what arrived has arrived');
    assert.equal(
      (await program.json('POST', reports, { id: bad, status: 'Failed', failureReason: 'UserInBlackList' })).status,
      200,
      'JSON too',
    );
    assert.equal(await states('+254700000012'), 'failed Not delivered: UserInBlackList');
    assert.equal((await report(reports, { id: 'ATXid_unknown', status: 'Success' })).status, 404);
    assert.equal((await report(reports, {})).status, 404);
    const list = (await (await school.as('registrar')).get('/notifications/messages')).html;
    assert.match(list, /Delivered/);
    assert.match(list, /Not delivered: UserInBlackList/);
    assert.equal(
      (await (await school.as('registrar')).get('/notifications/messages?state=delivered')).html.match(/data-id=/g)?.length,
      1,
    );
    assert.equal(
      (await report(reports.replace('/reports', '/opt-outs'), { senderId: 'SCHOOL', phoneNumber: '+254700000012' })).status,
      200,
    );
    assert.equal((await tell(message('report:after', [parent('+254700000012')]))).optedOut, 1, 'who answers STOP gets none');
  });

  it('are settled by who may: times and price with a sentence each, and a text counted on the page', async () => {
    assert.equal((await (await school.as('registrar')).get('/notifications/settings')).status, 403);
    const owner = await school.as('owner');
    const version = /name="version" value="(\d+)"/.exec((await owner.get('/notifications/settings')).html)![1]!;
    const wrong = await owner.submit('/notifications/settings', {
      quietFrom: '25:00',
      quietUntil: '07:00',
      price: 'much',
      version,
    });
    assert.equal(wrong.status, 422);
    assert.match(wrong.html, /Enter a time, such as 20:00/);
    assert.match(wrong.html, /Enter the price of one part/);
    assert.match(wrong.html, /value="25:00"/);
    assert.equal(
      (await owner.submit('/notifications/settings', { quietFrom: '21:00', quietUntil: '06:30', price: '1', version })).status,
      303,
    );
    assert.equal(
      (await owner.submit('/notifications/settings', { quietFrom: '21:00', quietUntil: '06:30', version })).status,
      409,
      'an old version',
    );
    const tried = await owner.get(`/notifications/settings?families=500&text=${encodeURIComponent('a'.repeat(161))}`);
    assert.match(tried.html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' '), /Messages 500 .*Parts to pay for 1,000 .*KES 1,000/);
  });

  it('are reported by any other gateway in its own words, as the settings say', async () => {
    const reports = { id: 'messageId', status: 'state', reason: 'why', delivered: ['delivrd'], failed: ['undeliv'] };
    const shape = {
      method: 'POST' as const,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'to={{to}}&message={{text}}',
      success: null,
      ref: 'SMSMessageData.Recipients.0.messageId',
    };
    const url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
    const other = await aSchool({
      clock: { now: () => now },
      settings: { sms: { url, apiKey: 'k', username: '', sender: null, shape, reports } },
    });
    try {
      await other.run(() => other.get(FAMILY_MESSAGES).tellFamily(message('other:1', [parent('+254700000020')])));
      const find = () =>
        sql<{ id: string; state: string; ref: string }>(other.database, 'select id, state, ref from notifications_messages');
      await other.run(async () => other.get(DeliverMessage).run((await find())[0]!.id));
      const { ref } = (await find())[0]!;
      assert.equal(ref, `ATXid_${taken}`);
      const path = /(\/api\/sms\/[\w-]{32}\/reports)</.exec(
        (await (await other.as('owner')).get('/notifications/settings')).html,
      )![1]!;
      assert.equal((await other.stranger().json('POST', path, { messageId: ref, state: 'DELIVRD' })).status, 200);
      assert.equal((await find())[0]!.state, 'delivered');
    } finally {
      await other.stop();
    }
  });

  it('say so where there is no gateway: nothing is found at its addresses', async () => {
    const without = await aSchool();
    try {
      const page = await (await without.as('owner')).get('/notifications/settings');
      assert.match(page.html, /No SMS gateway with delivery reports/);
      assert.doesNotMatch(page.html, /\/api\/sms\//);
      assert.ok(without.get(LocalMailbox));
    } finally {
      await without.stop();
    }
  });
});
