import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ConfigError, readConfig } from '../../src/config.js';
import { newId } from '../../src/kernel/id.js';
import { IDENTITY } from '../../src/modules/identity/index.js';
import { aSchool } from '../support/app.js';
import { hiddenValue } from '../support/browser.js';
import { freshSchool, testCluster, type TestSchool } from '../support/database.js';

const GOOD: NodeJS.ProcessEnv = {
  AIMS_ROLE: 'tenant',
  NODE_ENV: 'production',
  AIMS_DOMAIN: 'aims.example',
  SECRET_KEY: randomBytes(36).toString('base64url'),
  DB_USER: 'aims_kilimani',
  TENANT_DB_NAME: 'aims_kilimani',
  TENANT_SUBDOMAIN: 'kilimani',
  TENANT_SCHOOL_ID: newId(),
};

function problemsOf(change: NodeJS.ProcessEnv): string {
  try {
    readConfig({ ...GOOD, ...change });
    return '';
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems.join('\n');
  }
}

describe('settings that are not safe', () => {
  it('good ones are taken, and the address is https by itself', () => {
    const config = readConfig(GOOD);
    assert.equal(config.publicUrl, 'https://kilimani.aims.example');
    assert.equal(config.secure, true);
  });

  it('a missing, short, repeated or well-known secret is refused', () => {
    const weak = [
      undefined,
      '',
      'short',
      'a'.repeat(64),
      'abcdefgh'.repeat(6),
      '0123456789'.repeat(4),
      'change-me-change-me-please-change-me',
      'this-is-an-example-of-a-secret-key-2026',
      'django-insecure-8f9a7d6s5f4g3h2j1k0l9q8w7e6r5',
    ];
    for (const key of weak) assert.match(problemsOf({ SECRET_KEY: key }), /SECRET_KEY/, String(key));
  });

  it('random secrets of every usual spelling are taken', () => {
    for (let round = 0; round < 500; round += 1) {
      for (const key of [
        randomBytes(16).toString('hex'),
        randomBytes(32).toString('base64'),
        randomBytes(24).toString('base64url'),
      ])
        assert.equal(problemsOf({ SECRET_KEY: key }), '', key);
    }
  });

  it('an SMS gateway of its own shape is described whole, or refused with what is wrong', () => {
    const given = {
      SMS_URL: 'https://sms.example/send',
      SMS_HEADERS: '{"content-type":"application/json"}',
      SMS_BODY: '{"to":"{{to}}"}',
      SMS_SUCCESS: '"ok":true',
      SMS_REF: 'id',
      SMS_REPORTS: '{"id":"messageId","status":"state","delivered":["DELIVRD"],"failed":["UNDELIV"]}',
    };
    assert.deepEqual(readConfig({ ...GOOD, ...given }).sms?.shape, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"to":"{{to}}"}',
      success: '"ok":true',
      ref: 'id',
    });
    assert.deepEqual(readConfig({ ...GOOD, ...given }).sms?.reports, {
      id: 'messageId',
      status: 'state',
      reason: 'reason',
      delivered: ['delivrd'],
      failed: ['undeliv'],
    });
    assert.match(problemsOf({ ...given, SMS_HEADERS: 'x' }), /SMS_HEADERS must be a JSON object/);
    assert.match(problemsOf({ ...given, SMS_SUCCESS: '(' }), /SMS_SUCCESS must be a regular expression/);
    assert.match(problemsOf({ ...given, SMS_REPORTS: '{"id":"a"}' }), /SMS_REPORTS must be a JSON object/);
  });

  it('http is for one machine only', () => {
    assert.match(problemsOf({ AIMS_PUBLIC_URL: 'http://kilimani.aims.example' }), /https/);
    assert.equal(problemsOf({ AIMS_DOMAIN: 'localhost', AIMS_PUBLIC_URL: 'http://kilimani.localhost:3000' }), '');
  });

  it('pages for developers never open on a public domain', () => {
    assert.match(problemsOf({ AIMS_LAUNCHER: 'true' }), /AIMS_LAUNCHER/);
  });
});

