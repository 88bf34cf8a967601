import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { systemActor, type Actor } from '../../../src/kernel/actor.js';
import { newId } from '../../../src/kernel/id.js';
import { runWith, unit } from '../../../src/platform/db/index.js';
import { errorAnswers } from '../../../src/platform/http/errors.js';
import { Flashes } from '../../../src/platform/http/pages/flash.js';
import { pages } from '../../../src/platform/http/pages/page.js';
import { Places } from '../../../src/platform/http/routes/places.js';
import { Routes } from '../../../src/platform/http/routes/routes.js';
import { createServer, requestContext, type ServerParts } from '../../../src/platform/http/server.js';
import { Views } from '../../../src/platform/http/pages/views.js';
import { Texts } from '../../../src/platform/i18n/i18n.js';
import { createLog } from '../../../src/platform/log.js';
import { createMailer, LocalMailbox } from '../../../src/platform/mail/index.js';
import { projectRoot } from '../../../src/platform/paths.js';
import { createSmsSender } from '../../../src/platform/sms/index.js';
import { PgMessageStore } from '../../../src/modules/notifications/adapters/message.store.js';
import { devMailRoutes } from '../../../src/modules/notifications/adapters/dev-mail.routes.js';
import { messageRoutes } from '../../../src/modules/notifications/adapters/messages.routes.js';
import { MessageQueue } from '../../../src/modules/notifications/queue.js';
import { freshSchool, type TestSchool } from '../../support/database.js';

const store = new PgMessageStore();
const registrar: Actor = {
  ...systemActor('Joseph Rono'),
  userId: newId(),
  permissions: new Set(['notifications.read', 'notifications.retry']),
};
const head: Actor = { ...systemActor('Grace Head'), userId: newId(), permissions: new Set(['notifications.read']) };
const cook: Actor = { ...systemActor('Cook'), userId: newId() };
const people: Record<string, Actor> = { registrar, head, cook };

let school: TestSchool;
let folder: string;
let server: http.Server;
let base: string;
let enqueued: object[] = [];
const failedId = newId();

before(async () => {
  school = await freshSchool();
  folder = await mkdtemp(path.join(os.tmpdir(), 'aims-pages-'));
  server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const texts = new Texts('/nowhere');
  const parts: ServerParts = {
    log: createLog('silent', {}),
    database: school.database,
    texts,
    metrics: null,
    publicUrl: base,
    signIn: {
      session: (_req, _res, next) => next(),
      actorOf: (req) =>
        Promise.resolve(people[req.get('x-person') ?? ''] ? { actor: people[req.get('x-person')!]!, by: 'session' } : null),
    },
    school: null,
    mostAtOnce: 50,
  };
  const later = { enqueue: (_job: string, payload: object) => Promise.resolve(void enqueued.push(payload)) };
  const queue = new MessageQueue(store, later, { record: () => Promise.resolve() }, unit, { now: () => new Date() });
  const mailbox = new LocalMailbox(folder);
  const places = new Places();
  const routes = new Routes(places, [], 'notifications', []);
  messageRoutes(routes, queue);
  devMailRoutes(routes, mailbox);
  const views = new Views(path.join(projectRoot, 'views'));
  const flashes = new Flashes(Buffer.alloc(32, 1), false);
  const drawing = pages({
    views,
    texts,
    asset: (name) => `/${name}`,
    flashes,
    menu: [],
    brand: 'localhost',
    publicUrl: 'http://localhost',
  });
  server.on('request', createServer(parts).use(drawing, requestContext(parts), places.handler, errorAnswers()));
  await fill();
  const mailer = createMailer(
    { resendKey: null, resendUrl: 'http://127.0.0.1:1', smtpUrl: null, from: 'School <a@b.example>' },
    mailbox,
  );
  await mailer.send({
    to: 'head@example.com',
    subject: 'Invitation <b>',
    text: 'Open http://school.localhost:3000/invitations/abc to begin.\n<script>alert(1)</script>',
    key: 'letter-1',
  });
  await createSmsSender(null, mailbox).send({ to: '+254722481903', text: 'Your code is 123456.', key: 'letter-2' });
});
after(async () => {
  server.closeAllConnections();
  server.close();
  await school.drop();
  await rm(folder, { recursive: true });
});

