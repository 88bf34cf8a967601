import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { demandRoom, isAlive, noteStopping, takeDataFolder, waitForStopping } from '../../src/bin/launcher/data-folder.js';
import { sentenceFor, StopReason } from '../../src/bin/launcher/stop-reason.js';
import { writePrivately } from '../../src/platform/secrets-file.js';
import { claimFolder } from '../../src/platform/postgres-folder.js';
import { temporaryFolder, until } from './support.js';

test('a second launcher on the same data folder is refused with one sentence', async () => {
  const folder = temporaryFolder();
  const other = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)', 'launch.js'], { stdio: 'ignore' });
  await once(other, 'spawn');
  writeFileSync(path.join(folder, 'launcher.pid'), `${other.pid}\n`);
  assert.throws(
    () => takeDataFolder(folder),
    (error: Error) => error instanceof StopReason && error.message.includes(`process ${other.pid}`),
  );
  other.kill('SIGKILL');
  await once(other, 'exit');
  takeDataFolder(folder)();
});

test('a pid left behind by a killed launcher does not stop the next start, even if another program has it now', () => {
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, 'launcher.pid'), '999999999\n');
  takeDataFolder(folder)();
  writeFileSync(path.join(folder, 'launcher.pid'), '1\n');
  const giveBack = takeDataFolder(folder);
  assert.equal(readFileSync(path.join(folder, 'launcher.pid'), 'utf8').trim(), String(process.pid));
  giveBack();
});

test('what is left of a killed process is not alive', async () => {
  // The shell starts a child and becomes a program that never asks about it.
  const parent = spawn('sh', ['-c', 'sleep 0.05 & echo $!; exec sleep 30'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  const state = (): string => /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]!;
  await until(() => state() === 'Z', 'the child became a zombie');
  assert.equal(isAlive(pid), false);
  assert.equal(isAlive(parent.pid!), true);
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, 'launcher.pid'), `${pid}\n`);
  takeDataFolder(folder)();
  writeFileSync(
    path.join(folder, 'owner'),
    `${pid}\n${/\) (?:\S+ ){19}(\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))![1]}`,
  );
  await claimFolder(folder);
  parent.kill('SIGKILL');
});

test('a start waits for the one before that is stopping, and not for one that runs', async () => {
  const folder = temporaryFolder();
  const other = spawn(process.execPath, ['-e', 'setTimeout(() => 0, 600)', 'launch.js'], { stdio: 'ignore' });
  await once(other, 'spawn');
  let waited = 0;
  writeFileSync(path.join(folder, 'launcher.pid'), `${other.pid}\n`);
  await waitForStopping(folder, () => (waited += 1));
  assert.equal(waited, 0);
  writeFileSync(path.join(folder, 'launcher.pid'), `${other.pid}\nstopping\n`);
  await waitForStopping(folder, () => (waited += 1));
  assert.equal(waited, 1, 'it says so once');
  assert.equal(isAlive(other.pid!), false);
  const giveBack = takeDataFolder(folder);
  noteStopping(folder);
  assert.equal(readFileSync(path.join(folder, 'launcher.pid'), 'utf8'), `${process.pid}\nstopping\n`);
  giveBack();
  assert.equal(existsSync(path.join(folder, 'launcher.pid')), false);
});

test('a file where the data folder should be, or above it, is one sentence', () => {
  const file = path.join(temporaryFolder(), 'data');
  writeFileSync(file, '');
  for (const folder of [file, path.join(file, 'aims')]) {
    assert.throws(
      () => takeDataFolder(folder),
      (error: Error) => error instanceof StopReason && error.message.startsWith(`${folder} can't be a folder: `),
    );
  }
});

test('private files are readable by their owner alone', () => {
  const file = path.join(temporaryFolder(), 'secrets.json');
  writePrivately(file, '{}');
  assert.equal(statSync(file).mode & 0o777, 0o600);
});

test('what a person can mend is one sentence', () => {
  const failure = (code: string, message = ''): Error => Object.assign(new Error(message), { code });
  assert.match(sentenceFor(failure('ENOSPC'), '/data') ?? '', /^The disk is full \(\/data\)\./);
  assert.match(sentenceFor(failure('53100'), '/data') ?? '', /disk of the database is full/);
  assert.match(
    sentenceFor(new Error('wrapped', { cause: failure('28P01') }), '/data') ?? '',
    /refused the user name or password/,
  );
  assert.equal(sentenceFor(new Error('anything else'), '/data'), null);
});

test('too little room on the disk is one sentence before anything is written', () => {
  const folder = temporaryFolder();
  demandRoom(folder, 1);
  assert.throws(
    () => demandRoom(folder, Number.MAX_SAFE_INTEGER),
    (error: Error) => error instanceof StopReason && error.message.startsWith('The disk is full: '),
  );
});
