import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '../../src/kernel/id.js';
import { ROLE_NAMES } from '../../src/platform/module.js';
import type { Declared } from '../../src/platform/http/routes/declared.js';
import { PERMISSION_CATALOGUE } from '../../src/platform/tokens.js';
import { aSchool, type SchoolUnderTest } from '../support/app.js';
import { hiddenValue, type Browser } from '../support/browser.js';
import { fingerprint } from '../support/database/fingerprint.js';
import { admitMany } from '../support/people/learners.js';
import { cookieOf, raw } from '../support/raw.js';

type Headers = Record<string, string>;
interface Forgery {
  name: string;
  headers(tokens: Tokens, origin: string): Headers;
  /** What the answer says: proof that it was refused for this and for nothing else. */
  says: RegExp;
}

type Tokens = { own: string; foreign: string };

const FROM_ELSEWHERE = /came from another site/;
const WITHOUT_TOKEN = /was open for too long/;
const SISTER = 'http://sister-school.localhost';

/** Each defence is tried alone: a forged origin comes with the right token, a forged token from the right origin. */
const FORGERIES: Forgery[] = [
  {
    name: 'origin of an evil site',
    says: FROM_ELSEWHERE,
    headers: ({ own }) => ({ origin: 'https://evil.example', 'x-csrf-token': own }),
  },
  {
    name: 'a sister school’s page',
    says: FROM_ELSEWHERE,
    headers: ({ own }) => ({ origin: SISTER, 'sec-fetch-site': 'same-site', 'x-csrf-token': own }),
  },
  {
    name: 'same-site that hides its origin',
    says: FROM_ELSEWHERE,
    headers: ({ own }, origin) => ({ referer: `${origin}/`, 'sec-fetch-site': 'same-site', 'x-csrf-token': own }),
  },
  {
    name: 'cross-site that claims our origin',
    says: FROM_ELSEWHERE,
    headers: ({ own }, origin) => ({ origin, 'sec-fetch-site': 'cross-site', 'x-csrf-token': own }),
  },
  {
    name: 'origin null of a sandboxed frame',
    says: FROM_ELSEWHERE,
    headers: ({ own }) => ({ origin: 'null', 'x-csrf-token': own }),
  },
  {
    name: 'a referer that only begins like ours',
    says: FROM_ELSEWHERE,
    headers: ({ own }, origin) => ({ referer: `${origin}.evil.example/`, 'x-csrf-token': own }),
  },
  { name: 'no sign of where it comes from', says: FROM_ELSEWHERE, headers: ({ own }) => ({ 'x-csrf-token': own }) },
  {
    name: 'no token',
    says: WITHOUT_TOKEN,
    headers: (_tokens, origin) => ({ origin, 'sec-fetch-site': 'same-origin', 'hx-request': 'true', accept: 'text/html' }),
  },
  {
    name: 'another person’s token',
    says: WITHOUT_TOKEN,
    headers: ({ foreign }, origin) => ({ origin, 'sec-fetch-site': 'same-origin', 'x-csrf-token': foreign }),
  },
];

