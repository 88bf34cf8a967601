import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { openGateway, type Gateway } from '../../src/bin/gateway.js';
import { singleSchoolFrom, singleSchoolUrl } from '../../src/bin/launcher/single-school.js';
import { StopReason } from '../../src/bin/launcher/stop-reason.js';
import { isLoopback } from '../../src/platform/http/loopback.js';
import { networkAddresses } from '../../src/platform/http/own-names.js';
import { ask, fakeSchool, temporaryFolder } from './support.js';

const folder = temporaryFolder();
const cert = path.join(folder, 'cert.pem');
const key = path.join(folder, 'key.pem');
const core = fakeSchool('core');
const kilimani = fakeSchool('kilimani');
const opened: Gateway[] = [];

before(() => {
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=shule.lan',
      '-keyout',
      key,
      '-out',
      cert,
    ],
    { stdio: 'ignore' },
  );
});
after(async () => {
  await Promise.all(opened.map((gateway) => gateway.close()));
  await Promise.all([core, kilimani].map((one) => one.close()));
  rmSync(folder, { recursive: true, force: true });
});

async function gatewayFor(env: NodeJS.ProcessEnv): Promise<Gateway> {
  const gateway = await openGateway(0, { single: singleSchoolFrom(env) });
  gateway.open((subdomain) => Promise.resolve(subdomain === null ? core : subdomain === 'kilimani' ? kilimani : null));
  opened.push(gateway);
  return gateway;
}

test('every name of the machine is the school, localhost stays the platform, a foreign name is nobody', async () => {
  const { port } = await gatewayFor({ AIMS_SINGLE_SCHOOL: 'kilimani', AIMS_PUBLIC_URL: 'http://shule.lan:3000' });
  for (const host of ['127.0.0.1', 'shule.lan', 'kilimani.localhost'])
    assert.equal((await ask(port, `${host}:${port}`, '/login')).json.name, 'kilimani', host);
  assert.equal((await ask(port, `localhost:${port}`, '/')).json.name, 'core');
  assert.equal((await ask(port, 'evil.example', '/login')).status, 404);
  assert.equal((await ask(port, 'accra-demo.localhost', '/login')).status, 404);
});

test('which connections come from the machine itself', () => {
  for (const address of ['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1']) assert.equal(isLoopback(address), true, address);
  for (const address of [
    '192.168.1.20',
    '10.127.0.1',
    '::ffff:10.0.0.1',
    'fd00::2',
    '127.0.0.1.evil.example',
    '',
    undefined,
    null,
  ])
    assert.equal(isLoopback(address), false, String(address));
});

const ownAddress = networkAddresses().find((address) => !address.startsWith('['));

test(
  'from the network nobody reaches the platform or another school, whatever the Host header says',
  { skip: ownAddress ? false : 'this machine has no address but loopback' },
  async () => {
    const { port } = await gatewayFor({ AIMS_SINGLE_SCHOOL: 'kilimani', AIMS_PUBLIC_URL: 'http://shule.lan:3000' });
    const from = (host: string, url = '/login', headers: Record<string, string> = {}) =>
      ask(port, host, url, headers, ownAddress);
    for (const host of [
      `localhost:${port}`,
      'LOCALHOST',
      '127.0.0.1',
      '[::1]',
      'kilimani.localhost',
      'accra-demo.localhost',
      'localhost.',
    ]) {
      for (const headers of [
        {},
        {
          'x-forwarded-for': '127.0.0.1',
          'x-forwarded-host': 'localhost',
          'x-real-ip': '127.0.0.1',
          forwarded: 'for=127.0.0.1;host=localhost',
        },
      ] as Record<string, string>[]) {
        assert.equal((await from(host, '/login', headers)).status, 404, host);
        assert.equal((await from(host, '/healthz', headers)).status, 404, host);
      }
    }
    for (const host of [`${ownAddress}:${port}`, 'shule.lan', 'SHULE.lan']) {
      const answer = await from(host, '/dev/mail', { 'x-forwarded-for': '127.0.0.1' });
      assert.equal(answer.json.name, 'kilimani', host);
      assert.equal(answer.json.headers['x-forwarded-for'], ownAddress, 'the school is told who really asks');
    }
    assert.equal((await ask(port, 'localhost', '/')).json.name, 'core', 'at the machine itself all is as before');
  },
);

test('with a certificate the network is answered over TLS, and the school is told so', async () => {
  const gateway = await gatewayFor({
    AIMS_SINGLE_SCHOOL: 'kilimani',
    AIMS_PUBLIC_URL: 'https://shule.lan',
    AIMS_TLS_CERT: cert,
    AIMS_TLS_KEY: key,
    AIMS_TLS_PORT: '0',
  });
  assert.notEqual(gateway.port, gateway.networkPort);
  const body = await new Promise<string>((resolve, reject) => {
    https
      .get(
        {
          host: '127.0.0.1',
          port: gateway.networkPort,
          path: '/login',
          headers: { host: 'shule.lan' },
          rejectUnauthorized: false,
          agent: false,
        },
        (answer) => {
          let text = '';
          answer.on('data', (piece: Buffer) => (text += piece.toString('utf8')));
          answer.on('end', () => resolve(text));
        },
      )
      .on('error', reject);
  });
  const told = JSON.parse(body) as { name: string; headers: Record<string, string> };
  assert.equal(told.name, 'kilimani');
  assert.equal(told.headers['x-forwarded-proto'], 'https');
});

test('the address on the wall is the operator’s own, else the machine’s first', () => {
  const url = (env: NodeJS.ProcessEnv, port = 3000) =>
    singleSchoolUrl(singleSchoolFrom({ AIMS_SINGLE_SCHOOL: 'kilimani', ...env })!, port);
  assert.equal(url({ AIMS_PUBLIC_URL: 'http://shule.lan:3000/' }), 'http://shule.lan:3000');
  assert.match(url({}), /^http:\/\/[^/]+:3000$/);
  assert.equal(singleSchoolFrom({}), null);
});

for (const [what, env, says] of [
  ['a name that is no subdomain', { AIMS_SINGLE_SCHOOL: 'Kilimani Academy' }, /first part of the school's address/],
  ['a certificate without a key', { AIMS_TLS_CERT: cert }, /both AIMS_TLS_CERT and AIMS_TLS_KEY/],
  [
    'a file that is not there',
    { AIMS_TLS_CERT: '/nowhere.pem', AIMS_TLS_KEY: key },
    /AIMS_TLS_CERT names the file \/nowhere\.pem/,
  ],
  ['a file that is no certificate', { AIMS_TLS_CERT: key, AIMS_TLS_KEY: cert }, /can't be used together/],
  ['an address that is none', { AIMS_PUBLIC_URL: 'shule' }, /AIMS_PUBLIC_URL must be an address/],
] as const) {
  test(`${what} is refused with a sentence`, () => {
    assert.throws(
      () => singleSchoolFrom({ AIMS_SINGLE_SCHOOL: 'kilimani', ...env }),
      (error: Error) => error instanceof StopReason && says.test(error.message),
    );
  });
}
