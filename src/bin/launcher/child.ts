import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, openSync, closeSync, statSync, truncateSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SERVING_FLAGS } from '../../platform/node-flags.js';
import { StopReason } from './stop-reason.js';

export interface Program {
  /** Name of its log file and in messages. */
  name: string;
  script: string;
  env: Record<string, string>;
  /** Host header of the readiness question. */
  host: string;
  logs: string;
  startTimeoutMs?: number;
}

const FOLLOW_PARENT = fileURLToPath(new URL('./follow-parent.js', import.meta.url));
const LOG_LIMIT = 20 * 1024 * 1024;
const TAIL = 4_000;
const STOP_TIMEOUT_MS = 12_000;
/** Without it glibc keeps memory ready for each thread apart: 2 MB that a process which nobody uses would hold. */
const FEW_ARENAS = { MALLOC_ARENA_MAX: '2' };

/** One running process of the product that answers HTTP on a port of its own on the loopback address. */
export class Child {
  private listening: number | null = null;

  private constructor(
    readonly program: Program,
    private readonly process: ChildProcess,
    private readonly tail: () => string,
  ) {
    process.on('message', (message) => (this.listening = listeningPort(message) ?? this.listening));
  }

  /** Resolves when it answers /readyz; @throws StopReason when it ends or stays silent instead. */
  static async start(program: Program): Promise<Child> {
    const { process, tail } = run(program);
    const child = new Child(program, process, tail);
    try {
      await child.ready(program.startTimeoutMs ?? 30_000);
    } catch (error) {
      await child.stop();
      throw error;
    }
    return child;
  }

  get running(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  get port(): number {
    return this.listening ?? 0;
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  onExit(listener: () => void): void {
    this.process.once('exit', listener);
  }

  async stop(): Promise<void> {
    if (!this.running || this.process.pid === undefined) return;
    const ended = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    const timer = setTimeout(() => this.process.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(timer);
  }

  private async ready(timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    const failure = failureOf(this.process);
    while (Date.now() < deadline) {
      const reason = failure();
      if (reason !== null) throw new StopReason(`${this.program.name} could not start (${reason}).${lastWords(this.tail())}`);
      if (this.listening !== null && (await answersReady(this.listening, this.program.host))) return;
      await sleep(10);
    }
    throw new StopReason(
      `${this.program.name} did not become ready within ${Math.round(timeoutMs / 1000)} s.${lastWords(this.tail())}`,
    );
  }
}

function failureOf(child: ChildProcess): () => string | null {
  let failed: Error | null = null;
  child.once('error', (error) => (failed = error));
  return () => {
    if (failed) return failed.message;
    if (child.exitCode !== null) return `exit code ${child.exitCode}`;
    return child.signalCode ? `signal ${child.signalCode}` : null;
  };
}

function lastWords(tail: string): string {
  const lines = tail.trim();
  return lines ? `\n${lines}` : '';
}

/** In a session of its own, so that Ctrl-C reaches the launcher alone, which then stops things in order. */
function run(program: Program): { process: ChildProcess; tail: () => string } {
  const log = openLog(program);
  const child = spawn(process.execPath, [...SERVING_FLAGS, '--import', FOLLOW_PARENT, program.script], {
    env: { ...FEW_ARENAS, ...program.env, AIMS_PORT: '0', AIMS_HOST: '127.0.0.1' },
    stdio: ['ignore', log, 'pipe', 'ipc'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  closeSync(log);
  let tail = '';
  const errors = createWriteStream(logFile(program), { flags: 'a' });
  errors.on('error', () => undefined);
  child.stderr?.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.toString('utf8')).slice(-TAIL);
    errors.write(chunk);
  });
  child.stderr?.once('close', () => errors.end());
  return { process: child, tail: () => tail };
}

function logFile(program: Program): string {
  return path.join(program.logs, `${program.name}.log`);
}

function openLog(program: Program): number {
  mkdirSync(program.logs, { recursive: true });
  const file = logFile(program);
  const log = openSync(file, 'a', 0o600);
  if (statSync(file).size > LOG_LIMIT) truncateSync(file);
  return log;
}

/** A program chooses a free port itself and tells us which: nobody can take it in between. */
function listeningPort(message: unknown): number | null {
  if (typeof message !== 'object' || message === null || !('type' in message) || !('port' in message)) return null;
  return message.type === 'listening' && typeof message.port === 'number' ? message.port : null;
}

function answersReady(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.get(
      { port, host: '127.0.0.1', path: '/readyz', headers: { host }, agent: false, timeout: 2_000 },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}
