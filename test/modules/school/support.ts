import 'reflect-metadata';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Container } from 'inversify';
import { systemActor } from '../../../src/kernel/actor.js';
import type { Actor } from '../../../src/kernel/actor.js';
import type { Clock } from '../../../src/kernel/clock.js';
import { newId } from '../../../src/kernel/id.js';
import { files } from '../../../src/modules/files/module.js';
import { CLASS_SEEDER, SCHOOL, SCHOOL_BOOTSTRAP } from '../../../src/modules/school/index.js';
import type { SchoolApi, SchoolBootstrap, SchoolStart } from '../../../src/modules/school/index.js';
import { school as schoolModule } from '../../../src/modules/school/module.js';
import { runWith, unit } from '../../../src/platform/db/index.js';
import { errorAnswers, nothingHere } from '../../../src/platform/http/errors.js';
import { Flashes } from '../../../src/platform/http/pages/flash.js';
import { pages } from '../../../src/platform/http/pages/page.js';
import { AUDIT, SCHOOL_SOURCE } from '../../../src/platform/http/ports.js';
import type { AuditEntry, SignIn } from '../../../src/platform/http/ports.js';
import { Places } from '../../../src/platform/http/routes/places.js';
import { Routes } from '../../../src/platform/http/routes/routes.js';
import { createServer, requestContext } from '../../../src/platform/http/server.js';
import { Views } from '../../../src/platform/http/pages/views.js';
import { Texts } from '../../../src/platform/i18n/i18n.js';
import { createLog } from '../../../src/platform/log.js';
import { projectRoot } from '../../../src/platform/paths.js';
import { CONFIG } from '../../../src/platform/settings.js';
import type { Config } from '../../../src/platform/settings.js';
import { CLOCK, UNIT } from '../../../src/platform/tokens.js';
import { freshSchool } from '../../support/database.js';

export const OFFICE = systemActor('test');

export interface Answer {
  status: number;
  location: string | null;
  type: string;
  body: Buffer;
  html: string;
}

export interface SchoolUnderTest {
  api: SchoolApi;
  bootstrap: SchoolBootstrap;
  audit: AuditEntry[];
  seeded: { packId: string; classes: { name: string; streams: string[] }[] }[];
  clock: { now(): Date; set(instant: string): void };
  /** Who signs in next; permissions by role as the module gives them. */
  as(role: string): void;
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  get(address: string): Promise<Answer>;
  post(address: string, values?: Record<string, string | string[]>): Promise<Answer>;
  upload(address: string, fields: Record<string, string>, picture?: Buffer): Promise<Answer>;
  admin: Awaited<ReturnType<typeof freshSchool>>['admin'];
  stop(): Promise<void>;
}

