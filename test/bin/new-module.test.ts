import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { projectRoot } from '../../src/platform/paths.js';
import { testCluster } from '../support/database.js';

const COPIED = [
  'src',
  'views',
  'migrations',
  'test/support',
  'dist/public',
  'package.json',
  'tsconfig.json',
  'eslint.config.mjs',
  '.dependency-cruiser.cjs',
  'knexfile.ts',
];
/** A plural of two words, and a word that is its own plural. */
const MADE = ['meal-plans', 'equipment'];

describe('npm run new-module', () => {
  const tree = mkdtempSync(path.join(os.tmpdir(), 'aims-new-module-'));
  before(() => {
    for (const one of COPIED) cpSync(path.join(projectRoot, one), path.join(tree, one), { recursive: true });
    symlinkSync(path.join(projectRoot, 'node_modules'), path.join(tree, 'node_modules'));
  });
  after(() => rmSync(tree, { recursive: true, force: true }));

  /** A test inside of a test would report to the outer one. */
  const node = (args: string[], env: Record<string, string> = {}) => {
    const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const command = ['-u', 'NODE_TEST_CONTEXT', ...settings, process.execPath, ...args];
    const { status, stdout, stderr } = spawnSync('env', command, { cwd: tree, encoding: 'utf8', timeout: 240_000 });
    return { status, output: stdout + stderr };
  };
  const newModule = (name: string) => node(['--import', 'tsx', 'src/bin/aims.ts', 'new-module', name]);
  const tool = (file: string, ...args: string[]) => node([path.join('node_modules', file), ...args]);
  const paths = MADE.flatMap((name) => [`src/modules/${name}`, `test/modules/${name}`]);
  const aboutMade = (output: string) =>
    output.split('\n').filter((line) => MADE.some((name) => line.includes(`modules/${name}/`)));

  it('refuses a bad or taken name with a sentence and writes nothing', () => {
    const refusals: [name: string, sentence: RegExp][] = [
      ['Meals', /^"Meals" can't be a module's name: small letters/],
      ['meal_plans', /can't be a module's name/],
      ['../meals', /can't be a module's name/],
      ['meals--plans', /can't be a module's name/],
      ['a-list-of-everything-that-is-eaten', /at most 30 in all/],
      ['class', /means something else in the code/],
      ['students', /is taken: src\/modules\/students has it/],
      ['layouts', /is taken: views\/layouts has it/],
      ['search', /is taken: src\/modules\/home\/module.ts has it/],
    ];
    const before = readdirSync(path.join(tree, 'src/modules'));
    for (const [name, sentence] of refusals) {
      const { status, output } = newModule(name);
      assert.equal(status, 1, name);
      assert.match(output.trim(), sentence);
      assert.equal(output.trim().split('\n').length, 1, output);
    }
    assert.deepEqual(readdirSync(path.join(tree, 'src/modules')), before);
  });

  it('writes module, views, migration and tests, and names the module in both lists', () => {
    const newest = readdirSync(path.join(tree, 'migrations/tenant')).sort().at(-1)!;
    for (const name of MADE) assert.equal(newModule(name).status, 0);
    assert.equal(newModule('meal-plans').status, 1, 'the second time the name is taken');
    const migrations = readdirSync(path.join(tree, 'migrations/tenant')).sort().slice(-2);
    assert.match(migrations[0]!, /_meal_plans_create_list\.ts$/);
    assert.ok(migrations[0]! > newest && migrations[1]! > migrations[0]!);
    for (const file of ['README.md', 'module.ts', 'texts/fr.json', 'adapters/postgres/meal-plan.store.ts']) {
      assert.ok(existsSync(path.join(tree, 'src/modules/meal-plans', file)), file);
    }
    const uses = JSON.parse(readFileSync(path.join(tree, 'src/modules/uses.json'), 'utf8')) as Record<string, string[]>;
    assert.deepEqual(uses['meal-plans'], ['audit', 'school']);
    assert.match(
      readFileSync(path.join(tree, 'src/roles.ts'), 'utf8'),
      /'meal-plans': async \(\) => \(await import\('\.\/modules\/meal-plans\/module\.js'\)\)\.mealPlans,/,
    );
  });

  it('passes the type check, the linter, the formatter and the import rules as it is', () => {
    const only = { extends: './tsconfig.json', include: [...paths, 'migrations/tenant/*_create_list.ts', 'src/roles.ts'] };
    writeFileSync(path.join(tree, 'tsconfig.made.json'), JSON.stringify(only));
    assert.deepEqual(aboutMade(tool('typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.made.json').output), []);
    const lint = tool('eslint/bin/eslint.js', '--max-warnings', '0', ...paths, 'migrations', 'src/roles.ts');
    assert.equal(lint.status, 0, lint.output);
    const format = tool('prettier/bin/prettier.cjs', '--check', ...paths, 'migrations', 'src/roles.ts');
    assert.equal(format.status, 0, format.output);
    const rules = tool('dependency-cruiser/bin/dependency-cruise.mjs', 'src', '--config', '.dependency-cruiser.cjs');
    assert.match(rules.output, /modules, \d+ dependencies cruised/);
    assert.deepEqual(aboutMade(rules.output), []);
  });

  it('works: its own tests pass against the database', async () => {
    const { admin } = await testCluster();
    const address = { host: admin.host, port: admin.port, superuser: admin.user, password: admin.password };
    for (const name of MADE) {
      const { status, output } = node(['--import', 'tsx', `test/modules/${name}/${name}.test.ts`], {
        AIMS_TEST_PG: JSON.stringify(address),
      });
      assert.equal(status, 0, output);
    }
  });
});
