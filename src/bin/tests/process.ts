import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import path from 'node:path';
import { projectRoot } from '../../platform/paths.js';
import type { Failure, Outcome } from './outcome.js';

const TIMEOUT_MS = 10 * 60_000;
const TOO_LONG = `was still running after ${TIMEOUT_MS / 60_000} minutes`;
const OUTPUT_SHOWN = 6_000;
/** A process that has grown over this is replaced by a new one. */
const WORN_BYTES = 900e6;
const alive = new Set<Group>();

export function killAll(): void {
  for (const group of alive) group.kill();
}

/** A process with all that it starts: nothing of it outlives it. */
class Group {
  readonly child: ChildProcess;
  /** The exit code, or null when a signal ended it; what could not be started has ended too. */
  readonly ended: Promise<number | null>;
  private output = '';

  constructor(args: string[], env: NodeJS.ProcessEnv, stdio: ('ignore' | 'pipe')[]) {
    this.child = spawn(process.execPath, args, { cwd: projectRoot, env, detached: true, stdio });
    alive.add(this);
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on('data', (chunk: Buffer) => this.keep(chunk));
    this.child.once('error', (error) => this.keep(error.message));
    this.child.once('exit', () => this.kill());
    this.ended = new Promise((resolve) =>
      this.child.once('close', (code) => {
        alive.delete(this);
        resolve(code);
      }),
    );
  }

  kill(): void {
    try {
      if (this.child.pid !== undefined) process.kill(-this.child.pid, 'SIGKILL');
    } catch {
      // nobody is left in the group
    }
  }

  /** What it printed last, once. */
  takeOutput(): string {
    const output = this.output.trim();
    this.output = '';
    return output;
  }

  private keep(chunk: Buffer | string): void {
    this.output = (this.output + chunk.toString()).slice(-OUTPUT_SHOWN);
  }
}

/** A checker: it passes when it ends with 0. */
export async function runCheck(name: string, args: string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
  const began = Date.now();
  const group = new Group(args, env, ['ignore', 'pipe', 'pipe']);
  const timer = setTimeout(() => group.kill(), TIMEOUT_MS);
  const code = await group.ended;
  clearTimeout(timer);
  const why = code === null ? `${TOO_LONG}, or was killed` : `ended with exit code ${code}`;
  const failures = code === 0 ? [] : [{ name, reason: `${why}\n${group.takeOutput()}` }];
  return { name, passed: Number(code === 0), failures, notes: [], ms: Date.now() - began, startMs: null, setUpMs: null };
}

/** A line of reporter.mjs: a test, a note, or that the file is over. */
interface Told {
  name?: string;
  ok?: boolean;
  reason?: string;
  note?: string;
  over?: string;
  loadingMs?: number;
  setUpMs?: number;
  bytes?: number;
}

/** A process that runs test files, one after the other. */
export class FileProcess {
  private readonly group: Group;
  private readonly born = Date.now();
  private first = true;
  private told: (line: Told) => void = () => undefined;
  private last = '';
  private failed = false;
  private died = false;
  worn = false;

  constructor(env: NodeJS.ProcessEnv) {
    const args = [
      '--enable-source-maps',
      '--no-warnings=ExperimentalWarning',
      `--test-reporter=${path.join(projectRoot, 'src/bin/tests/reporter.mjs')}`,
      path.join(projectRoot, 'src/bin/tests/worker.mjs'),
    ];
    this.group = new Group(args, env, ['pipe', 'pipe', 'pipe', 'pipe']);
    this.input.on('error', () => undefined);
    const lines = createInterface({ input: this.group.child.stdio[3] as Readable });
    lines.on('line', (line) => this.told(JSON.parse(line) as Told));
  }

  /** @param file of the built tests, from the project's root */
  async run(name: string, file: string): Promise<Outcome> {
    const began = this.first ? this.born : Date.now();
    this.first = false;
    this.last = name;
    const results: Told[] = [];
    const notes: string[] = [];
    let over: Told | null = null;
    const end = new Promise<void>((resolve) => {
      this.told = (line) => {
        if (line.note !== undefined) notes.push(line.note);
        else if (line.over === undefined) results.push(line);
        else resolve(void (over = line));
      };
    });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.group.kill();
    }, TIMEOUT_MS);
    this.input.write(`${file}\n`);
    const code = await Promise.race([end, this.group.ended]);
    clearTimeout(timer);
    const { loadingMs = 0, setUpMs = 0, bytes = 0 } = (over ?? {}) as Told;
    this.died = over === null;
    this.worn = this.died || bytes > WORN_BYTES;
    const failures = results.filter((one) => !one.ok).map(({ name, reason }) => ({ name: name!, reason: reason ?? 'failed' }));
    const passed = results.length - failures.length;
    this.failed ||= failures.length > 0;
    if (over === null)
      failures.push(this.whole(late ? TOO_LONG : `ended with ${code === null ? 'a signal' : `exit code ${code}`}`));
    else if (results.length === 0) failures.push(this.whole('has no tests'));
    return { name, passed, failures, notes, ms: Date.now() - began, startMs: loadingMs, setUpMs };
  }

  /** Lets it end; the answer is what is wrong with how it did, beside what has been told of. */
  async end(): Promise<Failure | null> {
    this.input.end();
    const timer = setTimeout(() => this.group.kill(), TIMEOUT_MS);
    const code = await this.group.ended;
    clearTimeout(timer);
    // A failed test makes its process end with 1; one that died in a file has failed it.
    const known = code === 0 || this.died || (code === 1 && this.failed);
    return known ? null : this.whole(code === null ? 'was ended by a signal after its tests' : `ended with exit code ${code}`);
  }

  private get input(): Writable {
    return this.group.child.stdin!;
  }

  private whole(why: string): Failure {
    return { name: this.last, reason: `${why}\n${this.group.takeOutput()}`.trim() };
  }
}
