import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { buildApp } from '../../src/app.js';
import { createLog } from '../../src/platform/log.js';
import { aSchool, type SchoolUnderTest } from '../support/app.js';
import { aPlatform, type PlatformUnderTest } from '../support/core.js';
import type { Browser } from '../support/browser.js';
import { plantDay, plantReport, plantRun, plantSchool } from '../modules/admindash/support.js';
import { admitMany } from '../support/people/learners.js';
import { platformPersonAt } from '../support/people/platform-people.js';
import { cookieOf } from '../support/raw.js';
import { sql } from '../support/database/sql.js';
import { watchStatements, type Watch } from '../support/database/statements.js';
import { untilSealed } from '../support/waiting.js';

const FIRST_LOAD = 60 * 1024;
const NAVIGATION = 12 * 1024;
/** Of fifty students, before compression. */
const ROWS = 25 * 1024;
/** Statements per page when the caches are warm. What is not named here is a form, a settings page or a print: at most `ANY`. */
const STATEMENTS: Record<string, number> = {
  '/students': 2,
  '/students?q=otieno': 2,
  '/students/:id': 4,
  '/students/guardians': 2,
  '/identity/users': 2,
  '/audit': 2,
  '/notifications/messages': 2,
  '/identity/sign-ins': 2,
  '/api/v1/students': 1,
  '/search?q=oti': 3,
  '/': 6,
  '/menu': 0,
};
const ANY = 6;
/** A list that goes out as a file is read at one moment, without what is kept in memory. */
const IN_A_FILE = 16;

describe('weight of pages', () => {
  let school: SchoolUnderTest;
  let person: Browser;
  let ids: Record<string, string>;
  before(async () => {
    school = await aSchool({ lists: { houses: [{ name: 'Kilimanjaro' }], dorms: [{ name: 'Elgon' }] } });
    await admitMany(school, 60);
    person = await school.as('owner', 'administrator', 'registrar', 'auditor');
    ids = await someIds(school);
  });
  after(() => school?.stop());

  for (const path of ['/login', '/', '/students']) {
    it(`first load of ${path}: page, style and script`, async (t) => {
      const brotli = await firstLoad(school, person, path, 'br, gzip');
      const gzip = await firstLoad(school, person, path, 'gzip');
      t.diagnostic(`${path}: ${describeLoad(brotli)}; with gzip alone ${kilobytes(gzip.total)}`);
      for (const load of [brotli, gzip])
        assert.ok(load.total <= FIRST_LOAD, `${path} sends ${kilobytes(load.total)}: ${describeLoad(load)}`);
    });
  }

  it('every page that can be opened travels in 12 KB', async (t) => {
    const heavy: string[] = [];
    const weights: [number, string][] = [];
    for (const path of pathsOf(school, ids)) {
      const answer = await fetchRaw(school, path, person, 'gzip');
      if (answer.status !== 200 || !answer.type.startsWith('text/html')) continue;
      weights.push([answer.bytes, path]);
      if (answer.bytes > NAVIGATION) heavy.push(`${path} weighs ${kilobytes(answer.bytes)}`);
    }
    t.diagnostic(
      `heaviest: ${weights
        .sort((a, b) => b[0] - a[0])
        .slice(0, 5)
        .map(([bytes, path]) => `${path} ${kilobytes(bytes)}`)
        .join(', ')}`,
    );
    assert.deepEqual(heavy, []);
    assert.ok(weights.length > 40, `${weights.length} pages were weighed`);
  });

  it('the rows of fifty students are 25 KB before they are compressed, and draw nothing that the style sheet can', async (t) => {
    const [, rows] = /<tbody>([^]*)<\/tbody>/.exec((await person.get('/students')).html)!;
    assert.equal(rows!.match(/<tr/g)!.length, 50);
    const bytes = Buffer.byteLength(rows!);
    t.diagnostic(`${kilobytes(bytes)}, ${Math.round(bytes / 50)} bytes a row`);
    assert.ok(bytes <= ROWS, kilobytes(bytes));
    assert.doesNotMatch(rows!, /<svg|role=|style=|title=/);
  });

  it('style and script are sent compressed and kept for good', async () => {
    for (const path of assetsOf((await person.get('/')).html).filter((one) => one.startsWith('/assets/'))) {
      for (const [encoding, open] of [
        ['br', brotliDecompressSync],
        ['gzip', gunzipSync],
      ] as const) {
        const answer = await fetchRaw(school, path, person, encoding);
        assert.equal(answer.encoding, encoding, path);
        assert.ok(open(answer.body).length > answer.bytes);
        assert.match(answer.cache, /immutable|max-age=\d{7,}/, path);
      }
    }
  });
});

