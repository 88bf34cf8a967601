import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { projectRoot } from '../../../src/platform/paths.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import { Browser } from '../../support/browser.js';
import { countOf, counts, registerDigest, send, settled, textOf } from './support.js';

const PASSWORD = 'correct-horse-battery-staple-7';
const ROWS = 5000;
const LIST = [
  'Adm no,Surname,First name,Sex,Class,Date of birth,Guardian 1 name,Guardian 1 phone',
  ...Array.from(
    { length: ROWS },
    (_unused, i) =>
      `C${i},${name(i)},Ann,F,${['7 East', '7 West'][i % 2]!},${1 + (i % 28)}/${1 + (i % 12)}/2013,Mama ${name(i)},07${20_000_000 + Math.floor(i / 2)}`,
  ),
].join('\n');

function name(i: number): string {
  return `Wa${[100, 10, 1].map((step) => 'abcdefghijklmnopqrst'[Math.floor(i / step) % 20]!).join('')}u${'abcde'[Math.floor(i / 1000) % 5]!}`;
}

/** A school's own process, as it runs in production, on the database of a test. */
class Program {
  private child: ChildProcess | null = null;

  constructor(
    private readonly school: SchoolUnderTest,
    private readonly data: string,
    private readonly port: number,
  ) {}

  async start(): Promise<void> {
    const { app, worker } = this.school.database.connections;
    const env = {
      NODE_ENV: 'production',
      AIMS_ROLE: 'tenant',
      AIMS_PORT: String(this.port),
      AIMS_HOST: '127.0.0.1',
      AIMS_DATA: this.data,
      AIMS_DOMAIN: 'localhost',
      AIMS_PUBLIC_URL: this.url,
      LOG_LEVEL: 'error',
      SECRET_KEY: 'k9sd8f7g6h5j4k3l2q1w0e9r8t7y6u5i4o3p2a1s',
      DB_HOST: app.host,
      DB_PORT: String(app.port),
      DB_USER: app.user,
      DB_PASSWORD: app.password,
      DB_WORKER_USER: worker.user,
      DB_WORKER_PASSWORD: worker.password,
      TENANT_DB_NAME: app.database,
      TENANT_SUBDOMAIN: this.school.database.subdomain,
      TENANT_SCHOOL_ID: this.school.database.schoolId,
    };
    this.child = fork(path.join(projectRoot, 'src', 'main.ts'), [], {
      env,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: ['--import', 'tsx'],
    });
    await new Promise<void>((resolve, reject) => {
      this.child!.on('message', (message: { type?: string }) => message.type === 'listening' && resolve());
      this.child!.once('exit', (code) => reject(new Error(`the school’s process ended with ${code}`)));
    });
  }

  get url(): string {
    return `http://${this.school.database.subdomain}.localhost:${this.port}`;
  }

