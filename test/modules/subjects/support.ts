import 'reflect-metadata';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Container, type ServiceIdentifier } from 'inversify';
import type { Actor } from '../../../src/kernel/actor.js';
import { RUN, runner } from '../../../src/kernel/shapes/command.js';
import { newId } from '../../../src/kernel/id.js';
import { audit } from '../../../src/modules/audit/module.js';
import { files } from '../../../src/modules/files/module.js';
import { hireStaff } from '../../../src/modules/hr/operations.js';
import type { NewStaff } from '../../../src/modules/hr/staff/staff.record.js';
import type { Staff } from '../../../src/modules/hr/index.js';
import { hr } from '../../../src/modules/hr/module.js';
import { identity } from '../../../src/modules/identity/module.js';
import { imports } from '../../../src/modules/imports/module.js';
import { notifications } from '../../../src/modules/notifications/module.js';
import { SCHOOL, SCHOOL_BOOTSTRAP, type SchoolStart } from '../../../src/modules/school/index.js';
import { school } from '../../../src/modules/school/module.js';
import { Register } from '../../../src/modules/students/register/register.js';
import { STUDENTS } from '../../../src/modules/students/index.js';
import { students } from '../../../src/modules/students/module.js';
import { STREAM_LEARNERS, SUBJECTS, type ClassList, type SeedClass } from '../../../src/modules/subjects/index.js';
import { subjects } from '../../../src/modules/subjects/module.js';
import { runWith, unit } from '../../../src/platform/db/index.js';
import { errorAnswers, nothingHere } from '../../../src/platform/http/errors.js';
import { Flashes } from '../../../src/platform/http/pages/flash.js';
import { pages } from '../../../src/platform/http/pages/page.js';
import { SCHOOL_SOURCE, type SignIn } from '../../../src/platform/http/ports.js';
import { Places } from '../../../src/platform/http/routes/places.js';
import type { Declared } from '../../../src/platform/http/routes/declared.js';
import { Routes } from '../../../src/platform/http/routes/routes.js';
import { createServer, requestContext } from '../../../src/platform/http/server.js';
import { Views } from '../../../src/platform/http/pages/views.js';
import { Texts } from '../../../src/platform/i18n/i18n.js';
import { enqueue } from '../../../src/platform/jobs/enqueue.js';
import { createLog } from '../../../src/platform/log.js';
import type { RoleName } from '../../../src/platform/module.js';
import { deliverOutbox, publish } from '../../../src/platform/outbox/index.js';
import { projectRoot } from '../../../src/platform/paths.js';
import { CONFIG, type Config } from '../../../src/platform/settings.js';
import { ACTS, CLOCK, DATABASE, LATER, LOG, PERMISSION_CATALOGUE, PUBLISH, TEXTS, UNIT } from '../../../src/platform/tokens.js';
import { freshSchool } from '../../support/database.js';

const MODULES = [audit, files, notifications, identity, school, imports, hr, subjects, students];

export interface Answer {
  status: number;
  location: string | null;
  type: string;
  body: Buffer;
  html: string;
  json<Body>(): Body;
}

export interface Office {
  get<Thing>(token: ServiceIdentifier<Thing>): Thing;
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  sql<Row = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>;
  clock: { now(): Date; set(instant: string): void };
  declared: Declared[];
  /** Who asks from now on, with the permissions that the modules give the role. */
  as(role: RoleName, person?: Actor['person']): Actor;
  visit(address: string, headers?: Record<string, string>): Promise<Answer>;
  send(address: string, values?: Record<string, string | string[]>): Promise<Answer>;
  api(method: string, address: string, body?: object): Promise<Answer>;
  seed(classes: SeedClass[]): Promise<ClassList>;
  hire(surname: string, more?: Partial<Hired>): Promise<Staff>;
  admit(surname: string, sex: 'F' | 'M', streamId: string | null): Promise<string>;
  actions(): Promise<string[]>;
  /** What a worker does: events are handed to their subscribers. */
  deliver(): Promise<void>;
  /** Runs one job of a module now. */
  job(name: string, payload: object): Promise<void>;
  search(text: string): Promise<string[]>;
  port: number;
  host: string;
  stop(): Promise<void>;
}

type Hired = NewStaff;

export interface OpenOptions {
  asset?(name: string): string;
}