describe('weight of the site', () => {
  let platform: PlatformUnderTest;
  before(async () => {
    platform = await aPlatform();
  });
  after(() => platform?.stop());

  for (const path of [
    '/',
    '/features',
    '/pricing',
    '/countries/kenya',
    '/data-protection',
    '/contact',
    '/find-school',
    '/user-guide',
  ]) {
    it(`first load of ${path}: page, style, script, and the picture that is seen first`, async (t) => {
      const load = await firstLoad(platform, null, path, 'gzip');
      t.diagnostic(`${path}: ${describeLoad(load)}`);
      assert.ok(load.total <= FIRST_LOAD, `${path} sends ${kilobytes(load.total)}: ${describeLoad(load)}`);
    });
  }
});

describe('statements of pages', () => {
  let school: SchoolUnderTest;
  let person: Browser;
  let ids: Record<string, string>;
  let watch: Watch;
  before(async () => {
    school = await aSchool({ lists: { houses: [{ name: 'Kilimanjaro' }] } });
    await admitMany(school, 60);
    person = await school.as('owner', 'administrator', 'registrar', 'auditor');
    ids = await someIds(school);
    watch = watchStatements(school.database.connections.app.database);
    await person.get('/profile');
    await untilSealed(school.database);
  });
  after(async () => {
    watch?.stop();
    await school?.stop();
  });

  for (const [route, most] of Object.entries(STATEMENTS)) {
    it(`${route}: at most ${most}`, async () => {
      const statements = await statementsOf(route.replace(':id', ids.student!));
      assert.ok(statements.length <= most, `${statements.length} statements:\n${statements.join('\n')}`);
    });
  }

  it(`every other page: at most ${ANY}`, async (t) => {
    const over: string[] = [];
    let all = 0;
    for (const path of pathsOf(school, ids)) {
      if (/\/prints\/|\.pdf$|format=/.test(path) || asksEveryModule(path)) continue;
      const statements = await statementsOf(path);
      all += 1;
      const most = /\/(?:sheet|export)$|\.zip$/.test(path) ? IN_A_FILE : ANY;
      if (statements.length > most) over.push(`${path}: ${statements.length}\n${statements.join('\n')}`);
    }
    t.diagnostic(`${all} pages counted`);
    assert.deepEqual(over, []);
  });

  it('session and person are one statement on a cold cache and none on a warm one', async () => {
    const cold = await secondApp(school);
    try {
      const first = await watch.during(() => cold.get(person, '/menu'));
      const people = first.filter((text) => /identity_(sessions|users)/.test(text) && /^\s*select/i.test(text));
      assert.equal(people.length, 1, first.join('\n'));
      await cold.listening();
      await cold.get(person, '/menu');
      const second = await watch.during(() => cold.get(person, '/menu'));
      assert.deepEqual(second, []);
    } finally {
      await cold.stop();
    }
  });

  /** The least of three: background work, such as sealing the audit, may fall into one of them. */
  async function statementsOf(path: string): Promise<string[]> {
    assert.ok((await person.get(path)).status < 500, path);
    const counts: string[][] = [];
    for (let round = 0; round < 3; round += 1) counts.push([...(await watch.during(() => person.get(path)))]);
    return counts.sort((a, b) => a.length - b.length)[0]!;
  }
});

/** Statements of the platform's pages, however many schools there are. `:id` is a school in the middle of them. */
const PLATFORM_STATEMENTS: Record<string, number> = {
  '/schools': 1,
  '/schools?q=lake&state=ready&country=KE': 1,
  '/schools/:id': 3,
  '/admindash': 4,
  '/admindash/schools': 2,
  '/admindash/schools?q=lake': 2,
  '/admindash/provisioning': 1,
  '/identity/users': 1,
  '/audit': 1,
};
const MANY_SCHOOLS = 50;

