import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, beforeEach, describe, it } from 'node:test';
import { RuleBroken, Unavailable } from '../../../src/kernel/errors.js';
import { LocalMailbox, Unsure } from '../../../src/platform/mail/index.js';
import { createSmsSender, plainSms, smsSize } from '../../../src/platform/sms/index.js';
import { AfricasTalkingSender } from '../../../src/platform/sms/africas-talking.js';

describe('the size of a text message', () => {
  const cases: [string, string, 'GSM-7' | 'UCS-2', number][] = [
    ['nothing', '', 'GSM-7', 1],
    ['160 characters', 'a'.repeat(160), 'GSM-7', 1],
    ['161 letters', 'a'.repeat(161), 'GSM-7', 2],
    ['306 letters', 'a'.repeat(306), 'GSM-7', 2],
    ['307 letters', 'a'.repeat(307), 'GSM-7', 3],
    ['70 UCS-2 units', 'ẹ'.repeat(70), 'UCS-2', 1],
    ['71 UCS-2 units', 'ẹ'.repeat(71), 'UCS-2', 2],
    ['134 UCS-2 units', 'ẹ'.repeat(134), 'UCS-2', 2],
    ['135 UCS-2 units', 'ẹ'.repeat(135), 'UCS-2', 3],
    ['80 euro signs cost two each', '€'.repeat(80), 'GSM-7', 1],
    ['81 euro signs', '€'.repeat(81), 'GSM-7', 2],
    ['every sign that costs two', '€[]{}\\^~|'.repeat(8) + 'a'.repeat(16), 'GSM-7', 1],
    ['the same and one more', '€[]{}\\^~|'.repeat(8) + 'a'.repeat(17), 'GSM-7', 2],
    ['one curly quote flips it all', 'a'.repeat(70) + '’', 'UCS-2', 2],
    ['one emoji flips it all and costs two', 'a'.repeat(68) + '🎉', 'UCS-2', 1],
    ['one emoji too many', 'a'.repeat(69) + '🎉', 'UCS-2', 2],
    ['an escape is not cut between parts', 'a'.repeat(152) + '€' + 'a'.repeat(152), 'GSM-7', 3],
    ['an emoji is not cut between parts', 'ẹ'.repeat(66) + '🎉' + 'ẹ'.repeat(66), 'UCS-2', 3],
    ['Kenyan English', 'Your balance is KES 12,000. Pay by M-Pesa, Paybill 123456 @ school!', 'GSM-7', 1],
  ];
  for (const [name, message, encoding, segments] of cases) {
    it(name, () => assert.deepEqual([smsSize(message).encoding, smsSize(message).segments], [encoding, segments]));
  }

  it('says how much room is left', () => {
    assert.deepEqual(smsSize('a€'), { encoding: 'GSM-7', units: 3, segments: 1, left: 157 });
    assert.equal(smsSize('a'.repeat(161)).left, 145);
  });

  it('loses its typographic signs but no letter', () => {
    assert.equal(plainSms('“Ade’s” — ọjọ́…\u00a0ok'), '"Ade\'s" - ọjọ́... ok');
    assert.equal(smsSize(plainSms('It’s due – pay by “Paybill”…')).encoding, 'GSM-7');
  });
});

interface Seen {
  url: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}

