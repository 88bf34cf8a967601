import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import { projectRoot } from '../../src/platform/paths.js';
import { namedServer } from '../../src/bin/launcher/database-server.js';
import { StopReason } from '../../src/bin/launcher/stop-reason.js';

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

test('DATABASE_URL or DB_* name the PostgreSQL to use, nothing means the embedded one', () => {
  assert.equal(namedServer({}), null);
  assert.deepEqual(namedServer({ DATABASE_URL: 'postgres://me:p%40ss@db.example:6432/postgres' }), { host: 'db.example', port: 6432, user: 'me', password: 'p@ss' });
  assert.deepEqual(namedServer({ DB_HOST: 'db.example', DB_PASSWORD: 'x' }), { host: 'db.example', port: 5432, user: 'postgres', password: 'x' });
  assert.throws(() => namedServer({ DATABASE_URL: 'mysql://somewhere/x' }), StopReason);
});
