import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { readdirSync } from 'node:fs';
import { SCHOOL } from '../../../../src/modules/school/index.js';
import { silhouette } from '../../../../src/platform/pdf/pictures.js';
import { aSchool, type SchoolUnderTest } from '../../../support/app.js';
import type { Browser } from '../../../support/browser.js';
import { sql } from '../../../support/database/sql.js';
import { aStudent, streamId } from '../../../support/people/students.js';

describe('the register, as the office works with it', () => {
  let school: SchoolUnderTest;
  let registrar: Browser;
  before(async () => {
    school = await aSchool({
      years: [2026, 2027],
      lists: { dorms: [{ name: 'Kilimanjaro' }, { name: 'Kenya' }], houses: [{ name: 'Lions' }] },
    });
    registrar = await school.as('registrar');
  });
  after(() => school.stop());

  const admit = async (fields: Record<string, string>) =>
    registrar.submit(
      '/students',
      {
        surname: 'Otieno',
        firstName: 'Grace',
        sex: 'F',
        joinedOn: '2026-01-06',
        status: 'active',
        boarding: 'day',
        streamId: await streamId(school, 'Grade 7 East'),
        ...fields,
      },
      '/students/new',
    );

  describe('an admission number', () => {
    it('that another child has but for capitals and signs is refused with the name of that child', async () => {
      await aStudent(school, { surname: 'Njeri', firstName: 'Ann', admissionNo: 'KA/2026/0500' });
      for (const admissionNo of ['ka/2026/0500', 'KA-2026-0500', 'KA 2026 0500', 'ka20260500']) {
        const refused = await admit({ admissionNo });
        assert.equal(refused.status, 422, admissionNo);
        assert.match(refused.html, /Njeri Ann has the admission number KA\/2026\/0500/);
      }
    });

    it('is refused by the database too, however it comes in', async () => {
      const other = await aStudent(school);
      await assert.rejects(
        sql(school.database, "update students set admission_no = 'ka.2026.0500' where id = $1", [other.id]),
        /students_number_plain_key/,
      );
    });

    it('may be written in another way by the child whose it is', async () => {
      const own = await aStudent(school, { surname: 'Wekesa', firstName: 'Joy', admissionNo: 'KA/2026/0600' });
      const [{ version }] = (await sql<{ version: number }>(school.database, 'select version from students where id = $1', [
        own.id,
      ])) as [{ version: number }];
      const saved = await registrar.submit(`/students/${own.id}/edit`, {
        version: String(version),
        admissionNo: 'KA-2026-0600',
        surname: 'Wekesa',
        firstName: 'Joy',
        sex: 'F',
        boarding: 'day',
      });
      assert.equal(saved.status, 303, saved.html);
    });

    it('doubles from before are listed to be put right, and leave the list when they are', async () => {
      const [one, other] = [
        await aStudent(school, { admissionNo: 'OLD/1' }),
        await aStudent(school, { surname: 'Doppel', firstName: 'Dan', admissionNo: 'OLD/2' }),
      ];
      const migration = readdirSync('migrations/tenant').find((name) => name.endsWith('students_numbers_alike.ts'))!;
      const { up } = (await import(`../../../../migrations/tenant/${migration.replace(/ts$/, 'js')}`)) as {
        up: (on: never) => Promise<void>;
      };
      const admin = await school.database.admin();
      await admin.query('drop index students_number_plain_key');
      await admin.query("update students set admission_no = 'old-1' where id = $1", [other.id]);
      await admin.query('alter table students drop column number_double');
      await up({
        raw: (text: string) => (text.startsWith('comment on') ? undefined : admin.query(text)),
        schema: {
          alterTable: (_name: string, define: (t: object) => void) => {
            define({ boolean: () => ({ notNullable: () => ({ defaultTo: () => undefined }) }) });
            return admin.query('alter table students add column number_double boolean not null default false');
          },
        },
      } as never);
      await admin.end();
      assert.match((await registrar.get('/students?missing=number')).html, /Doppel/);
      assert.doesNotMatch((await registrar.get('/students?missing=number')).html, new RegExp(one.surname));
      const [{ version }] = (await sql<{ version: number }>(school.database, 'select version from students where id = $1', [
        other.id,
      ])) as [{ version: number }];
      const saved = await registrar.submit(`/students/${other.id}/edit`, {
        version: String(version),
        admissionNo: 'OLD/2',
        surname: 'Doppel',
        firstName: 'Dan',
        sex: 'F',
        boarding: 'day',
      });
      assert.equal(saved.status, 303, saved.html);
      assert.doesNotMatch((await registrar.get('/students?missing=number')).html, /<b>Doppel/);
    });

    it('that is too long is refused whole; the form cuts no number', async () => {
      assert.doesNotMatch((await registrar.get('/students/new')).html, /name="admissionNo"[^>]*maxlength/);
      const refused = await admit({ admissionNo: 'KA/2026/0000000000000001' });
      assert.equal(refused.status, 422);
      assert.match(refused.html, /at most 20 characters/);
      const owner = await school.as('owner');
      for (const [page, field] of [
        ['/hr/staff/new', 'nationalId'],
        ['/hr/staff/new', 'staffNo'],
        ['/subjects/new', 'code'],
      ]) {
        assert.doesNotMatch((await owner.get(page!)).html, new RegExp(`name="${field}"[^>]*maxlength`), `${page} ${field}`);
      }
    });
  });

  describe('house, dorm, route and meals', () => {
    const place = (id: string, fields: Record<string, string>) =>
      registrar.submit(
        `/students/${id}/assignments`,
        { on: '2026-11-01', kind: 'dorms', ...fields },
        `/students/${id}/assignments/new?kind=dorms`,
      );
    const dorm = async (name: string): Promise<string> =>
      (await school.run(() => school.get(SCHOOL).lists('dorms'))).find((one) => one.name === name)!.id;

    it('“Change” starts with what the child has', async () => {
      const child = await aStudent(school, { boarding: 'boarder' });
      assert.equal((await place(child.id, { itemId: await dorm('Kilimanjaro'), detail: '12' })).status, 303);
      const { html } = await registrar.get(`/students/${child.id}/assignments/new?kind=dorms`);
      assert.match(html, new RegExp(`value="${await dorm('Kilimanjaro')}" selected`));
      assert.match(html, /name="detail"[^>]*value="12"/);
    });

    it('a bed is one child’s: the second is refused with the name of the first', async () => {
      const [one, other] = [await aStudent(school, { surname: 'Achieng', firstName: 'Rose' }), await aStudent(school)];
      assert.equal((await place(one.id, { itemId: await dorm('Kilimanjaro'), detail: 'A4' })).status, 303);
      for (const written of ['a4', 'A-4', 'a 4']) {
        const refused = await place(other.id, { itemId: await dorm('Kilimanjaro'), detail: written });
        assert.equal(refused.status, 422, written);
        assert.match(refused.html, /This bed is taken by Achieng Rose/);
      }
      assert.equal((await place(other.id, { itemId: await dorm('Kilimanjaro'), detail: 'A5' })).status, 303);
      assert.equal(
        (await place(one.id, { itemId: await dorm('Kilimanjaro'), detail: 'A4', on: '2026-11-02' })).status,
        303,
        'the own bed is no other’s',
      );
    });

    it('a boy among girls is put there only by somebody who says so', async () => {
      const [girl, boy] = [await aStudent(school), await aStudent(school, { sex: 'M' })];
      await place(girl.id, { itemId: await dorm('Kenya'), detail: '1' });
      const refused = await place(boy.id, { itemId: await dorm('Kenya'), detail: '2' });
      assert.equal(refused.status, 422);
      assert.match(refused.html, /This is a girls’ dormitory/);
      assert.equal((await place(boy.id, { itemId: await dorm('Kenya'), detail: '2', mixed: 'on' })).status, 303);
    });
  });

  describe('a child that is written down', () => {
    const shown = async (status: string): Promise<{ flash: string; page: string }> => {
      const saved = await admit({
        status,
        firstName: `Mary${status === 'applicant' ? 'a' : status === 'expected' ? 'e' : 'b'}`,
        surname: 'Moraa',
      });
      assert.equal(saved.status, 303, saved.html);
      const { html } = await registrar.get(saved.location!);
      return { flash: html, page: html };
    };

    it('is not called admitted while it is an applicant, and has no place “now”', async () => {
      const { page } = await shown('applicant');
      assert.match(page, /is now an applicant with number/);
      assert.doesNotMatch(page, /has been admitted with number/);
      assert.doesNotMatch(/data-test="enrolments"[\s\S]*?<\/section>/.exec(page)![0], />Now</);
      assert.match((await shown('active')).page, /has been admitted with number/);
    });
  });

  it('a photo that the family has refused is shown nowhere, and its file is not given out', async () => {
    const child = await aStudent(school, { surname: 'Fotos' });
    const fileId = '0190a000-0000-7000-8000-000000000001';
    await sql(school.database, 'update students set photo_file_id = $2 where id = $1', [child.id, fileId]);
    assert.match((await registrar.get('/students?q=fotos')).html, new RegExp(fileId));
    const answered = await registrar.submit(
      `/students/${child.id}/consents`,
      {
        on: '2026-11-01',
        'answers.photo-in-school': 'no',
        'answers.photo-in-public': 'none',
        'answers.social-media': 'none',
        'answers.medical-treatment': 'none',
        'answers.data-sharing': 'none',
      },
      `/students/${child.id}/consents/edit`,
    );
    assert.equal(answered.status, 303, answered.html);
    for (const page of ['/students?q=fotos', `/students/${child.id}`, `/students/${child.id}/photo`])
      assert.doesNotMatch((await registrar.get(page)).html, new RegExp(fileId), page);
    assert.match((await registrar.get(`/students/${child.id}/photo`)).html, /The family has not consented to a photo/);
  });

  it('a girl’s card has a girl on it where there is no photo', () => {
    const colours = { first: '#0f5c43', second: '#c8872b' };
    assert.notDeepEqual(silhouette(colours, 'F'), silhouette(colours, 'M'));
  });

  it('the turn of the year and duplicates are the registrar’s work too', async () => {
    for (const page of ['/students/rollovers', '/students/duplicates'])
      assert.equal((await registrar.get(page)).status, 200, page);
    const teacher = await school.as('teacher');
    for (const page of ['/students/rollovers', '/students/duplicates']) assert.equal((await teacher.get(page)).status, 403, page);
  });
});
