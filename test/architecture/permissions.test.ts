import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../src/kernel/id.js';
import type { App } from '../../src/app.js';
import { PLATFORM_ROLES, ROLE_NAMES, type AnyRole, type PlatformRole, type RoleName } from '../../src/platform/module.js';
import type { Declared } from '../../src/platform/http/routes/declared.js';
import { PERMISSION_CATALOGUE } from '../../src/platform/tokens.js';
import { aSchool, type SchoolUnderTest } from '../support/app.js';
import { hiddenValue, type Browser } from '../support/browser.js';
import { aPlatform, type PlatformUnderTest } from '../support/core.js';
import { platformPersonAt } from '../support/people/platform-people.js';

/** Addresses of the founding document: each only leads on, to a page that asks by itself. */
const OLD_PATHS: readonly string[] = [
  ...[
    'calendar-app',
    'template-editor',
    'finance-app',
    'hr-manager',
    'guardian-portal',
    'admissions-portal',
    'comms-hub',
    'clinic',
    'library',
  ].flatMap((name) => [`get /${name}`, `get /${name}/*rest`]),
  'get /brand-assets',
  'get /brand-assets/:name',
];

/** Open to everybody. This list may only shrink; what is added needs a reason in its line. */
const PUBLIC: readonly string[] = [
  'get /.well-known/security.txt',
  ...OLD_PATHS,
  'get /api/docs', // what the API can do; no data
  'get /api/openapi.json',
  'get /check/:code', // what the code on a card or letter leads to
  'get /fees/check/:code', // the same of a receipt
  'get /login',
  'post /login',
  'get /session', // whether somebody is signed in, asked by a page before it sends; who, to themselves alone
  'post /login/kept', // a form that outlived its session is drawn into the sign-in page
  'get /login/choose',
  'post /login/choose',
  'get /login/code',
  'post /login/code',
  'post /login/code/check',
  'get /login/factor',
  'post /login/factor',
  'get /login/forgotten',
  'post /login/forgotten',
  'get /login/invitation',
  'post /login/invitation',
  'post /login/passkey',
  'post /login/passkey/options',
  'get /login/password', // after a printed one-time password, to choose one's own
  'get /login/reset',
  'post /login/reset',
  'get /statement/:token',
  'get /statement/:token/copies/:id.pdf', // a family's statement; the address is the key to it, is good for a month and can be revoked
  'get /stop/:sealed', // a family ends messages to its address; the address is encrypted in the link
  'post /stop/:sealed',
  'get /api/stop/:sealed',
  'post /api/stop/:sealed', // RFC 8058: the mail program's one press
  'post /api/sms/:token/reports', // the SMS gateway, which knows the secret word
  'post /api/sms/:token/opt-outs',
  'get /update/:token', // a family looks over its data; a secret in the address and a proof stand before it
  'post /update/:token',
  'get /login/ticket', // the platform lets the owner of a new school in
  'get /school/logo/:id', // the sign-in page wears the school's badge and colours
  'get /school/theme/:hash',
  'get /user-guide', // the same documents for whoever asks
  'get /user-guide/:name',
  'get /user-guide/pictures/:name',
  'get /pay/:token', // a family pays without an account; a secret in the address, and little to see
  'post /pay/:token',
  'get /pay/:token/prompts/:id',
  'post /api/auth/refresh',
  'post /api/auth/token',
  'post /api/payments/inbox-calls', // signed by the platform; makes the school look into its inbox
];

