import cluster from 'node:cluster';
import { createServer, type RequestListener } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { ONE_JOB } from './apart.js';
import { buildApp, type App } from './app.js';
import { ConfigError, readConfig } from './config.js';
import { startBackground } from './background.js';
import { PROVISIONER } from './modules/provisioning/index.js';
import { workOnOneJob } from './one-job.js';
import { skipsRowSecurity } from './platform/db/index.js';
import { LOAD_ONLY, SERVING_FLAGS } from './platform/node-flags.js';
import { messagesOf } from './platform/http/messages.js';
import { LISTENING } from './platform/http/patience.js';
import type { Config } from './platform/settings.js';
import { roles } from './roles.js';

/** How long requests and jobs under way may take to finish after SIGTERM. */
const GRACE_MS = 10_000;
/** For so long the balancer may take to see that this process wants no new request; it still answers those that come. */
const NOTICE_MS = 1_500;

async function main(): Promise<void> {
  const config = readConfig(process.env);
  if (config.webConcurrency > 1 && cluster.isPrimary && config.process !== 'worker') return forkWorkers(config);
  const app = await buildApp(config);
  await demandPlainRole(app);
  await app.open().catch((error: unknown) => console.error(error instanceof Error ? error.message : error));
  const provisioner = config.process === 'provisioner' ? app.container.get(PROVISIONER).start() : null;
  // Whoever waits for the first page doesn't wait for the jobs.
  const web = config.process === 'worker' ? null : await listen(app, provisioner ? app.health : app.express);
  // Of several processes exactly one runs the jobs: the one that holds the lock; another takes over when it ends.
  const background = config.process === 'web' || provisioner ? null : startBackground(app);
  const metrics = config.metricsPort === null ? null : app.metrics?.listen(config.metricsPort, config.host);
  stopOn(async () => {
    app.drain();
    if (web && config.production && !config.launcher) await pause(NOTICE_MS);
    await web?.close();
    await (await background)?.stop();
    await provisioner?.stop();
    metrics?.close();
    await app.stop();
  });
  await background;
}

/** A database that is away is no reason to stop: it comes back, and `/readyz` asks the same then. */
async function demandPlainRole(app: App): Promise<void> {
  const skips = await app.run(skipsRowSecurity).catch(() => false);
  if (!skips) return;
  await app.stop();
  const why = 'the rules that keep schools apart are skipped for superusers and for roles with BYPASSRLS';
  throw new ConfigError([`DB_USER must be an ordinary role, and ${app.config.db.user} is not: ${why}`]);
}

async function listen(app: App, serves: RequestListener): Promise<{ close(): Promise<void> }> {
  const server = createServer({ ...LISTENING, ...messagesOf(app.express) }, serves);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(app.config.port, app.config.host, resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : app.config.port;
  app.log.info({ port }, 'serving');
  process.send?.({ type: 'listening', port });
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        const sweep = setInterval(() => server.closeIdleConnections(), 250);
        sweep.unref();
        setTimeout(() => server.closeAllConnections(), GRACE_MS - NOTICE_MS - 1000).unref();
      }),
  };
}

function forkWorkers(config: Config): void {
  cluster.setupPrimary({ execArgv: [...process.execArgv, ...SERVING_FLAGS.filter((flag) => !process.execArgv.includes(flag))] });
  for (let started = 0; started < config.webConcurrency; started += 1) cluster.fork();
  let stopping = false;
  cluster.on('exit', () => {
    if (!stopping) setTimeout(() => cluster.fork(), 500);
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      stopping = true;
      for (const worker of Object.values(cluster.workers ?? {})) worker?.kill(signal);
    });
  }
}

function stopOn(close: () => Promise<void>): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), GRACE_MS).unref();
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

async function loadModules(): Promise<void> {
  for (const modules of Object.values(roles)) await Promise.all(Object.values(modules).map((load) => load()));
}

async function begin(): Promise<void> {
  if (process.argv[2] === LOAD_ONLY) await loadModules();
  else if (process.argv[2] === ONE_JOB) workOnOneJob();
  else await main();
}

begin().catch((error: unknown) => {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exit(1);
});