describe('forms that did not come from our pages', () => {
  let school: SchoolUnderTest;
  let person: Browser;
  let guardian: Browser;
  let tokens: Tokens;
  let tokensOfGuardian: Tokens;
  let posts: Declared[];
  let studentId: string;
  before(async () => {
    school = await aSchool();
    studentId = (await admitMany(school, 2))[0]!.id;
    person = await school.as(...ROLE_NAMES.filter((role) => role !== 'guardian' && role !== 'student'));
    guardian = await school.as('guardian');
    tokens = { own: await tokenOf(person), foreign: await tokenOf(await school.as('registrar')) };
    tokensOfGuardian = { own: await tokenOf(guardian), foreign: tokens.own };
    assert.notEqual(tokens.own, tokens.foreign);
    posts = school.app.declared.filter((route) => route.method === 'post' && !route.path.startsWith('/api/'));
  });
  after(() => school.stop());

  /** Nobody of the staff may use it, whatever token comes. */
  const isForFamilies = ({ can }: Declared): boolean => {
    const permission = school.get(PERMISSION_CATALOGUE).find((one) => one.key === can);
    return permission !== undefined && permission.roles.every((role) => role === 'guardian' || role === 'student');
  };

  for (const forgery of FORGERIES) {
    it(`${forgery.name}: refused everywhere, nothing changed`, async () => {
      const before = await fingerprint(school.database);
      const accepted: string[] = [];
      for (const route of posts) {
        const [who, theirs] = isForFamilies(route) ? [guardian, tokensOfGuardian] : [person, tokens];
        const answer = await send(school, who, route.path, forgery.headers(theirs, school.url));
        if (answer.status !== 403 || !forgery.says.test(answer.text)) accepted.push(`${route.path} answered ${answer.status}`);
      }
      assert.deepEqual(accepted, []);
      assert.deepEqual(await fingerprint(school.database), before);
      assert.equal((await person.get('/profile')).status, 200, 'still signed in');
    });
  }

  it('the same request with our own origin and token passes the gate', async () => {
    const answer = await send(school, person, '/students', { origin: school.url, 'x-csrf-token': tokens.own });
    assert.equal(answer.status, 422);
  });

  it('a file is not read before its token is checked', async () => {
    const uploads = posts.filter((route) => /\/(?:photo|assets|imports|bundles|documents)$/.test(route.path));
    assert.ok(uploads.length > 0);
    const file = 'Content-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n';
    const token = (value: string): string => `Content-Disposition: form-data; name="_csrf"\r\n\r\n${value}\r\n`;
    const sent = (path: string, ...parts: string[]) =>
      person.send('POST', withIds(path), Buffer.from([...parts.map((part) => `--x\r\n${part}`), '--x--\r\n'].join('')), {
        'content-type': 'multipart/form-data; boundary=x',
      });
    const bytes = `${file}${'x'.repeat(200_000)}\r\n`;
    for (const route of uploads) {
      assert.equal((await sent(route.path, bytes)).status, 403, `${route.path} took a file without a token`);
      assert.equal(
        (await sent(route.path, bytes, token(tokens.own))).status,
        403,
        `${route.path} read the file before the token`,
      );
      assert.equal(
        (await sent(route.path, token(tokens.foreign), bytes)).status,
        403,
        `${route.path} took another person’s token`,
      );
      assert.equal(
        (await sent(`${route.path}?_csrf=${encodeURIComponent(tokens.own)}`, bytes)).status,
        403,
        `${route.path} took the token from its address`,
      );
      assert.notEqual(
        (await sent(route.path, token(tokens.own), bytes)).status,
        403,
        `${route.path} did not take the token of the form`,
      );
    }
    const kept = (): Promise<string[]> => readdir(join(school.app.config.data, 'uploads')).catch(() => []);
    // A file is removed once its answer has left.
    for (let tries = 0; tries < 40 && (await kept()).length > 0; tries += 1) await sleep(50);
    assert.deepEqual(await kept(), []);
  });

  it('no page writes a token into an address', async () => {
    const pages = school.app.declared.filter(
      (route) => route.method === 'get' && route.kind === 'page' && !route.path.includes(':'),
    );
    for (const route of pages) {
      const { html } = await person.get(route.path);
      assert.doesNotMatch(html, /(?:action|href|formaction)="[^"]*_csrf/, route.path);
      for (const [form] of html.matchAll(/<form(?=[^>]*method="get")[^>]*>(?:(?!<\/form>).)*<\/form>/gs))
        assert.doesNotMatch(form, /name="_csrf"/, route.path);
      for (const [button, form] of html.matchAll(/<button[^>]*form="([^"]+)"[^>]*formmethod="get"/g)) {
        const [, inside = ''] = html.match(new RegExp(`<form id="${form}"[^>]*>(.*?)</form>`, 's')) ?? [];
        assert.doesNotMatch(inside, /_csrf/, `${route.path}: ${button}`);
      }
    }
  });

  it('the API never takes a cookie for a person', async () => {
    for (const route of school.app.declared.filter((one) => one.kind === 'api')) {
      const answer = await person.json(route.method.toUpperCase(), withIds(route.path), route.method === 'get' ? undefined : {}, {
        'x-csrf-token': tokens.own,
      });
      assert.equal(answer.status, 401, `${route.method} ${route.path}`);
    }
  });

  it('no address changes anything by being opened', async () => {
    const before = await fingerprint(school.database);
    for (const route of school.app.declared.filter(
      (one) => one.method === 'get' && one.kind === 'page' && !ISSUES.test(one.path),
    )) {
      const answer = await person.get(route.path.replace(/:\w+/g, studentId));
      assert.ok(answer.status < 500, `${route.path} answered ${answer.status}`);
    }
    assert.deepEqual(await fingerprint(school.database), before);
  });
});

/** The start of a second factor keeps its secret until it is confirmed. */
const ISSUES = /^\/profile\/factors\/new/;

function withIds(path: string): string {
  return path.replace(/:\w+/g, () => newId());
}

function send(school: SchoolUnderTest, person: Browser, path: string, headers: Headers) {
  const usual = { cookie: cookieOf(person), 'content-type': 'application/x-www-form-urlencoded' };
  return raw('POST', school.url + withIds(path), { ...usual, ...headers }, 'surname=Forged&name=Forged');
}

async function tokenOf(person: Browser): Promise<string> {
  const token = hiddenValue((await person.get('/profile')).html, '_csrf');
  assert.ok(token);
  return token;
}