/** The modules of a school's office on their own database, as the application's role, behind the real chain of requests. */
export async function anOffice(start: Partial<SchoolStart> = {}, options: OpenOptions = {}): Promise<Office> {
  const place = await freshSchool();
  const data = mkdtempSync(path.join(tmpdir(), 'aims-office-'));
  let now = new Date('2026-09-08T08:00:00Z');
  const clock = {
    now: () => now,
    set: (instant: string) => {
      now = new Date(instant);
    },
  };
  const server = createHttpServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const origin = `http://${place.subdomain}.localhost:${port}`;
  const container = bindAll(place.database, clock, {
    role: 'tenant',
    data,
    storage: null,
    rails: { production: '', sandbox: '', callbackUrl: '' },
    secure: false,
    launcher: false,
    support: 'support@localhost',
    secretKey: 'a key of at least thirty-two characters',
    publicUrl: origin,
    school: { id: place.schoolId, subdomain: place.subdomain },
    mail: { resendKey: null, resendUrl: '', smtpUrl: null, from: 'AIMS <no-reply@localhost>' },
    sms: null,
  } as unknown as Config);
  const run = <Result>(work: () => Promise<Result>) => runWith(place.database, work);
  const system: Actor = {
    userId: null,
    name: 'test',
    person: null,
    roles: ['system'],
    permissions: new Set(MODULES.flatMap((one) => one.permissions.map(({ key }) => key))),
    ip: null,
    requestId: null,
  };
  await run(() =>
    container
      .get(SCHOOL_BOOTSTRAP)
      .bootstrapSchool(system, { name: 'Kilimani Academy', country: 'KE', town: 'Nairobi', ready: true, ...start }),
  );
  const admin = await place.admin();
  const sql = async <Row>(text: string, values: unknown[] = []) => (await admin.query(text, values)).rows as Row[];

  let actor: Actor | null = null;
  const signIn: SignIn = {
    session: (req, _res, next) => ((req.session = {} as typeof req.session), next()),
    actorOf: async (req) => actor && { actor, by: req.path.startsWith('/api/') ? 'token' : 'session' },
  };
  const declared: Declared[] = [];
  server.on(
    'request',
    mount(container, signIn, place.database, origin, declared, options.asset ?? ((name) => `/assets/${name}`)),
  );
  const work = MODULES.map((one) => one.work?.((token) => container.get(token)) ?? {});
  const ask = asker(port, origin);
  return {
    get: (token) => container.get(token),
    run,
    sql,
    clock,
    declared,
    as: (role, person = null) => {
      const permissions = MODULES.flatMap((one) => one.permissions)
        .filter(({ roles }) => roles.includes(role))
        .map(({ key }) => key);
      actor = {
        userId: newId(),
        name: 'Joseph Rono',
        person,
        roles: [role],
        permissions: new Set(permissions),
        ip: null,
        requestId: null,
      };
      return actor;
    },
    visit: (address, headers = {}) => ask('GET', address, null, headers),
    send: (address, values = {}) => ask('POST', address, encode(values), { 'content-type': 'application/x-www-form-urlencoded' }),
    api: (method, address, body) =>
      ask(method, address, body ? JSON.stringify(body) : null, { 'content-type': 'application/json' }),
    seed: (classes) =>
      run(async () => {
        const door = container.get(SUBJECTS);
        await door.seedFromPack(system, (await container.get(SCHOOL).pack()).id, classes);
        return door.classList();
      }),
    hire: (surname, more = {}) =>
      run(() =>
        container.get(RUN)(system, hireStaff, {
          staffNo: null,
          title: null,
          surname,
          firstName: 'Jane',
          middleName: null,
          sex: null,
          phone: null,
          email: null,
          nationalId: null,
          registrationNo: null,
          job: 'Teacher',
          category: 'teaching',
          joinedOn: '2024-01-08',
          ...more,
        }),
      ),
    admit: async (surname, sex, streamId) => {
      const classId = streamId
        ? ((await run(() => container.get(SUBJECTS).classList())).streams.find((one) => one.id === streamId)?.classId ?? null)
        : null;
      const details = {
        surname,
        firstName: 'Child',
        middleName: null,
        preferredName: null,
        sex,
        bornOn: null,
        birthCertificateNo: null,
        nationality: null,
        homeArea: null,
        religion: null,
        firstLanguage: null,
        address: null,
        previousSchool: null,
        specialNeeds: null,
        orphanStatus: null,
        boarding: 'day' as const,
      };
      const student = await run(() =>
        container.get(Register).admit(system, {
          ...details,
          admissionNo: null,
          status: 'active',
          joinedOn: '2026-01-06',
          streamId,
          classId,
          identifiers: [],
          guardians: [],
        }),
      );
      return student.id;
    },
    actions: async () =>
      (await sql<{ action: string }>('select action from audit_entries order by at, id')).map((row) => row.action),
    deliver: () => run(() => deliverOutbox(work.flatMap((one) => one.subscribe ?? []))),
    job: (name, payload) =>
      run(async () =>
        work.find((one) => one.jobs?.[name])!.jobs![name]!(payload, {
          id: '1',
          attempt: 1,
          maxAttempts: 1,
          signal: new AbortController().signal,
        }),
      ),
    search: (text) =>
      run(async () => {
        const hits = await Promise.all(work.map(async (one) => (await one.search?.(text, actor!, 8)) ?? []));
        return hits.flat().map((hit) => `${hit.kind}: ${hit.label}`);
      }),
    port,
    host: new URL(origin).host,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await admin.end();
      await place.drop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

function bindAll(database: Parameters<typeof runWith>[0], clock: Office['clock'], config: Config): Container {
  const container = new Container({ defaultScope: 'Singleton' });
  container.bind(CONFIG).toConstantValue(config);
  container.bind(LOG).toConstantValue(createLog('silent', { role: 'test' }));
  container.bind(CLOCK).toConstantValue(clock);
  container.bind(UNIT).toConstantValue(unit);
  container.bind(PUBLISH).toConstantValue(publish);
  container.bind(LATER).toConstantValue(enqueue);
  container.bind(RUN).toConstantValue(runner((token) => container.get(token)));
  container.bind(DATABASE).toConstantValue(database);
  container.bind(TEXTS).toConstantValue(new Texts(path.join(projectRoot, 'src', 'modules')));
  container.bind(ACTS).toConstantValue([]);
  container.bind(PERMISSION_CATALOGUE).toConstantValue(MODULES.flatMap((one) => one.permissions));
  for (const one of MODULES) one.bind(container);
  if (!container.isBound(STREAM_LEARNERS)) container.bind(STREAM_LEARNERS).toResolvedValue((door) => door, [STUDENTS]);
  return container;
}

function mount(
  container: Container,
  signIn: SignIn,
  database: Parameters<typeof runWith>[0],
  origin: string,
  declared: Declared[],
  asset: (name: string) => string,
): ReturnType<typeof createServer> {
  const texts = container.get(TEXTS);
  const parts = {
    log: container.get(LOG),
    database,
    texts,
    metrics: null,
    run: container.get(RUN),
    publicUrl: origin,
    signIn,
    school: container.get(SCHOOL_SOURCE),
    mostAtOnce: 64,
  };
  const app = createServer(parts);
  const menu = MODULES.flatMap((one) => one.menu ?? []).sort((a, b) => a.order - b.order);
  app.use(
    pages({
      views: new Views(path.join(projectRoot, 'views')),
      texts,
      asset,
      flashes: new Flashes(Buffer.alloc(32), false),
      menu,
      brand: 'localhost',
      publicUrl: 'http://localhost',
    }),
  );
  app.use(...requestContext(parts));
  const places = new Places();
  for (const one of [school, hr, subjects, students])
    one.routes?.(new Routes(places, declared, one.name, []), (token) => container.get(token));
  places.of('/card').get('/card', async (req, res) => {
    const [card] = subjects.work!((token) => container.get(token)).dashboard!;
    await res.page('home/index', { cards: [{ view: card!.view, model: await card!.load(req.actor) }] });
  });
  app.use(places.handler, nothingHere(), errorAnswers());
  return app;
}

function asker(port: number, origin: string) {
  return (method: string, address: string, body: string | null, given: Record<string, string> = {}): Promise<Answer> => {
    const headers = {
      host: new URL(origin).host,
      origin,
      ...given,
      ...(body ? { 'content-length': String(Buffer.byteLength(body)) } : {}),
    };
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, method, path: address, headers }, (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('end', () => {
          const whole = Buffer.concat(chunks);
          const html = whole.toString('utf8');
          resolve({
            status: res.statusCode!,
            location: res.headers.location ?? null,
            type: res.headers['content-type'] ?? '',
            body: whole,
            html,
            json: <Body>() => JSON.parse(html) as Body,
          });
        });
      });
      sent.on('error', reject);
      sent.end(body ?? undefined);
    });
  };
}

function encode(values: Record<string, string | string[]>): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) for (const one of [value].flat()) form.append(name, one);
  return form.toString();
}
