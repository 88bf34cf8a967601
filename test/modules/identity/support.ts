import 'reflect-metadata';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, request, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Container } from 'inversify';
import * as OTPAuth from 'otpauth';
import { systemActor } from '../../../src/kernel/actor.js';
import type { Clock } from '../../../src/kernel/clock.js';
import { audit } from '../../../src/modules/audit/module.js';
import { IDENTITY, type IdentityApi, type NewAccount } from '../../../src/modules/identity/index.js';
import { identity } from '../../../src/modules/identity/module.js';
import { notifications } from '../../../src/modules/notifications/module.js';
import { openDatabase, runWith, unit, type Database } from '../../../src/platform/db/index.js';
import { errorAnswers, nothingHere } from '../../../src/platform/http/errors.js';
import { Flashes } from '../../../src/platform/http/pages/flash.js';
import { pages } from '../../../src/platform/http/pages/page.js';
import { SCHOOL_SOURCE, SIGN_IN, type SchoolFacts } from '../../../src/platform/http/ports.js';
import { Places } from '../../../src/platform/http/routes/places.js';
import type { Declared } from '../../../src/platform/http/routes/declared.js';
import { Routes } from '../../../src/platform/http/routes/routes.js';
import { createServer, requestContext } from '../../../src/platform/http/server.js';
import { Views } from '../../../src/platform/http/pages/views.js';
import { Texts } from '../../../src/platform/i18n/i18n.js';
import { startJobs } from '../../../src/platform/jobs/index.js';
import { createLog } from '../../../src/platform/log.js';
import { LocalMailbox } from '../../../src/platform/mail/index.js';
import type { Module } from '../../../src/platform/module.js';
import { projectRoot } from '../../../src/platform/paths.js';
import { CONFIG, type Config } from '../../../src/platform/settings.js';
import { ACTS, CLOCK, DATABASE, LOG, PERMISSION_CATALOGUE, TEXTS, UNIT } from '../../../src/platform/tokens.js';
import { freshSchool, type TestSchool } from '../../support/database.js';

export const SYSTEM = systemActor('test');
export const PASSWORD = 'correct horse battery staple';

/** A module beside identity, with something of every kind to be granted and refused. */
const probe: Module = {
  name: 'probe',
  permissions: [
    { key: 'probe.read', label: 'Read the probe', group: 'Probe', roles: ['owner', 'administrator', 'registrar', 'teacher'] },
    { key: 'probe.money', label: 'Move the money', group: 'Probe', roles: ['owner', 'bursar'], guarded: 'money' },
    { key: 'probe.own', label: 'Read one’s own', group: 'Probe', roles: ['owner', 'administrator', 'registrar', 'guardian'] },
  ],
  bind() {},
  routes(r) {
    r.get('/', 'signed-in', (_req, res) => void res.send('home'));
    r.get('/probe', 'probe.read', (_req, res) => void res.send('probe'));
    r.get('/money', 'probe.money', (_req, res) => void res.send('money'));
    r.get('/slow', 'signed-in', async (req, res) => {
      await pause(250);
      Object.assign(req.session, { visited: Date.now() });
      res.send('slow');
    });
    r.api.get({
      path: '/probe',
      can: 'probe.read',
      summary: 'Probe',
      output: undefined as never,
      load: async () => ({ ok: true }) as never,
    });
  },
};

const FACTS: SchoolFacts = {
  id: '',
  name: 'Kilimani Academy',
  shortName: 'Kilimani',
  place: 'Nairobi, Kenya',
  country: 'KE',
  mobileMoney: { operators: [], tells: false },
  currency: 'KES',
  zone: 'Africa/Nairobi',
  language: 'en',
  termLine: '',
  motto: '',
  officePhone: null,
  ahead: [],
  today: '2026-11-24',
  logoUrl: null,
  themeUrl: null,
  setupPending: false,
  off: new Set(),
};

export interface Instance {
  database: Database;
  container: Container;
  identity: IdentityApi;
  declared: readonly Declared[];
  browser(): Browser;
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}

