import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import express, { type Express } from 'express';
import { Container } from 'inversify';
import { systemClock, type Clock } from './kernel/clock.js';
import { RUN, runner } from './kernel/shapes/command.js';
import { bootOrder } from './boot-order.js';
import { openDatabase, runWith, unit, type Database } from './platform/db/index.js';
import { Texts } from './platform/i18n/i18n.js';
import { enqueue } from './platform/jobs/enqueue.js';
import { createLog, type Log } from './platform/log.js';
import { deriveKey } from './platform/keys.js';
import { projectRoot } from './platform/paths.js';
import { publish } from './platform/outbox/index.js';
import { CONFIG, type Config } from './platform/settings.js';
import {
  ROLES_OF,
  type AnyRole,
  type Get,
  type JobHandler,
  type MenuCounts,
  type Module,
  type ModuleWork,
  type Permission,
  type Subscriber,
} from './platform/module.js';
import {
  ACTS,
  CLOCK,
  DASHBOARD,
  DATABASE,
  DECLARED,
  LATER,
  LOG,
  MENU,
  MENU_COUNTS,
  OFFERS,
  OPERATIONS,
  PERMISSION_CATALOGUE,
  PERSONAL_DATA,
  PUBLISH,
  RECORDS,
  RETENTION_CLASSES,
  SEARCHES,
  TEXTS,
  UNIT,
  WHOLE_EXPORT,
} from './platform/tokens.js';
import { loadAssets } from './platform/http/assets/assets.js';
import { UPLOAD_FOLDER } from './platform/files/index.js';
import { errorAnswers, nothingHere } from './platform/http/errors.js';
import { Flashes } from './platform/http/pages/flash.js';
import { cspReports } from './platform/http/figures/csp-reports.js';
import { developerPages, developersOnly, hasDeveloperPages } from './platform/http/pages/dev-pages.js';
import { openMetrics, type Metrics } from './platform/http/figures/metrics.js';
import { oldPaths } from './platform/http/routes/old-paths.js';
import { Opening } from './platform/http/opening.js';
import { OwnNames } from './platform/http/own-names.js';
import { pages } from './platform/http/pages/page.js';
import { DayTurn } from './platform/http/day-turn.js';
import { AUDIT, SCHOOL_SOURCE, SIGN_IN, STANDING } from './platform/http/ports.js';
import { keepReadCount, READ_COUNT } from './platform/http/routes/reading.js';
import { Places } from './platform/http/routes/places.js';
import type { Declared } from './platform/http/routes/declared.js';
import { Routes } from './platform/http/routes/routes.js';
import { SecretPaths } from './platform/http/secret-paths.js';
import type { Operation } from './platform/http/routes/api.js';
import { EXPORTED, type Exported } from './platform/http/routes/sheet-route.js';
import { createServer, requestContext, type ServerParts } from './platform/http/server.js';
import { Views } from './platform/http/pages/views.js';
import { noteTried } from './platform/http/routes/tried.js';
import { wellKnown } from './platform/http/well-known.js';
import { roles } from './roles.js';

export interface App {
  express: Express;
  container: Container;
  config: Config;
  log: Log;
  database: Database;
  /** Where there is a port for them. */
  metrics: Metrics | null;
  declared: readonly Declared[];
  jobs: Record<string, JobHandler>;
  apart: NonNullable<ModuleWork['apart']>;
  cron: Record<string, string>;
  subscribers: Subscriber[];
  /** Enters the context in which use cases work, outside of a request. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Finds out whether it can serve. @throws Error with a sentence when it can't yet; it then goes on looking when it is asked. */
  open(): Promise<void>;
  /** `/healthz` and `/readyz` alone, for a process that serves nothing else. */
  health: Express;
  /** Turns `/readyz` red, so that no new request is sent here. */
  drain(): void;
  stop(): Promise<void>;
}

export interface BuildOptions {
  clock?: Clock;
  log?: Log;
}

