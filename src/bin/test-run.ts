import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { projectRoot } from '../platform/paths.js';
import { startTestCluster, type TestCluster } from './test-cluster.js';

/** Runs the checks and the test files, a few at a time, and says at the end how many passed and failed. */

interface Task {
  name: string;
  command: string[];
  /** Where the reporter writes; checks have none and count as one test each. */
  results: string | null;
}
interface Outcome {
  name: string;
  passed: number;
  failures: { name: string; reason: string }[];
  /** What its tests have noted by the way: figures, tables. */
  notes: string[];
  ms: number;
}

const TIMEOUT_MS = 10 * 60_000;
/** Files that run at the same time; those in a browser after the others, which would make it wait. */
const LANES = Math.min(2, os.availableParallelism());
const OUTPUT_SHOWN = 6_000;
const SLOWEST_SHOWN = 8;
const dist = path.join(projectRoot, 'dist');
const scratch = mkdtempSync(path.join(os.tmpdir(), 'aims-tests-'));
// The database's own user passes through it.
chmodSync(scratch, 0o711);
const alive = new Set<ChildProcess>();
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
  if (files.length > 0) cluster = await startTestCluster(path.join(scratch, 'postgres'));
  const env = {
    ...process.env,
    NODE_ENV: 'test',
    ...(args.includes('--storm') ? { AIMS_STORM: '1' } : {}),
    ...(args.includes('--write') ? { AIMS_SNAPSHOT: 'write' } : {}),
    ...cluster?.env,
  };
  const browser = files.filter((file) => file.startsWith('test/browser/'));
  const others = files.filter((file) => !browser.includes(file));
  const checks = filters.length > 0 || args.includes('--fast') ? [] : checkTasks();
  const outcomes = [
    ...(await pool([...checks, ...others.map(fileTask)], LANES, env)),
    ...(await pool(browser.map(fileTask), LANES, env)),
  ];
  return summary(outcomes);
}

function testFiles(): string[] {
  return readdirSync(path.join(dist, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.js'))
    .map((file) => `test/${file.split(path.sep).join('/').replace(/\.js$/, '')}`)
    .sort();
}

function fileTask(file: string): Task {
  const results = path.join(scratch, `${file.replaceAll('/', '.')}.jsonl`);
  const reporter = path.join(projectRoot, 'src/bin/test-reporter.mjs');
  const command = [
    '--enable-source-maps',
    '--no-warnings=ExperimentalWarning',
    `--test-reporter=${reporter}`,
    `--test-reporter-destination=${results}`,
    path.join(dist, `${file}.js`),
  ];
  return { name: `${file}.ts`, command, results };
}

function checkTasks(): Task[] {
  const script = (file: string): string => path.join(projectRoot, 'node_modules', file);
  return [
    { name: 'types (tsc)', command: [script('typescript/bin/tsc'), '--noEmit'], results: null },
    { name: 'lint (eslint)', command: [script('eslint/bin/eslint.js'), '.', '--max-warnings', '0'], results: null },
    { name: 'format (prettier)', command: [script('prettier/bin/prettier.cjs'), '--check', '.'], results: null },
    {
      name: 'import rules (dependency-cruiser)',
      command: [script('dependency-cruiser/bin/dependency-cruise.mjs'), 'src', '--config', '.dependency-cruiser.cjs'],
      results: null,
    },
  ];
}

async function pool(tasks: Task[], width: number, env: NodeJS.ProcessEnv): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const waiting = [...tasks];
  const lane = async (): Promise<void> => {
    for (let task = waiting.shift(); task; task = waiting.shift()) {
      const outcome = await run(task, env);
      show(outcome);
      outcomes.push(outcome);
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  return outcomes;
}

/** Each in a process group of its own, so that nothing it started outlives it. */
function run(task: Task, env: NodeJS.ProcessEnv): Promise<Outcome> {
  const began = Date.now();
  const child = spawn(process.execPath, task.command, {
    cwd: projectRoot,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  alive.add(child);
  let output = '';
  const keep = (chunk: Buffer): void => void (output = (output + chunk.toString('utf8')).slice(-OUTPUT_SHOWN));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    killGroup(child);
  }, TIMEOUT_MS);
  return new Promise((resolve) => {
    child.once('error', (error) => (output += error.message));
    child.once('exit', () => killGroup(child));
    child.once('close', (code) => {
      clearTimeout(timer);
      alive.delete(child);
      resolve(outcomeOf(task, late ? null : code, output, Date.now() - began));
    });
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // nobody is left in the group
  }
}

/** @param code null: killed because it took too long */
function outcomeOf(task: Task, code: number | null, output: string, ms: number): Outcome {
  const { results, notes } = readResults(task.results);
  const failures = results.filter((one) => !one.ok).map((one) => ({ name: one.name, reason: one.reason ?? 'failed' }));
  const passed = task.results ? results.length - failures.length : Number(code === 0);
  const whole = wholeFailure(task, code, results.length, failures.length);
  if (whole) failures.push({ name: task.name, reason: `${whole}\n${output.trim()}`.trim() });
  return { name: task.name, passed, failures, notes, ms };
}

function wholeFailure(task: Task, code: number | null, tests: number, failed: number): string | null {
  if (code === null) return `was still running after ${TIMEOUT_MS / 60_000} minutes, or was killed`;
  if (code !== 0 && failed === 0) return `ended with exit code ${code}`;
  return task.results && tests === 0 ? 'has no tests' : null;
}

interface Result {
  name: string;
  ok: boolean;
  reason?: string;
}

/** @param file null for what is no test file */
function readResults(file: string | null): { results: Result[]; notes: string[] } {
  try {
    const lines = file === null ? [] : readFileSync(file, 'utf8').split('\n').filter(Boolean);
    const all = lines.map((line) => JSON.parse(line) as Result & { end?: true; note?: string });
    return { results: all.filter((one) => !one.end && one.note === undefined), notes: all.flatMap((one) => one.note ?? []) };
  } catch {
    return { results: [], notes: [] };
  }
}

function show({ name, passed, failures, notes, ms }: Outcome): void {
  console.log(
    `${failures.length > 0 ? 'FAIL' : 'ok  '} ${name}  ${passed} passed${failures.length ? `, ${failures.length} failed` : ''}  ${seconds(ms)}`,
  );
  for (const note of notes) console.log(indent(note));
  for (const failure of failures) console.log(`  ✗ ${failure.name}\n${indent(failure.reason)}`);
}

function summary(outcomes: Outcome[]): number {
  const failed = outcomes.reduce((sum, one) => sum + one.failures.length, 0);
  const passed = outcomes.reduce((sum, one) => sum + one.passed, 0);
  const slowest = [...outcomes].sort((a, b) => b.ms - a.ms).slice(0, SLOWEST_SHOWN);
  console.log(`\nSlowest:\n${slowest.map((one) => `  ${seconds(one.ms).padStart(8)}  ${one.name}`).join('\n')}`);
  if (failed > 0) console.log('\nFailed:');
  for (const one of outcomes) for (const failure of one.failures) console.log(`  ${one.name} › ${failure.name}`);
  if (passed + failed === 0) console.log('\nNo test was found.');
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function indent(text: string): string {
  return text
    .split('\n')
    .slice(0, 60)
    .map((line) => `      ${line}`)
    .join('\n');
}

async function leave(code: string | number): Promise<void> {
  if (leaving) return;
  leaving = true;
  alive.forEach(killGroup);
  await cluster?.stop();
  rmSync(scratch, { recursive: true, force: true });
  process.exit(Number(code));
}