describe('statements of the platform’s pages', () => {
  let platform: PlatformUnderTest;
  let person: Browser;
  let watch: Watch;
  const ids: string[] = [];
  before(async () => {
    platform = await aPlatform();
    person = await platformPersonAt(platform, 'super-admin');
    watch = watchStatements(platform.database.name);
    for (let n = 0; n < 3; n += 1) await plantOne(n);
  });
  after(async () => {
    watch?.stop();
    await platform?.stop();
  });

  it('fifty schools, of which one has two thousand runs, cost each page no statement more than three, and each stays in its budget', async (t) => {
    const few = await countAll();
    for (let n = 3; n < MANY_SCHOOLS; n += 1) await plantOne(n);
    const noisy = ids[0]!;
    await platform.sql(
      `insert into provisioning_runs (id, school_id, kind, token, state, attempts, reason, ordered_by, ordered_at, finished_at)
        select gen_random_uuid(), $1, 'make', 'noise-' || n, 'done', 4, null, 'noise', now() - n * interval '1 minute', now() from generate_series(1, 2000) n`,
      [noisy],
    );
    await platform.sql(
      `insert into schools_transitions (id, school_id, from_state, to_state, reason, actor_name, at) select gen_random_uuid(), $1, 'ready', 'suspended', 'unpaid', 'noise', now() - n * interval '1 minute' from generate_series(1, 2000) n`,
      [noisy],
    );
    await platform.sql('analyze provisioning_runs; analyze schools_transitions');
    const many = await countAll();
    t.diagnostic(
      Object.entries(many)
        .map(([page, { statements, ms }]) => `${page}: ${statements.length} in ${ms.toFixed(0)} ms`)
        .join(', '),
    );
    for (const [page, most] of Object.entries(PLATFORM_STATEMENTS)) {
      const { statements, ms } = many[page]!;
      assert.ok(statements.length <= most, `${page} sends ${statements.length}:\n${statements.join('\n')}`);
      assert.ok(statements.length <= few[page]!.statements.length, `${page} sends more when there are more schools`);
      assert.ok(ms < 500, `${page} took ${ms.toFixed(0)} ms`);
    }
  });

  async function countAll(): Promise<Record<string, { statements: string[]; ms: number }>> {
    const found: Record<string, { statements: string[]; ms: number }> = {};
    for (const route of Object.keys(PLATFORM_STATEMENTS)) {
      const path = route.replace(':id', ids[Math.floor(ids.length / 2)]!);
      assert.equal((await person.get(path)).status, 200, path);
      const tries: { statements: string[]; ms: number }[] = [];
      for (let round = 0; round < 3; round += 1) {
        const began = performance.now();
        const statements = [...(await watch.during(() => person.get(path)))];
        tries.push({ statements, ms: performance.now() - began });
      }
      found[route] = {
        statements: tries.map((one) => one.statements).sort((a, b) => a.length - b.length)[0]!,
        ms: Math.min(...tries.map((one) => one.ms)),
      };
    }
    return found;
  }

  async function plantOne(n: number): Promise<void> {
    const { id } = await plantSchool(platform, { name: `Lake View ${n}`, state: n % 7 === 6 ? 'suspended' : 'ready' });
    ids.push(id);
    await plantRun(platform, id, n % 5 === 4 ? { failedAt: 'start' } : {});
    await plantReport(platform, id);
    await plantDay(platform, id, 1, { signIns: 20 });
  }
});

/** Another process's worth of the same school, with nothing in its memory. */
async function secondApp(school: SchoolUnderTest) {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const app = await buildApp(school.app.config, { log: createLog('silent', {}) });
  server.on('request', app.express);
  return {
    /** What was kept before it hears about changes is dropped once. */
    listening: async () => {
      while (!app.database.changes.up) await pause(20);
    },
    get: (browser: Browser, path: string) => ask(port, path, { host: new URL(school.url).host, cookie: cookieOf(browser) }),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await app.stop();
    },
  };
}

