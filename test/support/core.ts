import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ServiceIdentifier } from 'inversify';
import { buildApp, type App } from '../../src/app.js';
import { startBackground } from '../../src/background.js';
import type { Clock } from '../../src/kernel/clock.js';
import { createLog } from '../../src/platform/log.js';
import type { Config } from '../../src/platform/settings.js';
import type { SchoolUnderTest } from './app.js';
import { Browser } from './browser.js';
import { connect, freshCore, testCluster, type TestCore } from './database.js';

export interface PlatformOptions {
  clock?: Clock;
  /** Runs jobs and event deliveries too. */
  background?: boolean;
  /** Instead of the usual settings. */
  settings?: Partial<Config>;
}

export interface PlatformUnderTest {
  app: App;
  database: TestCore;
  /** Scheme, name and port, for a real browser. */
  url: string;
  /** Where its process listens, whatever stands in front of it. */
  port: number;
  /** Everything that is bound, by its token. */
  get<T>(token: ServiceIdentifier<T>): T;
  /** Works as use cases do, outside of a request. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Somebody who isn't signed in. */
  stranger(): Browser;
  /** Asks the platform's database as a superuser, for arranging and looking. */
  sql<Row = Record<string, string>>(text: string, values?: unknown[]): Promise<Row[]>;
  stop(): Promise<void>;
}

/** The platform's process, as core's own role, on a database of its own; it can't make databases. */
export async function aPlatform(options: PlatformOptions = {}): Promise<PlatformUnderTest> {
  const database = await freshCore();
  const data = mkdtempSync(path.join(tmpdir(), 'aims-test-core-'));
  let answer: RequestListener = (_req, res) => void res.writeHead(503).end();
  const server = createServer((req, res) => answer(req, res)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const config = { ...coreConfig(database, data, port), ...options.settings };
  const app = await buildApp(config, { log: createLog('silent', {}), ...(options.clock ? { clock: options.clock } : {}) });
  const background = options.background ? await startBackground(app) : null;
  answer = app.express;
  return {
    app,
    database,
    url: config.publicUrl,
    port,
    get: (token) => app.container.get(token),
    run: (work) => app.run(work),
    stranger: () => new Browser(port, config.publicUrl),
    sql: async <Row>(text: string, values: unknown[] = []) => {
      const admin = await database.admin();
      try {
        return (await admin.query(text, values)).rows as Row[];
      } finally {
        await admin.end();
      }
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await background?.stop();
      await app.stop();
      await database.drop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

export function coreConfig(database: TestCore, data: string, port: number): Config {
  const { coreApp, coreWorker } = database.connections;
  const { host, port: dbPort, user, password } = coreApp;
  return {
    role: 'core',
    process: 'all',
    port: 0,
    host: '127.0.0.1',
    metricsPort: null,
    data,
    domain: 'localhost',
    publicUrl: `http://localhost:${port}`,
    secure: false,
    production: true,
    launcher: false,
    logLevel: 'silent',
    webConcurrency: 1,
    support: 'support@localhost',
    secretKey: 'a secret key of the platform for tests only, long enough',
    db: { host, port: dbPort, directHost: host, directPort: dbPort, database: database.name, user, password, poolMax: 4 },
    worker: { user: coreWorker.user, password: coreWorker.password },
    school: null,
    coreDb: null,
    core: {
      bootstrapSecret: 'k1:a-master-key-of-tests-that-is-long-enough',
      githubToken: null,
      adminApiKey: 'an-admin-key-of-tests-only',
    },
    mail: { resendKey: null, resendUrl: 'http://127.0.0.1:9', smtpUrl: null, from: 'AIMS <no-reply@platform.test>' },
    sms: null,
    rails: { production: 'http://127.0.0.1:9', sandbox: 'http://127.0.0.1:9', callbackUrl: 'http://localhost:9' },
    storage: null,
  };
}

/** The platform's own pages, on the cluster's core database. */
export async function aCore(
  beside: SchoolUnderTest,
  bootstrapSecret: string | null = null,
): Promise<Omit<PlatformUnderTest, 'database'>> {
  const { admin, platform } = await testCluster();
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://localhost:${port}`;
  const { coreApp } = platform;
  const db = { ...beside.app.config.db, ...coreApp, directHost: coreApp.host, directPort: coreApp.port };
  const settings = { ...beside.app.config, role: 'core' as const, publicUrl: url, db, worker: null, school: null };
  const app = await buildApp(
    { ...settings, core: { bootstrapSecret, githubToken: null, adminApiKey: null } },
    { log: createLog('silent', {}) },
  );
  server.on('request', app.express);
  return {
    app,
    url,
    port,
    get: (token) => app.container.get(token),
    run: (work) => app.run(work),
    stranger: () => new Browser(port, url),
    sql: async <Row>(text: string, values: unknown[] = []) => {
      const client = await connect({ ...admin, database: coreApp.database });
      return client
        .query(text, values)
        .then(({ rows }) => rows as Row[])
        .finally(() => client.end());
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await app.stop();
    },
  };
}