/** The same, of the platform. */
const PUBLIC_PLATFORM: readonly string[] = [
  'get /.well-known/security.txt',
  ...OLD_PATHS,
  'get /', // the site
  'get /about',
  'post /api/auth/tenant-bootstrap-ready',
  'post /api/tenants/usage-report', // signed by a school
  'post /api/callbacks/:token/confirmation', // networks that carry money call back; the address is the key, and nothing is believed for it
  'post /api/callbacks/:token/pull',
  'post /api/callbacks/:token/status',
  'post /api/callbacks/:token/stk',
  'post /api/callbacks/:token/timeout',
  'post /api/callbacks/:token/validation',
  'get /api/newsletter/unsubscriptions/:sealed',
  'post /api/newsletter/unsubscriptions/:sealed',
  'get /contact',
  'post /api/admin/delete-tenant', // asks for the platform's key
  'post /contact',
  'get /countries',
  'get /countries/:country',
  'get /data-protection',
  'get /features',
  'get /find-school',
  'get /login',
  'get /session', // whether somebody is signed in, asked by a page before it sends
  'post /login/kept', // a form that outlived its session is drawn into the sign-in page
  'get /login/choose',
  'post /login/choose',
  'get /login/code',
  'post /login/code',
  'post /login/code/check',
  'get /login/factor',
  'post /login/factor',
  'post /login/passkey',
  'post /login/passkey/options',
  'get /newsletter', // whoever reads it has no account
  'get /newsletter/confirmations/:sealed',
  'post /newsletter/confirmations/:sealed',
  'post /newsletter/subscribers',
  'get /newsletter/unsubscriptions/:sealed',
  'post /newsletter/unsubscriptions/:sealed',
  'get /pricing',
  'get /pricing/price',
  'get /privacy',
  'get /provisioning/:token', // the address is the key to it; it shows the steps
  'get /provisioning/:token/entry',
  'post /provisioning/:token/retry',
  'get /robots.txt',
  'get /signup', // a school is opened by somebody who has no account yet
  'get /signup/address',
  'post /signup/address',
  'get /signup/code',
  'post /signup/code',
  'post /signup/codes',
  'post /signup/restart',
  'get /signup/school',
  'post /signup/school',
  'get /signup/subdomain',
  'get /signup/you',
  'post /signup/you',
  'get /sitemap.xml',
  'get /terms',
  'get /user-guide',
  'get /user-guide/:name',
  'get /user-guide/pictures/:name',
];

/** Whoever watches says of an alert that it was looked at. */
const AUDITORS_ACT = 'audit.alerts';

/** What everybody changes for themselves: their profile, their proof, their way out. */
const OWN = /^post \/(?:profile|confirm|sign-out)/;

/** A process under test, and how somebody gets in. */
interface House {
  app: App;
  stranger(): Browser;
  as(role: AnyRole): Promise<Browser>;
}

describe('who may use which route of a school', () => {
  let school: SchoolUnderTest;
  before(async () => {
    school = await aSchool();
  });
  after(() => school.stop());
  rulesOf(PUBLIC, ROLE_NAMES, () => ({ app: school.app, stranger: school.stranger, as: (role) => school.as(role as RoleName) }));
});

describe('who may use which route of the platform', () => {
  let platform: PlatformUnderTest;
  before(async () => {
    platform = await aPlatform();
  });
  after(() => platform.stop());
  rulesOf(PUBLIC_PLATFORM, PLATFORM_ROLES, () => ({
    app: platform.app,
    stranger: platform.stranger,
    as: (role) => platformPersonAt(platform, role as PlatformRole),
  }));

  it('a session of a school opens nothing here, and the reverse', async () => {
    const school = await aSchool();
    try {
      const [owner, admin] = [await school.as('owner'), await platformPersonAt(platform, 'super-admin')];
      const [here, there] = [platform.stranger(), school.stranger()];
      for (const [name, value] of owner.cookies) here.cookies.set(name, value);
      for (const [name, value] of admin.cookies) there.cookies.set(name, value);
      assert.equal((await here.get('/identity/users')).status, 302);
      assert.equal((await there.get('/identity/users')).status, 302);
    } finally {
      await school.stop();
    }
  });
});

