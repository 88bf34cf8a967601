import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { PACKS } from '../../../src/kernel/packs/index.js';
import { SCHOOL_REGISTER } from '../../../src/modules/schools/index.js';
import { newId } from '../../../src/kernel/id.js';
import { roles } from '../../../src/roles.js';
import type { Answer, Browser } from '../../support/browser.js';
import { aPlatform, type PlatformUnderTest } from '../../support/core.js';

let platform: PlatformUnderTest;
let visitor: Browser;
before(async () => {
  platform = await aPlatform();
  visitor = platform.stranger();
});
after(() => platform?.stop());

describe('what search engines find', () => {
  it('each page of the map is there, says its own address, what it is about, and where its other languages are', async () => {
    const pages = await mapped();
    assert.ok(pages.length >= 15, `${pages.length} pages`);
    for (const path of pages) {
      const { status, html } = await visitor.get(path);
      assert.equal(status, 200, path);
      assert.equal(one(html, /<link rel="canonical" href="([^"]+)"/), `${platform.url}${path}`, path);
      assert.match(html, /<meta name="description" content="[^"]{40,200}"/, path);
      assert.match(html, /<meta property="og:image" content="http[^"]+\.png"/, path);
      assert.deepEqual(
        alternates(html),
        {
          en: `${platform.url}${path}?lang=en`,
          fr: `${platform.url}${path}?lang=fr`,
          sw: `${platform.url}${path}?lang=sw`,
          'x-default': `${platform.url}${path}`,
        },
        path,
      );
      assert.doesNotMatch(html, /noindex/, path);
    }
  });

  it('no two pages have the same title or description', async () => {
    const heads = await Promise.all((await mapped()).map(async (path) => (await visitor.get(path)).html));
    for (const pattern of [/<title>([^<]+)/, /<meta name="description" content="([^"]+)/]) {
      const texts = heads.map((html) => one(html, pattern));
      assert.deepEqual(
        texts.filter((text, index) => texts.indexOf(text) !== index),
        [],
      );
    }
  });

  it('a page in a picked language names itself with that language', async () => {
    const { html } = await platform.stranger().get('/pricing?lang=fr');
    assert.equal(one(html, /<link rel="canonical" href="([^"]+)"/), `${platform.url}/pricing?lang=fr`);
    assert.match(html, /<html lang="fr"/);
  });

  it('errors are left out, and the map is named in robots.txt', async () => {
    const missing = await visitor.get('/no-such-page');
    assert.equal(missing.status, 404);
    assert.match(missing.html, /<meta name="robots" content="noindex">/);
    assert.match((await visitor.get('/robots.txt')).html, new RegExp(`Sitemap: ${platform.url}/sitemap.xml`));
  });
});

describe('who wants to write to us', () => {
  it('finds the address where people read, not the one that letters come from', async () => {
    for (const path of ['/contact', '/privacy', '/terms', '/data-protection']) {
      const { html } = await visitor.get(path);
      assert.match(html, /support@localhost/, path);
      assert.doesNotMatch(html, /no-reply/, path);
    }
  });
});

describe('what the site says of the product', () => {
  /** Parts of a school's life as the site names them, by the module that brings them. */
  const PARTS = {
    attendance: /attendance/i,
    exams: /marks/i,
    timetable: /timetables/i,
    fees: /fees/i,
    finance: /cash book/i,
    hr: /staff/i,
  } as const;

  it('speaks of nothing as being built that is there, and of nothing as there that is not', async () => {
    const about = textOf((await visitor.get('/about')).html);
    const missing = one(about, /AIMS is young\. (.+?) come next/);
    for (const [module, words] of Object.entries(PARTS)) assert.equal(words.test(missing), !(module in roles.tenant), module);
    for (const path of ['/', '/features', '/countries', '/pricing'])
      assert.doesNotMatch(textOf((await visitor.get(path)).html), /being built|not part of AIMS/, path);
  });

  it('says what a bursar does, on the first page and by role', async () => {
    assert.match(textOf((await visitor.get('/')).html), /M-Pesa.+ledger/s);
    const { html } = await visitor.get('/features');
    assert.match(
      textOf(html.slice(html.indexOf('id="bursar"'), html.indexOf('id="guardian"'))),
      /Bills a whole term.+receipt.+M-Pesa.+trial balance/s,
    );
  });
});

describe('the language of the site', () => {
  const lang = ({ html }: Answer): string => one(html, /<html lang="(\w+)"/);

  it('is the first that the browser asks for and we speak, else English', async () => {
    for (const [asked, expected] of [
      ['sw', 'sw'],
      ['fr-CI,fr;q=0.9', 'fr'],
      ['am, sw;q=0.8, en;q=0.5', 'sw'],
      ['de', 'en'],
    ] as const) {
      assert.equal(lang(await visitor.get('/about', { 'accept-language': asked })), expected, asked);
    }
  });

  it('is what was picked, from then on, whatever the browser asks for', async () => {
    const person = platform.stranger();
    assert.equal(lang(await person.get('/about?lang=sw', { 'accept-language': 'fr' })), 'sw');
    assert.equal(lang(await person.get('/features', { 'accept-language': 'fr' })), 'sw');
    assert.equal(lang(await person.get('/features?lang=xx', { 'accept-language': 'fr' })), 'sw');
  });
});

