import { fork, type ChildProcess } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { App } from './app.js';
import type { JobHandler, JobInfo } from './platform/module.js';
import { loaders } from './platform/node-flags.js';
import type { Config } from './platform/settings.js';

/** What tells the program that it has come for one job. */
export const ONE_JOB = 'one-job';

export interface JobOrder {
  type: 'work';
  config: Config;
  job: string;
  payload: unknown;
  info: Omit<JobInfo, 'signal'>;
}
export type ToJob = JobOrder | { type: 'abort' };
export type FromJob = { type: 'done' } | { type: 'failed'; message: string; stack: string | undefined };

/** Connections to the database: one that works, one that notes how far it has come, one to read ahead. */
const CONNECTIONS = 3;
/**
 * Much is made and thrown away at once: room for the young and for the first minute, since tidying up took more than a
 * quarter of the time; and an end for what never stops growing.
 */
const HEAP = [
  '--enable-source-maps',
  '--min-semi-space-size=16',
  '--max-semi-space-size=32',
  '--initial-heap-size=256',
  '--max-old-space-size=384',
];

/** The jobs of an app; those that would keep the pages waiting work in a process of their own. */
export function jobsOf(app: App): Record<string, JobHandler> {
  return Object.fromEntries(Object.entries(app.jobs).map(([name, handler]) => [name, eitherWay(app, name, handler)]));
}

function eitherWay(app: App, name: string, handler: JobHandler): JobHandler {
  const apart = app.apart[name];
  if (!apart) return handler;
  return async (payload, info) => {
    if (!(await apart.when(payload))) return handler(payload, info);
    try {
      await workApart(app.config, name, payload, info);
    } catch (error) {
      if (error instanceof Lost && info.attempt >= info.maxAttempts && !info.signal.aborted) await apart.lost(payload);
      throw error;
    }
  };
}

/** The process ended before it said how it went: it was killed, or had no memory left. */
class Lost extends Error {}

async function workApart(config: Config, job: string, payload: unknown, { signal, ...info }: JobInfo): Promise<void> {
  signal.throwIfAborted();
  const child = forkProgram();
  const tell = (message: ToJob): void => void (child.connected && child.send(message));
  const abort = (): void => tell({ type: 'abort' });
  signal.addEventListener('abort', abort, { once: true });
  try {
    const answer = answerOf(child);
    tell({ type: 'work', config: { ...config, db: { ...config.db, poolMax: CONNECTIONS } }, job, payload, info });
    await answer;
  } finally {
    signal.removeEventListener('abort', abort);
    if (child.exitCode === null) child.kill('SIGKILL');
  }
}

function answerOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: FromJob) => {
      if (message.type === 'done') resolve();
      else reject(Object.assign(new Error(message.message), message.stack && { stack: message.stack }));
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => reject(new Lost(`The process of the job ended with ${signal ?? code}.`)));
  });
}

function forkProgram(): ChildProcess {
  const extension = extname(fileURLToPath(import.meta.url));
  return fork(fileURLToPath(new URL(`./main${extension}`, import.meta.url)), [ONE_JOB], {
    execArgv: [...(extension === '.ts' ? loaders(process.execArgv) : []), ...HEAP],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}