export interface Place {
  school: TestSchool;
  config: Config;
  first: Instance;
  /** Another process's worth of the application on the same database. */
  another(): Promise<Instance>;
  account(given: Partial<NewAccount> & { name: string }): Promise<string>;
  /** The newest message to this address that nobody has looked at, waited for. */
  message(to: string): Promise<string>;
  messages(): Promise<string[]>;
  sql<Row = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>;
  log: string[];
  stop(): Promise<void>;
}

export async function place(): Promise<Place> {
  const school = await freshSchool();
  const data = mkdtempSync(path.join(tmpdir(), 'aims-identity-'));
  const mailbox = new LocalMailbox(path.join(data, 'mail', school.schoolId));
  const log: string[] = [];
  const config = {
    role: 'tenant',
    data,
    storage: null,
    rails: { production: '', sandbox: '', callbackUrl: '' },
    secure: false,
    launcher: false,
    support: 'support@localhost',
    secretKey: 'a key of at least thirty-two characters',
    publicUrl: `http://${school.subdomain}.localhost`,
    school: { id: school.schoolId, subdomain: school.subdomain },
    mail: { resendKey: null, resendUrl: '', smtpUrl: null, from: 'AIMS <no-reply@localhost>' },
    sms: null,
  } as unknown as Config;
  const stops: (() => Promise<void>)[] = [];
  const instance = async (): Promise<Instance> => {
    const { stop, ...made } = await start(school, config, log);
    stops.push(stop);
    return made;
  };
  const first = await instance();
  const work = { ...identity.work!((token) => first.container.get(token)) };
  const jobs = await startJobs({
    connection: school.connections.worker,
    database: school.database,
    tasks: { ...work.jobs, ...notifications.work?.((token) => first.container.get(token)).jobs },
    onError: (error) => log.push(String(error)),
  });
  const admin = await school.admin();
  const seen = new Set<string>();
  return {
    school,
    config,
    first,
    another: instance,
    log,
    account: async (given) => {
      const { userId } = await first.run(() =>
        first.identity.createAccount({ roles: ['registrar'], by: { password: PASSWORD }, actor: SYSTEM, ...given }),
      );
      return userId;
    },
    message: async (to) => {
      for (let tries = 0; tries < 400; tries += 1) {
        const letter = (await mailbox.list()).find((one) => one.to === to && !seen.has(one.id));
        if (letter) {
          seen.add(letter.id);
          return letter.text;
        }
        await pause(50);
      }
      throw new Error(`Nothing came for ${to}`);
    },
    messages: async () => (await mailbox.list()).map((letter) => letter.to),
    sql: async <Row>(text: string, values: unknown[] = []) => (await admin.query(text, values)).rows as Row[],
    stop: async () => {
      await jobs.stop();
      for (const stop of stops) await stop();
      await admin.end();
      await school.drop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function start(school: TestSchool, config: Config, lines: string[]): Promise<Instance & { stop(): Promise<void> }> {
  const database = openDatabase({ ...school.connections.app, poolMax: 4, applicationName: 'aims-test-web' });
  const modules = [audit, notifications, identity, probe];
  const log = createLog('info', { role: 'test' });
  Object.defineProperty(
    log,
    Object.getOwnPropertySymbols(log).find((symbol) => symbol.description === 'pino.stream')!,
    {
      value: { write: (line: string) => lines.push(line) },
    },
  );
  const clock: Clock = { now: () => new Date() };
  const texts = new Texts(path.join(projectRoot, 'src', 'modules'));
  const container = new Container({ defaultScope: 'Singleton' });
  container.bind(LOG).toConstantValue(log);
  container.bind(CLOCK).toConstantValue(clock);
  container.bind(UNIT).toConstantValue(unit);
  container.bind(TEXTS).toConstantValue(texts);
  container.bind(DATABASE).toConstantValue(database);
  container.bind(SCHOOL_SOURCE).toConstantValue({ facts: async () => FACTS });
  container.bind(ACTS).toConstantValue([]);
  container.bind(PERMISSION_CATALOGUE).toConstantValue(modules.flatMap((module) => module.permissions));
  const server = createHttpServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const publicUrl = `http://${school.subdomain}.localhost:${port}`;
  container.bind(CONFIG).toConstantValue({ ...config, publicUrl });
  for (const module of modules) module.bind(container);

  const parts = {
    log,
    database,
    texts,
    metrics: null,
    publicUrl,
    signIn: container.get(SIGN_IN),
    school: container.get(SCHOOL_SOURCE),
    mostAtOnce: 64,
  };
  const app = createServer(parts);
  const views = new Views(path.join(projectRoot, 'views'));
  app.use(
    pages({
      views,
      texts,
      asset: (name) => `/assets/${name}`,
      flashes: new Flashes(Buffer.alloc(32), false),
      menu: modules.flatMap((module) => module.menu ?? []),
      brand: 'localhost',
      publicUrl: 'http://localhost',
    }),
  );
  app.use(...requestContext(parts));
  const places = new Places();
  const declared: Declared[] = [];
  for (const module of modules) module.routes?.(new Routes(places, declared, module.name, []), (token) => container.get(token));
  app.use(places.handler, nothingHere(), errorAnswers());
  server.on('request', app);
  return {
    database,
    container,
    declared,
    identity: container.get(IDENTITY),
    run: (work) => runWith(database, work),
    browser: () => new Browser(port, publicUrl),
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await pause(50);
      await database.close();
    },
  };
}

export interface Answer {
  status: number;
  location: string | null;
  headers: IncomingHttpHeaders;
  html: string;
  json<Body = Record<string, unknown>>(): Body;
}

/** One browser: it keeps its cookies and sends forms from its own site. */
export class Browser {
  readonly cookies = new Map<string, string>();

  constructor(
    readonly port: number,
    readonly origin: string,
  ) {}

  get(address: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.ask('GET', address, null, headers);
  }

  /** A form of this site, with the token of the page when one is signed in. */
  async post(
    address: string,
    values: Record<string, string | string[]> = {},
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries(values)) for (const one of [value].flat()) form.append(name, one);
    if (this.token) form.set('_csrf', this.token);
    return this.ask('POST', address, form.toString(), {
      'content-type': 'application/x-www-form-urlencoded',
      origin: this.origin,
      ...headers,
    });
  }

  api(address: string, body: object | null, token?: string): Promise<Answer> {
    const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
    return body
      ? this.ask('POST', address, JSON.stringify(body), { ...headers, 'content-type': 'application/json' })
      : this.ask('GET', address, null, headers);
  }

  token = '';

  async signIn(login: string, password = PASSWORD): Promise<Answer> {
    const answer = await this.post('/login', { login, password });
    if (answer.status === 303 && answer.location === '/') await this.readToken();
    return answer;
  }

  /** The token that a page of this session carries. */
  async readToken(): Promise<void> {
    const { html } = await this.get('/profile');
    this.token = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
  }

  private ask(method: string, address: string, body: string | null, headers: Record<string, string>): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const all = {
      host: new URL(this.origin).host,
      ...(cookie ? { cookie } : {}),
      ...(body ? { 'content-length': String(Buffer.byteLength(body)) } : {}),
      ...headers,
    };
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port: this.port, method, path: address, headers: all, agent: false }, (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('end', () => {
          for (const line of res.headers['set-cookie'] ?? []) this.keep(line);
          const html = Buffer.concat(chunks).toString('utf8');
          resolve({
            status: res.statusCode!,
            location: res.headers.location ?? null,
            headers: res.headers,
            html,
            json: <Body>() => JSON.parse(html) as Body,
          });
        });
      });
      sent.on('error', reject);
      sent.end(body ?? undefined);
    });
  }

  private keep(line: string): void {
    const [pair = ''] = line.split(';');
    const at = pair.indexOf('=');
    const name = pair.slice(0, at);
    const value = pair.slice(at + 1);
    if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/** What the app on the phone shows; `steps` of 30 seconds from now. */
export function totp(secret: string, steps = 0): string {
  return new OTPAuth.TOTP({ secret: OTPAuth.Secret.fromBase32(secret.replaceAll(' ', '')) }).generate({
    timestamp: Date.now() + steps * 30_000,
  });
}