/** Puts one role together: modules in the order of `uses.json`, their routes, and everything they share. */
export async function buildApp(config: Config, options: BuildOptions = {}): Promise<App> {
  const log =
    options.log ??
    createLog(config.logLevel, { role: config.role, ...(config.school ? { school: config.school.subdomain } : {}) });
  const database = openDatabase({
    ...config.db,
    applicationName: `aims-${config.role}`,
    onError: (err, where) => log.error({ err }, where),
  });
  const modules = await loadModules(config.role);
  const container = bindShared(config, log, database, options.clock ?? systemClock, modules);
  for (const module of modules) module.bind(container);
  const get: Get = (token) => container.get(token);
  const work = modules.map((module) => module.work?.(get) ?? {});
  container.bind(SEARCHES).toConstantValue(work.flatMap((part) => part.search ?? []));
  container.bind(DASHBOARD).toConstantValue(work.flatMap((part) => part.dashboard ?? []).sort((a, b) => a.order - b.order));
  container.bind(MENU_COUNTS).toConstantValue(Object.assign({}, ...work.map((part) => part.menuCounts ?? {})) as MenuCounts);
  container
    .bind(PERSONAL_DATA)
    .toConstantValue(work.flatMap((part) => part.personalData ?? []).sort((a, b) => a.order - b.order));
  container.bind(RETENTION_CLASSES).toConstantValue(work.flatMap((part) => part.retention ?? []));
  container.bind(WHOLE_EXPORT).toConstantValue(work.flatMap((part) => part.wholeExport ?? []));

  const metrics = await openMetrics(config.metricsPort, config.role);
  const opening = new Opening(
    database,
    config.role,
    work.flatMap((part) => part.atOpening ?? []),
    work.flatMap((part) => part.health ?? []),
  );
  const turn = new DayTurn(
    work.flatMap((part) => part.atDay ?? []),
    log,
  );
  const { server, declared } = mount(config, container, modules, log, database, metrics, opening, turn);
  return {
    express: server,
    container,
    config,
    log,
    database,
    metrics,
    declared,
    jobs: Object.assign({}, ...work.map((part) => part.jobs ?? {})) as Record<string, JobHandler>,
    apart: Object.assign({}, ...work.map((part) => part.apart ?? {})) as App['apart'],
    cron: Object.assign({}, ...work.map((part) => part.cron ?? {})) as Record<string, string>,
    subscribers: work.flatMap((part) => part.subscribe ?? []),
    run: (work) => runWith(database, work),
    open: () => opening.demand(),
    health: express().use(opening.health()),
    drain: () => {
      opening.draining = true;
    },
    stop: async () => {
      for (const part of work) await part.atStop?.();
      await database.close();
    },
  };
}

async function loadModules(role: Config['role']): Promise<Module<AnyRole>[]> {
  const file = path.join(projectRoot, 'src', 'modules', 'uses.json');
  const uses = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string[]>;
  const order = bootOrder(Object.keys(roles[role]), uses);
  return Promise.all(order.map((name) => roles[role][name]!()));
}

function bindShared(config: Config, log: Log, database: Database, clock: Clock, modules: readonly Module<AnyRole>[]): Container {
  const container = new Container({ defaultScope: 'Singleton' });
  container.bind(CONFIG).toConstantValue(config);
  container.bind(LOG).toConstantValue(log);
  container.bind(DATABASE).toConstantValue(database);
  container.bind(CLOCK).toConstantValue(clock);
  container.bind(UNIT).toConstantValue(unit);
  container.bind(PUBLISH).toConstantValue(publish);
  container.bind(LATER).toConstantValue(enqueue);
  container.bind(RUN).toConstantValue(runner((token) => container.get(token)));
  container
    .bind(TEXTS)
    .toConstantValue(
      new Texts(path.join(projectRoot, 'src', 'modules'), path.join(projectRoot, 'src', 'platform', 'i18n', 'texts')),
    );
  container.bind(PERMISSION_CATALOGUE).toConstantValue(catalogueOf(config.role, modules));
  container.bind(ACTS).toConstantValue(modules.flatMap((module) => module.acts ?? []));
  container.bind(RECORDS).toConstantValue(modules.flatMap((module) => module.records ?? []));
  container.bind(MENU).toConstantValue(modules.flatMap((module) => module.menu ?? []).sort((a, b) => a.order - b.order));
  container
    .bind(OFFERS)
    .toConstantValue(
      modules.flatMap((module) => [
        ...(module.menu ?? [])
          .filter(({ href }) => href !== '/')
          .map(({ label, href, group }) => ({ kind: 'Pages' as const, label, href, also: group })),
        ...(module.offers ?? []),
      ]),
    );
  return container;
}

/** Modules of both roles name both kinds of people; here stand those of this process alone. */
function catalogueOf(role: Config['role'], modules: readonly Module<AnyRole>[]): Permission<AnyRole>[] {
  const known = ROLES_OF[role];
  const ofThisRole = (permission: Permission<AnyRole>): Permission<AnyRole> => ({
    ...permission,
    roles: permission.roles.filter((name) => known.includes(name)),
  });
  const all = modules.flatMap((module) => module.permissions);
  return all.filter(({ roles: names }) => names.length === 0 || names.some((name) => known.includes(name))).map(ofThisRole);
}

