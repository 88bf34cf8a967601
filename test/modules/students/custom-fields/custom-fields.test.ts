import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { CustomFields, type FieldDetails } from '../../../../src/modules/students/custom-fields/custom-fields.js';
import { keyFor, readValue } from '../../../../src/modules/students/custom-fields/custom-field.rules.js';
import { STUDENT_STORE } from '../../../../src/modules/students/ports.js';
import { aSchool, type SchoolUnderTest } from '../../../support/app.js';
import type { Browser } from '../../../support/browser.js';
import { sql } from '../../../support/database/sql.js';
import { aStudent, streamId } from '../../../support/people/students.js';
import { check, counts, write } from '../../imports/support.js';

describe('what is written into a field of the school', () => {
  const field = (type: FieldDetails['type'], choices: string[] = []) => ({ label: 'F', type, choices });
  it('is of the field’s kind, or refused with a sentence', () => {
    const cases: [FieldDetails['type'], unknown, unknown][] = [
      ['text', ' 12 ', '12'],
      ['text', 7, null],
      ['number', '1,5', 1.5],
      ['number', 'many', null],
      ['number', 3, 3],
      ['date', '2026-02-28', '2026-02-28'],
      ['date', '2026-02-30', null],
      ['flag', 'yes', true],
      ['flag', 'no', false],
      ['flag', 'perhaps', null],
      ['choice', 'Red', 'Red'],
      ['choice', 'red', null],
    ];
    for (const [type, raw, value] of cases) {
      const read = readValue(field(type, ['Red', 'Blue']), raw);
      assert.deepEqual('value' in read ? read.value : null, value, `${type} ${String(raw)}`);
      if (value === null) assert.ok('problem' in read, `${type} ${String(raw)}`);
    }
    assert.deepEqual(readValue(field('number'), '  '), { value: null }, 'nothing is nothing, not a mistake');
  });
  it('is kept under a name that sheets and the API can carry', () => {
    assert.equal(keyFor('Shoe size (EU)', new Set()), 'shoe_size_eu');
    assert.equal(keyFor('Éléve №', new Set(['eleve_no'])), 'eleve_no_2');
    assert.equal(keyFor('靴', new Set()), 'field');
  });
});