/** The school and files modules on their own database, as the application's role, behind the real chain of requests. */
export async function schoolUnderTest(start: Partial<SchoolStart> = {}): Promise<SchoolUnderTest> {
  const place = await freshSchool();
  const data = mkdtempSync(path.join(tmpdir(), 'aims-school-'));
  let now = new Date('2026-09-08T08:00:00Z');
  const clock: Clock & { set(instant: string): void } = {
    now: () => now,
    set: (instant) => {
      now = new Date(instant);
    },
  };
  const audit: AuditEntry[] = [];
  const seeded: SchoolUnderTest['seeded'] = [];
  const container = new Container({ defaultScope: 'Singleton' });
  container
    .bind(CONFIG)
    .toConstantValue({ data, storage: null, school: { id: place.schoolId, subdomain: place.subdomain } } as Config);
  container.bind(CLOCK).toConstantValue(clock);
  container.bind(UNIT).toConstantValue(unit);
  container.bind(AUDIT).toConstantValue({
    record: async (_actor, entry) => {
      audit.push(entry);
    },
  });
  container.bind(CLASS_SEEDER).toConstantValue({
    seedFromPack: async (_actor, packId, classes) => {
      seeded.push({ packId, classes });
    },
  });
  files.bind(container);
  schoolModule.bind(container);

  const bootstrap = container.get(SCHOOL_BOOTSTRAP);
  const run = <Result>(work: () => Promise<Result>) => runWith(place.database, work);
  await run(() => bootstrap.bootstrapSchool(OFFICE, { name: 'Kilimani Academy', country: 'KE', town: 'Nairobi', ...start }));

  let actor: Actor | null = null;
  const signIn: SignIn = {
    session: (req, _res, next) => ((req.session = {} as typeof req.session), next()),
    actorOf: async () => actor && { actor, by: 'session' },
  };
  const server = createHttpServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const origin = `http://${place.subdomain}.localhost:${port}`;
  server.on('request', mount(container, signIn, place.database, origin));

  return {
    api: container.get(SCHOOL),
    bootstrap,
    audit,
    seeded,
    clock,
    run,
    admin: place.admin,
    as: (role) => {
      const permissions = schoolModule.permissions
        .filter(({ roles }) => (roles as readonly string[]).includes(role))
        .map(({ key }) => key);
      actor = {
        userId: newId(),
        name: 'Wanjiru Test',
        person: null,
        roles: [role],
        permissions: new Set(permissions),
        ip: null,
        requestId: null,
      };
    },
    get: (address) => ask(port, origin, 'GET', address),
    post: (address, values = {}) =>
      ask(port, origin, 'POST', address, Buffer.from(encode(values)), 'application/x-www-form-urlencoded'),
    upload: (address, fields, picture) =>
      ask(port, origin, 'POST', address, multipart(fields, picture), 'multipart/form-data; boundary=parts'),
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await place.drop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

function mount(
  container: Container,
  signIn: SignIn,
  database: Parameters<typeof runWith>[0],
  origin: string,
): ReturnType<typeof createServer> {
  const log = createLog('silent', { role: 'test' });
  const texts = new Texts(path.join(projectRoot, 'src', 'modules'));
  const parts = {
    log,
    database,
    texts,
    metrics: null,
    publicUrl: origin,
    signIn,
    school: container.get(SCHOOL_SOURCE),
    mostAtOnce: 64,
  };
  const app = createServer(parts);
  const views = new Views(path.join(projectRoot, 'views'));
  const flashes = new Flashes(Buffer.alloc(32), false);
  app.use(
    pages({
      views,
      texts,
      asset: (name) => `/assets/${name}`,
      flashes,
      menu: schoolModule.menu ?? [],
      brand: 'localhost',
      publicUrl: 'http://localhost',
    }),
  );
  app.use(...requestContext(parts));
  const places = new Places();
  schoolModule.routes!(new Routes(places, [], 'school', []), (token) => container.get(token));
  app.use(places.handler, nothingHere(), errorAnswers());
  return app;
}

function ask(port: number, origin: string, method: string, address: string, body?: Buffer, type?: string): Promise<Answer> {
  const headers = {
    host: new URL(origin).host,
    origin,
    ...(body ? { 'content-type': type!, 'content-length': body.length } : {}),
  };
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path: address, headers }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () => {
        const whole = Buffer.concat(chunks);
        resolve({
          status: res.statusCode!,
          location: res.headers.location ?? null,
          type: res.headers['content-type'] ?? '',
          body: whole,
          html: whole.toString('utf8'),
        });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function encode(values: Record<string, string | string[]>): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) for (const one of [value].flat()) form.append(name, one);
  return form.toString();
}

function multipart(fields: Record<string, string>, picture?: Buffer): Buffer {
  const parts: Buffer[] = Object.entries(fields).map(([name, value]) =>
    Buffer.from(`--parts\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`),
  );
  if (picture) {
    const head =
      '--parts\r\nContent-Disposition: form-data; name="picture"; filename="badge.png"\r\nContent-Type: image/png\r\n\r\n';
    parts.push(Buffer.from(head), picture, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from('--parts--\r\n')]);
}