function rulesOf(expected: readonly string[], roles: readonly AnyRole[], house: () => House): void {
  it('every route names a permission of the catalogue, or stands on the public list', () => {
    const known = new Set(
      house()
        .app.container.get(PERMISSION_CATALOGUE)
        .map((permission) => permission.key as string),
    );
    const strays = house().app.declared.filter(
      (route) => route.can !== 'public' && route.can !== 'signed-in' && !known.has(route.can),
    );
    assert.deepEqual(strays.map(nameOf), []);
    const open = house()
      .app.declared.filter((route) => route.can === 'public')
      .map(nameOf);
    assert.deepEqual(
      open.filter((route) => !expected.includes(route)),
      [],
      'newly open to everybody',
    );
    assert.deepEqual(
      expected.filter((route) => !open.includes(route)),
      [],
      'no longer there: take it off the list',
    );
  });

  it('no address is declared twice, and none is served without being declared', () => {
    const names = house().app.declared.map(nameOf);
    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    );
  });

  it('what changes something asks for a permission to change: none that is there for looking, and of the auditor’s none but one', () => {
    const looks = new Set(
      house()
        .app.container.get(PERMISSION_CATALOGUE)
        .filter(
          ({ key, roles: names }) => key.endsWith('.read') || ((names as string[]).includes('auditor') && key !== AUDITORS_ACT),
        )
        .map(({ key }) => key as string),
    );
    const writes = house().app.declared.filter((route) => route.method !== 'get');
    assert.deepEqual(
      writes.filter((route) => looks.has(route.can)).map((route) => `${nameOf(route)} needs only ${route.can}`),
      [],
    );
    assert.deepEqual(
      writes
        .filter((route) => route.can === 'signed-in')
        .map((route) => nameOf(route))
        .filter((name) => !OWN.test(name)),
      [],
      'open to everybody who is signed in',
    );
  });

  it('a stranger gets nowhere but to the public ones', async () => {
    const stranger = house().stranger();
    for (const route of house().app.declared.filter((one) => one.can !== 'public')) {
      const answer = await ask(stranger, route, {});
      const refused = route.kind === 'api' ? [401] : route.method === 'get' ? [302] : [403];
      assert.ok(refused.includes(answer.status), `${nameOf(route)} answered ${answer.status} to a stranger`);
    }
  });

  for (const role of roles) {
    it(`${role}: opens what the matrix gives and nothing else`, async () => {
      const person = await house().as(role);
      const tokens = new Tokens(person);
      const wrong: string[] = [];
      for (const route of inOrder(house().app.declared)) {
        if (route.kind === 'api') continue;
        const allowed = mayUse(house().app, role, route);
        const answer = await ask(person, route, route.method === 'get' ? {} : await tokens.headers());
        if (
          allowed &&
          ((answer.status === 401 && route.path !== '/confirm') || (answer.status === 403 && route.method === 'get'))
        )
          wrong.push(`${nameOf(route)} refused with ${answer.status}`);
        if (!allowed && answer.status !== 403) wrong.push(`${nameOf(route)} answered ${answer.status} instead of 403`);
        if (answer.status >= 500) wrong.push(`${nameOf(route)} broke with ${answer.status}`);
      }
      await tokens.demandGood();
      assert.deepEqual(wrong, []);
    });
  }
}

function nameOf(route: Declared): string {
  return `${route.method} ${route.path}`;
}

/** What ends the session comes last, so that the rest is asked by somebody who is signed in. */
function inOrder(routes: readonly Declared[]): Declared[] {
  const ends = (route: Declared): number =>
    /sign-out|sessions|password|factors/.test(route.path) && route.method === 'post' ? 1 : 0;
  return routes.filter((route) => route.can !== 'public' && ends(route) === 0);
}

function mayUse(app: App, role: AnyRole, route: Declared): boolean {
  if (route.can === 'signed-in') return true;
  return app.container
    .get(PERMISSION_CATALOGUE)
    .some((permission) => permission.key === route.can && permission.roles.includes(role));
}

/** The token of the session, read again when the session is another one: a write without it would be refused for that alone. */
class Tokens {
  private session: string | null = null;
  private token = '';

  constructor(private readonly person: Browser) {}

  async headers(): Promise<Record<string, string>> {
    if (this.session !== this.cookies()) {
      this.token = await this.read();
      this.session = this.cookies();
    }
    return { 'x-csrf-token': this.token };
  }

  /** It was good for all that was sent. */
  async demandGood(): Promise<void> {
    assert.notEqual(this.token, '');
    assert.equal(await this.read(), this.token);
  }

  private async read(): Promise<string> {
    return hiddenValue((await this.person.get('/profile')).html, '_csrf') ?? '';
  }

  private cookies(): string {
    return JSON.stringify([...this.person.cookies]);
  }
}

function ask(browser: Browser, route: Declared, headers: Record<string, string>) {
  const path = route.path.replace(/:\w+/g, () => newId());
  if (route.method === 'get') return browser.get(path);
  return route.kind === 'api' ? browser.json(route.method.toUpperCase(), path, {}) : browser.post(path, {}, headers);
}
