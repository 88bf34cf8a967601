import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { simpleParser } from 'mailparser';
import { RuleBroken, Unavailable } from '../../../src/kernel/errors.js';
import { createMailer, isMailAddress, LocalMailbox, Unsure, type Mail } from '../../../src/platform/mail/index.js';
import { ResendMailer } from '../../../src/platform/mail/resend.js';
import { SmtpMailer } from '../../../src/platform/mail/smtp.js';
import { RESEND_KEY, startResend } from '../../support/outside/resend.js';
import { startSmtp, type SmtpBehaviour, type TestSmtp } from '../../support/outside/smtp.js';

const FROM = 'Kilimani Academy <office@kilimani.example>';
const MAIL: Mail = {
  to: 'adebayo@example.com',
  subject: 'Ìròyìn ilé-ẹ̀kọ́: ọjọ́ ìdánwò',
  text: 'Ẹ kú àárọ̀.\nYour code is 123456.',
  html: '<p>Ẹ kú àárọ̀.</p>',
  attachments: [{ name: 'Ìwé ìròyìn.pdf', type: 'application/pdf', content: Buffer.from('%PDF-1.7 ọjọ́') }],
  key: 'message-1',
};

async function withSmtp(behaviour: SmtpBehaviour, work: (server: TestSmtp) => Promise<void>): Promise<void> {
  const server = await startSmtp(behaviour);
  try {
    await work(server);
  } finally {
    await server.stop();
  }
}

const later = (error: unknown) => error instanceof Unavailable;
const forGood = (error: unknown) => error instanceof RuleBroken && error.code === 'delivery-refused';
const unsure = (error: unknown) => error instanceof Unsure;

describe('mail over SMTP', () => {
  it('carries Yorùbá subjects and attachments unharmed', async () => {
    await withSmtp({}, async (server) => {
      await new SmtpMailer({ url: server.url, from: FROM }).send(MAIL);
      const [mail] = server.received;
      assert.equal(mail!.subject, MAIL.subject.normalize('NFC'));
      assert.equal(mail!.text?.trim(), MAIL.text);
      assert.match(String(mail!.html), /Ẹ kú àárọ̀/);
      assert.equal(mail!.from?.text, '"Kilimani Academy" <office@kilimani.example>');
      assert.equal(mail!.messageId, '<message-1@kilimani.example>');
      const [attachment] = mail!.attachments;
      assert.equal(attachment!.filename?.normalize('NFC'), 'Ìwé ìròyìn.pdf'.normalize('NFC'));
      assert.equal(attachment!.content.toString(), '%PDF-1.7 ọjọ́');
    });
  });

  it('lets nobody add a header, a recipient or a line of SMTP', async () => {
    await withSmtp({}, async (server) => {
      const mailer = new SmtpMailer({ url: server.url, from: FROM });
      await mailer.send({
        ...MAIL,
        subject: 'Hello\r\nBcc: thief@example.com\r\n\r\nnew body',
        attachments: [{ name: 'a"\r\nX-Evil: 1\r\n.pdf', type: 'x/y\r\nX-Evil: 1', content: Buffer.from('x') }],
      });
      assert.deepEqual(server.recipients, ['adebayo@example.com']);
      assert.doesNotMatch(server.raw[0]!, /^(Bcc|X-Evil):/im);
      const to = [
        'a@b.example\r\nRCPT TO:<thief@example.com>',
        'a@b.example, thief@example.com',
        'A <a@b.example>',
        'a@b.example>',
        'a b@c.example',
        '',
        'a@',
        '@b',
        'a@-b.example',
      ];
      for (const address of to) await assert.rejects(mailer.send({ ...MAIL, to: address }), forGood, address);
      assert.equal(server.received.length, 1);
    });
  });

  it('tells refusals for good from those for now', async () => {
    await withSmtp({ refuse: { code: 550, text: 'No such mailbox' } }, async ({ url }) => {
      await assert.rejects(new SmtpMailer({ url, from: FROM }).send(MAIL), forGood);
    });
    await withSmtp({ refuse: { code: 451, text: 'Greylisted' } }, async ({ url }) => {
      await assert.rejects(new SmtpMailer({ url, from: FROM }).send(MAIL), later);
    });
    await withSmtp({ login: { user: 'school', password: 'right' } }, async ({ url }) => {
      await new SmtpMailer({ url, from: FROM }).send(MAIL);
      await assert.rejects(new SmtpMailer({ url: url.replace('right', 'wrong'), from: FROM }).send(MAIL), later);
    });
  });

  it('waits for a slow server instead of sending twice, and is unsure only when the message was handed over', async () => {
    await assert.rejects(new SmtpMailer({ url: 'smtp://127.0.0.1:9', from: FROM }).send(MAIL), later);
    await withSmtp({ slowAfterData: 600 }, async ({ url, received }) => {
      await new SmtpMailer({ url, from: FROM, timeoutMs: 200 }).send(MAIL);
      assert.equal(received.length, 1);
      await assert.rejects(new SmtpMailer({ url, from: FROM, answerTimeoutMs: 200 }).send(MAIL), unsure);
    });
    await withSmtp({ dropAfterData: true }, async ({ url }) => {
      await assert.rejects(new SmtpMailer({ url, from: FROM }).send(MAIL), unsure);
    });
  });
});

