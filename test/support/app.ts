import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ServiceIdentifier } from 'inversify';
import { buildApp, type App } from '../../src/app.js';
import { startBackground } from '../../src/background.js';
import { systemActor, type Actor } from '../../src/kernel/actor.js';
import type { Clock } from '../../src/kernel/clock.js';
import { IDENTITY } from '../../src/modules/identity/index.js';
import { SCHOOL, SCHOOL_BOOTSTRAP, type SchoolStart } from '../../src/modules/school/index.js';
import { SUBJECTS, type SeedClass } from '../../src/modules/subjects/index.js';
import { createLog } from '../../src/platform/log.js';
import { ROLE_NAMES, type RoleName } from '../../src/platform/module.js';
import type { Config } from '../../src/platform/settings.js';
import { PERMISSION_CATALOGUE } from '../../src/platform/tokens.js';
import { Browser } from './browser.js';
import { freshSchool, setUp, type TestSchool } from './database.js';

export interface SchoolOptions extends Partial<SchoolStart> {
  classes?: SeedClass[];
  clock?: Clock;
  /** Runs jobs and event deliveries too. */
  background?: boolean;
  /** Sets the school up instead of the usual way. */
  arrange?: (app: App) => Promise<unknown>;
  /** Instead of the usual settings. */
  settings?: Partial<Config> | ((config: Config) => Partial<Config>);
}

export interface SchoolUnderTest {
  app: App;
  database: TestSchool;
  /** Scheme, name and port, for a real browser. */
  url: string;
  /** Everything that is bound, by its token. */
  get<T>(token: ServiceIdentifier<T>): T;
  /** Works as use cases do, outside of a request. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Signed in with these roles; each call is another person. */
  as(...roles: RoleName[]): Promise<Browser>;
  /** Signed in to an account that is there already. */
  signedIn(email: string, password: string): Promise<Browser>;
  /** Somebody who isn't signed in. */
  stranger(): Browser;
  /** An actor that may do everything, for arranging things through use cases. */
  office: Actor;
  stop(): Promise<void>;
}

const PASSWORD = 'correct-horse-battery-staple-7';

/** The whole product for one school on a database of its own, as the application's own role. */
export async function aSchool(options: SchoolOptions = {}): Promise<SchoolUnderTest> {
  const database = await freshSchool();
  const data = mkdtempSync(path.join(tmpdir(), 'aims-test-data-'));
  // The address with its port is known first, since links and the host check are made of it.
  let answer: RequestListener = (_req, res) => void res.writeHead(503).end();
  const server = createServer((req, res) => answer(req, res)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const usual = configFor(database, data, port);
  const config = { ...usual, ...(typeof options.settings === 'function' ? options.settings(usual) : options.settings) };
  const { app, office } = await setUp(async () => {
    const built = await buildApp(config, { log: createLog('silent', {}), ...(options.clock ? { clock: options.clock } : {}) });
    const actor: Actor = { ...systemActor('test'), permissions: everyPermission(built) };
    await built.run(() => (options.arrange ? options.arrange(built) : usualSchool(built, actor, options)));
    await noSecondFactor(database);
    return { app: built, office: actor };
  });
  const background = options.background ? await startBackground(app) : null;
  answer = app.express;
  let people = 0;
  const signedIn = async (email: string, password: string): Promise<Browser> => {
    const browser = new Browser(port, config.publicUrl);
    await browser.signIn(email, password);
    return browser;
  };
  return {
    app,
    database,
    url: config.publicUrl,
    get: (token) => app.container.get(token),
    run: (work) => app.run(work),
    office,
    stranger: () => new Browser(port, config.publicUrl),
    as: async (...roles) => {
      people += 1;
      const email = `person${people}@school.test`;
      await app.run(() =>
        app.container
          .get(IDENTITY)
          .createAccount({ name: `Person ${people}`, email, roles, by: { password: PASSWORD }, actor: office }),
      );
      return signedIn(email, PASSWORD);
    },
    signedIn,
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

async function usualSchool(app: App, office: Actor, options: SchoolOptions): Promise<void> {
  const get = app.container.get.bind(app.container);
  await get(SCHOOL_BOOTSTRAP).bootstrapSchool(office, { name: 'Test School', country: 'KE', ready: true, ...options });
  const classes = options.classes ?? [
    { name: 'Grade 7', streams: ['East', 'West'] },
    { name: 'Grade 8', streams: ['East', 'West'] },
  ];
  await get(SUBJECTS).seedFromPack(office, (await get(SCHOOL).pack()).id, classes);
}

export function configFor(school: TestSchool, data: string, port: number): Config {
  const { app, worker } = school.connections;
  return {
    role: 'tenant',
    process: 'all',
    port: 0,
    host: '127.0.0.1',
    metricsPort: null,
    data,
    domain: 'localhost',
    publicUrl: `http://${school.subdomain}.localhost:${port}`,
    secure: false,
    production: true,
    launcher: false,
    logLevel: 'silent',
    webConcurrency: 1,
    support: 'support@localhost',
    secretKey: 'a secret key for tests only, long enough to be taken',
    db: {
      host: app.host,
      port: app.port,
      directHost: app.host,
      directPort: app.port,
      database: app.database,
      user: app.user,
      password: app.password,
      poolMax: 4,
    },
    worker: { user: worker.user, password: worker.password },
    school: { id: school.schoolId, subdomain: school.subdomain, bootstrapSecret: null, readyUrl: null },
    coreDb: null,
    core: null,
    mail: { resendKey: null, resendUrl: 'http://127.0.0.1:9', smtpUrl: null, from: 'AIMS <no-reply@school.test>' },
    sms: null,
    rails: { production: 'http://127.0.0.1:9', sandbox: 'http://127.0.0.1:9', callbackUrl: 'http://localhost:9' },
    storage: null,
  };
}

function everyPermission(app: App): Set<string> {
  return new Set(app.container.get(PERMISSION_CATALOGUE).map((permission) => permission.key));
}

/** The rule about second factors has tests of its own; others sign in with a password alone. */
async function noSecondFactor(school: TestSchool): Promise<void> {
  const admin = await school.admin();
  try {
    await admin.query('insert into identity_settings (school_id, id) values ($1, gen_random_uuid()) on conflict do nothing', [
      school.schoolId,
    ]);
    await admin.query("update identity_settings set factor_roles = '{}', factor_waived = $1", [ROLE_NAMES]);
  } finally {
    await admin.end();
  }
}