describe('fields of the school', () => {
  let school: SchoolUnderTest;
  let registrar: Browser;
  let owner: Browser;
  const plain: FieldDetails = {
    label: '',
    hint: '',
    type: 'text',
    choices: [],
    required: false,
    section: 'background',
    position: 1,
    visibleTo: [],
    editableBy: [],
    active: true,
  };
  const make = (details: Partial<FieldDetails>) =>
    school.run(() => school.get(CustomFields).add(school.office, { ...plain, ...details }));
  const valuesOf = async (id: string) => (await school.run(() => school.get(STUDENT_STORE).find(id)))!.custom;
  const child = async () => ({
    surname: 'Barasa',
    firstName: `Amy${Math.random()
      .toString(36)
      .replace(/[^a-z]/g, '')}`,
    sex: 'F',
    boarding: 'day',
    status: 'active',
    joinedOn: '2026-01-06',
    streamId: await streamId(school, 'Grade 7 East'),
  });

  before(async () => {
    school = await aSchool({ background: true });
    registrar = await school.as('registrar');
    owner = await school.as('owner');
    await make({ label: 'Shirt colour', type: 'choice', choices: ['Red', 'Blue'], required: true });
    await make({ label: 'Shoe size', type: 'number' });
    await make({ label: 'Swims', type: 'flag' });
    await make({ label: 'Counsellor’s note', visibleTo: ['nurse'], editableBy: ['nurse'] });
    await make({ label: 'Only read', editableBy: ['head'] });
  });
  after(() => school.stop());

  it('are made by those who may, and not twice under one name', async () => {
    assert.equal((await registrar.get('/students/custom-fields')).status, 403);
    const twice = await owner.submit(
      '/students/custom-fields',
      { label: 'shoe size', type: 'text', section: 'place', position: '9', active: 'on' },
      '/students/custom-fields/new',
    );
    assert.equal(twice.status, 422);
    assert.match(twice.html, /Another field already has this name/);
    const lone = await owner.submit(
      '/students/custom-fields',
      { label: 'House', type: 'choice', choices: 'One', section: 'place', position: '9', active: 'on' },
      '/students/custom-fields/new',
    );
    assert.match(lone.html, /Enter at least two choices/);
    const made = await owner.submit(
      '/students/custom-fields',
      { label: 'Bus pass until', type: 'date', section: 'place', position: '9', active: 'on' },
      '/students/custom-fields/new',
    );
    assert.equal(made.status, 303, made.html);
    assert.match((await owner.get('/students/custom-fields')).html, /Bus pass until[\s\S]*custom_bus_pass_until/);
  });

  it('must be filled in where they are required, with the message beside the field and nothing made', async () => {
    const form = await child();
    const refused = await registrar.submit('/students', { ...form, 'custom.shoe_size': 'big' }, '/students/new');
    assert.equal(refused.status, 422);
    assert.match(refused.html, /id="f-custom-shirt_colour-e"[\s\S]*Fill this in/);
    assert.match(refused.html, /id="f-custom-shoe_size-e"[\s\S]*Enter a number/);
    assert.match(refused.html, /value="big"/);
    const done = await registrar.submit(
      '/students',
      { ...form, 'custom.shoe_size': '38', 'custom.shirt_colour': 'Red', 'custom.swims': 'no' },
      '/students/new',
    );
    assert.equal(done.status, 303, done.html);
    assert.deepEqual(await valuesOf(done.location!.split('/').at(-1)!), { shoe_size: 38, shirt_colour: 'Red', swims: false });
    assert.match((await registrar.get(`${done.location}?tab=details`)).html, /Shoe size[\s\S]*38[\s\S]*Swims[\s\S]*No/);
  });

  it('are seen and changed only by the roles that the school has named', async () => {
    const { id } = await aStudent(school);
    const nurse = await school.as('nurse');
    const edit = (await registrar.get(`/students/${id}/edit`)).html;
    assert.doesNotMatch(edit, /counsellor_s_note|custom\.only_read/);
    const forged = await registrar.submit(
      `/students/${id}/edit`,
      { ...(await fields(id)), 'custom.shirt_colour': 'Red', 'custom.counsellor_s_note': 'x' },
      `/students/${id}/edit`,
    );
    assert.equal(forged.status, 422);
    assert.deepEqual(await valuesOf(id), {});
    await sql(school.database, `update students set custom = '{"counsellor_s_note": "talks little"}' where id = $1`, [id]);
    assert.doesNotMatch((await registrar.get(`/students/${id}?tab=details`)).html, /talks little/);
    assert.match((await nurse.get(`/students/${id}?tab=details`)).html, /talks little/);
    assert.equal(
      (
        await registrar.submit(
          `/students/${id}/edit`,
          { ...(await fields(id)), 'custom.shirt_colour': 'Red' },
          `/students/${id}/edit`,
        )
      ).status,
      303,
    );
    assert.deepEqual(
      await valuesOf(id),
      { counsellor_s_note: 'talks little', shirt_colour: 'Red' },
      'what one may not see stays',
    );
  });

  it('say before and after in the audit, and only what has changed', async () => {
    const { id } = await aStudent(school);
    await registrar.submit(
      `/students/${id}/edit`,
      { ...(await fields(id)), 'custom.shirt_colour': 'Red', 'custom.swims': 'yes' },
      `/students/${id}/edit`,
    );
    await registrar.submit(
      `/students/${id}/edit`,
      { ...(await fields(id)), 'custom.shirt_colour': 'Blue', 'custom.swims': 'yes' },
      `/students/${id}/edit`,
    );
    const [last] = await sql(
      school.database,
      "select before, after from audit_entries where action = 'students.change' and entity_id = $1 order by at desc, id desc limit 1",
      [id],
    );
    assert.deepEqual([last!.before, last!.after], [{ custom: { shirt_colour: 'Red' } }, { custom: { shirt_colour: 'Blue' } }]);
  });

  it('narrow the list, come with the export and go in with the import, where a missing one is only a warning', async () => {
    const { id, admissionNo } = await aStudent(school, { surname: 'Zuberi' });
    await registrar.submit(
      `/students/${id}/edit`,
      { ...(await fields(id)), 'custom.shirt_colour': 'Blue', 'custom.swims': 'yes', 'custom.shoe_size': '41' },
      `/students/${id}/edit`,
    );
    assert.match((await registrar.get('/students?own=swims:yes&q=zuberi')).html, new RegExp(id));
    assert.doesNotMatch((await registrar.get('/students?own=swims:no&q=zuberi')).html, new RegExp(id));
    const sheet = (await registrar.get('/students/export?format=csv')).body.toString('utf8');
    const [heads, ...rows] = sheet.split('\n');
    assert.match(heads!, /Shirt colour.*Shoe size.*Swims/);
    assert.doesNotMatch(heads!, /Counsellor/);
    assert.match(
      rows.find((row) => row.includes('Zuberi'))!,
      /Blue.*41.*Yes/,
    );
    const file = `Admission number,Surname,First name,Sex,custom_shoe_size,Swims\n${admissionNo},Zuberi,${(await school.run(() => school.get(STUDENT_STORE).find(id)))!.firstName},Girl,42,No\n,Waweru,Newcomer,Boy,36,\n,Waweru,Wrong,Boy,large,\n`;
    const read = await check(registrar, { name: 'own.csv', body: file, mode: 'both' });
    assert.deepEqual(
      [counts(read.text).errors, counts(read.text).changed, counts(read.text).fresh],
      [1, 1, 1],
      read.text.slice(0, 2000),
    );
    assert.match(read.text, /Shirt colour is empty, but required/);
    await write(registrar, read.path, { confirm: '1' });
    assert.deepEqual(await valuesOf(id), { shirt_colour: 'Blue', swims: false, shoe_size: 42 });
    const [made] = await sql(school.database, "select custom from students where first_name = 'Newcomer'");
    assert.deepEqual(made!.custom, { shoe_size: 36 });
  });

  it('are in the API by their key', async () => {
    const { id, version } = await aStudent(school);
    const account = { email: 'api@school.test', password: 'a-long-enough-password-9' };
    const { IDENTITY } = await import('../../../../src/modules/identity/index.js');
    await school.run(() =>
      school.get(IDENTITY).createAccount({
        name: 'Api',
        email: account.email,
        roles: ['registrar'],
        by: { password: account.password },
        actor: school.office,
      }),
    );
    const caller = school.stranger();
    const authorization = `Bearer ${await caller.token(account.email, account.password)}`;
    const refused = await caller.json(
      'PATCH',
      `/api/v1/students/${id}`,
      { version, custom: { shoe_size: 'big' } },
      { authorization },
    );
    assert.equal(refused.status, 422, refused.html);
    assert.match(refused.html, /"custom\.shoe_size"/);
    assert.equal(
      (
        await caller.json(
          'PATCH',
          `/api/v1/students/${id}`,
          { version, custom: { shoe_size: 39.5, swims: true } },
          { authorization },
        )
      ).status,
      200,
    );
    const got = (await caller.json('GET', `/api/v1/students/${id}`, undefined, { authorization })).json<{
      version: number;
      custom: object;
    }>();
    assert.deepEqual(got.custom, { shoe_size: 39.5, swims: true });
    await caller.json('PATCH', `/api/v1/students/${id}`, { version: got.version, custom: { swims: null } }, { authorization });
    assert.deepEqual(await valuesOf(id), { shoe_size: 39.5 });
  });

  it('that hold something are retired, not removed; a choice that is used stays in the list', async () => {
    const { id } = await aStudent(school);
    await sql(school.database, `update students set custom = '{"shirt_colour": "Red"}' where id = $1`, [id]);
    const field = (await school.run(() => school.get(CustomFields).all())).find((one) => one.key === 'shirt_colour')!;
    const removed = await owner.submit(
      `/students/custom-fields/${field.id}/removal`,
      {},
      `/students/custom-fields/${field.id}/edit`,
    );
    assert.equal(removed.status, 422);
    const form = {
      version: String(field.version),
      label: field.label,
      choices: 'Green\nBlue',
      section: 'background',
      position: '1',
      active: 'on',
    };
    const cut = await owner.submit(`/students/custom-fields/${field.id}/edit`, form, `/students/custom-fields/${field.id}/edit`);
    assert.match(cut.html, /Some students have an answer you have removed from the list/);
    const retired = await owner.submit(
      `/students/custom-fields/${field.id}/edit`,
      { ...form, choices: 'Red\nBlue', active: '' },
      `/students/custom-fields/${field.id}/edit`,
    );
    assert.equal(retired.status, 303, retired.html);
    assert.doesNotMatch((await registrar.get(`/students/${id}?tab=details`)).html, /Shirt colour/);
    assert.deepEqual(await valuesOf(id), { shirt_colour: 'Red' }, 'its answers are kept');
  });

  /** What the edit form of a child sends when nothing is changed. */
  async function fields(id: string): Promise<Record<string, string>> {
    const student = (await school.run(() => school.get(STUDENT_STORE).find(id)))!;
    return {
      version: String(student.version),
      admissionNo: student.admissionNo,
      surname: student.surname,
      firstName: student.firstName,
      sex: student.sex,
      boarding: student.boarding,
    };
  }
});
