import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import sharp from 'sharp';
import { newId } from '../../src/kernel/id.js';
import { IDENTITY } from '../../src/modules/identity/index.js';
import { aSchool, type SchoolUnderTest } from '../support/app.js';
import { hiddenValue, type Answer, type Browser } from '../support/browser.js';
import { admitMany } from '../support/people/learners.js';

/** What every answer carries, whatever it is; a thumbnail leaves out what only documents heed. */
const EVERYWHERE: Record<string, RegExp> = {
  'x-content-type-options': /^nosniff$/,
  'x-frame-options': /^(DENY|SAMEORIGIN)$/i,
  'referrer-policy': /^same-origin$/,
  'cross-origin-opener-policy': /^same-origin$/,
  'cross-origin-resource-policy': /^same-origin$/,
  'permissions-policy': /camera=\(\), .*geolocation=\(\), .*microphone=\(\).*publickey-credentials-get=\(self\)/,
  'reporting-endpoints': /^csp="\/reports\/csp"$/,
  'x-request-id': /^[\w-]{8,64}$/,
};
/** Of a thumbnail, which goes out fifty times with a list: its headers shall not weigh more than the picture. */
const OF_THUMBNAILS: Record<string, RegExp> = {
  'x-content-type-options': /^nosniff$/,
  'x-frame-options': /^(DENY|SAMEORIGIN)$/i,
  'referrer-policy': /^same-origin$/,
  'cross-origin-resource-policy': /^same-origin$/,
  'content-security-policy': /^default-src 'none'$/,
  'cache-control': /^private, max-age=3600$/,
  'x-request-id': /^[\w-]{8,64}$/,
};
const MOST_BYTES_OF_THUMBNAILS = 500;
const DEMANDED_BY_CSP = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  'report-uri /reports/csp',
  'report-to csp',
];

