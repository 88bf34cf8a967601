import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from '../src/bin/launcher/child.js';
import type { BareSetup, Frame } from './floor/bare.js';
import { Bare } from './floor/bare.js';
import { Hello } from './floor/hello.js';
import type { BenchLine } from './lines.js';
import { median } from './lines.js';
import { Load, wire, type LoadOrder, type LoadResult, type Shot } from './load/load.js';
import { hashFor, type Account, type BenchSchool } from './school.js';
import type { Stage } from './stage.js';
import { Visitor } from './load/visitor.js';

const CLIENTS = 8;
const ROUNDS = 3;
const PAGE_OF_DEEP = 30;
const WARM = { requests: 1_500, mostMs: 3_000, pieceMs: 700 };
/** A process that has just started asks soon after the first page how much the school lets people read; until then the usual limits hold. */
const LIMITS_KNOWN_MS = 3_000;

export interface Line {
  id: string;
  status?: number;
  bare: Shot[];
  product: Shot[];
}

export interface Effort {
  /** How long each side is fired at in each round. */
  ms: number;
  onLine?(line: BenchLine): void;
}

/** Pages and the JSON list, each beside the bare program, in turns. */
export async function benchPages(stage: Stage, school: BenchSchool, effort: Effort): Promise<BenchLine[]> {
  const product = await stage.start(school.school);
  const load = Load.start();
  let bare: Bare | null = null;
  const hello = await Hello.start(load, stage, school);
  try {
    const sights = await look(product, stage, school);
    bare = await Bare.start(await setupFor(school, sights));
    const results: BenchLine[] = [];
    for (const line of linesFor(sights, school)) {
      await hello.round(effort.ms / 2);
      const pair = await takeTurns(load, line, { bare: bare.port, product: product.port }, effort.ms);
      results.push(pair);
      effort.onLine?.(pair);
      if (line.id === 'page.list') results.push({ ...pair, id: 'p99.list' });
    }
    const yardstick: BenchLine = { id: 'hello', unit: 'req/s', product: hello.perSecond, limit: hello.perSecond, ratio: 1 };
    return [yardstick, ...results.map((line) => ({ ...line, hello: line.product / hello.perSecond }))];
  } finally {
    hello.stop();
    load.stop();
    bare?.stop();
    await product.stop();
  }
}

/** What a signed-in registrar sees, taken once: the bare program's frames are cut from it. */
interface Sights {
  registrar: Visitor;
  /** Who pages through the list, and who opens the children. */
  pager: Visitor;
  opener: Visitor;
  token: string;
  signin: string;
  home: string;
  list: string;
  search: string;
  profile: string;
  students: { id: string; surname: string; stream_id: string }[];
  /** The place after 29 pages, as the product's cursor and as a name and an id. */
  deep: { cursor: string; after: { id: string }; first: string };
}

async function look(child: Child, stage: Stage, { school, registrar: account, readers }: BenchSchool): Promise<Sights> {
  const signedIn = async ({ email, password }: Account): Promise<Visitor> => {
    const visitor = new Visitor(child.port, stage.originOf(school));
    await visitor.signIn(email, password);
    return visitor;
  };
  const signin = (await new Visitor(child.port, stage.originOf(school)).get('/login')).text;
  const registrar = await signedIn(account);
  await registrar.get('/students');
  await sleep(LIMITS_KNOWN_MS);
  const [pager, opener, api] = readers as [Account, Account, Account];
  const token = await new Visitor(child.port, stage.originOf(school)).token(api.email, api.password);
  const authorization = { authorization: `Bearer ${token}` };
  let cursor: string | null = null;
  let page: { data: Sights['students']; next: string | null } = { data: [], next: null };
  const students: Sights['students'] = [];
  let deep: Sights['deep'] | null = null;
  for (let number = 1; number <= PAGE_OF_DEEP; number += 1) {
    const address: string = `/api/v1/students?limit=50${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`;
    page = JSON.parse((await registrar.get(address, authorization)).text) as typeof page;
    if (number === PAGE_OF_DEEP) deep = { cursor: cursor!, after: students.at(-1)!, first: page.data[0]!.id };
    students.push(...page.data);
    cursor = page.next;
  }
  const text = async (path: string, headers?: Record<string, string>): Promise<string> =>
    (await registrar.get(path, headers)).text;
  return {
    registrar,
    token,
    signin,
    students,
    deep: deep!,
    pager: await signedIn(pager),
    opener: await signedIn(opener),
    home: await text('/'),
    list: await text('/students'),
    search: await text(`/search?q=${students[0]!.surname.slice(0, 3)}`, FRAGMENT),
    profile: await text(`/students/${students[0]!.id}`),
  };
}

const FRAGMENT = { 'hx-request': 'true', 'hx-request-type': 'partial' };

async function setupFor(school: BenchSchool, sights: Sights): Promise<BareSetup> {
  const { host, port, database, user, password } = school.school.connections.app;
  return {
    database: { host, port, database, user, password },
    frames: {
      signin: { before: sights.signin, after: '' },
      home: { before: sights.home, after: '' },
      list: around(sights.list, '<tr><td', '</tbody>'),
      search: around(sights.search, '<li>', '</ul>'),
      profile: wordsOf(sights.profile),
    },
    streams: school.streams,
    password: { plain: school.registrar.password, hash: await hashFor(school.registrar.password) },
  };
}

/** The page's own words round the values: a third of what lies in it. */
export function wordsOf(html: string): Frame {
  const main = html.indexOf('<main');
  return { before: html.slice(0, main), after: html.slice(main, main + Math.round((html.length - main) / 3)) };
}

