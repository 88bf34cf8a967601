import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { isAlive } from '../../src/bin/launcher/data-folder.js';
import { fakeSchool, until } from './support.js';

test('requests that come together wait for one start', async () => {
  const school = fakeSchool('together', { FAKE_DELAY: '200' });
  const got = await Promise.all([school.acquire(), school.acquire(), school.acquire()]);
  assert.equal(new Set(got.map((one) => one.port)).size, 1);
  got.forEach((one) => one.release());
  await school.close();
});

test('an idle school is stopped, a busy one is not', async () => {
  const school = fakeSchool('idle', {}, { idleMs: 80 });
  const first = await school.acquire();
  const pid = school.pid!;
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(school.state, 'running');
  first.release();
  await until(() => school.state === 'stopped' && !isAlive(pid), 'the idle school stops');
  const again = await school.acquire();
  assert.notEqual(school.pid, pid);
  again.release();
  await school.close();
});

test('a school with a running or due job is not idle', async () => {
  let due: Date | null = new Date(0);
  const school = fakeSchool('due', {}, { idleMs: 50, nextDue: () => Promise.resolve(due) });
  (await school.acquire()).release();
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(school.state, 'running');
  due = null;
  await until(() => school.state === 'stopped', 'the school stops when nothing is due');
  await school.close();
});

test('a stopped school is woken for its next job', async () => {
  const school = fakeSchool('woken', {}, { nextDue: () => Promise.resolve(new Date(Date.now() + 100)) });
  await school.wakeWhenDue();
  assert.equal(school.state, 'stopped');
  await until(() => school.state === 'running', 'the job wakes the school');
  await school.close();
});

test('a program that never becomes ready is given up, with its last words', async () => {
  let trouble = '';
  const silent = fakeSchool('silent', { FAKE_NEVER_READY: '1' }, { onTrouble: (sentence) => (trouble = sentence) });
  await assert.rejects(silent.acquire(), /did not become ready/);
  assert.equal(silent.state, 'stopped');
  const failing = fakeSchool('failing', { FAKE_FAILS: '1' }, { onTrouble: (sentence) => (trouble = sentence) });
  await assert.rejects(failing.acquire(), /could not start/);
  assert.match(trouble, /The settings are not complete/);
  await silent.close();
  await failing.close();
});

test('children leave when their parent is killed', async () => {
  const script = fileURLToPath(new URL('./fake-parent.js', import.meta.url));
  const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  assert.ok(isAlive(pid));
  parent.kill('SIGKILL');
  await until(() => !isAlive(pid), 'the orphan ends');
});