describe('the price', () => {
  it('is worked out without a script, and the part that the script asks for says the same', async () => {
    const page = await visitor.get('/pricing?country=kenya&learners=1,219');
    const part = await visitor.get('/pricing/price?country=kenya&learners=1219');
    for (const { html } of [page, part]) assert.match(html, /data-test="term"><span class="unit">KES<\/span> 66,669</);
    assert.doesNotMatch(part.html, /<html/);
  });

  it('of nonsense is a sentence beside the field, and what was typed stays', async () => {
    for (const typed of ['0', '-5', '20001', 'many', '12.5.5.5.5']) {
      const { status, html } = await visitor.get(`/pricing?country=ghana&learners=${encodeURIComponent(typed)}`);
      assert.equal(status, 200);
      assert.match(html, /Enter a whole number from 1 to 20,000/, typed);
      assert.match(html, new RegExp(`value="${typed.replaceAll('.', '\\.')}"`));
    }
  });

  it('of an unknown country is that of Kenya', async () => {
    assert.match((await visitor.get('/pricing?country=atlantis&learners=10')).html, /KES/);
  });
});

describe('the page of a country', () => {
  for (const pack of Object.values(PACKS)) {
    it(`${pack.name}: every class that runs, every grade of every scale, every term`, async () => {
      const { html } = await visitor.get(`/countries/${pack.id}`);
      const text = html
        .replace(/<[^>]+>/g, ' ')
        .replaceAll('&#39;', "'")
        .replaceAll('&amp;', '&');
      const year = new Date().getUTCFullYear();
      for (const level of pack.levels)
        assert.equal(
          text.includes(level.name),
          runs(level, year) ||
            pack.levels.some((other) => other !== level && runs(other, year) && other.name.startsWith(level.name)),
          level.name,
        );
      for (const scale of pack.scales)
        for (const band of scale.bands)
          assert.ok(text.includes(band.words) && text.includes(band.grade), `${scale.name} ${band.grade}`);
      for (const term of pack.calendar.terms) assert.ok(text.includes(term.name), term.name);
      for (const subject of pack.subjects)
        assert.ok(
          !subject.levels.some((code) =>
            runs(
              pack.levels.find((level) => level.code === code)!,
              year,
            ),
          ) || text.includes(subject.name),
          subject.name,
        );
    });
  }

  it('is also found by the letters of the country, and missing elsewhere', async () => {
    const answer = await visitor.get('/countries/ke');
    assert.deepEqual([answer.status, answer.headers.location], [301, '/countries/kenya']);
    assert.equal((await visitor.get('/countries/fr')).status, 404);
  });
});

describe('finding a school', () => {
  before(() =>
    platform.run(async () => {
      for (const [name, subdomain, state] of [
        ['Tumaini Academy', 'tumaini', 'ready'],
        ['Tumaini Girls', 'tumaini-girls', 'draft'],
        ['Tumaini Boys', 'tumaini-boys', 'ready'],
      ] as const) {
        await platform.get(SCHOOL_REGISTER).enter({ id: newId(), name, subdomain, country: 'KE', town: 'Nakuru' }, { state });
      }
      await platform.sql("update schools set state = 'suspended' where subdomain = 'tumaini-boys'");
    }),
  );

  it('shows one that is suspended or being closed too, since its people may still look and take their data along', async () => {
    assert.match((await visitor.get('/find-school?q=tumaini')).html, /Tumaini Boys/);
    await platform.sql(
      "update schools set state = 'closing', closes_at = now() + interval '3 days' where subdomain = 'tumaini-boys'",
    );
    assert.match((await visitor.get('/find-school?q=tumaini')).html, /Tumaini Boys/);
  });

  it('needs three letters, and shows open schools only', async () => {
    assert.doesNotMatch((await visitor.get('/find-school?q=tu')).html, /Tumaini/);
    const { html } = await visitor.get('/find-school?q=tuma');
    assert.match(html, /http:\/\/tumaini\.localhost:\d+\//);
    assert.doesNotMatch(html, /Tumaini Girls/);
  });
});

it('no link of the site is dead, for somebody whom nobody knows', async () => {
  const seen = new Set<string>(['/']);
  const dead: string[] = [];
  const waiting = ['/'];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const answer = await visitor.get(path);
    if (![200, 301, 302, 303].includes(answer.status)) dead.push(`${path}: ${answer.status}`);
    for (const [, href] of answer.html.matchAll(/<a [^>]*href="([^"#]+)/g)) {
      const address = href!.replaceAll('&amp;', '&').replace(platform.url, '');
      if (!address.startsWith('/') || seen.has(address) || address.includes('lang=')) continue;
      seen.add(address);
      waiting.push(address);
    }
  }
  assert.deepEqual(dead, []);
  assert.ok(seen.size > 30, `${seen.size} pages`);
});

async function mapped(): Promise<string[]> {
  const { html } = await visitor.get('/sitemap.xml');
  return [...html.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, address]) => address!.slice(platform.url.length));
}

function alternates(html: string): Record<string, string> {
  return Object.fromEntries(
    [...html.matchAll(/<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"/g)].map(([, code, href]) => [code!, href!]),
  );
}

function textOf(html: string): string {
  return html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
}

function one(text: string, pattern: RegExp): string {
  return pattern.exec(text)?.[1] ?? `nothing like ${pattern.source}`;
}

function runs(level: { since?: number; until?: number }, year: number): boolean {
  return (level.since ?? year) <= year && year <= (level.until ?? year);
}
