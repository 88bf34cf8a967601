import { EventEmitter } from 'node:events';
import { Logger, parseCronItems, run } from 'graphile-worker';
import type { ParsedCronItem, Runner, TaskList, WorkerEvents } from 'graphile-worker';
import { migrations } from 'graphile-worker/dist/generated/sql.js';
import pg from 'pg';
import { runWith } from '../db/index.js';
import type { Database } from '../db/index.js';
import type { JobHandler } from '../module.js';

export interface JobsOptions {
  /** As the worker's role, directly and not through a pooler. */
  connection: { host: string; port: number; database: string; user: string; password: string; ssl?: pg.ClientConfig['ssl'] };
  /** As the application's role: what the jobs themselves work on. */
  database: Database;
  tasks: Readonly<Record<string, JobHandler>>;
  /** Job name → crontab line, in UTC. */
  cron?: Readonly<Record<string, string>>;
  concurrency?: number;
  onError?: (error: unknown, where: string) => void;
}

export interface Jobs {
  /** This process is the one that runs the jobs of this database. */
  readonly active: boolean;
  /** Tries that failed since the start. */
  readonly failures: number;
  /** Takes no new job and waits for those that are running. */
  stop(): Promise<void>;
}

/** Held by the one process that works on a database's jobs. */
const LOCK = 7_203_433;
const RETRY_MS = 2_000;
const CRON_ATTEMPTS = 5;
/** The first is enough for a database that isn't busy. */
const LOOK_AGAIN_MS = [8, 100];
const quiet = new Logger(() => () => undefined);

/**
 * Works on the jobs of one database. Of several processes one does so; when it ends in whatever way, another
 * takes over within seconds and frees the jobs that it had begun.
 */
export async function startJobs(options: JobsOptions): Promise<Jobs> {
  const worker = new JobWorker(options);
  await worker.start();
  return worker;
}

class JobWorker implements Jobs {
  failures = 0;
  private lead: { client: pg.Client; pool: pg.Pool; runner: Runner } | null = null;
  private attempt: Promise<void> | null = null;
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;
  private readonly taskList: TaskList;
  private readonly cronItems: ParsedCronItem[];

  constructor(private readonly options: JobsOptions) {
    this.taskList = Object.fromEntries(Object.entries(options.tasks).map(([name, handler]) => [name, this.task(name, handler)]));
    this.cronItems = parseCronItems(
      Object.entries(options.cron ?? {}).map(([task, match]) => ({
        task,
        match,
        identifier: task,
        // In the queue of its name: what the clock asks for doesn't run beside the same work that somebody asked for.
        options: { jobKey: `cron:${task}`, maxAttempts: CRON_ATTEMPTS, queueName: task },
      })),
    );
  }

  get active(): boolean {
    return this.lead !== null;
  }

  /** @throws when the schema of the worker is missing or old: it comes from migrations only. */
  async start(): Promise<void> {
    const client = await this.connect();
    try {
      await demandSchema(client);
    } finally {
      await client.end();
    }
    await this.tryToLead();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.attempt;
    await this.resign();
  }

  private task(name: string, handler: JobHandler): TaskList[string] {
    return async (payload, { job, abortSignal }) => {
      const info = {
        id: job.id,
        attempt: job.attempts,
        maxAttempts: job.max_attempts,
        signal: abortSignal ?? new AbortController().signal,
      };
      try {
        await runWith(this.options.database, () => handler(payload, info));
      } catch (error) {
        this.failures += 1;
        this.report(error, `job ${name}`);
        throw error;
      }
    };
  }

  private async tryToLead(): Promise<void> {
    this.attempt = this.becomeLeader().catch((error: unknown) => this.report(error, 'jobs'));
    await this.attempt;
    this.attempt = null;
    if (!this.active && !this.stopped) this.again();
  }

  private again(): void {
    this.timer = setTimeout(() => void this.tryToLead(), RETRY_MS);
    this.timer.unref();
  }

  private async becomeLeader(): Promise<void> {
    const client = await this.connect();
    try {
      const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [LOCK]);
      if (!rows[0]?.mine || this.stopped) {
        await client.end();
        return;
      }
      await freeAbandonedJobs(client);
      await this.run(client);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
  }

  private async run(client: pg.Client): Promise<void> {
    const concurrency = this.options.concurrency ?? 2;
    // It only notes which job is taken and which is done: after a crash one may come again, as any job may, so no note waits for the disk.
    const pool = new pg.Pool({ ...this.address(), max: concurrency + 2, options: '-c synchronous_commit=off' });
    pool.on('error', () => undefined);
    pool.on('connect', (one) => one.on('error', () => undefined));
    let gone = false;
    client.on('end', () => {
      gone = true;
      this.lost(client);
    });
    try {
      const runner = await run({
        pgPool: pool,
        taskList: this.taskList,
        parsedCronItems: this.cronItems,
        concurrency,
        noHandleSignals: true,
        logger: quiet,
        events: followingOn(),
        // Without batches it doesn't wait at a stop until the end of the last jobs is written down.
        preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      });
      this.lead = { client, pool, runner };
      if (gone) this.lost(client);
      runner.promise.catch((error: unknown) => {
        this.report(error, 'jobs');
        this.lost(client);
      });
    } catch (error) {
      await pool.end();
      throw error;
    }
  }

  private lost(client: pg.Client): void {
    if (this.lead?.client !== client) return;
    void this.resign().then(() => {
      if (!this.stopped) this.again();
    });
  }

  private async resign(): Promise<void> {
    const lead = this.lead;
    if (!lead) return;
    this.lead = null;
    await lead.runner.stop().catch(() => undefined);
    await lead.pool.end();
    await lead.client.end().catch(() => undefined);
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({ ...this.address(), keepAlive: true });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  private address(): pg.ClientConfig {
    return { ...this.options.connection, application_name: 'aims-jobs', connectionTimeoutMillis: 5_000 };
  }

  private report(error: unknown, where: string): void {
    (this.options.onError ?? this.options.database.onError)(error, where);
  }
}

/**
 * After a job of a queue the library looks for the next one before the end of the first is written down: it finds the queue
 * taken, and would look again after two seconds. It is asked to look again as soon as the queue must be free.
 */
function followingOn(): WorkerEvents {
  const events = new EventEmitter() as WorkerEvents;
  let stopping = false;
  events.on('pool:gracefulShutdown', () => (stopping = true));
  events.on('pool:forcefulShutdown', () => (stopping = true));
  events.on('job:complete', ({ job, worker }) => {
    if (job.job_queue_id === null) return;
    for (const afterMs of LOOK_AGAIN_MS) setTimeout(() => !stopping && worker.workerPool.nudge(1), afterMs).unref();
  });
  return events;
}

/** What a killed worker had begun would otherwise stay locked for four hours. */
async function freeAbandonedJobs(client: pg.Client): Promise<void> {
  await client.query(
    `select graphile_worker.force_unlock_workers(array_agg(locked_by))
       from (select distinct locked_by from graphile_worker.jobs where locked_by is not null) abandoned`,
  );
}

async function demandSchema(client: pg.Client): Promise<void> {
  const newest = Math.max(...Object.keys(migrations).map((file) => Number.parseInt(file, 10)));
  const { rows } = await client
    .query<{ id: number }>('select max(id) as id from graphile_worker.migrations')
    .catch(() => ({ rows: [] }));
  if ((rows[0]?.id ?? 0) < newest)
    throw new Error('The tables of the job worker are not up to date: migrate this database first.');
}
