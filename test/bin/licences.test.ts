import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { allowList, review } from '../../src/bin/commands/licences.js';
import { projectRoot } from '../../src/platform/paths.js';

const allowed = {
  licences: ['MIT', 'ISC'],
  packages: { quiet: { licence: 'MIT', why: 'in a file only' } },
  installScripts: { builder: 'puts a program in its place' },
};

test('an unknown licence or install script is refused, a known one is not', () => {
  const cases: [name: string, locked: object, refused: boolean][] = [
    ['plain', { license: 'MIT' }, false],
    ['either', { license: '(MIT OR GPL-3.0-or-later)' }, false],
    ['both', { license: 'MIT AND GPL-3.0-or-later' }, true],
    ['strange', { license: 'SSPL-1.0' }, true],
    ['silent', {}, true],
    ['quiet', {}, false],
    ['tool', { license: 'SSPL-1.0', dev: true }, false],
    ['builder', { license: 'MIT', hasInstallScript: true }, false],
    ['sneaky', { license: 'MIT', dev: true, hasInstallScript: true }, true],
  ];
  for (const [name, locked, refused] of cases) {
    const [line] = review({ packages: { [`node_modules/${name}`]: { version: '1.0.0', ...locked } } }, allowed);
    assert.equal(line?.problem !== null, refused, name);
  }
});

test('every package in the lock file is on the allow list', () => {
  const lock = JSON.parse(readFileSync(path.join(projectRoot, 'package-lock.json'), 'utf8')) as Parameters<typeof review>[0];
  const problems = review(lock, allowList()).filter((line) => line.problem);
  assert.deepEqual(problems, []);
});
