import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../src/kernel/id.js';
import { APPROVALS } from '../../src/modules/approvals/index.js';
import { IDENTITY } from '../../src/modules/identity/index.js';
import { FamilyWishes } from '../../src/modules/notifications/opt-outs.js';
import { ROLE_NAMES } from '../../src/platform/module.js';
import { aSchool, type SchoolUnderTest } from '../support/app.js';
import { hiddenValue, type Browser } from '../support/browser.js';
import { admitMany } from '../support/people/learners.js';
import { cookieOf, raw } from '../support/raw.js';
import { countRows, sql } from '../support/database/sql.js';
import { STORMY } from '../support/storm.js';

const STORM = STORMY ? 20_000 : 2_000;
const AT_ONCE = 50;
const STAFF_ROLES = ROLE_NAMES.filter((role) => role !== 'guardian' && role !== 'student');

/** A school in which every name carries the school's own mark. */
interface Marked {
  mark: string;
  school: SchoolUnderTest;
  person: Browser;
  bearer: string;
  students: string[];
}

describe('three schools at the same time', () => {
  let alpha: Marked;
  let beta: Marked;
  let gamma: Marked;
  before(async () => {
    [alpha, beta, gamma] = await Promise.all([marked('Alphamark'), marked('Betamark'), marked('Gammamark')]);
  });
  after(() => Promise.all([alpha, beta, gamma].map((one) => one.school.stop())));

  it('a mixed storm with cut connections and errors shows nobody another school', async () => {
    const seen = { answers: 0, own: 0, aborted: 0, foreign: [] as string[], broken: [] as string[] };
    let next = 0;
    const lane = async (): Promise<void> => {
      for (let turn = next++; turn < STORM; turn = next++) {
        const one = [alpha, beta, gamma][turn % 3]!;
        const others = [alpha, beta, gamma].filter((each) => each !== one);
        const { name, answer } = await gust(one, turn);
        if (!answer) {
          seen.aborted += 1;
          continue;
        }
        seen.answers += 1;
        if (answer.text.includes(one.mark)) seen.own += 1;
        const whole = answer.text + JSON.stringify(answer.headers);
        if (others.some((each) => whole.includes(each.mark))) seen.foreign.push(name);
        if (answer.status >= 500) seen.broken.push(`${name} answered ${answer.status}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    assert.deepEqual(seen.foreign, []);
    assert.deepEqual(seen.broken, []);
    assert.ok(seen.own > seen.answers / 2, `own mark in ${seen.own} of ${seen.answers}`);
    assert.ok(seen.aborted > STORM / 50, `${seen.aborted} were cut`);
    for (const one of [alpha, beta, gamma]) assert.equal((await one.person.get('/students')).status, 200, 'serves on');
  });

  it('the ids of one school answer on the other’s host like ids that do not exist, byte for byte', async () => {
    const ids = await idsOf(alpha);
    assert.ok(ids.length >= 8, `kinds of things: ${ids.length}`);
    const differing: string[] = [];
    let tries = 0;
    for (const route of beta.school.app.declared.filter((one) => one.method === 'get' && one.path.includes(':'))) {
      const ask = async (id: string) => {
        const path = route.path.replace(/:\w+/g, id);
        const headers = route.kind === 'api' ? { authorization: `Bearer ${beta.bearer}` } : { cookie: cookieOf(beta.person) };
        const answer = await raw('GET', beta.school.url + path, headers);
        tries += 1;
        if (answer.text.includes(alpha.mark)) differing.push(`${route.path} shows the other school`);
        return `${answer.status} ${withoutTokens(answer.text, id)}`;
      };
      const unused = await ask(newId());
      for (const id of ids) if ((await ask(id)) !== unused) differing.push(`${route.path} with ${id}`);
    }
    assert.deepEqual(differing, []);
    assert.ok(tries > 500, `${tries} tries`);
  });

  it('a foreign id takes no longer than an unused one', async () => {
    const time = async (id: () => string): Promise<number> => {
      const times: number[] = [];
      for (let round = 0; round < 60; round += 1) {
        const began = performance.now();
        await beta.person.get(`/students/${id()}`);
        times.push(performance.now() - began);
      }
      return times.sort((a, b) => a - b)[times.length / 2]!;
    };
    const [foreign, unused] = [await time(() => alpha.students[0]!), await time(newId)];
    assert.ok(Math.abs(foreign - unused) < 15, `medians ${foreign.toFixed(1)} and ${unused.toFixed(1)} ms`);
  });

  it('changes to the other school’s ids are refused like those to unused ids', async () => {
    const ids = await idsOf(alpha);
    const csrf = hiddenValue((await beta.person.get('/profile')).html, '_csrf')!;
    const before = await rowsOf(alpha);
    const differing: string[] = [];
    for (const route of beta.school.app.declared.filter(
      (one) => one.method !== 'get' && one.path.includes(':') && one.kind === 'page',
    )) {
      const ask = async (id: string) => {
        const path = route.path.replace(/:\w+/g, id);
        const headers = {
          cookie: cookieOf(beta.person),
          origin: beta.school.url,
          'x-csrf-token': csrf,
          'content-type': 'application/x-www-form-urlencoded',
        };
        const answer = await raw('POST', beta.school.url + path, headers, 'name=x');
        return `${answer.status} ${withoutTokens(answer.text, id)}`;
      };
      const unused = await ask(newId());
      // Where tries are counted, all are refused from some try on: then another unused id must be refused alike.
      for (const id of ids) {
        const answer = await ask(id);
        if (answer !== unused && answer !== (await ask(newId()))) differing.push(`${route.path} with ${id}`);
      }
    }
    assert.deepEqual(differing, []);
    assert.deepEqual(await rowsOf(alpha), before);
  });

  it('a session of one school is nobody in the other, and makes no session there', async () => {
    const sessions = () => count(alpha, 'identity_sessions');
    const before = await sessions();
    for (const route of alpha.school.app.declared.filter(
      (one) => one.method === 'get' && one.kind === 'page' && one.can !== 'public',
    )) {
      const answer = await raw('GET', alpha.school.url + route.path.replace(/:\w+/g, alpha.students[0]!), {
        cookie: cookieOf(beta.person),
      });
      assert.equal(answer.status, 302, route.path);
      assert.match(String(answer.headers.location), /^\/login\?/);
    }
    assert.equal(await sessions(), before);
    const api = await raw('GET', `${alpha.school.url}/api/v1/students`, { authorization: `Bearer ${beta.bearer}` });
    assert.equal(api.status, 401, 'the other school’s token');
  });

  it('the school comes from the host alone: forwarded names, headers and fields change nothing', async () => {
    const { host } = new URL(alpha.school.url);
    const named = {
      'x-forwarded-host': host,
      'x-tenant': alpha.school.database.subdomain,
      'x-school-id': alpha.school.database.schoolId,
      forwarded: `host=${host}`,
    };
    const page = await raw('GET', `${beta.school.url}/students?school_id=${alpha.school.database.schoolId}`, {
      cookie: cookieOf(beta.person),
      ...named,
    });
    assert.equal(page.status, 200);
    assert.ok(page.text.includes(beta.mark) && !page.text.includes(alpha.mark));
    assert.equal((await raw('GET', `${beta.school.url}/login`, { host })).status, 404, 'the other school’s host at this process');
    assert.ok(!(await raw('GET', `${beta.school.url}/login/forgotten`, named)).text.includes(host));

    const { school_id: own } = await newest(beta);
    const form = await beta.person.get('/students/new');
    const streamId = form.html.match(/name="streamId"[\s\S]*?<option value="([0-9a-f-]{36})"/)?.[1];
    const answer = await beta.person.submit(
      '/students',
      {
        surname: 'Assigned',
        firstName: 'Mass',
        sex: 'F',
        boarding: 'day',
        status: 'active',
        joinedOn: '2026-01-06',
        streamId,
        notTheSame: 'on',
        school_id: alpha.school.database.schoolId,
        schoolId: alpha.school.database.schoolId,
        id: alpha.students[0],
        version: '99',
        created_at: '1999-01-01',
      },
      '/students/new',
    );
    assert.ok(answer.status === 303 || answer.status === 422, String(answer.status));
    const made = await newest(beta);
    assert.equal(made.school_id, own);
    assert.ok(!alpha.students.includes(made.id));
    assert.equal(await count(alpha, "students where surname = 'Assigned'"), 0);
  });

  it('odd parameters are answered or refused, never with a fault', async () => {
    const wrong: string[] = [];
    for (const route of beta.school.app.declared.filter((one) => one.method === 'get' && !/\/prints\/./.test(one.path))) {
      for (const query of route.path.includes(':') ? ODD.slice(0, 2) : ODD) {
        const path = route.path.replace(/:\w+/g, beta.students[0]!) + query;
        const headers = route.kind === 'api' ? { authorization: `Bearer ${beta.bearer}` } : { cookie: cookieOf(beta.person) };
        const { status } = await raw('GET', beta.school.url + path, headers);
        if (status >= 500) wrong.push(`${path} answered ${status}`);
      }
      for (const id of route.path.includes(':') ? ODD_IDS : []) {
        const { status } = await raw('GET', beta.school.url + route.path.replace(/:\w+/g, id), {
          cookie: cookieOf(beta.person),
          authorization: `Bearer ${beta.bearer}`,
        });
        if (status >= 500) wrong.push(`${route.path} with ${id} answered ${status}`);
      }
    }
    assert.deepEqual(wrong, []);
    assert.equal(({} as { polluted?: string }).polluted, undefined);
  });

  it('odd bodies are refused, never with a fault', async () => {
    const csrf = hiddenValue((await beta.person.get('/profile')).html, '_csrf')!;
    const bodies = [
      '__proto__[polluted]=1&__proto__.polluted=1',
      'constructor.prototype.polluted=1',
      'surname[]=a&surname[x]=b&surname=c',
      'surname=%00%ff%fe',
      'guardians.999999999.fullName=x&guardians.-1.fullName=y',
      '=&&&==',
      'a.b.c.d.e.f.g.h=1&a=2',
      `surname=${'x'.repeat(100_000)}`,
    ];
    const wrong: string[] = [];
    for (const route of beta.school.app.declared.filter(
      (one) => one.method === 'post' && one.kind === 'page' && !/sign-out|sessions|\/login|api\/auth/.test(one.path),
    )) {
      for (const body of bodies) {
        const headers = {
          cookie: cookieOf(beta.person),
          origin: beta.school.url,
          'x-csrf-token': csrf,
          'content-type': 'application/x-www-form-urlencoded',
        };
        const { status } = await raw('POST', beta.school.url + route.path.replace(/:\w+/g, () => newId()), headers, body);
        if (status >= 500) wrong.push(`${route.path} answered ${status} to ${body.slice(0, 60)}`);
      }
    }
    for (const route of beta.school.app.declared.filter((one) => one.method !== 'get' && one.kind === 'api')) {
      for (const body of [
        '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
        '[]',
        'null',
        '"x"',
        '{',
        `${'['.repeat(50_000)}`,
        '{"surname":{"a":1},"guardians":"x"}',
      ]) {
        const headers = { authorization: `Bearer ${beta.bearer}`, 'content-type': 'application/json' };
        const { status } = await raw(
          route.method.toUpperCase(),
          beta.school.url + route.path.replace(/:\w+/g, () => newId()),
          headers,
          body,
        );
        if (status >= 500 || status < 400) wrong.push(`${route.path} answered ${status} to ${body.slice(0, 40)}`);
      }
    }
    assert.deepEqual(wrong, []);
    assert.equal(({} as { polluted?: string }).polluted, undefined);
  });
});

const ODD = [
  '?page=-1&limit=1e9&sort=password',
  '?__proto__[polluted]=1&constructor[prototype][polluted]=1&__proto__.polluted=1',
  '?id[]=&id[]=1&q[$ne]=1',
  '?cursor=garbage',
  '?cursor=eyJ4IjoxfQ',
  '?limit=0',
  '?limit=-5',
  '?limit=NaN',
  '?sort=name;drop%20table%20students',
  '?status=%00',
  '?q=%E0%A4%A',
  '?q=%25%25%25_%27%22%5C',
  `?q=${'x'.repeat(4000)}`,
  '?status=here&status=all&class=1',
  '?stream=not-a-uuid&class=null&from=2026-13-45&on=0000-00-00',
  '?format=exe',
];
const ODD_IDS = [
  '1',
  'null',
  '__proto__',
  '%00',
  '..%2f..%2fetc%2fpasswd',
  '00000000-0000-0000-0000-000000000000',
  'x'.repeat(500),
  "'%20or%201=1--",
  '%F0%9F%92%A9',
];

async function marked(mark: string): Promise<Marked> {
  const school = await aSchool({ name: `${mark} School`, lists: { houses: [{ name: `${mark} House` }] } });
  const students = await admitMany(school, 24, (index) => ({
    surname: mark,
    firstName: `Child${index}`,
    specialNeeds: `${mark} needs`,
    address: `${mark} Street`,
  }));
  const [email, password] = ['marker@school.test', 'a-password-for-markers-7'];
  await school.run(() =>
    school
      .get(IDENTITY)
      .createAccount({ name: `${mark} Person`, email, roles: STAFF_ROLES, by: { password }, actor: school.office }),
  );
  const reopening = {
    kind: 'finance.reopening',
    subject: { kind: 'finance.month', id: '2026-01' },
    reason: `${mark} reason`,
    summary: `${mark} summary`,
  };
  await school.run(() => school.get(APPROVALS).ask(school.office, reopening));
  await school.run(() => school.get(FamilyWishes).add(school.office, `${mark.toLowerCase()}@example.org`));
  const person = school.stranger();
  await person.signIn(email, password);
  return {
    mark,
    school,
    person,
    bearer: await school.stranger().token(email, password),
    students: students.map((one) => one.id),
  };
}

/** One request of the storm; null when it was cut off on purpose. */
async function gust(one: Marked, turn: number): Promise<{ name: string; answer: Awaited<ReturnType<typeof raw>> | null }> {
  const id = one.students[turn % one.students.length]!;
  const paths = [
    '/students',
    `/students/${id}`,
    '/search?q=child',
    '/students?sort=admission_no',
    `/students/${id}/edit`,
    `/students/${newId()}`,
    '/',
    '/students/guardians',
    '/api/v1/students',
    '/students?format=csv',
    '/no-such-page',
    `/api/v1/students/${id}`,
    '/audit',
    '/students?q=child1',
    '/school',
    '/profile',
    '/students?cursor=garbage',
    '/identity/users',
  ];
  const path = turn % 97 === 0 ? `/students/${id}/profile.pdf` : paths[(turn >> 1) % paths.length]!;
  const headers = path.startsWith('/api/') ? { authorization: `Bearer ${one.bearer}` } : { cookie: cookieOf(one.person) };
  const cut = turn % 10 === 9 ? AbortSignal.timeout(1 + (turn % 23)) : undefined;
  const answer = await raw('GET', one.school.url + path, headers, '', cut).catch((error: unknown) => {
    if (cut?.aborted) return null;
    throw error;
  });
  return { name: `${one.mark} ${path}`, answer };
}

/** What addresses name by id. */
const NAMED = [
  'students',
  'students_guardians',
  'identity_users',
  'subjects',
  'subjects_classes',
  'subjects_streams',
  'school_lists',
  'school_years',
  'audit_entries',
  'approvals_requests',
  'notifications_opt_outs',
];

async function idsOf({ school }: Marked): Promise<string[]> {
  const each = NAMED.map((table) => `(select id from ${table} order by id desc limit 1)`);
  return (await sql(school.database, each.join(' union all '))).map((row) => row.id!);
}

function count({ school }: Marked, from: string): Promise<number> {
  return countRows(school.database, from);
}

async function rowsOf(one: Marked): Promise<number[]> {
  return Promise.all(
    ['students', 'students_guardians', 'students_enrolments', 'identity_users', 'subjects'].map((table) => count(one, table)),
  );
}

async function newest({ school }: Marked): Promise<{ id: string; school_id: string }> {
  const [row] = await sql<{ id: string; school_id: string }>(
    school.database,
    'select id, school_id from students order by id desc limit 1',
  );
  return row!;
}

/** What differs between any two answers: tokens, references and the id that was asked for. */
function withoutTokens(text: string, id: string): string {
  return (
    text
      .replaceAll(encodeURIComponent(id), 'ID')
      .replaceAll(id, 'ID')
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UUID')
      .replace(/"X-CSRF-Token[^}]*}|X-CSRF-Token[^"]*"/g, 'TOKEN')
      // Every page says when it was printed: a minute may end between two of them.
      .replace(/\d{1,2} \w{3,4} \d{4}, \d\d:\d\d/g, 'TIME')
      // And when the session ends, in seconds.
      .replace(/data-session="\d+"/g, 'ENDS')
      .replace(/name="_csrf" value="[^"]*"|_csrf=[^"&]*/g, 'TOKEN')
  );
}
