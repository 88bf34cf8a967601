import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { IDENTITY } from '../../../../src/modules/identity/index.js';
import { SCHOOL } from '../../../../src/modules/school/index.js';
import { aSchool, type SchoolUnderTest } from '../../../support/app.js';
import type { Browser } from '../../../support/browser.js';
import { sql } from '../../../support/database/sql.js';
import { streamId } from '../../../support/people/students.js';
import { check, write } from '../../imports/support.js';

const PASSWORD = 'correct-horse-battery-staple-7';

describe('in which year a new child begins', () => {
  let school: SchoolUnderTest;
  let registrar: Browser;
  let east: string;
  /** In the holidays after the last term of 2026, and in a January that nobody has prepared. */
  let now = new Date('2026-12-02T09:00:00Z');
  before(async () => {
    school = await aSchool({ years: [2026], clock: { now: () => now }, background: true });
    registrar = await school.as('registrar');
    east = await streamId(school, 'Grade 7 East');
  });
  after(() => school.stop());

  const lineOf = async (surname: string) =>
    (
      await sql(
        school.database,
        'select y.name as year, e.entered_on::text as "on" from students_enrolments e join school_years y on y.id = e.year_id join students s on s.id = e.student_id where s.surname = $1 and e.left_on is null',
        [surname],
      )
    )[0];
  const admit = (surname: string, joinedOn: string, status = 'active') =>
    registrar.submit(
      '/students',
      { surname, firstName: 'Akinyi', sex: 'F', boarding: 'day', status, joinedOn, streamId: east },
      '/students/new',
    );
  const imported = async (surname: string, columns: Record<string, string> = {}) => {
    const list = [
      ['Surname', 'First name', 'Sex', 'Class', ...Object.keys(columns)].join(','),
      [surname, 'Akinyi', 'F', '7 East', ...Object.values(columns)].join(','),
    ].join('\n');
    const { path, status, text } = await check(registrar, { name: `${surname}.csv`, body: list });
    assert.equal(status, 'checked', text);
    assert.equal((await write(registrar, path)).status, 'done');
  };
  const viaApi = async (surname: string, joined_on: string, status = 'active') => {
    const answer = await school
      .stranger()
      .json(
        'POST',
        '/api/v1/students',
        { surname, first_name: 'Akinyi', sex: 'F', joined_on, status, stream_id: east },
        { authorization: `Bearer ${await token()}` },
      );
    assert.equal(answer.status, 201, answer.html);
  };
  let kept = '';
  const token = async (): Promise<string> =>
    (kept ||= await (async () => {
      await school.run(() =>
        school.get(IDENTITY).createAccount({
          name: 'Api',
          email: 'api@school.test',
          roles: ['registrar'],
          person: null,
          by: { password: PASSWORD },
          actor: school.office,
        }),
      );
      return school.stranger().token('api@school.test', PASSWORD);
    })());

  it('after the last term the form proposes the next year’s first day, and a child that is expected', async () => {
    const { html } = await registrar.get('/students/new');
    assert.match(html, /name="joinedOn"[^>]* value="2027-01-\d\d"/);
    assert.match(html, /<option value="expected" selected>/);
  });

  it('form, list and API place alike whoever joins in the holidays after the last term', async () => {
    assert.equal((await admit('Form', '2026-12-02', 'expected')).status, 303);
    await imported('List', { Status: 'Expected', 'Joined on': '2026-12-02' });
    await imported('Undated', { Status: 'Expected' });
    await viaApi('Api', '2026-12-02', 'expected');
    const first = await lineOf('Form');
    assert.equal(first!.year, '2027');
    assert.match(first!.on!, /^2027-01-/);
    for (const surname of ['List', 'Undated', 'Api']) assert.deepEqual(await lineOf(surname), first, surname);
    assert.equal(
      (await sql(school.database, "select 1 from audit_entries where action = 'school.year.add' and label = '2027'")).length,
      1,
    );
  });

  it('whoever is here already is in the running year, from its beginning or since they joined in it', async () => {
    assert.equal((await admit('Oldform', '2024-01-08')).status, 303);
    await imported('Oldlist', { 'Joined on': '2024-01-08' });
    await imported('Plainlist');
    await viaApi('Oldapi', '2024-01-08');
    for (const surname of ['Oldform', 'Oldlist', 'Plainlist', 'Oldapi'])
      assert.deepEqual(await lineOf(surname), { year: '2026', on: '2026-01-01' }, surname);
    assert.equal((await admit('Mayform', '2026-05-12')).status, 303);
    await imported('Maylist', { 'Joined on': '2026-05-12' });
    for (const surname of ['Mayform', 'Maylist'])
      assert.deepEqual(await lineOf(surname), { year: '2026', on: '2026-05-12' }, surname);
  });

  it('whoever is in its class since an earlier year, as the list says, is in it since this year began', async () => {
    await imported('Longlist', { 'In class since': '2024-01-15' });
    await imported('Longboth', { 'Joined on': '2023-01-09', 'In class since': '2024-01-15' });
    for (const surname of ['Longlist', 'Longboth'])
      assert.deepEqual(await lineOf(surname), { year: '2026', on: '2026-01-01' }, surname);
    await imported('Julylist', { 'In class since': '2026-07-06' });
    assert.deepEqual(await lineOf('Julylist'), { year: '2026', on: '2026-07-06' });
  });

  it('a list says which day no year can be found for', async () => {
    const { text } = await check(registrar, {
      name: 'far.csv',
      body: 'Surname,First name,Sex,Class,Status,Joined on\nFar,Akinyi,F,7 East,Expected,2031-01-10',
    });
    assert.match(text, /no academic year for this day/);
  });

  it('after the calendar has ended, a list begins the coming year as the form does', async () => {
    now = new Date('2028-01-10T09:00:00Z');
    registrar = await school.as('registrar');
    await imported('January');
    assert.deepEqual(await lineOf('January'), { year: '2028', on: '2028-01-01' });
    assert.equal((await admit('Februaryform', '2028-01-10')).status, 303);
    assert.deepEqual(await lineOf('Februaryform'), { year: '2028', on: '2028-01-10' });
  });
});

describe('a year that is added', () => {
  it('proposes dates that leave the years of the calendar alone', async () => {
    const school = await aSchool({ years: [2026], clock: { now: () => new Date('2026-11-02T09:00:00Z') } });
    try {
      const head = await school.as('head');
      const [year] = await school.run(() => school.get(SCHOOL).years());
      const terms = Object.fromEntries(
        year!.terms.flatMap((term, n) => Object.entries(term).map(([key, value]) => [`terms.${n}.${key}`, value])),
      );
      const longer = await head.submit(`/school/years/${year!.id}/edit`, {
        name: year!.name,
        startsOn: year!.startsOn,
        endsOn: '2027-01-15',
        ...terms,
      });
      assert.equal(longer.status, 303, longer.html);
      const { html } = await head.get('/school/years/new');
      assert.match(html, /name="startsOn"[^>]* value="2027-01-16"/);
      assert.doesNotMatch(html, /value="2027-01-0\d"/, 'its terms give way too');
    } finally {
      await school.stop();
    }
  });
});