interface Weighed {
  status: number;
  type: string;
  encoding: string;
  cache: string;
  bytes: number;
  body: Buffer;
}

function ask(port: number, path: string, headers: Record<string, string>): Promise<Weighed> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () => {
        const body = Buffer.concat(chunks);
        const header = (name: string): string => String(res.headers[name] ?? '');
        resolve({
          status: res.statusCode ?? 0,
          type: header('content-type'),
          encoding: header('content-encoding'),
          cache: header('cache-control'),
          bytes: body.length,
          body,
        });
      });
    })
      .on('error', reject)
      .end();
  });
}

function fetchRaw(school: { url: string }, path: string, person: Browser | null, encodings: string): Promise<Weighed> {
  const { host, port } = new URL(school.url);
  return ask(Number(port), path, { host, 'accept-encoding': encodings, ...(person ? { cookie: cookieOf(person) } : {}) });
}

interface Load {
  total: number;
  parts: [string, number][];
}

async function firstLoad(school: { url: string }, person: Browser | null, path: string, encodings: string): Promise<Load> {
  const who = path === '/login' ? null : person;
  const page = await fetchRaw(school, path, who, encodings);
  const html =
    page.encoding === 'gzip' ? gunzipSync(page.body) : page.encoding === 'br' ? brotliDecompressSync(page.body) : page.body;
  const parts: [string, number][] = [['page', page.bytes]];
  for (const asset of assetsOf(html.toString('utf8')))
    parts.push([asset.replace(/^.*\/([\w.-]+?)\.[0-9a-f]{6,}/, '$1'), (await fetchRaw(school, asset, who, encodings)).bytes]);
  return { total: parts.reduce((sum, [, bytes]) => sum + bytes, 0), parts };
}

/** Style, script, the sprite of icons, and the picture that is asked for first; not the badge, nor photographs. */
function assetsOf(html: string): string[] {
  const first = [...html.matchAll(/<img src="(\/[^"]+)"[^>]*fetchpriority="high"/g)].map((match) => match[1]!);
  const named = [...html.matchAll(/<(?:link rel="stylesheet"|script|use)[^>]*?(?:href|src)="(\/[^"#]+)/g)].map(
    (match) => match[1]!,
  );
  return [...new Set([...named, ...first])];
}

function describeLoad({ total, parts }: Load): string {
  return `${kilobytes(total)} (${parts.map(([name, bytes]) => `${name} ${kilobytes(bytes)}`).join(', ')})`;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KB`;
}

/** Every address of a page, with a real id where one is needed. */
/** Opened a few times a year; each module is asked for its own part. */
function asksEveryModule(path: string): boolean {
  return path.startsWith('/profile/data') || path.startsWith('/privacy/');
}

function pathsOf(school: SchoolUnderTest, ids: Record<string, string>): string[] {
  const gets = school.app.declared.filter((route) => route.method === 'get' && route.kind === 'page');
  return gets.flatMap(({ path }) => {
    const kind = Object.keys(ids).find((prefix) => prefix.startsWith('/') && path.startsWith(prefix) && path.includes(':'));
    if (!path.includes(':')) return [path];
    return kind
      ? [
          path
            .replace(/:guardian/, ids.guardian!)
            .replace(/:kind/, 'houses')
            .replace(/:\w+/g, ids[kind]!),
        ]
      : [];
  });
}

async function someIds(school: SchoolUnderTest): Promise<Record<string, string>> {
  const first = async (table: string) => (await sql(school.database, `select id from ${table} order by id limit 1`))[0]?.id ?? '';
  return {
    student: await first('students'),
    guardian: await first('students_guardians'),
    '/students/': await first('students'),
    '/identity/users/': await first('identity_users'),
    '/school/years/': await first('school_years'),
    '/school/lists/': await first('school_lists'),
    '/school/scales/': await first('school_scales'),
    '/subjects/classes/': await first('subjects_classes'),
    '/subjects/streams/': await first('subjects_streams'),
    '/subjects/teachers/': await first('subjects'),
    '/subjects/': await first('subjects'),
    '/audit/': await first('audit_entries'),
  };
}
