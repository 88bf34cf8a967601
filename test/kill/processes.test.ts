import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { IDENTITY } from '../../src/modules/identity/index.js';
import { aSchool, type SchoolUnderTest } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import { admitMany } from '../support/people/learners.js';
import { startTenant, type TenantProcess } from '../support/process.js';
import { cookieOf, raw, type RawAnswer } from '../support/raw.js';
import { countRows } from '../support/database/sql.js';
import { until } from '../support/waiting.js';

const LANES = 6;
const [EMAIL, PASSWORD] = ['registrar@school.test', 'a-password-under-load-7'];

describe('two processes of one school under load', () => {
  let school: SchoolUnderTest;
  let session: Browser;
  let bearer: string;
  let tenants: TenantProcess[];
  let childId: string;
  before(async () => {
    school = await aSchool();
    childId = (await admitMany(school, 30))[0]!.id;
    await school.run(() =>
      school.get(IDENTITY).createAccount({
        name: 'A Registrar',
        email: EMAIL,
        roles: ['registrar'],
        by: { password: PASSWORD },
        actor: school.office,
      }),
    );
    session = school.stranger();
    await session.signIn(EMAIL, PASSWORD);
    bearer = await school.stranger().token(EMAIL, PASSWORD);
    tenants = await Promise.all([startTenant(school), startTenant(school)]);
  });
  after(async () => {
    await Promise.all((tenants ?? []).map((tenant) => tenant.stop('SIGKILL')));
    await school?.stop();
  });

  it('each is stopped and started again in turn: no request fails', async () => {
    const traffic = new Traffic();
    for (let round = 0; round < 4; round += 1) {
      await pause(300);
      // The next one starts while this one waits for the balancer.
      const next = startTenant(school);
      const code = await tenants[round % 2]!.stop('SIGTERM');
      assert.equal(code, 0, `ended well: ${tenants[round % 2]!.output()}`);
      tenants[round % 2] = await next;
    }
    await until(async () => traffic.answers > 200, 'There were not 200 answers');
    const { answers, failures, slowest } = await traffic.end();
    assert.deepEqual(failures, []);
    assert.ok(answers > 200, `${answers} answers`);
    assert.ok(slowest < 5000, `the slowest took ${Math.round(slowest)} ms`);
  });

  it('a long answer that is under way at SIGTERM arrives whole', async () => {
    const whole = await raw('GET', at(tenants[0]!, '/students/prints/emergency'), headers());
    assert.equal(whole.status, 200);
    const underWay = raw('GET', at(tenants[0]!, '/students/prints/emergency'), headers());
    await pause(60);
    const ended = tenants[0]!.stop('SIGTERM');
    const next = startTenant(school);
    const answer = await underWay;
    assert.equal(answer.status, 200);
    assert.ok(answer.text.startsWith('%PDF') && answer.text.trimEnd().endsWith('%%EOF'));
    assert.equal(await ended, 0);
    tenants[0] = await next;
  });

  it('kill -9 of one, again and again: only what it had in its hands fails, and nothing that was acknowledged is lost', async () => {
    const traffic = new Traffic();
    const acknowledged: string[] = [];
    const writing = { on: true };
    let made = 0;
    const writer = async (): Promise<void> => {
      while (writing.on) {
        made += 1;
        const sent = await traffic.balanced((tenant) =>
          raw(
            'POST',
            at(tenant, '/api/v1/students'),
            { host: new URL(school.url).host, authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
            JSON.stringify(newcomer(made)),
          ),
        );
        if (sent?.status === 201) acknowledged.push((JSON.parse(sent.text) as { id: string }).id);
        await pause(5);
      }
    };
    const writers = [writer(), writer()];
    for (let round = 0; round < 4; round += 1) {
      const next = startTenant(school);
      await pause(250 + round * 40);
      await tenants[round % 2]!.stop('SIGKILL');
      tenants[round % 2] = await next;
    }
    await until(async () => acknowledged.length > 20, 'There were not 20 children');
    writing.on = false;
    await Promise.all(writers);
    const { failures } = await traffic.end();
    assert.ok(failures.length <= 4 * (LANES + 2), `${failures.length} failed`);
    assert.deepEqual(
      failures.filter((one) => !/ECONNRESET|socket hang up|aborted/.test(one)),
      [],
    );
    assert.ok(acknowledged.length > 20, `${acknowledged.length} children were made`);
    assert.equal(await countRows(school.database, 'students where id = any($1)', [acknowledged]), acknowledged.length);
  });

  /** Readers at both processes behind a balancer: it asks each for its readiness, and sends to the other what never reached one. */
  class Traffic {
    private readonly load = { on: true };
    private readonly unready = new Set<number>();
    private readonly watching = this.watch();
    private readonly failures: string[] = [];
    answers = 0;
    private slowest = 0;
    private turn = 0;
    private readonly lanes = Array.from({ length: LANES }, () => this.lane());

    async balanced(ask: (tenant: TenantProcess) => Promise<RawAnswer>): Promise<RawAnswer | null> {
      this.turn += 1;
      const first = this.unready.has(tenants[this.turn % 2]!.port) ? 1 - (this.turn % 2) : this.turn % 2;
      for (const tenant of [tenants[first]!, tenants[1 - first]!]) {
        try {
          return await ask(tenant);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') continue;
          this.failures.push(String(error));
          return null;
        }
      }
      this.failures.push('both were away');
      return null;
    }

    async end(): Promise<{ answers: number; failures: string[]; slowest: number }> {
      this.load.on = false;
      await Promise.all([...this.lanes, this.watching]);
      return { answers: this.answers, failures: this.failures, slowest: this.slowest };
    }

    private async watch(): Promise<void> {
      while (this.load.on) {
        for (const tenant of tenants) {
          const ready = await raw('GET', at(tenant, '/readyz'), { connection: 'close' }).catch(() => null);
          if (ready?.status === 200) this.unready.delete(tenant.port);
          else this.unready.add(tenant.port);
        }
        await pause(100);
      }
    }

    private async lane(): Promise<void> {
      const paths = ['/students', `/students/${childId}`, '/', '/students?q=o'];
      for (let round = 0; this.load.on; round += 1) {
        const began = performance.now();
        const answer = await this.balanced((tenant) =>
          raw('GET', at(tenant, paths[round % paths.length]!), { ...headers(), connection: 'close' }),
        );
        this.slowest = Math.max(this.slowest, performance.now() - began);
        if (answer) this.answers += 1;
        if (answer && answer.status !== 200) this.failures.push(`${paths[round % paths.length]!} answered ${answer.status}`);
      }
    }
  }

  function headers(): Record<string, string> {
    return { host: new URL(school.url).host, cookie: cookieOf(session) };
  }
});

function at(tenant: TenantProcess, path: string): string {
  return `http://127.0.0.1:${tenant.port}${path}`;
}

function newcomer(n: number): object {
  return {
    surname: 'Newcomer',
    first_name: 'Imani',
    sex: n % 2 ? 'M' : 'F',
    status: 'active',
    boarding: 'day',
    joined_on: '2026-01-06',
    admission_no: `NEW/${n}`,
  };
}
