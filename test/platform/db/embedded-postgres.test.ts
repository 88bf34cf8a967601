import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { startPostgres } from '../../../src/platform/embedded-postgres.js';
import { startMark, stopOrphan } from '../../../src/platform/postgres-folder.js';
import type { EmbeddedPostgres } from '../../../src/platform/embedded-postgres.js';

async function ask(server: EmbeddedPostgres, text: string, password = server.password): Promise<unknown> {
  const client = new pg.Client({ ...server, user: server.superuser, password, database: 'postgres' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ answer: unknown }>(text);
    return rows[0]?.answer;
  } finally {
    await client.end();
  }
}

describe('the embedded PostgreSQL', () => {
  let folder = '';
  let server: EmbeddedPostgres;
  const start = () => startPostgres({ dataDir: path.join(folder, 'db'), superuserPassword: 'a long one', durable: true });

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'aims-embedded-'));
    chmodSync(folder, 0o755);
    server = await start();
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('keeps what it acknowledged: fsync, full page writes, checksums', async () => {
    for (const setting of ['fsync', 'full_page_writes', 'data_checksums', 'synchronous_commit']) {
      assert.equal(await ask(server, `select current_setting('${setting}') as answer`), 'on', setting);
    }
  });

  test('is not kept from its first page after a kill by syncing file by file', async () => {
    const expected = process.platform === 'linux' ? 'syncfs' : 'fsync';
    assert.equal(await ask(server, "select current_setting('recovery_init_sync_method') as answer"), expected);
  });

  test('asks for the password', async () => {
    await assert.rejects(ask(server, 'select 1 as answer', 'wrong'), { code: '28P01' });
  });

  test('keeps its port over a restart', async () => {
    const { port } = server;
    await server.stop();
    server = await start();
    assert.equal(server.port, port);
  });

  test('starts again after the server was killed, with what was committed', async () => {
    await ask(server, "create table kept as select 'yes' as answer");
    process.kill(postmasterPid(), 'SIGKILL');
    server = await start();
    assert.equal(await ask(server, 'select answer from kept'), 'yes');
  });

  test('starts when the number in the pid file belongs to another program by now', async () => {
    await server.stop();
    const other = spawn('sleep', ['60'], { stdio: 'ignore' });
    try {
      writeFileSync(pidFile(), `${other.pid}\n${path.join(folder, 'db', 'cluster')}\n`);
      server = await start();
      assert.equal(await ask(server, 'select 1 as answer'), 1);
      assert.equal(other.exitCode, null, 'the other program was left alone');
    } finally {
      other.kill();
    }
  });

  test('a server of a killed launcher that is long at its last checkpoint ends at once', async () => {
    const cluster = path.join(folder, 'slow', 'cluster');
    mkdirSync(cluster, { recursive: true });
    const deaf = "process.on('SIGINT', () => undefined); setInterval(() => undefined, 1_000); console.log('up')";
    const server = spawn(process.execPath, ['-e', deaf, 'postgres', cluster], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(server.stdout, 'data');
    writeFileSync(path.join(cluster, 'postmaster.pid'), `${server.pid}\n`);
    const ended = once(server, 'exit');
    await stopOrphan(cluster, 300);
    assert.equal((await ended)[1], 'SIGQUIT');
  });

  test('replaces a server that outlived its killed launcher', async () => {
    const before = postmasterPid();
    server = await start();
    assert.notEqual(postmasterPid(), before);
    assert.equal(await ask(server, 'select 1 as answer'), 1);
  });

  test('refuses a data folder that another process is using', async () => {
    const elsewhere = path.join(folder, 'elsewhere');
    mkdirSync(elsewhere);
    const other = spawn('sleep', ['60'], { stdio: 'ignore' });
    writeFileSync(path.join(elsewhere, 'owner'), `${other.pid}\n${startMark(other.pid!)}`);
    try {
      const second = startPostgres({ dataDir: elsewhere, superuserPassword: 'x', durable: false });
      await assert.rejects(second, /already running/);
    } finally {
      other.kill();
    }
  });

  function pidFile(): string {
    return path.join(folder, 'db', 'cluster', 'postmaster.pid');
  }

  function postmasterPid(): number {
    return Number(readFileSync(pidFile(), 'utf8').split('\n')[0]);
  }
});