async function closedPort(): Promise<number> {
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('SMS gateways', () => {
  let server: http.Server;
  let base = '';
  let seen: Seen[] = [];
  let answer: { status: number; body: string; afterMs?: number; drop?: boolean; headers?: Record<string, string> };

  before(async () => {
    server = http.createServer(async (req, res) => {
      seen.push({ url: req.url ?? '', headers: req.headers, body: await text(req) });
      if (answer.drop) return void res.destroy();
      setTimeout(() => res.writeHead(answer.status, answer.headers).end(answer.body), answer.afterMs ?? 0);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    seen = [];
  });

  const taken = (statusCode: number, status = 'Success') =>
    JSON.stringify({
      SMSMessageData: {
        Message: 'Sent to 1/1',
        Recipients: [{ statusCode, number: '+254722481903', status, cost: 'KES 0.8000', messageId: 'ATPid_1' }],
      },
    });
  const talking = () =>
    createSmsSender({ url: base, apiKey: 'at-secret', username: 'school', sender: 'KILIMANI' }, new LocalMailbox(os.tmpdir()));
  const SMS = { to: '+254722481903', text: 'Shule inafungwa & kesho = likizo', key: 'm-1' };

  it('Africa’s Talking: asks as documented', async () => {
    answer = { status: 201, body: taken(101) };
    assert.deepEqual(await talking().send(SMS), { ref: 'ATPid_1' }, 'its own id, by which it reports');
    assert.equal(seen[0]!.url, '/version1/messaging');
    assert.equal(seen[0]!.headers.apikey, 'at-secret');
    assert.equal(seen[0]!.headers.accept, 'application/json');
    assert.match(String(seen[0]!.headers['content-type']), /^application\/x-www-form-urlencoded/);
    assert.deepEqual(Object.fromEntries(new URLSearchParams(seen[0]!.body)), {
      username: 'school',
      to: SMS.to,
      message: SMS.text,
      bulkSMSMode: '1',
      from: 'KILIMANI',
    });
  });

  it('Africa’s Talking: reads the truth from the body of a 201', async () => {
    for (const code of [100, 101, 102]) {
      answer = { status: 201, body: taken(code) };
      await talking().send(SMS);
    }
    for (const code of [401, 402, 403, 404, 406, 407, 409, 502]) {
      answer = { status: 201, body: taken(code, 'Refused') };
      await assert.rejects(talking().send(SMS), RuleBroken, String(code));
    }
    for (const code of [405, 500, 501]) {
      answer = { status: 201, body: taken(code, 'Later') };
      await assert.rejects(talking().send(SMS), Unavailable, String(code));
    }
    answer = { status: 201, body: JSON.stringify({ SMSMessageData: { Message: 'InvalidSenderId', Recipients: [] } }) };
    await assert.rejects(talking().send(SMS), RuleBroken);
  });

  it('Africa’s Talking: account faults and overload wait, a lost answer is not tried again', async () => {
    answer = { status: 401, body: 'The supplied authentication is invalid' };
    await assert.rejects(
      talking().send(SMS),
      (error: Error) => error instanceof Unavailable && !/at-secret|254722/.test(error.message),
    );
    answer = { status: 429, body: '', headers: { 'retry-after': '12' } };
    await assert.rejects(talking().send(SMS), (error) => error instanceof Unavailable && error.retryAfterSeconds === 12);
    answer = { status: 201, body: '<html>gateway</html>' };
    await assert.rejects(talking().send(SMS), Unsure);
    answer = { status: 201, body: '', drop: true };
    await assert.rejects(talking().send(SMS), Unsure);
    answer = { status: 201, body: taken(101), afterMs: 500 };
    const hasty = new AfricasTalkingSender({ url: base, apiKey: 'k', username: 'u', sender: null, answerTimeoutMs: 100 });
    await assert.rejects(hasty.send(SMS), Unsure);
    const closed = await closedPort();
    const away = createSmsSender(
      { url: `http://127.0.0.1:${closed}`, apiKey: 'k', username: 'u', sender: null },
      new LocalMailbox(os.tmpdir()),
    );
    await assert.rejects(away.send(SMS), Unavailable);
  });

  it('a plain HTTP gateway gets JSON and answers by status', async () => {
    const gateway = createSmsSender(
      { url: `${base}/send`, apiKey: 'k', username: '', sender: 'SCHOOL' },
      new LocalMailbox(os.tmpdir()),
    );
    answer = { status: 202, body: '' };
    await gateway.send(SMS);
    assert.deepEqual(JSON.parse(seen[0]!.body), { to: SMS.to, text: SMS.text, from: 'SCHOOL', id: 'm-1' });
    assert.equal(seen[0]!.headers.authorization, 'Bearer k');
    answer = { status: 400, body: '' };
    await assert.rejects(gateway.send(SMS), RuleBroken);
    answer = { status: 503, body: '' };
    await assert.rejects(gateway.send(SMS), Unavailable);
    answer = { status: 302, body: '', headers: { location: 'http://127.0.0.1:9/' } };
    await assert.rejects(gateway.send(SMS), Unsure);
  });

  it('a gateway of its own shape is asked as its settings say: method, headers, body; success and its id are read from the body', async () => {
    const shape = {
      method: 'POST' as const,
      headers: { 'Content-Type': 'application/json', 'X-Key': '{{key}}' },
      body: '{"msisdn":"{{to}}","body":"{{text}}","ref":"{{id}}"}',
      success: '"ok":true',
      ref: 'messages.0.id',
    };
    const gateway = createSmsSender(
      { url: `${base}/v2/send`, apiKey: 'k1', username: '', sender: 'SCHOOL', shape },
      new LocalMailbox(os.tmpdir()),
    );
    answer = { status: 200, body: '{"ok":true,"messages":[{"id":77}]}' };
    assert.deepEqual(await gateway.send({ ...SMS, text: 'He said "yes"\nand {{key}} left' }), { ref: '77' });
    assert.deepEqual(JSON.parse(seen[0]!.body), { msisdn: SMS.to, body: 'He said "yes"\nand {{key}} left', ref: 'm-1' });
    assert.equal(seen[0]!.headers['x-key'], 'k1');
    answer = { status: 200, body: '{"ok":false,"why":"no credit"}' };
    await assert.rejects(gateway.send(SMS), /no credit/);
  });

  it('a gateway that is asked by an address or a form gets its signs escaped', async () => {
    const get = { method: 'GET' as const, headers: {}, body: '', success: '^OK', ref: null };
    answer = { status: 200, body: 'OK 1' };
    await createSmsSender(
      { url: `${base}/push?to={{to}}&m={{text}}&u={{key}}`, apiKey: 'k&1', username: '', sender: null, shape: get },
      new LocalMailbox(os.tmpdir()),
    ).send(SMS);
    assert.deepEqual(Object.fromEntries(new URL(seen[0]!.url, base).searchParams), { to: SMS.to, m: SMS.text, u: 'k&1' });
    const form = {
      method: 'POST' as const,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'to={{to}}&m={{text}}',
      success: null,
      ref: null,
    };
    await createSmsSender({ url: base, apiKey: '', username: '', sender: null, shape: form }, new LocalMailbox(os.tmpdir())).send(
      SMS,
    );
    assert.deepEqual(Object.fromEntries(new URLSearchParams(seen[1]!.body)), { to: SMS.to, m: SMS.text });
  });

  it('takes one number in E.164 and words to send', async () => {
    for (const to of ['0722481903', '+254722481903,+254700000000', '', '+254 722 481 903'])
      await assert.rejects(talking().send({ ...SMS, to }), RuleBroken);
    await assert.rejects(talking().send({ ...SMS, text: '  ' }), RuleBroken);
    assert.equal(seen.length, 0);
  });

  it('without a gateway a message lands in the mailbox', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'aims-sms-'));
    const mailbox = new LocalMailbox(folder);
    await createSmsSender(null, mailbox).send(SMS);
    assert.deepEqual(
      (await mailbox.list()).map(({ channel, to, text: words }) => [channel, to, words]),
      [['sms', SMS.to, SMS.text]],
    );
    await rm(folder, { recursive: true });
  });
});