describe('a start with the wrong database role', () => {
  let school: TestSchool;
  let data: string;
  before(async () => {
    school = await freshSchool();
    data = mkdtempSync(path.join(tmpdir(), 'aims-test-data-'));
  });
  after(async () => {
    await school.drop();
    rmSync(data, { recursive: true, force: true });
  });

  it('a superuser is refused with a sentence', async () => {
    const { user, password } = (await testCluster()).admin;
    const { code, said } = await start({ DB_USER: user, DB_PASSWORD: password });
    assert.equal(code, 1, said);
    assert.match(said, /DB_USER must be an ordinary role/);
    assert.doesNotMatch(said, /\n {4}at /, 'no trace of code');
  });

  it('the application’s own role serves', async () => {
    const { user, password } = school.connections.app;
    const { code, said } = await start({ DB_USER: user, DB_PASSWORD: password });
    assert.equal(code, null, said);
  });

  /** The program as it is started by hand; null when it serves. */
  function start(change: NodeJS.ProcessEnv): Promise<{ code: number | null; said: string }> {
    const { host, port, database } = school.connections.app;
    const env = {
      ...GOOD,
      AIMS_DOMAIN: 'localhost',
      AIMS_PORT: '0',
      AIMS_DATA: data,
      AIMS_PROCESS: 'web',
      DB_HOST: host,
      DB_PORT: String(port),
      TENANT_DB_NAME: database,
      TENANT_SUBDOMAIN: school.subdomain,
      TENANT_SCHOOL_ID: school.schoolId,
      ...change,
    };
    const isSource = import.meta.url.endsWith('.ts');
    const main = fileURLToPath(new URL(`../../src/main.${isSource ? 'ts' : 'js'}`, import.meta.url));
    const child = spawn(process.execPath, [...(isSource ? ['--import', 'tsx'] : []), main], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    return new Promise((resolve) => {
      const heard = (chunk: Buffer): void => {
        said += chunk.toString();
        if (said.includes('"serving"')) child.kill('SIGKILL');
      };
      child.stdout.on('data', heard);
      child.stderr.on('data', heard);
      child.once('close', (code) => resolve({ code, said }));
    });
  }
});

describe('cookies over TLS', () => {
  it('carry the prefix that binds them to this host, all of them, and Secure', async () => {
    const school = await aSchool({ settings: { secure: true } });
    try {
      const proxied = { 'x-forwarded-proto': 'https' };
      const [email, password] = ['tls@school.test', 'a-password-for-cookies-7'];
      await school.run(() =>
        school
          .get(IDENTITY)
          .createAccount({ name: 'Cookie Reader', email, roles: ['teacher'], by: { password }, actor: school.office }),
      );
      const person = school.stranger();
      const answers = [
        await person.post('/login', { login: email, password: 'wrong-password' }, proxied),
        await person.post('/login', { login: email, password }, proxied),
      ];
      assert.equal(answers[1]!.status, 303);
      answers.push(
        await person.post(
          '/profile/sessions/end-others',
          { _csrf: hiddenValue((await person.get('/profile', proxied)).html, '_csrf') },
          proxied,
        ),
      );
      const lines = answers.flatMap((answer) => answer.headers['set-cookie'] ?? []);
      for (const name of ['aims', 'aims-trial', 'aims-device', 'aims_flash']) {
        assert.ok(
          lines.some((line) => line.startsWith(`__Host-${name}=`)),
          name,
        );
      }
      for (const line of lines) {
        assert.match(line, /^__Host-/, line);
        assert.match(line, /; Secure/i, line);
        assert.match(line, /; Path=\/(;|$)/i, line);
        assert.doesNotMatch(line, /Domain/i, line);
      }
    } finally {
      await school.stop();
    }
  });
});
