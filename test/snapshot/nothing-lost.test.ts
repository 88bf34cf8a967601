import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { PLATFORM_ROLES } from '../../src/platform/module.js';
import type { Declared } from '../../src/platform/http/routes/declared.js';
import { projectRoot } from '../../src/platform/paths.js';
import { DECLARED } from '../../src/platform/tokens.js';
import type { Answer, Browser } from '../support/browser.js';
import { aPlatform, type PlatformUnderTest } from '../support/core.js';
import { platformPersonAt } from '../support/people/platform-people.js';
import { isPage, kindOf, walk } from '../support/walk.js';
import { toldOf } from './files.js';
import { plain } from './plain.js';
import { compare } from './taken.js';
import { idsInOrder, theSchool } from './world.js';

/**
 * What the product offers, as it was when it was taken last. Where a change is meant, `npm run snapshot` takes it anew, and the
 * difference of test/snapshot/taken is read as a part of the change.
 */
describe('nothing is lost', () => {
  const seen: Seen = { pages: new Map(), sheets: new Map() };
  let school: Awaited<ReturnType<typeof theSchool>>;
  let platform: PlatformUnderTest;
  before(async () => {
    idsInOrder();
    platform = await aPlatform();
    for (const role of PLATFORM_ROLES) await look(`platform ${role}`, await platformPersonAt(platform, role), seen);
    await look('platform stranger', platform.stranger(), seen);
    school = await theSchool();
  });
  after(async () => {
    await school?.stop();
    await platform?.stop();
  });

  it('routes, and who may use them', () => {
    const routes = [...named('school', school.get(DECLARED)), ...named('platform', platform.get(DECLARED))];
    assert.deepEqual(compare('routes', new Map(routes)), []);
  });

  it('the API, operation by operation', async () => {
    const { paths, components } = (await school.stranger().get('/api/openapi.json')).json<{
      paths: Record<string, Record<string, unknown>>;
      components: Record<string, Record<string, unknown>>;
    }>();
    const operations = [...Object.entries(paths), ...Object.entries(components)].flatMap(([place, each]) =>
      Object.entries(each).map(([name, said]): [string, string] => [`${place} ${name}`, JSON.stringify(said)]),
    );
    assert.deepEqual(compare('api', new Map(operations)), []);
  });

  it('texts of every language', () => {
    assert.deepEqual(compare('texts', new Map(catalogues())), []);
  });

  it('pages, sheets and papers of every role', async () => {
    for (const { role, email, password } of school.logins)
      await look(`school ${role}`, await school.signedIn(email, password), seen);
    await look('school stranger', school.stranger(), seen, ['/login']);
    assert.deepEqual([...compare('pages', seen.pages), ...compare('sheets', seen.sheets)], []);
  });
});

function named(site: string, declared: readonly Declared[]): [string, string][] {
  return declared.map(({ method, path: address, can, module }) => [`${site} ${method} ${address}`, `${module} ${String(can)}`]);
}

function catalogues(): [string, string][] {
  const folder = path.join(projectRoot, 'src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /texts\/\w+\.json$/.test(file));
  return files.flatMap((file) =>
    Object.entries(JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Record<string, string>).map(
      ([key, text]): [string, string] => [`${path.basename(file, '.json')} ${key}`, text],
    ),
  );
}

interface Seen {
  pages: Map<string, string>;
  /** Sheets and papers. */
  sheets: Map<string, string>;
}

/** One order of a list is enough, and one density; the guide's chapters are the same for everybody, and compared by whoever reads them. */
const SAME_AGAIN = /[?&](density|sort)=|^\/user-guide\//;

/** What is no page is fetched for the first who may have it: who else may is with the routes. */
async function look(who: string, person: Browser, { pages, sheets }: Seen, start?: string[]): Promise<void> {
  const file = (address: string): string => `${who.split(' ')[0]} ${kindOf(address).replace(/\?.*/, '')}`;
  const skip = (address: string): boolean =>
    SAME_AGAIN.test(address) || (/[?&]format=|\.\w+(\?|$)/.test(address) && sheets.has(file(address)));
  const waiting = new Map<string, Answer>();
  await walk(person, { eachKind: 1, most: 400, skip, ...(start ? { start } : {}) }, ({ path: address, answer }) => {
    if (isPage(answer)) pages.set(`${who} ${kindOf(address)}`, `${answer.status} ${main(answer.html)}`);
    else if (answer.status === 200) waiting.set(file(address), answer);
    if (!pages.has(`${who} frame`)) pages.set(`${who} frame`, frame(answer.html));
  });
  for (const [kind, answer] of waiting) sheets.set(kind, await toldOf(answer));
}

function main(html: string): string {
  return plain(html.slice(html.indexOf('<main'), html.indexOf('</main>') + '</main>'.length));
}

function frame(html: string): string {
  return plain(html.replace(/<main[\s\S]*<\/main>/, '<main></main>'));
}
