import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { languagesFor } from '../../../src/platform/http/language.js';
import { LANGUAGES } from '../../../src/platform/i18n/i18n.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import { hiddenValue, type Browser } from '../../support/browser.js';
import { sql } from '../../support/database/sql.js';
import { aStaffMember, aStudent } from '../../support/build.js';

describe('the languages of pages', () => {
  let school: SchoolUnderTest;
  before(async () => {
    school = await aSchool();
  });
  after(() => school?.stop());

  it('staff are offered no language in which their pages are not translated whole, and get none', async () => {
    const head = await school.as('head');
    assert.doesNotMatch((await head.get('/profile/tastes')).html, /Kiswahili|Français/);
    assert.doesNotMatch((await head.get('/profile')).html, /<dt>Language/);
    assert.equal((await head.submit('/profile/tastes', { density: 'normal', language: 'sw' })).status, 422);
    // From before, or picked beside the sign-in form.
    await sql(school.database, "update identity_users set language = 'sw', version = version + 1");
    const again = await school.as('bursar');
    await again.get('/user-guide/?lang=fr');
    for (const path of ['/', '/students', '/profile', '/fees'])
      assert.match((await again.get(path)).html, /<html lang="en"/, path);
  });

  it('families choose among all, and visitors too', async () => {
    const guardian = await school.as('guardian');
    assert.match((await guardian.get('/profile/tastes')).html, /Kiswahili/);
    assert.equal((await guardian.submit('/profile/tastes', { density: 'normal', language: 'sw' })).status, 303);
    assert.match((await guardian.get('/')).html, /<html lang="sw"/);
    assert.match((await school.stranger().get('/login?lang=fr')).html, /<html lang="fr"/);
  });

  it('an owner who sets the school up has pages that are translated whole', () => {
    assert.deepEqual(
      [languagesFor(['owner']), languagesFor(['teacher', 'guardian']), languagesFor(['super-admin'])],
      [['en'], ['en'], ['en']],
    );
    assert.deepEqual(
      [languagesFor(['owner'], true), languagesFor(['guardian']), languagesFor([])],
      [LANGUAGES, LANGUAGES, LANGUAGES],
    );
  });
});

describe('how close the rows of lists stand', () => {
  let school: SchoolUnderTest;
  let person: Browser;
  before(async () => {
    school = await aSchool();
    await aStudent(school, {});
    await aStaffMember(school, { surname: 'Mutua' });
    person = await school.as('head');
  });
  after(() => school?.stop());

  const LISTS = ['/students', '/hr/staff', '/subjects'];
  /** As the list itself says, and as the page says to lists that say nothing. */
  const seen = async (path: string, whose = person): Promise<(string | undefined)[]> => {
    const { html } = await whose.get(path);
    return [/<table class="tbl rows[^>]*data-density="(\w+)"/.exec(html)?.[1], /<body[^>]*data-rows="(\w+)"/.exec(html)?.[1]];
  };

  it('is as the list has it until the person has chosen', async () => {
    for (const path of LISTS) assert.deepEqual(await seen(path), ['compact', undefined], path);
    assert.deepEqual(await seen('/identity/users'), [undefined, undefined]);
  });

  it('is as their profile says in every list, in every session of theirs, and for nobody else', async () => {
    assert.equal((await person.submit('/profile/tastes', { density: 'normal' })).status, 303);
    for (const path of LISTS) assert.deepEqual(await seen(path), ['normal', 'normal'], path);
    const elsewhere = school.stranger();
    await elsewhere.signIn('person1@school.test', 'correct-horse-battery-staple-7');
    assert.deepEqual(await seen('/students', elsewhere), ['normal', 'normal']);
    assert.deepEqual(await seen('/students', await school.as('head')), ['compact', undefined]);
    assert.deepEqual(await seen('/students?density=compact'), ['compact', 'normal'], 'an address may say otherwise for one look');
  });

  it('is kept by the switch above a list too, which changes nothing else', async () => {
    await person.submit('/profile/tastes', { density: 'normal' });
    const _csrf = hiddenValue((await person.get('/profile')).html, '_csrf');
    assert.equal((await person.post('/profile/density', { density: 'compact' }, { 'x-csrf-token': _csrf! })).status, 204);
    const { html } = await person.get('/identity/users');
    assert.match(html, /data-rows="compact"/);
    assert.equal((await person.post('/profile/density', { density: 'tiny' }, { 'x-csrf-token': _csrf! })).status, 422);
    assert.equal((await person.post('/profile/density', { density: 'normal' })).status, 403);
    assert.deepEqual(await seen('/students'), ['compact', 'compact']);
  });
});
