import { readdirSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../platform/paths.js';
import { startTestCluster, type TestCluster } from './cluster.js';
import { show, summary, type Outcome } from './outcome.js';
import { FileProcess, killAll, runCheck } from './process.js';
import { scratchFolder } from './scratch.js';

/** Runs the checks and the test files, a few at a time, and says at the end how many passed and failed. */

type Task = { name: string; check: string[] } | { name: string; file: string; alone: boolean };

/** Tasks that run at the same time. */
const LANES = Math.min(2, os.availableParallelism());
/**
 * Files with a process of their own: they kill or start programs, count what a process holds, or move its time. All others
 * share one a lane, since starting it and loading the product takes longer than most of them do.
 */
const ALONE = /^test\/(kill|bin|bench|snapshot|browser)\/|\/leaks\.test/;
/** Short files over long lists of pages. */
const LONGEST = /^test\/browser\/views/;
/** What is told of a process that ended badly after its files. */
const NOTHING: Omit<Outcome, 'name' | 'failures'> = { passed: 0, notes: [], ms: 0, startMs: null, setUpMs: null };
const dist = path.join(projectRoot, 'dist');
const scratch = scratchFolder();
let cluster: TestCluster | null = null;
let leaving = false;

for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.on(signal, () => void leave(1));

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}
await leave(process.exitCode ?? 0);

async function main(args: string[]): Promise<number> {
  const filters = args.filter((arg) => !arg.startsWith('--')).map((arg) => arg.replace(/^\.\//, '').replace(/\.ts$/, ''));
  const files = testFiles().filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)));
  if (files.length > 0) cluster = await startTestCluster(path.join(scratch.folder, 'postgres'));
  const env = {
    ...process.env,
    NODE_ENV: 'test',
    TMPDIR: scratch.folder,
    ...(args.includes('--storm') ? { AIMS_STORM: '1' } : {}),
    ...(args.includes('--write') ? { AIMS_SNAPSHOT: 'write' } : {}),
    ...cluster?.env,
  };
  const checks = filters.length > 0 || args.includes('--fast') ? [] : checkTasks();
  const tasks = inOrder(files).map((file) => ({ name: `${file}.ts`, file, alone: ALONE.test(file) || args.includes('--alone') }));
  // Those in a browser after the others, which would make it wait.
  const browser = tasks.filter(({ file }) => file.startsWith('test/browser/'));
  const others = tasks.filter((task) => !browser.includes(task));
  return summary([...(await pool([...checks, ...others], env)), ...(await pool(browser, env))]);
}

function testFiles(): string[] {
  return readdirSync(path.join(dist, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.js'))
    .map((file) => `test/${file.split(path.sep).join('/').replace(/\.js$/, '')}`);
}

/** Those alone first, which are the longest; of the others the longest first, as far as a file's size tells. */
function inOrder(files: string[]): string[] {
  const bytes = new Map(
    files.map((file) => [file, statSync(builtFile(file)).size + (ALONE.test(file) ? 1e9 : 0) + (LONGEST.test(file) ? 1e9 : 0)]),
  );
  return [...files].sort((a, b) => bytes.get(b)! - bytes.get(a)!);
}

function builtFile(file: string): string {
  return path.join(dist, `${file}.js`);
}

function checkTasks(): Task[] {
  const script = (file: string): string => path.join(projectRoot, 'node_modules', file);
  return [
    { name: 'lint (eslint)', check: [script('eslint/bin/eslint.js'), '.', '--max-warnings', '0'] },
    { name: 'format (prettier)', check: [script('prettier/bin/prettier.cjs'), '--check', '.'] },
    { name: 'types (tsc)', check: [script('typescript/bin/tsc'), '--noEmit'] },
    {
      name: 'import rules (dependency-cruiser)',
      check: [script('dependency-cruiser/bin/dependency-cruise.mjs'), 'src', '--config', '.dependency-cruiser.cjs'],
    },
  ];
}

async function pool(tasks: Task[], env: NodeJS.ProcessEnv): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const waiting = [...tasks];
  const keep = (outcome: Outcome): void => {
    show(outcome);
    outcomes.push(outcome);
  };
  await Promise.all(Array.from({ length: LANES }, () => lane(waiting, env, keep)));
  return outcomes;
}

async function lane(waiting: Task[], env: NodeJS.ProcessEnv, keep: (outcome: Outcome) => void): Promise<void> {
  let shared: FileProcess | null = null;
  for (let task = waiting.shift(); task; task = waiting.shift()) {
    if ('check' in task) {
      keep(await runCheck(task.name, task.check, env));
      continue;
    }
    const its: FileProcess = shared && !task.alone ? shared : new FileProcess(env);
    const outcome = await its.run(task.name, builtFile(task.file));
    const over = task.alone || its.worn;
    if (over) outcome.failures.push(...(await endOf(its)));
    shared = task.alone ? shared : over ? null : its;
    keep(outcome);
  }
  for (const failure of await endOf(shared)) keep({ ...NOTHING, name: failure.name, failures: [failure] });
}

async function endOf(ended: FileProcess | null): Promise<Outcome['failures']> {
  const failure = await ended?.end();
  return failure ? [failure] : [];
}

async function leave(code: string | number): Promise<void> {
  if (leaving) return;
  leaving = true;
  killAll();
  await cluster?.stop();
  scratch.remove();
  process.exit(Number(code));
}