async function fill(): Promise<void> {
  await runWith(school.database, () =>
    unit(async () => {
      for (let at = 0; at < 55; at += 1) await store.insert(message(newId(), at));
      await store.insert(message(failedId, 100));
      await store.claim(failedId);
      await store.failed(failedId, 'Full mailbox <img src=x>', false);
    }),
  );
}

function message(id: string, seconds: number) {
  const createdAt = new Date(Date.UTC(2026, 10, 24, 6, 0, seconds));
  const content = { subject: 'Hidden subject', text: 'Hidden text' };
  return {
    id,
    channel: 'sms' as const,
    recipient: '+254722481903',
    template: 'a.b',
    label: 'Absence notice',
    secret: false,
    content,
    dedupeKey: null,
    goodUntil: null,
    family: false,
    createdAt,
  };
}

const get = async (address: string, person = 'registrar') => {
  const answer = await fetch(base + address, { headers: { 'x-person': person }, redirect: 'manual' });
  return { status: answer.status, html: await answer.text(), headers: answer.headers };
};

describe('/notifications/messages', () => {
  it('lists messages without their words, and leads on to earlier ones', async () => {
    const { status, html } = await get('/notifications/messages');
    assert.equal(status, 200);
    assert.match(html, /<h1>Sent messages<\/h1>/);
    assert.equal(html.match(/ data-id=/g)?.length, 50);
    assert.match(html, /0722 481 903/);
    assert.doesNotMatch(html, /Hidden/);
    assert.match(html, /Full mailbox &lt;img/);
    const next = /href="([^"]*cursor=[^"]*)"/.exec(html)![1]!.replaceAll('&amp;', '&');
    assert.equal((await get(next)).html.match(/ data-id=/g)?.length, 6);
  });

  it('offers another try only to those who may, and only for a failed one', async () => {
    assert.equal((await get('/notifications/messages')).html.match(/Try again</g)?.length, 1);
    assert.equal((await get('/notifications/messages', 'head')).html.match(/Try again</g), null);
    const retry = (person: string) =>
      fetch(`${base}/notifications/messages/${failedId}/retry`, {
        method: 'POST',
        headers: { 'x-person': person, origin: base },
        redirect: 'manual',
      });
    assert.equal((await retry('head')).status, 403);
    const answer = await retry('registrar');
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, '/notifications/messages?state=failed']);
    assert.deepEqual(enqueued, [{ id: failedId }]);
    enqueued = [];
    assert.equal((await retry('registrar')).status, 404);
  });

  it('is not for everybody', async () => {
    assert.equal((await get('/notifications/messages', 'cook')).status, 403);
    assert.equal((await get('/notifications/messages', '')).status, 302);
  });

  it('says so when there is nothing of the kind', async () => {
    assert.match((await get('/notifications/messages?channel=mail')).html, /No matching messages/);
    assert.equal((await get('/notifications/messages?state=nonsense&channel[]=x&cursor=broken')).status, 422);
  });
});

describe('/dev/mail', () => {
  it('shows what would have been sent, as text', async () => {
    const list = await get('/dev/mail');
    assert.match(list.html, /Invitation &lt;b&gt;/);
    assert.match(list.html, /Your code is 123456\./);
    const { html } = await get('/dev/mail/letter-1');
    assert.match(html, /<a href="http:\/\/school\.localhost:3000\/invitations\/abc">/);
    assert.match(html, /&lt;script&gt;/);
    assert.doesNotMatch(html, /<script>alert/);
    assert.match((await get('/dev/mail/letter-2')).html, /SMS to \+254722481903/);
  });

  it('hands the letter to a mail program, and finds nothing else on the disk', async () => {
    const { headers, html } = await get('/dev/mail/letter-1/eml');
    assert.equal(headers.get('content-type'), 'message/rfc822');
    assert.match(html, /^Subject: Invitation/m);
    for (const id of ['..%2f..%2fetc%2fpasswd', 'none', '%00']) {
      assert.equal((await get(`/dev/mail/${id}`)).status, 404);
      assert.equal((await get(`/dev/mail/${id}/eml`)).status, 404);
    }
  });
});
