import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { PROVISIONING } from '../../../src/modules/provisioning/index.js';
import { SCHOOL_REGISTER } from '../../../src/modules/schools/index.js';
import type { Browser, Fields } from '../../support/browser.js';
import { aPlatform, type PlatformUnderTest } from '../../support/core.js';
import { startSmtp, type TestSmtp } from '../../support/outside/smtp.js';
import { until } from '../../support/waiting.js';

let platform: PlatformUnderTest;
let smtp: TestSmtp;
let people = 0;

const school = { name: 'Lake View Academy', place: 'KE.cbc', town: 'Nakuru', pupils: '101-300' };
const aPerson = (): Fields => {
  people += 1;
  return { name: 'Wanjiru Njeri', email: `owner${people}@school.test`, phone: '0722 481 903', agreed: 'yes' };
};

before(async () => {
  smtp = await startSmtp();
  platform = await aPlatform({
    background: true,
    settings: {
      mail: { resendKey: null, resendUrl: 'http://127.0.0.1:9', smtpUrl: smtp.url, from: 'AIMS <no-reply@platform.test>' },
    },
  });
});
after(async () => {
  await platform.stop();
  await smtp.stop();
});
beforeEach(() => platform.sql(`delete from platform_rate_limits where key like 'signup.%'`));

/** As far as the page that asks for the code. */
async function asked(browser: Browser, subdomain: string, owner = aPerson(), facts: Fields = school): Promise<string> {
  await browser.get('/signup/school');
  assert.equal((await browser.post('/signup/school', facts)).location, '/signup/you');
  assert.equal((await browser.post('/signup/you', owner)).location, '/signup/address');
  const answer = await browser.post('/signup/address', { subdomain });
  assert.equal(answer.location, '/signup/code', answer.html);
  return String(owner.email);
}

async function codeFor(email: string, count = 1): Promise<string> {
  const letters = () => smtp.received.filter((letter) => [letter.to].flat().some((to) => to?.text.includes(email)));
  await until(() => Promise.resolve(letters().length >= count), `No letter ${count} for ${email}`);
  return /\b\d{6}\b/.exec(letters().at(-1)?.text ?? '')![0];
}

