import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { systemActor } from '../../../src/kernel/actor.js';
import { IDENTITY } from '../../../src/modules/identity/index.js';
import { SUBJECTS } from '../../../src/modules/subjects/index.js';
import type { Student } from '../../../src/modules/students/index.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import type { Answer, Browser } from '../../support/browser.js';
import { admitMany } from '../../support/people/learners.js';
import { totpCode } from '../../support/people/platform-people.js';
import { sql } from '../../support/database/sql.js';

const PASSWORD = 'correct-horse-battery-staple-7';
/** The school has set the lowest limit there is: 50 people and 50 pages in ten minutes. */
const CHILDREN = 56;

describe('whoever reads the whole school is stopped, whatever way they take', () => {
  let school: SchoolUnderTest;
  let children: Student[];
  let streams: { id: string }[];
  before(async () => {
    school = await aSchool({ background: true });
    await sql(
      school.database,
      `insert into audit_settings (school_id, id, most_rows, most_pages) values ('${school.database.schoolId}', gen_random_uuid(), 50, 50)`,
    );
    children = await admitMany(school, CHILDREN);
    ({ streams } = await school.run(() => school.get(SUBJECTS).classList()));
    // The first count of a process tells it the school's limits.
    await (await school.as('owner')).get('/students?limit=1');
    await pause(1_500);
  });
  after(() => school.stop());

  const WAYS: Record<string, () => string[]> = {
    'lists cut by stream': () => streams.map(({ id }) => `/students?stream=${id}`),
    'pages of streams': () => streams.map(({ id }) => `/subjects/streams/${id}`),
    'the search, name by name': () => children.map((child) => `/search?q=${encodeURIComponent(child.admissionNo)}`),
    'fee accounts': () => children.map((child) => `/fees/students/${child.id}`),
    'files on persons': () => children.map((child) => `/privacy/student/${child.id}`),
  };
  for (const [name, addresses] of Object.entries(WAYS)) {
    it(`${name}: past the limit the page asks who it is, and an alert is there within a minute`, async () => {
      const { browser: reader, id, secret } = await withSecondStep('owner');
      const answers: Answer[] = [];
      for (const address of addresses()) answers.push(await reader.get(address));
      assert.equal(answers[0]!.status, 200, answers[0]!.html.slice(0, 300));
      assert.equal(answers.at(-1)!.location?.split('?')[0], '/confirm');
      assert.ok(answers.filter((one) => one.status === 200).length >= answers.length / 2, 'what an honest day needs is shown');
      await alertOn(id);
      const proven = await confirm(reader, answers.at(-1)!, secret);
      assert.equal(proven.status, 303);
      assert.equal((await reader.get(addresses().at(-1)!)).status, 200, 'a proof opens it again');
    });
  }

  it('a program’s token is refused after the alarm, refreshed or not, until it signs in afresh', async () => {
    const { email, secret } = await withSecondStep('registrar');
    const program = school.stranger();
    let codes = 0;
    const signIn = async (): Promise<{ access_token: string; refresh_token: string }> => {
      const totp = await totpCode(secret, Date.now() + 30_000 * codes++);
      return (await program.json('POST', '/api/auth/token', { login: email, password: PASSWORD, totp })).json();
    };
    const ask = (token: string): Promise<Answer> =>
      program.get('/api/v1/students?limit=40', { authorization: `Bearer ${token}` });
    const first = await signIn();
    assert.equal((await ask(first.access_token)).status, 200);
    const next = (await ask(first.access_token)).json<{ next: string }>().next;
    const over = await program.get(`/api/v1/students?limit=40&cursor=${encodeURIComponent(next)}`, {
      authorization: `Bearer ${first.access_token}`,
    });
    assert.deepEqual([over.status, over.json().code], [403, 'proof-needed']);
    const refreshed = (await program.json('POST', '/api/auth/refresh', { refresh_token: first.refresh_token })).json<{
      access_token: string;
    }>();
    assert.equal((await ask(refreshed.access_token)).status, 403);
    await pause(1_200);
    assert.equal((await ask(refreshed.access_token)).status, 403, 'in every process, by the row of the account');
    const [row] = await sql<{ doubted: boolean }>(
      school.database,
      `select doubted_until is not null as doubted from identity_users where email = '${email}'`,
    );
    assert.equal(row!.doubted, true);
    assert.equal((await ask((await signIn()).access_token)).status, 200);
  });

  it('the same people over and over are no more people, and a day of honest work meets nothing', async () => {
    const clerk = await school.as('registrar');
    for (let times = 0; times < 30; times += 1)
      assert.equal((await clerk.get(`/students?stream=${streams[times % 2]!.id}`)).status, 200);
  });

  it('a password alone, entered again or at a new sign-in, opens nothing: it takes a second step or a pause', async () => {
    const reader = await school.as('librarian');
    const { email } = await newest();
    const pageOf = (n: number): string => `/students/${children[n]!.id}`;
    let answer = await reader.get(pageOf(0));
    for (let n = 1; n < children.length; n += 1) answer = await reader.get(pageOf(n));
    assert.equal(answer.status, 429);
    assert.match(answer.html, /Wait 10 minutes, or set up your second step/);
    await pause(1_200);
    assert.equal((await reader.submit('/confirm', { password: PASSWORD, next: '/students' }, '/confirm')).status, 429);
    const again = school.stranger();
    await again.signIn(email, PASSWORD);
    assert.equal((await again.get(pageOf(1))).status, 429, 'whoever signs in anew');
    const program = school.stranger();
    const token = (await program.json('POST', '/api/auth/token', { login: email, password: PASSWORD })).json<{
      access_token: string;
    }>().access_token;
    assert.equal(
      (await program.get('/api/v1/students?limit=5', { authorization: `Bearer ${token}` })).status,
      429,
      'or asks as a program',
    );
    assert.equal((await again.get('/profile')).status, 200, 'their own pages stay open');
  });

  async function newest(): Promise<{ id: string; email: string }> {
    const [row] = await sql<{ id: string; email: string }>(
      school.database,
      'select id, email from identity_users order by created_at desc limit 1',
    );
    return row!;
  }
  async function withSecondStep(
    role: 'owner' | 'registrar',
  ): Promise<{ browser: Browser; id: string; email: string; secret: string }> {
    const browser = await school.as(role);
    const account = await newest();
    return {
      browser,
      ...account,
      secret: await school.run(() => school.get(IDENTITY).enrolFactor(account.id, systemActor('test'))),
    };
  }
  async function alertOn(accountId: string): Promise<void> {
    for (let tries = 0; tries < 300; tries += 1) {
      if ((await sql(school.database, `select 1 from audit_alerts where actor_id = '${accountId}'`)).length > 0) return;
      await pause(100);
    }
    assert.fail('no alert');
  }
  async function confirm(reader: Browser, asked: Answer, secret: string): Promise<Answer> {
    await pause(1_200);
    return reader.submit('/confirm', { code: await totpCode(secret), next: '/students' }, asked.location!);
  }
});
