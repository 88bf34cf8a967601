import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { openGateway, type Gateway } from '../../src/bin/gateway.js';
import { StopReason } from '../../src/bin/launcher/stop-reason.js';
import { ask, fakeSchool } from './support.js';

let gateway: Gateway;
const core = fakeSchool('core');
const kilimani = fakeSchool('kilimani', { FAKE_DELAY: '150' });
const broken = fakeSchool('broken', { FAKE_FAILS: '1' });
const schools = new Map([
  ['kilimani', kilimani],
  ['broken', broken],
]);

before(async () => {
  gateway = await openGateway(0);
});

after(async () => {
  await gateway.close();
  await Promise.all([core, kilimani, broken].map((one) => one.close()));
});

test('before the start is over every page says so with Retry-After, and the gateway is alive', async () => {
  const early = await ask(gateway.port, 'localhost', '/');
  assert.equal(early.status, 503);
  assert.ok(Number(early.headers['retry-after']) > 0);
  assert.equal((await ask(gateway.port, 'localhost', '/healthz')).status, 200);
  gateway.open((subdomain) => Promise.resolve(subdomain === null ? core : (schools.get(subdomain) ?? null)));
});

test('localhost is the platform, a subdomain is that school, each in its own process', async () => {
  const platform = await ask(gateway.port, `localhost:${gateway.port}`, '/x?y=1');
  const school = await ask(gateway.port, `Kilimani.localhost:${gateway.port}`, '/login');
  assert.equal(platform.json.name, 'core');
  assert.equal(platform.json.url, '/x?y=1');
  assert.equal(school.json.name, 'kilimani');
  assert.notEqual(platform.json.pid, school.json.pid);
  assert.equal(school.json.headers.host, `Kilimani.localhost:${gateway.port}`);
});

test('an unknown school, a foreign host and a deeper name are told that nobody lives here', async () => {
  for (const host of [
    'nobody.localhost',
    'example.com',
    'a.kilimani.localhost',
    'kilimani.localhost.example.com',
    '-x.localhost',
  ]) {
    const answer = await ask(gateway.port, host, '/');
    assert.equal(answer.status, 404, host);
    assert.match(answer.text, /<h1>No school here<\/h1>/);
  }
});

test('what a visitor claims about itself in forwarding headers is dropped and said anew', async () => {
  const answer = await ask(gateway.port, 'kilimani.localhost', '/', {
    forwarded: 'for=6.6.6.6',
    'x-forwarded-for': '6.6.6.6',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    'x-real-ip': '6.6.6.6',
  });
  const { headers } = answer.json;
  assert.equal(headers['x-forwarded-for'], '127.0.0.1');
  assert.equal(headers['x-forwarded-host'], 'kilimani.localhost');
  assert.equal(headers['x-forwarded-proto'], 'http');
  assert.equal(headers.forwarded, undefined);
  assert.equal(headers['x-real-ip'], undefined);
});

test('events are streamed as they come', async () => {
  const answer = await ask(gateway.port, 'kilimani.localhost', '/events');
  assert.equal(answer.pieces.length, 2);
  assert.ok(answer.pieces[1]! - answer.pieces[0]! > 200);
});

test('a school that fails to start is a 503 with Retry-After, and so is the next request at once', async () => {
  for (let attempt = 0; attempt < 2; attempt++) {
    const answer = await ask(gateway.port, 'broken.localhost', '/');
    assert.equal(answer.status, 503);
    assert.ok(Number(answer.headers['retry-after']) > 0);
  }
});

test('a process that dies in the middle of a request is a 503, and the school answers again afterwards', async () => {
  const before = await ask(gateway.port, 'kilimani.localhost', '/');
  assert.equal((await ask(gateway.port, 'kilimani.localhost', '/die')).status, 503);
  let again = await ask(gateway.port, 'kilimani.localhost', '/');
  for (let tries = 0; again.status === 503 && tries < 20; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    again = await ask(gateway.port, 'kilimani.localhost', '/');
  }
  assert.equal(again.status, 200);
  assert.notEqual(again.json.pid, before.json.pid);
});

test('a busy port is one sentence that names the port and the setting', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  await assert.rejects(
    openGateway(port),
    (error: Error) =>
      error instanceof StopReason && error.message.includes(`Port ${port} is in use`) && error.message.includes('AIMS_PORT'),
  );
  other.close();
});