/** Until the school is on its way. */
async function opened(subdomain: string): Promise<{ browser: Browser; email: string; page: string }> {
  const browser = platform.stranger();
  const email = await asked(browser, subdomain);
  const answer = await browser.post('/signup/code', { code: await codeFor(email) });
  assert.match(answer.location ?? '', /^\/provisioning\//, answer.html);
  return { browser, email, page: answer.location! };
}

const browsers = new Map<string, Browser>();
const browserOf = (name: string): Browser => browsers.get(name) ?? browsers.set(name, platform.stranger()).get(name)!;

const ROUNDS = 40;

/** In ms, asked in turn so that what else the machine does falls on all alike. */
async function medians(
  tries: Record<string, () => Promise<unknown>>,
  between: () => Promise<unknown>,
): Promise<Record<string, number>> {
  const times = new Map(Object.keys(tries).map((name) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round += 1) {
    await between();
    for (const [name, attempt] of Object.entries(tries)) {
      const began = performance.now();
      await attempt();
      times.get(name)!.push(performance.now() - began);
    }
  }
  return Object.fromEntries([...times].map(([name, all]) => [name, all.sort((a, b) => a - b)[ROUNDS / 2]!]));
}

const entered = (subdomain: string) => platform.run(() => platform.get(SCHOOL_REGISTER).findBySubdomain(subdomain));

describe('what the wizard refuses', () => {
  it('a step before those that come first', async () => {
    const browser = platform.stranger();
    assert.equal((await browser.get('/signup')).location, '/signup/school');
    for (const step of ['you', 'address', 'code'])
      assert.equal((await browser.get(`/signup/${step}`)).location, '/signup/school', step);
    assert.equal((await browser.post('/signup/address', { subdomain: 'early-bird' })).location, '/signup/school');
    assert.equal((await browser.post('/signup/codes', {})).location, '/signup/school');
    assert.equal((await browser.post('/signup/code', { code: '000000' })).status, 422);
  });

  const wrong: [what: string, fields: Fields, message: RegExp][] = [
    ['no name', { ...school, name: '' }, /Fill this in/],
    ['a name without a letter', { ...school, name: '12345' }, /Enter the name of the school/],
    ['a name of two lines', { ...school, name: 'Lake\u0007View' }, /on one line/],
    ['a name beyond all measure', { ...school, name: 'x'.repeat(121) }, /At most 120 characters/],
    ['a country that has no pack', { ...school, place: 'FR.bac' }, /Choose the country and curriculum/],
    ['another country’s curriculum', { ...school, place: 'KE.nerdc' }, /Choose the country and curriculum/],
    ['no size', { ...school, pupils: '' }, /Choose how many students there are/],
  ];
  for (const [what, fields, message] of wrong) {
    it(`${what}, with a sentence at the field and all that was typed`, async () => {
      const browser = platform.stranger();
      await browser.get('/signup/school');
      const answer = await browser.post('/signup/school', fields);
      assert.equal(answer.status, 422);
      assert.match(answer.html, message);
      assert.match(answer.html, /value="Nakuru"/);
      assert.match(answer.html, /<title>Error: /);
      assert.equal((await browser.get('/signup/you')).location, '/signup/school', 'nothing was kept');
    });
  }

  it('an owner without an address, phone or consent', async () => {
    const browser = platform.stranger();
    await browser.get('/signup/school');
    await browser.post('/signup/school', school);
    for (const [field, value, message] of [
      ['email', 'wanjiru@', /full email address/],
      ['email', 'a@b.c\nbcc: x@y.z', /full email address|Fill/],
      ['phone', '12', /full phone number/],
      ['agreed', undefined, /Agree to the terms/],
    ] as const) {
      const answer = await browser.post('/signup/you', { ...aPerson(), [field]: value });
      assert.equal(answer.status, 422, field);
      assert.match(answer.html, message);
      assert.match(answer.html, /value="Wanjiru Njeri"/);
    }
  });

  it('a form that came from another site', async () => {
    const browser = platform.stranger();
    await browser.get('/signup/school');
    assert.equal((await browser.post('/signup/school', school, { origin: 'https://elsewhere.example' })).status, 403);
  });

  it('an address that is reserved, offensive, taken, or like one: all with the same words', async () => {
    await platform.run(() =>
      platform.get(SCHOOL_REGISTER).enter({
        id: '0198c1de-0000-7000-8000-000000000001',
        subdomain: 'riverside',
        name: 'Riverside',
        country: 'KE',
        town: null,
      }),
    );
    const browser = platform.stranger();
    await browser.get('/signup/school');
    await browser.post('/signup/school', school);
    await browser.post('/signup/you', aPerson());
    const pages = new Set<string>();
    const parts = new Set<string>();
    for (const subdomain of ['postgres', 'malaya', 'riverside', 'river-side', 'rivers1de']) {
      const answer = await browser.post('/signup/address', { subdomain });
      assert.equal(answer.status, 422);
      pages.add(plain(answer.html, subdomain));
      parts.add(plain((await browser.fragment(`/signup/subdomain?subdomain=${subdomain}`)).html, subdomain));
    }
    assert.equal(pages.size, 1);
    assert.equal(parts.size, 1);
    assert.match([...parts][0]!, /This address is taken\. Choose another\./);
  });

  it('a code that is wrong, used, older, another browser’s, or for another address', async () => {
    const browser = platform.stranger();
    const email = await asked(browser, 'code-refusals');
    const code = await codeFor(email);
    const refused = async (who: Browser, typed: string) => {
      const answer = await who.post('/signup/code', { code: typed });
      assert.equal(answer.status, 422);
      assert.match(answer.html, /This code is wrong or too old\. If in doubt, ask for a new one\.|Some answers are missing/);
    };
    await refused(browser, code === '111111' ? '222222' : '111111');
    await refused(browser, '');
    await refused(platform.stranger(), code);
    const other = platform.stranger();
    await asked(other, 'code-refusals-too');
    await refused(other, code);

    await platform.sql(`update signup_drafts set code_asked_at = now() - interval '2 minutes'`);
    assert.equal((await browser.post('/signup/codes', {})).location, '/signup/code');
    const newer = await codeFor(email, 2);
    if (newer !== code) await refused(browser, code);

    await browser.post('/signup/you', { ...aPerson(), name: 'Another Address' });
    await refused(browser, newer);
    assert.equal(await entered('code-refusals'), null, 'nothing is entered before the proof');
  });

  it('a sixth try at one code, right as it may be', async () => {
    const browser = platform.stranger();
    const email = await asked(browser, 'six-tries');
    const code = await codeFor(email);
    for (let attempt = 0; attempt < 5; attempt += 1)
      await browser.post('/signup/code', { code: code === '111111' ? '222222' : '111111' });
    assert.equal((await browser.post('/signup/code', { code })).status, 422);
    assert.equal(await entered('six-tries'), null);
  });

  it('a code after ten minutes', async () => {
    const browser = platform.stranger();
    const email = await asked(browser, 'too-late');
    const code = await codeFor(email);
    await platform.sql(`update signup_codes set expires_at = now() - interval '1 second' where email = $1`, [email]);
    assert.equal((await browser.post('/signup/code', { code })).status, 422);
  });

  it('more than fifteen wrong codes a day for one address, over however many codes', async () => {
    const browser = platform.stranger();
    const email = await asked(browser, 'fifteen');
    const statuses: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      const code = await codeFor(email, round + 1).catch(() => '000000');
      for (let attempt = 0; attempt < 4; attempt += 1)
        statuses.push((await browser.post('/signup/code', { code: code === '111111' ? '222222' : '111111' })).status);
      await platform.sql(`update signup_drafts set code_asked_at = null`);
      await platform.sql(`delete from platform_rate_limits where key like 'signup.sends%'`);
      await browser.post('/signup/codes', {});
    }
    assert.deepEqual(statuses, [...Array<number>(15).fill(422), 429]);
  });
});

describe('how much the wizard takes', () => {
  it('another code after a minute only, and three in ten minutes: the fourth is not sent, and nobody is told', async () => {
    const browser = platform.stranger();
    const email = await asked(browser, 'resending');
    await codeFor(email);
    const early = await browser.post('/signup/codes', {});
    assert.equal(early.status, 422);
    assert.match(early.html, /Wait a minute after the last code before you ask for another/);
    const answers: string[] = [];
    for (let count = 2; count <= 4; count += 1) {
      await platform.sql(`update signup_drafts set code_asked_at = now() - interval '2 minutes'`);
      const answer = await browser.post('/signup/codes', {});
      answers.push(`${answer.status} ${answer.location} ${plain((await browser.get('/signup/code')).html, '')}`);
      if (count <= 3) await codeFor(email, count);
    }
    assert.equal(new Set(answers).size, 1, 'the third answer and the fourth are the same');
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(smtp.received.filter((letter) => [letter.to].flat().some((to) => to?.text.includes(email))).length, 3);
  });

  it('so many live checks from one network in a minute', async () => {
    const browser = platform.stranger();
    const statuses = new Set<number>();
    for (let count = 0; count < 61; count += 1) statuses.add((await browser.get('/signup/subdomain?subdomain=free-name')).status);
    assert.deepEqual([...statuses], [200, 429]);
    assert.match((await browser.fragment('/signup/subdomain?subdomain=free-name')).html, /Wait a moment/);
  });

  it('so many new drafts from one network in an hour', async () => {
    const statuses: number[] = [];
    for (let count = 0; count < 62; count += 1) {
      const browser = platform.stranger();
      await browser.get('/signup/school');
      statuses.push((await browser.post('/signup/school', school)).status);
    }
    assert.deepEqual(statuses, [...Array<number>(60).fill(303), 429, 429]);
  });

  it('so many schools in all that the provisioner can follow; who waits need not prove the address again', async () => {
    await platform.sql(
      `insert into platform_rate_limits (key, points, expire) values ('signup.opened-all:all', 60, (extract(epoch from now()) * 1000 + 600000)::bigint)`,
    );
    const browser = platform.stranger();
    const email = await asked(browser, 'patient-school');
    const full = await browser.post('/signup/code', { code: await codeFor(email) });
    assert.equal(full.status, 429);
    assert.match(full.html, /Many people are signing up right now/);
    assert.equal(await entered('patient-school'), null);
    await platform.sql(`delete from platform_rate_limits where key like 'signup.%'`);
    assert.match((await browser.get('/signup/code')).html, /Your email address is confirmed/);
    assert.match((await browser.post('/signup/code', {})).location ?? '', /^\/provisioning\//);
  });
});

describe('opening a school', () => {
  it('enters it as verified with its dossier, orders that it be made, and keeps the consent; the draft is emptied', async () => {
    const { email, page } = await opened('grace-hill');
    const found = await entered('grace-hill');
    assert.ok(found);
    assert.deepEqual(
      {
        name: found.name,
        country: found.country,
        curriculum: found.curriculum,
        town: found.town,
        pupils: found.pupils,
        owner: found.owner,
        language: found.language,
      },
      {
        name: school.name,
        country: 'KE',
        curriculum: 'cbc',
        town: 'Nakuru',
        pupils: '101-300',
        owner: { name: 'Wanjiru Njeri', email, phone: '+254722481903' },
        language: 'en',
      },
    );
    const steps = await platform.run(() => platform.get(SCHOOL_REGISTER).transitionsOf(found.id));
    assert.deepEqual(
      steps.slice(0, 2).map((step) => [step.to, step.reason]),
      [
        ['draft', 'entered'],
        ['verified', 'email-confirmed'],
      ],
    );
    assert.equal(
      (
        await platform.run(() =>
          platform.get(PROVISIONING).begin(found.id, {
            userId: null,
            name: 'test',
            person: null,
            roles: [],
            permissions: new Set(),
            ip: null,
            requestId: null,
          }),
        )
      ).page,
      page,
    );
    assert.deepEqual(await platform.sql('select version from signup_consents where school_id = $1', [found.id]), [
      { version: '2026-11-25' },
    ]);
    const [draft] = await platform.sql<{ answers: object; confirmed_email: null }>(
      'select answers, confirmed_email from signup_drafts where school_id = $1',
      [found.id],
    );
    assert.deepEqual(draft, { answers: {}, confirmed_email: null });
    const audited = await platform.sql<{ action: string }>(`select action from audit_entries where entity_id = $1 order by at`, [
      found.id,
    ]);
    assert.deepEqual(audited.map((entry) => entry.action).slice(0, 2), ['schools.enter', 'schools.move']);
    assert.doesNotMatch(
      JSON.stringify(await platform.sql(`select * from audit_entries where entity_id = $1`, [found.id])),
      /Wanjiru|owner\d|254722/,
    );
  });

  it('is done once, however often the last form is sent', async () => {
    const browser = platform.stranger();
    const email = await asked(browser, 'double-click');
    const code = await codeFor(email);
    const answers = await Promise.all(Array.from({ length: 5 }, () => browser.post('/signup/code', { code })));
    assert.equal(new Set(answers.map((answer) => answer.location)).size, 1, answers.map((answer) => `${answer.status}`).join());
    assert.match(answers[0]!.location ?? '', /^\/provisioning\//);
    const [count] = await platform.sql<{ n: number }>(`select count(*)::int as n from schools where subdomain = 'double-click'`);
    assert.equal(count?.n, 1);
    assert.match((await browser.get('/signup')).html, /is on its way/);
    assert.equal((await browser.get('/signup/you')).location, '/signup');
    await browser.post('/signup/restart', {});
    assert.equal((await browser.get('/signup')).location, '/signup/school', 'the next school begins anew');
  });

  it('of twenty who want one address one gets it; the others keep all they typed and get suggestions', async () => {
    const racers = Array.from({ length: 20 }, () => platform.stranger());
    const codes = await Promise.all(racers.map(async (browser) => codeFor(await asked(browser, 'race-course'))));
    const answers = await Promise.all(racers.map((browser, index) => browser.post('/signup/code', { code: codes[index] })));
    const won = answers.filter((answer) => answer.status === 303);
    assert.equal(won.length, 1, answers.map((answer) => answer.status).join());
    for (const [index, answer] of answers.entries()) {
      if (answer.status === 303) continue;
      assert.equal(answer.status, 409);
      assert.match(answer.html, /This address is taken/);
      assert.match(answer.html, /value="race-course"/);
      const offered = /\/signup\/address\?use=([a-z0-9-]+)/.exec(answer.html)?.[1];
      assert.ok(offered);
      if (index > 2) continue;
      const again = await racers[index]!.post('/signup/address', { subdomain: `race-course-${'abc'[index]}b` });
      assert.match(again.location ?? '', /^\/provisioning\//, 'the address was proven already');
    }
  });

  it('goes back and forth without loss, and survives closing the browser', async () => {
    const browser = platform.stranger();
    await asked(browser, 'keeps-all');
    const later = platform.stranger();
    for (const [name, value] of browser.cookies) later.cookies.set(name, value);
    assert.equal((await later.get('/signup')).location, '/signup/code');
    assert.match((await later.get('/signup/school')).html, /value="Lake View Academy"/);
    assert.match((await later.get('/signup/you')).html, /value="0722 481 903"/);
    assert.match((await later.get('/signup/address')).html, /value="keeps-all"/);
    await later.post('/signup/school', { ...school, town: 'Naivasha' });
    assert.match((await later.get('/signup/address')).html, /value="keeps-all"/);
    assert.doesNotMatch((await platform.stranger().get('/signup/school')).html, /Lake View/);
  });

  it('proposes free addresses of the name, and takes them without JavaScript', async () => {
    const browser = platform.stranger();
    await browser.get('/signup/school');
    await browser.post('/signup/school', { ...school, name: 'Tumaini Hill School' });
    await browser.post('/signup/you', aPerson());
    assert.match((await browser.get('/signup/address')).html, /value="tumainihill"/);
    assert.match((await browser.get('/signup/address?use=tumaini-hill-nakuru')).html, /value="tumaini-hill-nakuru"/);
    assert.match(
      (await browser.fragment('/signup/subdomain?subdomain=Tumaini+Hill')).html,
      /tumaini-hill\.localhost:\d+ is free/,
    );
  });

  it('tells nobody that an email address has a school already', async () => {
    const { email } = await opened('first-school');
    const [known, unknown] = [platform.stranger(), platform.stranger()];
    const pages: string[] = [];
    for (const [browser, who] of [
      [known, email],
      [unknown, 'nobody-yet@school.test'],
    ] as const) {
      const owner = { ...aPerson(), email: who };
      await asked(browser, `same-for-${who === email ? 'all' : 'any'}`, owner);
      pages.push(['/signup/you', '/signup/address', '/signup/code'].map((path) => path).join());
      const html = [await browser.get('/signup/you'), await browser.get('/signup/code')]
        .map((answer) => plain(answer.html, who).replaceAll(/same-for-\w+/g, 'x'))
        .join('\n');
      pages.push(html);
    }
    assert.equal(pages[1], pages[3]);
  });

  it('takes as long for what is known as for what is not: addresses, owners, codes', async () => {
    const { email } = await opened('known-for-long');
    const calm = () => platform.sql(`delete from platform_rate_limits where key like 'signup.%'`);
    const addresses = await medians(
      {
        taken: () => browserOf('a').get('/signup/subdomain?subdomain=known-for-long'),
        free: () => browserOf('a').get('/signup/subdomain?subdomain=unknown-for-long'),
        reserved: () => browserOf('a').get('/signup/subdomain?subdomain=support'),
      },
      calm,
    );
    await asked(browserOf('known'), 'timing-known', { ...aPerson(), email });
    await asked(browserOf('unknown'), 'timing-unknown');
    const codes = await medians(
      {
        known: () => browserOf('known').post('/signup/code', { code: '000000' }),
        unknown: () => browserOf('unknown').post('/signup/code', { code: '000000' }),
      },
      calm,
    );
    const letters = await medians(
      {
        known: () => browserOf('known').post('/signup/codes', {}),
        unknown: () => browserOf('unknown').post('/signup/codes', {}),
      },
      () =>
        platform.sql(
          `with calm as (delete from platform_rate_limits where key like 'signup.%') update signup_drafts set code_asked_at = now() - interval '2 minutes' where code_asked_at is not null`,
        ),
    );
    for (const found of [addresses, codes, letters]) {
      const [least, most] = [Math.min(...Object.values(found)), Math.max(...Object.values(found))];
      assert.ok(most - least <= Math.max(15, least * 0.2), JSON.stringify(found));
    }
  });

  it('writes nothing that a stranger typed into the letter', async () => {
    const browser = platform.stranger();
    const email = await asked(
      browser,
      'no-words-of-mine',
      { ...aPerson(), name: 'WIN MONEY NOW' },
      { ...school, name: 'Visit evil.example' },
    );
    await codeFor(email);
    const letter = smtp.raw.at(-1) ?? '';
    assert.doesNotMatch(letter, /evil|WIN MONEY/);
  });

  it('drafts go after fourteen days', async () => {
    const browser = platform.stranger();
    await asked(browser, 'forgotten');
    await platform.sql(
      `update signup_drafts set updated_at = now() - interval '15 days' where answers->>'subdomain' = 'forgotten'`,
    );
    await platform.run(() =>
      platform.app.jobs['signup.prune']!({}, { id: '1', attempt: 1, maxAttempts: 1, signal: new AbortController().signal }),
    );
    assert.equal((await browser.get('/signup')).location, '/signup/school');
  });
});

/** Without what differs by nature: form marks, what was typed, the seconds that are left. */
function plain(html: string, typed: string): string {
  let text = html.replaceAll(/name="_once" value="[^"]*"/g, '').replaceAll(/\d+ seconds/g, 'n seconds');
  if (typed) text = text.replaceAll(typed, 'TYPED');
  return text;
}
