import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ROLE_NAMES } from '../../src/platform/module.js';
import { aSchool, type SchoolUnderTest } from '../support/app.js';
import type { Answer, Browser } from '../support/browser.js';
import { admitOne } from '../support/people/register.js';
import { formsOf, kindOf, walk } from '../support/walk.js';

describe('every link and form, as each role', () => {
  let school: SchoolUnderTest;
  before(async () => {
    school = await aSchool({ lists: { houses: [{ name: 'Kilimanjaro' }], dorms: [{ name: 'Elgon' }] } });
    const registrar = await school.as('registrar');
    for (const firstName of ['Amina', 'Brian', 'Chebet']) await admitOne(registrar, { firstName });
  });
  after(() => school.stop());

  for (const role of ROLE_NAMES) {
    it(`${role}: no dead link, nothing broken`, async () => {
      const person = await school.as(role);
      const trouble = await crawl(person);
      assert.deepEqual(trouble, []);
    });
  }
});

async function crawl(person: Browser): Promise<string[]> {
  const trouble: string[] = [];
  const forms = new Map<string, () => Promise<Answer>>();
  await walk(person, { eachKind: 2, most: 250 }, ({ path, from, answer }) => {
    // The guide tells everybody about pages that are for some.
    const told = answer.status === 403 && from.startsWith('/user-guide');
    if (answer.status >= 400 && !told) trouble.push(`${path} answered ${answer.status} (linked from ${from})`);
    for (const { method, action, fields, files } of formsOf(answer, path)) {
      if (method !== 'post' || files || /sign-out|identity\/roles|school\/modules/.test(action)) continue;
      forms.set(kindOf(action), () => person.post(action, fields));
    }
  });
  for (const [action, send] of forms) {
    const answer = await send();
    const gone = answer.status === 404 && !action.includes(':id'); // another form may have removed it just before
    if (answer.status >= 500 || gone) trouble.push(`POST ${action} answered ${answer.status}`);
  }
  return trouble;
}
