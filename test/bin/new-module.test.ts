import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { build } from 'esbuild';
import ts from 'typescript';
import { projectRoot } from '../../src/platform/paths.js';
import { testCluster } from '../support/database.js';

const COPIED = [
  'src',
  'views',
  'migrations',
  'test/support',
  'dist/public',
  'dist/src',
  'dist/migrations',
  'dist/test/support',
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
  const node = (args: string[], env: Record<string, string> = {}): Promise<{ status: number | null; output: string }> =>
    new Promise((resolve, reject) => {
      const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
      const command = ['-u', 'NODE_TEST_CONTEXT', ...settings, process.execPath, ...args];
      const child = spawn('env', command, { cwd: tree, timeout: 240_000 });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => void (output += text));
      child.once('error', reject);
      child.once('close', (status) => resolve({ status, output }));
    });
  /** From the build, as the operator has it: to compile the program takes longer than to run it. */
  const newModule = (name: string) => node(['dist/src/bin/aims.js', 'new-module', name]);
  const tool = (file: string, ...args: string[]) => node([path.join('node_modules', file), ...args]);
  const paths = MADE.flatMap((name) => [`src/modules/${name}`, `test/modules/${name}`]);
  const madeMigrations = () =>
    readdirSync(path.join(tree, 'migrations/tenant'))
      .filter((file) => /_create_list\.ts$/.test(file))
      .map((file) => `migrations/tenant/${file}`);
  /** What was written, beside the build that is there. */
  const buildMade = async () => {
    const code = paths
      .flatMap((folder) =>
        readdirSync(path.join(tree, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
      )
      .filter((file) => file.endsWith('.ts'));
    for (const folder of paths)
      cpSync(path.join(tree, folder), path.join(tree, 'dist', folder), {
        recursive: true,
        filter: (file) => !file.endsWith('.ts'),
      });
    await build({
      absWorkingDir: tree,
      entryPoints: [...code, ...madeMigrations(), 'src/roles.ts'],
      outbase: tree,
      outdir: 'dist',
      format: 'esm',
      platform: 'node',
      target: 'node20',
      tsconfig: path.join(tree, 'tsconfig.json'),
      logLevel: 'silent',
    });
  };
  const aboutMade = (output: string) =>
    output.split('\n').filter((line) => MADE.some((name) => line.includes(`modules/${name}/`)));

  /** As tsc has them, of what the configuration names: what that imports is checked with the product. */
  const typeFaults = (configuration: string): string => {
    const host = {
      ...ts.sys,
      getCurrentDirectory: () => tree,
      onUnRecoverableConfigFileDiagnostic: (fault: ts.Diagnostic) => assert.fail(String(fault.messageText)),
    };
    const read = ts.getParsedCommandLineOfConfigFile(path.join(tree, configuration), { noEmit: true, incremental: false }, host);
    const { fileNames, options, errors } = read!;
    const program = ts.createProgram(fileNames, options);
    const files = fileNames.map((name) => program.getSourceFile(name)!);
    const faults = files.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]);
    assert.ok(
      paths.every((folder) => fileNames.some((name) => name.includes(`/${folder}/`))),
      'files that were written are read',
    );
    return ts.formatDiagnostics([...errors, ...program.getGlobalDiagnostics(), ...faults], {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => tree,
      getNewLine: () => '\n',
    });
  };

  it('refuses a bad or taken name with a sentence and writes nothing', async () => {
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
      const { status, output } = await newModule(name);
      assert.equal(status, 1, name);
      assert.match(output.trim(), sentence);
      assert.equal(output.trim().split('\n').length, 1, output);
    }
    assert.deepEqual(readdirSync(path.join(tree, 'src/modules')), before);
  });

  it('writes module, views, migration and tests, and names the module in both lists', async () => {
    const newest = readdirSync(path.join(tree, 'migrations/tenant')).sort().at(-1)!;
    for (const name of MADE) assert.equal((await newModule(name)).status, 0);
    assert.equal((await newModule('meal-plans')).status, 1, 'the second time the name is taken');
    const migrations = readdirSync(path.join(tree, 'migrations/tenant')).sort().slice(-2);
    assert.match(migrations[0]!, /_meal_plans_create_list\.ts$/);
    assert.ok(migrations[0]! > newest && migrations[1]! > migrations[0]!);
    for (const file of ['README.md', 'module.ts', 'texts/fr.json', 'meal-plan.record.ts', 'adapters/meal-plans.routes.ts']) {
      assert.ok(existsSync(path.join(tree, 'src/modules/meal-plans', file)), file);
    }
    const uses = JSON.parse(readFileSync(path.join(tree, 'src/modules/uses.json'), 'utf8')) as Record<string, string[]>;
    assert.deepEqual(uses['meal-plans'], ['audit', 'school']);
    assert.match(
      readFileSync(path.join(tree, 'src/roles.ts'), 'utf8'),
      /'meal-plans': async \(\) => \(await import\('\.\/modules\/meal-plans\/module\.js'\)\)\.mealPlans,/,
    );
  });

  it('has the price of a plain resource', () => {
    const price = (folder: string, ending: RegExp) => {
      const files = readdirSync(path.join(tree, folder), { recursive: true, encoding: 'utf8' }).filter((one) => ending.test(one));
      const lines = files.map(
        (one) =>
          readFileSync(path.join(tree, folder, one), 'utf8')
            .trimEnd()
            .split('\n').length,
      );
      return { files: files.length, lines: lines.reduce((sum, each) => sum + each, 0) };
    };
    const source = price(`src/modules/${MADE[0]}`, /\.ts$/);
    const views = price(`views/${MADE[0]}`, /\.ejs$/);
    assert.ok(source.files <= 7 && source.lines <= 290, `${source.files} files, ${source.lines} lines of TypeScript`);
    const [migration] = madeMigrations();
    const written = readFileSync(path.join(tree, migration!), 'utf8').trimEnd().split('\n').length;
    assert.ok(written <= 25, `${written} lines of migration`);
    assert.ok(views.lines <= 60, `${views.lines} lines of views`);
  });

  it('passes the type check, the linter, the formatter and the import rules as it is', async () => {
    const only = { extends: './tsconfig.json', include: [...paths, 'migrations/tenant/*_create_list.ts', 'src/roles.ts'] };
    writeFileSync(path.join(tree, 'tsconfig.made.json'), JSON.stringify(only));
    const changed = [...paths, 'migrations', 'src/roles.ts'];
    const tools = Promise.all([
      tool('eslint/bin/eslint.js', '--max-warnings', '0', ...changed),
      tool('prettier/bin/prettier.cjs', '--check', ...changed),
      tool('dependency-cruiser/bin/dependency-cruise.mjs', 'src', '--config', '.dependency-cruiser.cjs'),
    ]);
    assert.deepEqual(aboutMade(typeFaults('tsconfig.made.json')), []);
    const [lint, format, rules] = await tools;
    assert.equal(lint.status, 0, lint.output);
    assert.equal(format.status, 0, format.output);
    assert.match(rules.output, /modules, \d+ dependencies cruised/);
    assert.deepEqual(aboutMade(rules.output), []);
  });

  it('works: its own tests pass against the database', async () => {
    const { admin } = await testCluster();
    const address = { host: admin.host, port: admin.port, superuser: admin.user, password: admin.password };
    await buildMade();
    // One process for both, since most of its time goes into loading the product and making the first school.
    writeFileSync(
      path.join(tree, 'dist/made.js'),
      MADE.map((name) => `import './test/modules/${name}/${name}.test.js';\n`).join(''),
    );
    const { status, output } = await node(['dist/made.js'], { AIMS_TEST_PG: JSON.stringify(address) });
    assert.equal(status, 0, output);
    for (const name of MADE) assert.ok(output.includes(`the list of ${name.replaceAll('-', ' ')}`), output);
  });
});
