import { platformCron, platformJobs, startJobs } from './platform/jobs/index.js';
import { callDelivery } from './platform/outbox/index.js';
import { jobsOf } from './apart.js';
import type { App } from './app.js';

const EVERY_MS = 30_000;

/** Runs the jobs, crons and event deliveries of this role's database until stopped. */
export async function startBackground(app: App): Promise<{ stop(): Promise<void> } | null> {
  const { config, log, database } = app;
  if (!config.worker) return null;
  const jobs = await startJobs({
    connection: { host: config.db.directHost, port: config.db.directPort, database: config.db.database, ...config.worker },
    database,
    tasks: { ...platformJobs(app.subscribers), ...jobsOf(app) },
    cron: { ...platformCron, ...app.cron },
    // A slow mail or SMS service holds a seat for a minute; the others go on.
    concurrency: 4,
    onError: (err, where) => log.error({ err }, where),
  });
  await app.run(callDelivery).catch((err: unknown) => log.error({ err }, 'calling the delivery of events'));
  const count = setInterval(() => app.metrics?.jobsFailed(jobs.failures), EVERY_MS);
  count.unref();
  return {
    stop: async () => {
      clearInterval(count);
      await jobs.stop();
    },
  };
}
