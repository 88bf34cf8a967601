import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { aSchool, type SchoolUnderTest } from '../support/app.js';
import type { Answer, Browser } from '../support/browser.js';
import { aPlatform, type PlatformUnderTest } from '../support/core.js';

const APPS = [
  'calendar-app',
  'template-editor',
  'finance-app',
  'hr-manager',
  'guardian-portal',
  'admissions-portal',
  'comms-hub',
  'clinic',
  'library',
];
const OLD = [
  ...APPS.flatMap((name) => [`/${name}`, `/${name}/`, `/${name}/some/page.html?x=1`]),
  '/brand-assets/',
  '/brand-assets/favicon.svg',
  '/brand-assets/no-such.png',
  '/user-guide/',
];

describe('addresses of the founding document', () => {
  let school: SchoolUnderTest;
  let platform: PlatformUnderTest;
  before(async () => {
    [school, platform] = [await aSchool(), await aPlatform()];
  });
  after(async () => {
    await platform?.stop();
    await school?.stop();
  });

  it('on the platform each leads to a page that is there', async () => {
    for (const path of OLD) assert.equal((await follow(platform.stranger(), path)).status, 200, path);
  });

  it('at a school each leads to a page that this person may open, whoever it is', async () => {
    const people = {
      owner: await school.as('owner'),
      guardian: await school.as('guardian'),
      teacher: await school.as('teacher'),
      stranger: school.stranger(),
    };
    for (const [name, person] of Object.entries(people)) {
      for (const path of OLD) assert.equal((await follow(person, path)).status, 200, `${name}: ${path}`);
    }
  });

  it('leads to the thing itself where it is there', async () => {
    const owner = await school.as('owner');
    assert.equal((await owner.get('/hr-manager/')).location, '/hr/staff');
    assert.equal((await owner.get('/admissions-portal/x')).location, '/students/new');
    assert.match((await owner.get('/brand-assets/favicon.svg')).location ?? '', /^\/assets\/brand\/favicon\.[0-9a-f]+\.svg$/);
    assert.equal((await (await school.as('guardian')).get('/hr-manager/')).location, '/');
  });

  it('never leads away from us', async () => {
    for (const path of ['/brand-assets/..%2f..%2fetc', '/clinic//evil.example', '/brand-assets/%2f%2fevil.example']) {
      const { location } = await platform.stranger().get(path);
      assert.match(location ?? '/', /^\/(?!\/)/, path);
    }
  });
});

async function follow(person: Browser, path: string): Promise<Answer> {
  let answer = await person.get(path);
  for (let step = 0; step < 4 && answer.location; step += 1) answer = await person.get(answer.location.replace(/#.*/, ''));
  return answer;
}