export function around(html: string, first: string, end: string): Frame {
  const from = html.indexOf(first);
  const to = html.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`A page lacks "${first}" or "${end}".`);
  return { before: html.slice(0, from), after: html.slice(to) };
}

function linesFor(sights: Sights, school: BenchSchool): Line[] {
  const { registrar, pager, opener, students, deep, token } = sights;
  const page = (path: string, marker: string, headers: Record<string, string> = {}, by = registrar): Shot => ({
    request: wire('GET', path, by.headers(headers)),
    marker,
  });
  const bare = (path: string, marker: string): Shot => ({ request: wire('GET', path, { host: 'bare' }), marker });
  const some = students.filter((_, index) => index % 60 === 0);
  const stream = students[0]!.stream_id;
  const inStream = students.find((one) => one.stream_id === stream)!;
  const signedOut = { host: registrar.host, accept: 'text/html', 'accept-language': 'en' };
  const folded = (surname: string): string => surname.slice(0, 3).toLowerCase();
  const api = { host: registrar.host, authorization: `Bearer ${token}`, accept: 'application/json' };
  return [
    {
      id: 'page.signin',
      bare: [bare('/signin', 'name="login"')],
      product: [{ request: wire('GET', '/login', signedOut), marker: 'name="login"' }],
    },
    { id: 'page.home', bare: [bare('/home', '<h1>')], product: [page('/', '<h1>')] },
    { id: 'page.list', bare: [bare('/list', students[49]!.id)], product: [page('/students', students[49]!.id)] },
    {
      id: 'page.list.deep',
      bare: [
        bare(
          `/list?${new URLSearchParams({ name: school.sortNames[deep.after.id]!, id: deep.after.id }).toString()}`,
          deep.first,
        ),
      ],
      product: [page(`/students?cursor=${encodeURIComponent(deep.cursor)}`, deep.first, {}, pager)],
    },
    {
      id: 'page.list.filtered',
      bare: [bare(`/filtered?stream=${stream}&status=active`, inStream.id)],
      product: [page(`/students?stream=${stream}&status=active`, inStream.id)],
    },
    {
      id: 'page.search',
      bare: some.map((one) => bare(`/search?q=${encodeURIComponent(folded(one.surname))}`, '<b>')),
      product: some.map((one) => page(`/search?q=${encodeURIComponent(folded(one.surname))}`, '<b>', FRAGMENT)),
    },
    {
      id: 'page.profile',
      bare: some.map((one) => bare(`/profile?id=${one.id}`, one.surname)),
      product: some.map((one) => page(`/students/${one.id}`, one.surname, {}, opener)),
    },
    {
      id: 'api.list',
      bare: [bare('/api', students[49]!.id)],
      product: [{ request: wire('GET', '/api/v1/students?limit=50', api), marker: students[49]!.id }],
    },
    { id: 'signin', status: 303, bare: [bare('/hash', 'location: /')], product: signIns(registrar, school) },
  ];
}

/** One person for each client, each behind an address of their own, as they arrive through an ingress. */
function signIns(visitor: Visitor, school: BenchSchool): Shot[] {
  return school.others.map(({ email, password }, index) => ({
    request: wire(
      'POST',
      '/login',
      {
        host: visitor.host,
        origin: visitor.origin,
        'content-type': 'application/x-www-form-urlencoded',
        'x-forwarded-for': `198.51.100.${index + 1}`,
      },
      new URLSearchParams({ login: email, password }).toString(),
    ),
    marker: 'aims=',
  }));
}

export async function takeTurns(
  load: Load,
  line: Line,
  ports: { bare: number; product: number },
  ms: number,
): Promise<BenchLine> {
  const order = (side: 'bare' | 'product', length = ms): LoadOrder => ({
    port: ports[side],
    shots: line[side],
    clients: CLIENTS,
    ms: length,
    status: line.status ?? 200,
  });
  for (const side of ['bare', 'product'] as const) await warmUp(load, order(side, Math.min(ms, WARM.pieceMs)));
  const bare: LoadResult[] = [];
  const product: LoadResult[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    bare.push(await load.run(order('bare')));
    product.push(await load.run(order('product')));
  }
  return compare(line, bare, product);
}

/** Code that has run a few times only is slow on both sides, and the more so the more of it there is. */
async function warmUp(load: Load, order: LoadOrder): Promise<void> {
  let served = 0;
  for (const until = Date.now() + WARM.mostMs; served < WARM.requests && Date.now() < until;)
    served += ((await load.run(order)).perSecond * order.ms) / 1000;
}

function compare(line: Line, bare: readonly LoadResult[], product: readonly LoadResult[]): BenchLine {
  const of = (results: readonly LoadResult[], name: keyof LoadResult): number => median(results.map((one) => one[name]));
  const bytes = { bare: of(bare, 'bytes'), product: of(product, 'bytes') };
  if (line.id !== 'signin' && (bytes.product < bytes.bare / 2 || bytes.bare < bytes.product / 2)) {
    throw new Error(`${line.id}: the two sides don't send about the same: ${bytes.product} bytes against ${bytes.bare}.`);
  }
  return {
    id: line.id,
    unit: 'req/s',
    product: of(product, 'perSecond'),
    limit: of(bare, 'perSecond'),
    ratio: of(product, 'perSecond') / of(bare, 'perSecond'),
    p50_ms: of(product, 'p50Ms'),
    p99_ms: of(product, 'p99Ms'),
    p99_ratio: of(product, 'p99Ms') / of(bare, 'p99Ms'),
    bytes: bytes.product,
  };
}