function mount(
  config: Config,
  container: Container,
  modules: readonly Module<AnyRole>[],
  log: Log,
  database: Database,
  metrics: Metrics | null,
  opening: Opening,
  turn: DayTurn,
): { server: Express; declared: Declared[] } {
  const get: Get = (token) => container.get(token);
  const declared: Declared[] = [];
  const operations: Operation[] = [];
  container.bind(DECLARED).toConstantValue(declared);
  container.bind(OPERATIONS).toConstantValue(operations);
  const assets = loadAssets(path.join(projectRoot, 'dist', 'public'));
  const secrets = new SecretPaths();
  const parts: ServerParts = {
    log,
    database,
    texts: get(TEXTS),
    metrics,
    secrets,
    publicUrl: config.publicUrl,
    ownNames: config.ownMachine ? new OwnNames([new URL(config.publicUrl).hostname]) : null,
    signIn: container.isBound(SIGN_IN) ? get(SIGN_IN) : null,
    school: container.isBound(SCHOOL_SOURCE) ? get(SCHOOL_SOURCE) : null,
    turn,
    run: get(RUN),
    standing: container.isBound(STANDING) ? get(STANDING) : null,
    mostAtOnce: 256,
    proxyHops: config.proxyHops,
  };
  const server = createServer(parts);
  server.set(UPLOAD_FOLDER, path.join(config.data, 'uploads'));
  server.set(EXPORTED, noteExport(container));
  if (container.isBound(READ_COUNT)) keepReadCount(server, get(READ_COUNT));
  server.use(assets.middleware);
  server.use(cspReports(log, secrets, () => metrics?.policyBroken()));
  server.use(opening.health(), opening.gate());
  const flashes = new Flashes(deriveKey(config.secretKey, `flash.${config.school?.id ?? 'core'}`), config.secure);
  const views = new Views(path.join(projectRoot, 'views'), {
    reload: !config.production && config.logLevel === 'debug',
    layout: config.role === 'core' ? 'core' : 'school',
  });
  server.use(
    pages({
      views,
      texts: get(TEXTS),
      asset: (name) => assets.url(name),
      flashes,
      menu: get(MENU),
      counts: get(MENU_COUNTS),
      acts: get(ACTS),
      records: get(RECORDS),
      searches: get(SEARCHES).length > 0,
      brand: config.domain,
      publicUrl: config.publicUrl,
    }),
  );
  server.use(express.Router().use(requestContext(parts)));
  const places = new Places();
  places.of('/dev').use('/dev', developersOnly(config));
  for (const module of modules) {
    const routes = new Routes(places, declared, module.name, operations);
    module.routes?.(routes, get);
  }
  mountDocuments(new Routes(places, declared, 'api', []), config, operations);
  wellKnown(new Routes(places, declared, 'well-known', []), config, get(CLOCK));
  oldPaths(new Routes(places, declared, 'old-paths', []), config.role, assets);
  if (hasDeveloperPages(config)) developerPages(places, views);
  for (const { path } of declared) secrets.note(path);
  server.use(
    places.handler,
    nothingHere(),
    noteTried(container.isBound(AUDIT) ? container.get(AUDIT) : null, database, log),
    errorAnswers(),
  );
  return { server, declared };
}

/** A list that left the house as a file: who took it, and how much. */
function noteExport(container: Container): Exported {
  return async (req, sheet) => {
    if (container.isBound(AUDIT))
      await container
        .get(AUDIT)
        .record(req.actor, { action: 'list.export', entity: 'list', entityId: null, label: sheet.name, after: sheet });
  };
}

/** What the API can do is no secret: the documents hold no data, and whoever writes a program reads them before signing in. */
function mountDocuments(routes: Routes, config: Config, operations: readonly Operation[]): void {
  if (operations.length === 0) return;
  let made: Promise<object> | null = null;
  const make = async (): Promise<object> =>
    (await import('./platform/http/routes/openapi.js')).openApiDocument(operations, config.publicUrl, 'AIMS API');
  const document = (): Promise<object> => (made ??= make());
  routes.get('/api/openapi.json', 'public', async (_req, res) => void res.json(await document()));
  routes.get('/api/docs', 'public', async (_req, res) => res.page('api/docs', { operations, document: await document() }));
}
