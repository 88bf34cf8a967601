import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import pg from 'pg';
import { projectRoot } from '../../src/platform/paths.js';
import { namedServer, openDatabaseServer } from '../../src/bin/launcher/database-server.js';
import { StopReason } from '../../src/bin/launcher/stop-reason.js';
import { Secrets } from '../../src/platform/secrets-file.js';
import { temporaryFolder } from './support.js';

const setup = pathToFileURL(path.join(projectRoot, 'src/bin/setup.mjs')).href;

function requireNode(version: string): { status: number | null; stderr: string } {
  const script = `import(${JSON.stringify(setup)}).then((setup) => setup.requireNode(${JSON.stringify(version)}))`;
  return spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
}

test('an unsuitable Node is one sentence and exit code 1', () => {
  for (const version of ['16.20.2', '18.20.0', '20.18.3']) {
    const { status, stderr } = requireNode(version);
    assert.equal(status, 1, version);
    assert.match(stderr, /^AIMS needs Node 20\.19 or newer; this is Node [\d.]+\. .+\n$/);
  }
  for (const version of ['20.19.0', '22.1.0', '24.0.0']) assert.equal(requireNode(version).status, 0, version);
});

test('who was started by npm stops when npm is gone; who was left behind on purpose stays', async () => {
  for (const [byNpm, stops] of [
    [true, true],
    [false, false],
  ] as const) {
    const file = path.join(temporaryFolder(), 'said');
    const program = `import(${JSON.stringify(setup)}).then(({ onNpmGone }) => { onNpmGone(() => { require('fs').writeFileSync(${JSON.stringify(file)}, 'gone'); process.exit(); }); console.log('ready'); setTimeout(() => process.exit(), 4000); })`;
    const npm = spawn('sh', ['-c', '"$0" -e "$1" & wait', process.execPath, program], {
      env: { ...(byNpm ? { npm_lifecycle_event: 'start' } : {}) },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(npm.stdout, 'data');
    npm.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    assert.equal(existsSync(file), stops);
  }
});

test('the death of the embedded database is noticed at once, and it is started again', async (t) => {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  const server = await openDatabaseServer(folder, Secrets.open(folder), {});
  let noticed = 0;
  t.mock.method(process.stderr, 'write', (line: string) =>
    Boolean(/is started again/.test(line) && (noticed = performance.now())),
  );
  try {
    const asks = async (): Promise<boolean> => {
      const client = new pg.Client({
        host: server.host,
        port: server.port,
        user: server.user,
        password: server.password,
        database: 'postgres',
        connectionTimeoutMillis: 1_000,
      });
      client.on('error', () => undefined);
      return client
        .connect()
        .then(
          () => true,
          () => false,
        )
        .finally(() => client.end().catch(() => undefined));
    };
    assert.equal(await asks(), true);
    const cluster = path.join(folder, 'postgres', 'cluster');
    for (let round = 0; round < 2; round += 1) {
      const pid = Number(readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);
      const killed = performance.now();
      process.kill(pid, 'SIGKILL');
      await new Promise((resolve) => setTimeout(resolve, 50));
      while (!(await asks())) {
        // Starting takes a second or two; beside a full test run it takes what it takes.
        assert.ok(performance.now() - killed < 20_000, 'it came back');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      assert.ok(noticed - killed < 1_500, `its death was noticed after ${Math.round(noticed - killed)} ms`);
      t.diagnostic(`back after ${Math.round(performance.now() - killed)} ms`);
    }
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('DATABASE_URL or DB_* name the PostgreSQL to use, nothing means the embedded one', () => {
  assert.equal(namedServer({}), null);
  assert.deepEqual(namedServer({ DATABASE_URL: 'postgres://me:p%40ss@db.example:6432/postgres' }), {
    host: 'db.example',
    port: 6432,
    user: 'me',
    password: 'p@ss',
  });
  assert.deepEqual(namedServer({ DB_HOST: 'db.example', DB_PASSWORD: 'x' }), {
    host: 'db.example',
    port: 5432,
    user: 'postgres',
    password: 'x',
  });
  assert.throws(() => namedServer({ DATABASE_URL: 'mysql://somewhere/x' }), StopReason);
});
