import { query } from '../db/index.js';

export interface EnqueueOptions {
  /** A waiting job with the same key is replaced. Two transactions with one key wait for each other. */
  key?: string;
  /** Jobs of one queue run one after the other. */
  queue?: string;
  runAt?: Date;
  /** Tries in all, with growing pauses; 25 by default, which is about three days. */
  maxAttempts?: number;
}

export interface JobsSummary {
  waiting: number;
  running: number;
  /** Given up: they stay until a person looks at them. */
  failed: number;
  /** When the next one is to run; now, while one is running. */
  nextDueAt: Date | null;
}

/** Adds a job with the commit of the current transaction: rolled back, it never was. Returns its id. */
export async function enqueue(name: string, payload: unknown, options: EnqueueOptions = {}): Promise<string> {
  const [row] = await query<{ id: string | number }>('platform.enqueue', 'select app.enqueue($1, $2, $3, $4, $5, $6) as id', [
    name,
    JSON.stringify(payload ?? {}),
    options.key ?? null,
    options.queue ?? null,
    options.runAt ?? null,
    options.maxAttempts ?? null,
  ]);
  return String(row!.id);
}

/** Many jobs of one name in one statement; each has its own key and queue. */
export async function enqueueAll(name: string, jobs: readonly { payload: unknown; key: string; queue: string }[]): Promise<void> {
  if (jobs.length === 0) return;
  await query(
    'platform.enqueue-all',
    'select count(app.enqueue($1, payload::json, key, queue, null, null)) from unnest($2::text[], $3::text[], $4::text[]) as one (payload, key, queue)',
    [name, jobs.map((job) => JSON.stringify(job.payload)), jobs.map((job) => job.key), jobs.map((job) => job.queue)],
  );
}

export async function jobsSummary(): Promise<JobsSummary> {
  const [row] = await query<JobsSummary>(
    'platform.jobs-summary',
    'select waiting, running, failed, next_due_at as "nextDueAt" from app.jobs_summary()',
  );
  return row!;
}

/** When this database next has work to do without being asked; lines of the crontab don't count. */
export async function nextDueAt(): Promise<Date | null> {
  return (await jobsSummary()).nextDueAt;
}
