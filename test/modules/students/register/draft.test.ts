import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Drafts } from '../../../../src/modules/students/register/drafts.js';
import { draftOf } from '../../../../src/modules/students/register/draft.rules.js';
import { aSchool, type SchoolUnderTest } from '../../../support/app.js';
import { hiddenValue, type Answer, type Browser, type Fields } from '../../../support/browser.js';
import { sql } from '../../../support/database/sql.js';

const TYPED = {
  surname: 'Wanjala',
  firstName: 'Naliaka',
  'bornOn.day': '3',
  'guardians.0.fullName': 'Grace Wanjala',
  'guardians.0.phone': '0722 481 903',
};

describe('what was typed of a new student is kept for whoever typed it', () => {
  let school: SchoolUnderTest;
  before(async () => {
    school = await aSchool();
  });
  after(() => school?.stop());

  const keep = async (person: Browser, fields: Fields, script = true): Promise<Answer> => {
    const _csrf = hiddenValue((await person.get('/students/new')).html, '_csrf');
    return person.post('/students/draft', { _csrf, ...fields }, script ? { 'x-draft': '1' } : {});
  };
  const drafts = (): Promise<{ typed: Record<string, string> }[]> => sql(school.database, 'select typed from students_drafts');
  const surnameAt = async (person: Browser): Promise<string | undefined> =>
    hiddenValue((await person.get('/students/new')).html, 'surname');

  it('it stands in the form again after the session has ended, says so, and goes when it is discarded', async () => {
    const registrar = await school.as('registrar');
    assert.equal((await keep(registrar, TYPED)).html, 'Your draft has been saved.');
    await registrar.submit('/sign-out', {}, '/students/new');
    assert.equal((await registrar.post('/students', TYPED)).status, 403);
    await registrar.signIn('person1@school.test', 'correct-horse-battery-staple-7');
    const { html } = await registrar.get('/students/new');
    for (const [name, value] of Object.entries(TYPED)) assert.equal(hiddenValue(html, name), value, name);
    assert.match(html, /This is your draft from [^<]+ It has not been submitted\./);
    assert.equal((await registrar.submit('/students/draft/removal', {}, '/students/new')).location, '/students/new');
    assert.equal(await surnameAt(registrar), '');
    assert.deepEqual(await drafts(), []);
  });

  it('a button keeps it without a script; a refused form keeps it too; the admission ends it', async () => {
    const registrar = await school.as('registrar');
    assert.equal((await keep(registrar, { surname: 'Kept' }, false)).location, '/students');
    assert.equal(await surnameAt(registrar), 'Kept');
    const whole = { surname: 'Auma', firstName: 'Awino', sex: 'F', status: 'active', boarding: 'day', joinedOn: '2026-11-02' };
    assert.equal((await registrar.submit('/students', { ...whole, sex: undefined }, '/students/new')).status, 422);
    assert.equal(await surnameAt(registrar), 'Auma');
    assert.match((await registrar.submit('/students', whole, '/students/new')).location ?? '', /^\/students\/[0-9a-f-]{36}$/);
    assert.equal(await surnameAt(registrar), '');
  });

  it('nobody meets another’s, and who may not admit keeps none', async () => {
    const [one, other, teacher] = [await school.as('registrar'), await school.as('registrar'), await school.as('teacher')];
    await keep(one, { surname: 'Hers' });
    assert.equal(await surnameAt(other), '');
    await keep(other, { surname: 'His' });
    await other.submit('/students/draft/removal', {}, '/students/new');
    assert.equal(await surnameAt(one), 'Hers');
    const _csrf = hiddenValue((await teacher.get('/profile')).html, '_csrf');
    for (const path of ['/students/draft', '/students/draft/removal'])
      assert.equal((await teacher.post(path, { _csrf, surname: 'Theirs' })).status, 403);
    assert.equal(await surnameAt(one), 'Hers');
  });

  it('it is swept after seven days, not before', async () => {
    const registrar = await school.as('registrar');
    await sql(school.database, 'delete from students_drafts');
    await keep(registrar, { surname: 'Old' });
    const sweepAt = async (age: string): Promise<number> => {
      await sql(school.database, `update students_drafts set kept_at = now() - interval '${age}'`);
      return school.run(() => school.get(Drafts).sweep());
    };
    assert.equal(await sweepAt('6 days 23 hours'), 0);
    assert.equal(await sweepAt('7 days 1 minute'), 1);
    assert.equal(await surnameAt(registrar), '');
  });

  it('it holds no secret, no mark of the form, and nothing that only stood there when the form opened', () => {
    assert.equal(
      draftOf({
        _csrf: 'x',
        _once: 'y',
        status: 'active',
        boarding: 'day',
        joinedOn: '2026-01-05',
        'guardians.0.getsSms': 'on',
        surname: ' ',
      }),
      null,
    );
    assert.deepEqual(
      draftOf({ _csrf: 'x', surname: 'A', password: 'p', 'custom.pin': '1', 'guardians.0.secret': 's', postalCode: '00100' }),
      { surname: 'A', postalCode: '00100' },
    );
    assert.equal((draftOf({ surname: 'x'.repeat(9_000) })!.surname as string).length, 2_000);
  });
});
