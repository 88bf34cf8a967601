import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import type { Browser } from '../../support/browser.js';

/** Addresses of money in a page, whoever drew them. */
const moneyLinks = (html: string): string[] =>
  [...html.matchAll(/(?:href|action)="(\/(?:fees|finance|payments)[^"]*)"/g)].map((match) => match[1]!);

describe('parts of the product that a school does without', () => {
  let school: SchoolUnderTest;
  let [administrator, bursar] = [] as Browser[];
  before(async () => {
    school = await aSchool();
    [administrator, bursar] = [await school.as('administrator'), await school.as('bursar')];
  });
  after(() => school?.stop());

  const use = async (on: string[], none?: string) =>
    assert.equal((await administrator!.submit('/school/modules', { on, none }, '/school/modules')).status, 303);

  it('are asked about once more when nothing at all is ticked, and nothing is switched off unasked', async () => {
    for (const sent of [{}, { on: [] }, { none: 'no' }]) {
      const asked = await administrator!.submit('/school/modules', sent, '/school/modules');
      assert.equal(asked.status, 422);
      if (!('none' in sent))
        assert.match(asked.html, /Nothing is ticked, so every module below would be switched off[\s\S]*name="none" value="yes"/);
    }
    assert.doesNotMatch((await administrator!.get('/school/modules')).html, /name="none"/);
    assert.equal((await bursar!.get('/fees')).status, 200);
  });

  it('are gone from menu and buttons for whoever had them, and their pages are closed', async () => {
    assert.ok(moneyLinks((await bursar!.get('/')).html).includes('/fees/cashier'));
    await use([], 'yes');
    for (const path of ['/fees', '/fees/cashier', '/finance', '/payments']) {
      const answer = await bursar!.get(path);
      assert.equal(answer.status, 404, path);
      assert.match(answer.html, /The school has switched this module off/, path);
    }
    for (const path of ['/', '/students', '/menu']) assert.deepEqual(moneyLinks((await bursar!.get(path)).html), [], path);
  });

  it('stay open where anybody may look: a receipt can still be checked, and who isn’t signed in is asked to', async () => {
    assert.notEqual((await school.stranger().get('/fees/check/ABCDEF')).html.includes('switched this module off'), true);
    assert.match((await school.stranger().get('/fees/cashier')).location ?? '', /^\/login/);
  });

  it('leave the others open', async () => {
    await use(['finance', 'fees']);
    assert.equal((await bursar!.get('/fees/cashier')).status, 200);
    assert.equal((await bursar!.get('/payments')).status, 404);
    assert.ok(!moneyLinks((await bursar!.get('/')).html).some((link) => link.startsWith('/payments')));
  });

  it('come back as they were', async () => {
    await use(['finance', 'fees', 'payments']);
    assert.equal((await bursar!.get('/payments')).status, 200);
    assert.ok(moneyLinks((await bursar!.get('/')).html).includes('/payments'));
  });
});
