import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Register } from '../../../../src/modules/students/register/register.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { pagesOf, plain } from '../../../platform/pdf/samples.js';
import { aSchool, type SchoolUnderTest } from '../../../support/app.js';
import type { Answer, Browser } from '../../../support/browser.js';
import { sql } from '../../../support/database/sql.js';
import { aStudent } from '../../../support/people/students.js';

describe('letters in the school’s name', () => {
  let school: SchoolUnderTest;
  let registrar: Browser;
  let child: Student;
  before(async () => {
    school = await aSchool({ years: [2026, 2027] });
    registrar = await school.as('registrar');
    child = await aStudent(school, { surname: 'Kamau', firstName: 'Brian' });
  });
  after(() => school.stop());

  const form = (of: Student) => `/students/${of.id}/letters`;
  const issue = (of: Student, fields: Record<string, string>, by = registrar): Promise<Answer> =>
    by.submit(form(of), fields, form(of));
  const read = async (answer: Answer): Promise<string> => {
    assert.equal(answer.status, 200, answer.html.slice(0, 2000));
    return plain((await pagesOf(answer.body)).join(' '));
  };
  const codes = (of: Student) =>
    sql(school.database, 'select code, reference, kind from students_documents where student_id = $1 order by created_at', [
      of.id,
    ]);
  const step = async (key: string, reason: string): Promise<void> =>
    void (await school.run(() =>
      school.get(Register).changeStatus(school.office, child.id, { key, reason, on: child.joinedOn!, note: null }),
    ));

  it('are for those who may issue them: no teacher, no nurse', async () => {
    for (const role of ['teacher', 'class-teacher', 'nurse', 'bursar'] as const) {
      const other = await school.as(role);
      assert.equal((await other.get(form(child))).status, 403);
      assert.equal((await other.get('/students/letters')).status, 403);
      assert.doesNotMatch((await other.get(`/students/${child.id}`)).html, /\/letters"/);
    }
  });

  it('say of fees what the ledger says, not what somebody types', async () => {
    const page = await registrar.get(form(child));
    assert.match(page.html, /All fees are cleared\./);
    assert.doesNotMatch(page.html, /name="feesLine"/);
    const text = await read(
      await issue(child, { kind: 'transfer', feesLine: 'KES 1,000,000 is owed to the family', conduct: 'Good' }),
    );
    assert.match(text, /All fees are cleared\./);
    assert.doesNotMatch(text, /owed to the family/);
  });

  it('have a number each, however many are issued at once, and stand in the audit', async () => {
    const before = await sql(school.database, 'select 1 from students_documents');
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => registrar.get(form(child)).then(() => issue(child, { kind: 'transfer' }))),
    );
    assert.ok(answers.every((one) => one.status === 200));
    const rows = await codes(child);
    assert.equal(rows.length, before.length + 40);
    assert.equal(new Set(rows.map((one) => one.reference)).size, rows.length);
    const [{ n }] = (await sql<{ n: number }>(
      school.database,
      "select count(*)::int as n from audit_entries where action = 'students.letter.issue'",
    )) as [{ n: number }];
    assert.equal(n, rows.length);
  });

  it('stand in a list with a search, and come again as a copy under the same number', async () => {
    const [{ reference }] = (await codes(child)) as [{ reference: string }];
    assert.match((await registrar.get('/students/letters')).html, /Kamau/);
    assert.match((await registrar.get('/students/letters?q=kamau')).html, new RegExp(reference));
    assert.match((await registrar.get(`/students/letters?q=${reference}`)).html, new RegExp(reference));
    assert.doesNotMatch((await registrar.get('/students/letters?q=nobody')).html, /Kamau/);
    const [{ id }] = (await sql(school.database, 'select id from students_documents where reference = $1', [reference])) as [
      { id: string },
    ];
    const before = (await codes(child)).length;
    const text = await read(await registrar.submit(`/students/letters/${id}/copy`, {}, '/students/letters'));
    assert.match(text, new RegExp(`${reference} Copy of the letter issued on`));
    assert.equal((await codes(child)).length, before, 'a copy is no new letter');
    assert.equal((await sql(school.database, "select 1 from audit_entries where action = 'students.letter.copy'")).length, 1);
  });

  it('are withdrawn when the leaving is taken back', async () => {
    assert.equal((await issue(child, { kind: 'leaving' })).status, 422);
    await step('transfer', 'moved');
    assert.equal((await issue(child, { kind: 'leaving' })).status, 200);
    const { code } = (await codes(child)).at(-1)!;
    const stranger = school.stranger();
    assert.match((await stranger.get(`/check/${code}`)).html, /Genuine and valid/);
    const [{ id }] = (await sql(
      school.database,
      'select id from students_status_changes where student_id = $1 order by created_at desc limit 1',
      [child.id],
    )) as [{ id: string }];
    await school.run(() => school.get(Register).undoStatus(school.office, child.id, id));
    const { html } = await stranger.get(`/check/${code}`);
    assert.match(html, /Withdrawn by the school/);
    assert.doesNotMatch(html, /<h1>Genuine/);
    await step('transfer', 'moved');
    assert.match((await stranger.get(`/check/${code}`)).html, /Withdrawn by the school/, 'also when the child leaves later');
    const list = (await registrar.get('/students/letters?q=kamau')).html;
    assert.match(list, /Withdrawn on \d{1,2} \w{3} 20\d\d/, 'with its day');
    const [{ letter }] = (await sql(school.database, 'select id as letter from students_documents where code = $1', [code])) as [
      { letter: string },
    ];
    const paper = await read(await registrar.submit(`/students/letters/${letter}/copy`, {}, '/students/letters'));
    assert.match(paper, /Withdrawn on \d{1,2} \w+ 20\d\d\. This letter is no longer valid\./, 'and so does its copy');
  });

  it('name the class in which a child joined only where the register knows it', async () => {
    const [old, fresh] = [await aStudent(school, { joinedOn: '2021-01-08' }), await aStudent(school, { joinedOn: '2026-01-12' })];
    const [ofOld, ofFresh] = [
      await read(await issue(old, { kind: 'transfer' })),
      await read(await issue(fresh, { kind: 'transfer' })),
    ];
    assert.match(ofOld, /8 January 2021/);
    assert.doesNotMatch(ofOld, /8 January 2021, Grade 7/, 'the first class that is known began years later');
    assert.match(ofFresh, /12 January 2026, Grade 7 East/);
  });
});