  /** As the kernel does it when memory runs out. */
  async kill(): Promise<void> {
    const child = this.child!;
    this.child = null;
    child.removeAllListeners('exit');
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  async stop(): Promise<void> {
    if (this.child) await this.kill();
  }
}

describe('a process that is killed in the middle of an import', () => {
  let school: SchoolUnderTest;
  let program: Program;
  let person: Browser;
  let data: string;

  before(async () => {
    school = await aSchool();
    await school.as('registrar');
    data = mkdtempSync(path.join(tmpdir(), 'aims-crash-'));
    const port = await freePort();
    program = new Program(school, data, port);
    await program.start();
    person = new Browser(port, program.url);
    await person.signIn('person1@school.test', PASSWORD);
  });
  after(async () => {
    await program?.stop();
    await school?.stop();
    rmSync(data, { recursive: true, force: true });
  });

  it('begins the check again and ends with the same counts, nothing written', async () => {
    const sent = await send(person, { name: 'list.csv', body: LIST, mode: 'both' });
    assert.equal(sent.status, 303, textOf(sent.html).slice(0, 400));
    await until(async () => (await countOf(school, 'imports_rows')) > 0);
    await program.kill();
    assert.equal(await countOf(school, 'students'), 0);
    await program.start();
    const found = await settled(person, sent.location!);
    assert.equal(found.status, 'checked');
    assert.deepEqual([counts(found.text).fresh, counts(found.text).errors], [ROWS, 0]);
    assert.equal(await countOf(school, 'imports_rows'), ROWS);
  });

  it('has written all or nothing whenever it comes, and the end is the same', async () => {
    const [at] = (await person.get('/imports')).html.match(/\/imports\/[0-9a-f-]{36}/)!;
    const empty = await registerDigest(school);
    assert.equal((await person.submit(`${at}/commit`, { rows: 'valid' }, at)).status, 303);
    for (const moment of [0.05, 0.4, 0.8]) {
      await until(async () => (await doneRows()) >= ROWS * moment || (await statusOf()) === 'done');
      if ((await statusOf()) === 'done') break;
      await program.kill();
      await until(async () => (await writersLeft()) === 0);
      assert.equal(await countOf(school, 'students'), 0, `killed at ${moment}`);
      assert.deepEqual(await registerDigest(school), empty);
      assert.equal(await statusOf(), 'writing');
      await countsReset();
      await program.start();
    }
    const done = await settled(person, at);
    assert.equal(done.status, 'done', done.text.slice(500, 1500));
    assert.equal(await countOf(school, 'students'), ROWS);
    assert.equal(await countOf(school, 'students_enrolments'), ROWS);
    assert.equal(await countOf(school, 'audit_entries', "action = 'students.import'"), 1);
    assert.equal(await countOf(school, 'platform_outbox', "name = 'students.enrolled'"), ROWS);
    // The process that wrote has called for their delivery before it ended: it waits, is under way, or is done.
    const called = () => countOf(school, 'graphile_worker.jobs', "task_identifier = 'outbox.deliver' and run_at <= now()");
    await until(async () => (await called()) > 0 || (await countOf(school, 'platform_outbox', 'delivered_at is null')) === 0, 5);
  });

  it('takes back all or nothing as well', async () => {
    const [at] = (await person.get('/imports')).html.match(/\/imports\/[0-9a-f-]{36}/)!;
    await countsReset();
    assert.equal((await person.submit(`${at}/undo`, {}, at)).status, 303);
    await until(async () => (await doneRows()) > 0 || (await statusOf()) === 'undone');
    if ((await statusOf()) !== 'undone') {
      await program.kill();
      await until(async () => (await writersLeft()) === 0);
      assert.equal(await countOf(school, 'students'), ROWS);
      await program.start();
    }
    assert.equal((await settled(person, at)).status, 'undone');
    assert.equal(await countOf(school, 'students'), 0);
    assert.equal(await countOf(school, 'students_guardians'), 0);
  });

  async function ask<Value>(text: string): Promise<Value> {
    const admin = await school.database.admin();
    try {
      return (await admin.query<{ value: Value }>(text)).rows[0]!.value;
    } finally {
      await admin.end();
    }
  }
  const doneRows = (): Promise<number> => ask('select done as value from imports order by created_at desc limit 1');
  const statusOf = (): Promise<string> => ask('select status as value from imports order by created_at desc limit 1');
  const countsReset = (): Promise<number> =>
    ask('with reset as (update imports set done = 0 returning done) select max(done) as value from reset');
  /** The server notices that its client is gone and rolls back. */
  const writersLeft = (): Promise<number> =>
    ask(
      `select count(*)::int as value from pg_stat_activity where datname = current_database() and application_name like 'aims-tenant%' and state <> 'idle'`,
    );
});

async function until(done: () => Promise<boolean>, seconds = 30): Promise<void> {
  for (let tries = 0; tries < seconds * 20; tries += 1) {
    if (await done()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`It did not come to that within ${seconds} s`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