describe('headers of every answer', () => {
  let school: SchoolUnderTest;
  let person: Browser;
  let studentId: string;
  before(async () => {
    school = await aSchool();
    person = await school.as('owner', 'administrator', 'registrar', 'auditor');
    studentId = (await admitMany(school, 1))[0]!.id;
  });
  after(() => school.stop());

  it('pages of every route that can be opened without an id, and one child', async () => {
    const paths = school.app.declared
      .filter((route) => route.method === 'get' && !route.path.includes(':'))
      .map((route) => route.path);
    for (const path of [...paths, `/students/${studentId}`, '/api/docs', '/api/openapi.json'])
      demandHeaders(path, await person.get(path));
  });

  it('error pages, also for those who are not signed in', async () => {
    const stranger = school.stranger();
    const answers: [number, string, Answer][] = [
      [404, 'no such page', await stranger.get('/no-such-page')],
      [404, 'no such child', await person.get(`/students/${newId()}`)],
      [404, 'another host', await stranger.get('/login', { host: 'evil.example' })],
      [404, 'no such file', await person.get(`/files/${newId()}`)],
      [403, 'a form without its token', await person.post('/students', { surname: 'Otieno' })],
      [403, 'a form of another site', await person.post('/students', { surname: 'Otieno' }, { origin: 'https://evil.example' })],
      [422, 'a form with mistakes', await person.submit('/students', { surname: '' }, '/students/new')],
      [404, 'the API', await stranger.get('/api/v1/no-such')],
      [401, 'the API without a token', await stranger.get('/api/v1/students')],
      [413, 'a form that is too large', await person.post('/students', { surname: 'x'.repeat(600_000) })],
    ];
    for (const [status, name, answer] of answers) {
      assert.equal(answer.status, status, name);
      demandHeaders(name, answer);
    }
  });

  it('files, sheets, prints, style, script, health and redirects', async () => {
    const { html } = await person.get('/students');
    const assets = [...html.matchAll(/(?:href|src)="(\/(?:assets|school\/(?:logo|theme))\/[^"#]+)/g)].map((match) => match[1]!);
    assert.ok(assets.length >= 3, 'a page has style, script and icons');
    for (const path of new Set(assets)) demandHeaders(path, await person.get(path));
    for (const path of [
      '/students?format=csv',
      '/students?format=xlsx',
      `/students/${studentId}/profile.pdf`,
      '/healthz',
      '/readyz',
      '/favicon.ico',
    ]) {
      const answer = await person.get(path);
      assert.equal(answer.status, 200, path);
      demandHeaders(path, answer);
    }
    const redirect = await school.stranger().get('/students');
    assert.equal(redirect.status, 302);
    demandHeaders('the way to the sign-in page', redirect);
  });

  it('a thumbnail carries what a picture heeds, in 500 bytes', async (t) => {
    const body = await sharp({ create: { width: 480, height: 600, channels: 3, background: '#a04020' } })
      .jpeg()
      .toBuffer();
    const _csrf = hiddenValue((await person.get('/profile')).html, '_csrf')!;
    const photo = { field: 'photo', name: 'photo.jpg', type: 'image/jpeg', body };
    assert.equal((await person.upload(`/students/${studentId}/photo`, [photo], { _csrf })).status, 303);
    const [, path] = /src="(\/files\/[\w-]+\/small)"/.exec((await person.get('/students')).html)!;
    const answer = await person.get(path!);
    assert.equal(answer.headers['content-type'], 'image/webp');
    for (const [header, wanted] of Object.entries(OF_THUMBNAILS)) assert.match(String(answer.headers[header]), wanted, header);
    const bytes = Object.entries(answer.headers).reduce((sum, [name, value]) => sum + `${name}: ${String(value)}\r\n`.length, 0);
    t.diagnostic(`${bytes} bytes`);
    assert.ok(bytes <= MOST_BYTES_OF_THUMBNAILS, `${bytes} bytes`);
  });

  it('what belongs to a person is kept by no cache', async () => {
    for (const path of [
      '/',
      '/students',
      `/students/${studentId}`,
      '/students?format=csv',
      `/students/${studentId}/profile.pdf`,
      '/profile',
      `/students/${newId()}`,
    ]) {
      assert.match(String((await person.get(path)).headers['cache-control']), /no-store|private/, path);
    }
  });

  it('the session’s cookie is for this host only, out of reach of scripts', async () => {
    const answer = await school.stranger().submit('/login', { login: 'nobody@school.test', password: 'wrong' });
    const signedIn = setCookies(await signInAgain(school));
    assert.ok(signedIn.length > 0);
    for (const line of [...setCookies(answer), ...signedIn]) {
      assert.match(line, /; ?HttpOnly/i, line);
      assert.match(line, /; ?SameSite=(Lax|Strict)/i, line);
      assert.match(line, /; ?Path=\//i, line);
      assert.doesNotMatch(line, /Domain=/i, line);
    }
  });
});

function demandHeaders(name: string, answer: Answer): void {
  for (const [header, wanted] of Object.entries(EVERYWHERE))
    assert.match(String(answer.headers[header]), wanted, `${header} of ${name} (${answer.status})`);
  assert.equal(answer.headers['x-powered-by'], undefined, name);
  const csp = String(answer.headers['content-security-policy']);
  assert.doesNotMatch(csp, /unsafe-inline|unsafe-eval|unsafe-hashes|\*|https?:/, `policy of ${name}`);
  // What is only ever looked at or downloaded may be closed further.
  if (/sandbox|default-src 'none'/.test(csp)) return;
  for (const part of DEMANDED_BY_CSP) assert.ok(csp.includes(part), `${part} in the policy of ${name}: ${csp}`);
}

function setCookies(answer: Answer): string[] {
  return [answer.headers['set-cookie'] ?? []].flat();
}

async function signInAgain(school: SchoolUnderTest): Promise<Answer> {
  const [email, password] = ['cookies@school.test', 'a-password-for-cookies-7'];
  await school.run(() =>
    school
      .get(IDENTITY)
      .createAccount({ name: 'Cookie Reader', email, roles: ['teacher'], by: { password }, actor: school.office }),
  );
  return school.stranger().signIn(email, password);
}
