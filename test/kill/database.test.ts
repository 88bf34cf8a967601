import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { IDENTITY } from '../../src/modules/identity/index.js';
import { aSchool, type SchoolUnderTest } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import { admitMany } from '../support/people/learners.js';
import { ownPostgres, startTenant, type OwnPostgres, type TenantProcess } from '../support/process.js';
import { admitOne } from '../support/people/register.js';
import { startSmtp, type TestSmtp } from '../support/outside/smtp.js';
import { countRows } from '../support/database/sql.js';
import { until } from '../support/waiting.js';

interface Told {
  status: number;
  ms: number;
  retryAfter: string | undefined;
}

describe('a database that goes away and comes back', () => {
  let postgres: OwnPostgres;
  let school: SchoolUnderTest;
  let session: Browser;
  let tenant: TenantProcess;
  let smtp: TestSmtp;
  before(async () => {
    postgres = await ownPostgres();
    school = await aSchool();
    await admitMany(school, 10);
    session = await school.as('registrar');
    smtp = await startSmtp();
    tenant = await startTenant(school, { LOG_LEVEL: 'silent', SMTP_URL: smtp.url });
  });
  after(async () => {
    try {
      await tenant?.stop('SIGKILL');
      await school?.stop();
      await smtp?.stop();
    } finally {
      await postgres?.remove();
    }
  });

  it('pages under load say 503 at once and never hang; what was saved is there when it is back, within 10 s', async () => {
    const child = await admitOne(tenant.browser(session), { surname: 'Kept' });
    const told: Told[] = [];
    const load = { on: true };
    const lanes = Array.from({ length: 8 }, async (_, lane) => {
      while (load.on) {
        told.push(await ask(lane % 2 ? '/students' : child));
        await pause(10);
      }
    });
    await pause(500);
    assert.deepEqual([...new Set(told.map((one) => one.status))], [200]);

    await postgres.stop();
    const downAt = told.length;
    await pause(2500);
    assert.equal((await ask('/healthz')).status, 200, 'the process lives');
    assert.equal((await ask('/readyz')).status, 503, 'but can serve nobody');
    const away = told.slice(downAt + 8);
    assert.ok(away.length > 20, `${away.length} were answered meanwhile`);
    assert.deepEqual([...new Set(away.map((one) => one.status))], [503]);
    assert.ok(
      away.every((one) => Number(one.retryAfter) > 0),
      'each says when to come again',
    );

    await postgres.start();
    const back = Date.now();
    await until(async () => (await ask('/students')).status === 200, 'It did not come back within 10 s', 10_000);
    await until(
      async () => (await ask('/readyz')).status === 200,
      'It was not ready again within 10 s',
      10_000 - (Date.now() - back),
    );
    await pause(1000);
    load.on = false;
    await Promise.all(lanes);
    assert.ok(Math.max(...told.map((one) => one.ms)) < 6000, 'nobody waited for long');
    assert.deepEqual([...new Set(told.map((one) => one.status))].sort(), [200, 503]);
    assert.deepEqual([...new Set(told.slice(-50).map((one) => one.status))], [200], 'all is well at the end');
    assert.match((await tenant.browser(session).get(child)).html, /Kept/);
  });

  it('when it hangs instead, pages say so within 5 s, and all is well at once when it goes on', async () => {
    await hangs(2);
  });

  it('and so they do when it has only just come back, with few connections open', async () => {
    await postgres.stop();
    await until(async () => (await ask('/students')).status === 503, 'It was not missed');
    await postgres.start();
    await until(async () => (await ask('/students')).status === 200, 'It did not come back within 10 s', 10_000);
    await hangs(1);
  });

  it('no connection is leaked', async () => {
    await Promise.all(Array.from({ length: 30 }, () => ask('/students')));
    const open = await countRows(
      school.database,
      "pg_stat_activity where datname = current_database() and application_name = 'aims-tenant'",
    );
    // The pool, the ear for changes, and those of the job worker.
    assert.ok(open <= 4 + 1 + 6, `${open} connections`);
  });

  it('jobs are taken up again, each once', async () => {
    const email = 'reader@school.test';
    await school.run(() =>
      school.get(IDENTITY).createAccount({
        name: 'A Reader',
        email,
        roles: ['teacher'],
        by: { password: 'a-password-for-reading-7' },
        actor: school.office,
      }),
    );
    await tenant.browser().submit('/login/code', { login: email }, '/login');
    await until(async () => smtp.received.length > 0, 'The message was not sent');
    await pause(500);
    assert.deepEqual(smtp.recipients, [email]);
  });

  async function hangs(rounds: number): Promise<void> {
    const thaw = postgres.freeze();
    try {
      for (let round = 0; round < rounds; round += 1) {
        const told = await Promise.all(['/students', '/students', '/', '/students', '/readyz', '/healthz'].map(ask));
        assert.deepEqual(
          told.map((one) => one.status),
          [503, 503, 503, 503, 503, 200],
        );
        const slowest = Math.round(Math.max(...told.map((one) => one.ms)));
        assert.ok(slowest < 6000, `the slowest took ${slowest} ms`);
      }
    } finally {
      thaw();
    }
    await until(async () => (await ask('/students')).status === 200, 'It did not come back within 10 s', 10_000);
  }

  async function ask(path: string): Promise<Told> {
    const began = performance.now();
    const answer = await tenant.browser(session).get(path);
    return {
      status: answer.status,
      ms: performance.now() - began,
      retryAfter: answer.headers['retry-after'] as string | undefined,
    };
  }
});