describe('mail by Resend', () => {
  it('sends what the API documents and sends a key once', async () => {
    const server = await startResend();
    const mailer = new ResendMailer({ apiKey: RESEND_KEY, baseUrl: server.url, from: FROM });
    await mailer.send(MAIL);
    await mailer.send(MAIL);
    assert.equal(server.requests, 2);
    assert.equal(server.sent.length, 1);
    const [sent] = server.sent;
    assert.deepEqual([sent!.from, sent!.to, sent!.subject, sent!.text], [FROM, [MAIL.to], MAIL.subject, MAIL.text]);
    assert.equal(Buffer.from(sent!.attachments![0]!.content, 'base64').toString(), '%PDF-1.7 ọjọ́');
    await assert.rejects(mailer.send({ ...MAIL, text: 'another' }), forGood);
    await server.stop();
  });

  it('turns each documented problem into try again or never', async () => {
    const server = await startResend();
    const mailer = new ResendMailer({ apiKey: RESEND_KEY, baseUrl: server.url, from: FROM, timeoutMs: 300 });
    const cases: [number, string, number | null, Record<string, string>?][] = [
      [429, 'rate_limit_exceeded', 7, { 'retry-after': '7' }],
      [429, 'daily_quota_exceeded', 3600],
      [401, 'missing_api_key', 900],
      [403, 'invalid_api_key', 900],
      [403, 'validation_error', 900],
      [409, 'concurrent_idempotent_requests', 30],
      [500, 'application_error', 30],
      [503, 'internal_server_error', 30],
      [422, 'validation_error', null],
      [422, 'invalid_attachment', null],
      [400, 'validation_error', null],
    ];
    for (const [status, name, seconds, headers] of cases) {
      server.next.push({ status, name, headers });
      await assert.rejects(
        mailer.send(MAIL),
        (error) => (seconds === null ? forGood(error) : error instanceof Unavailable && error.retryAfterSeconds === seconds),
        `${status} ${name}`,
      );
    }
    server.next.push({ status: 200, name: '', afterMs: 600 });
    await assert.rejects(mailer.send(MAIL), later);
    await server.stop();
    await assert.rejects(mailer.send(MAIL), later);
  });

  it('names neither key nor address nor content in an error', async () => {
    const server = await startResend();
    const mailer = new ResendMailer({ apiKey: 're_secret_marker', baseUrl: server.url, from: FROM });
    await assert.rejects(
      mailer.send(MAIL),
      (error: Error) => !/re_secret_marker|adebayo|123456/.test(`${error.message}${error.stack}`),
    );
    await server.stop();
  });
});

describe('local mailbox', () => {
  const folders: string[] = [];
  after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));
  const open = async () => {
    folders.push(await mkdtemp(path.join(os.tmpdir(), 'aims-mailbox-')));
    return { folder: folders.at(-1)!, mailbox: new LocalMailbox(folders.at(-1)!) };
  };

  it('keeps each message once, newest first, to read here or in a mail program', async () => {
    const { mailbox, folder } = await open();
    const mailer = createMailer({ resendKey: null, resendUrl: 'http://127.0.0.1:9', smtpUrl: null, from: FROM }, mailbox);
    await mailer.send(MAIL);
    await mailer.send(MAIL);
    await mailer.send({ ...MAIL, key: 'message-2', subject: 'Second' });
    const letters = await mailbox.list();
    assert.deepEqual(
      letters.map(({ subject }) => subject),
      ['Second', MAIL.subject],
    );
    assert.deepEqual(letters[1]!.attachments, [
      { name: 'Ìwé ìròyìn.pdf'.normalize('NFC'), type: 'application/pdf', size: Buffer.byteLength('%PDF-1.7 ọjọ́') },
    ]);
    const parsed = await simpleParser((await mailbox.eml('message-1'))!);
    assert.equal(parsed.subject, MAIL.subject.normalize('NFC'));
    assert.deepEqual((await readdir(folder)).sort(), ['message-1.eml', 'message-1.json', 'message-2.eml', 'message-2.json']);
  });

  it('finds nothing outside its folder', async () => {
    const { mailbox } = await open();
    for (const id of ['../../etc/passwd', 'a/b', 'a\0', '', 'x'.repeat(200), 'none']) {
      assert.equal(await mailbox.find(id), null);
      assert.equal(await mailbox.eml(id), null);
    }
    assert.deepEqual(await mailbox.list(), []);
  });
});

it('a mail address is one bare address', () => {
  for (const right of ['a@b', 'head@school.ac.ke', "o'neill+x@example.com", 'ọjọ́@example.com', 'a.b-c@x-y.example'])
    assert.ok(isMailAddress(right), right);
  for (const wrong of ['a', 'a@b c', 'a@b\n', 'a@b..c', 'a,b@c', `${'x'.repeat(65)}@b.example`, `a@${'b.'.repeat(130)}c`])
    assert.ok(!isMailAddress(wrong), wrong);
});
