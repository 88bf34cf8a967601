import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import { hiddenValue, type Answer, type Browser } from '../../support/browser.js';
import { row, workbookOf } from '../../support/sheets/workbook.js';
import { zipOf } from '../../support/sheets/zip.js';
import { check, countOf, counts, send, sendFile, settled, textOf, undo, write } from './support.js';

const PASSWORD = 'correct-horse-battery-staple-7';
const HEADS = 'Adm no,Surname,First name,Sex,Class,Date of birth';
const people = (count: number, change = ''): string =>
  [
    HEADS + (change ? ',Religion' : ''),
    ...Array.from(
      { length: count },
      (_unused, i) =>
        `R${i},Sur${'abcdefghij'[i % 10]!}${'klmnopqrst'[Math.floor(i / 10) % 10]!},Ann,F,7 East,${13 + (i % 15)}/5/2013${change ? `,${change}` : ''}`,
    ),
  ].join('\n');

describe('imports that are refused', () => {
  let school: SchoolUnderTest;
  let registrar: Browser;

  before(async () => {
    school = await aSchool({ background: true });
    registrar = await school.as('registrar');
  });
  after(() => school.stop());

  it('are answered at once with one sentence, and nothing is kept', async () => {
    const sheet = workbookOf({ sheets: [{ name: 'S', rows: row(1, ['Surname']) + row(2, ['A']) }] });
    const bomb = zipOf([
      { name: '[Content_Types].xml', data: '<Types/>' },
      { name: 'xl/workbook.xml', data: Buffer.alloc(30_000_000, 32) },
    ]);
    const entity = workbookOf({
      sheets: [
        {
          name: 'S',
          rows: row(1, ['Surname']),
          head: '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>',
        },
      ],
    });
    const files: [name: string, body: Buffer | string][] = [
      ['bomb.xlsx', bomb],
      ['entities.xlsx', entity],
      ['cut.xlsx', sheet.subarray(0, sheet.length - 40)],
      ['lies.xlsx', zipOf([{ name: 'xl/workbook.xml', data: '<workbook/>', declared: 5 }])],
      ['page.csv', '<!doctype html><table><tr><td>Surname</td></tr></table>'],
      ['picture.csv', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
      ['program.xlsx', Buffer.concat([Buffer.from('7f454c46', 'hex'), Buffer.alloc(500)])],
      ['wide.csv', `${Array.from({ length: 2000 }, (_unused, i) => `c${i}`).join(',')}\n1\n`],
      ['empty.csv', ''],
      ['heads only.csv', 'Surname,First name,Sex\n'],
      ['quote.csv', `Surname,First name\n"${'x'.repeat(1_200_000)}\n`],
    ];
    for (const [name, body] of files) {
      const started = Date.now();
      const answer = await send(registrar, { name, body });
      assert.equal(answer.status, 422, name);
      assert.match(answer.html, /class="errs"/, name);
      assert.ok(Date.now() - started < 10_000, name);
    }
    assert.equal(await countOf(school, 'imports'), 0);
    assert.equal(await countOf(school, 'files'), 0);
    assert.equal(await countOf(school, 'students'), 0);
  });

  it('asks for file, kind and mode, and keeps what was chosen', async () => {
    const page = await registrar.get('/imports/new?kind=students');
    const token = hiddenValue(page.html, '_csrf')!;
    const without = await registrar.upload('/imports', [], { _csrf: token, kind: 'students', mode: 'both' });
    assert.equal(without.status, 422);
    assert.match(without.html, /Choose a file/);
    assert.match(without.html, /value="both" checked/);
    const mode = await registrar.upload(
      '/imports',
      [{ field: 'file', name: 'a.csv', type: 'text/csv', body: Buffer.from(HEADS) }],
      { _csrf: token, kind: 'students', mode: 'replace' },
    );
    assert.equal(mode.status, 422);
    const kind = await registrar.upload(
      '/imports',
      [{ field: 'file', name: 'a.csv', type: 'text/csv', body: Buffer.from(HEADS) }],
      { _csrf: token, kind: 'users', mode: 'create' },
    );
    assert.equal(kind.status, 404);
    assert.equal(
      (
        await registrar.upload('/imports', [{ field: 'file', name: 'a.csv', type: 'text/csv', body: Buffer.from(HEADS) }], {
          kind: 'students',
          mode: 'create',
        })
      ).status,
      403,
      'without the token of a page',
    );
  });

  it('stops a change of more than a fifth of the school until the number is typed', async () => {
    const made = await check(registrar, { name: 'school.csv', body: people(60) });
    assert.equal((await write(registrar, made.path)).status, 'done');
    const few = await check(registrar, { name: 'few.csv', body: people(12, 'Muslim'), mode: 'update' });
    assert.doesNotMatch(few.text, /Is this the right file/);
    const many = await check(registrar, { name: 'many.csv', body: people(13, 'Muslim'), mode: 'update' });
    assert.match(many.text, /This changes 13 of 60 in the register\. Is this the right file\?/);
    const unasked = await registrar.submit(`${many.path}/commit`, { rows: 'valid' }, many.path);
    assert.equal(unasked.status, 422);
    assert.match(unasked.html, /Type 13 to confirm/);
    assert.equal((await registrar.submit(`${many.path}/commit`, { rows: 'valid', confirm: '12' }, many.path)).status, 422);
    assert.equal(await countOf(school, 'students', "religion = 'Muslim'"), 0);
    assert.equal((await write(registrar, many.path, { confirm: '13' })).status, 'done');
    assert.equal(await countOf(school, 'students', "religion = 'Muslim' and version = 2"), 13);
    assert.equal((await undo(registrar, many.path)).status, 'undone');
    assert.equal(await countOf(school, 'students', "religion = 'Muslim'"), 0);
  });

  it('writes nothing at all when one student was changed between check and writing', async () => {
    const changing = await check(registrar, { name: 'two.csv', body: people(2, 'Hindu'), mode: 'update' });
    const admin = await school.database.admin();
    await admin.query("update students set version = version + 1 where admission_no = 'R1'");
    await admin.end();
    const stopped = await write(registrar, changing.path);
    assert.equal(stopped.status, 'failed');
    assert.match(stopped.text, /R1, .* was changed after this file was checked\. Nothing was imported/);
    assert.equal(await countOf(school, 'students', "religion = 'Hindu'"), 0);
    await registrar.submit(`${changing.path}/check`, {}, changing.path);
    assert.equal((await settled(registrar, changing.path)).status, 'checked');
    assert.equal((await write(registrar, changing.path)).status, 'done');
    assert.equal(await countOf(school, 'students', "religion = 'Hindu'"), 2);
  });

  it('takes other columns when a person matches them, and checks again', async () => {
    const guessed = await check(registrar, {
      name: 'odd.csv',
      body: 'Number,Familia,Binafsi,Jinsia,Stream\nN1,Mutua,Ann,Mke,7 East\n',
    });
    assert.equal(counts(guessed.text).errors, 1);
    const page = await registrar.get(`${guessed.path}/mapping`);
    assert.match(page.html, /<label for="f-map-1">Familia<\/label>/);
    const twice = await registrar.submit(
      `${guessed.path}/mapping`,
      { 'map.0': 'admission_no', 'map.1': 'surname', 'map.2': 'surname', 'map.3': 'sex', 'map.4': 'class' },
      `${guessed.path}/mapping`,
    );
    assert.equal(twice.status, 422);
    const sent = await registrar.submit(
      `${guessed.path}/mapping`,
      { 'map.0': 'admission_no', 'map.1': 'surname', 'map.2': 'first_name', 'map.3': 'sex', 'map.4': 'class' },
      `${guessed.path}/mapping`,
    );
    assert.equal(sent.status, 303);
    const again = await settled(registrar, guessed.path);
    assert.deepEqual([counts(again.text).errors, counts(again.text).fresh], [0, 1], again.text.slice(500, 2000));
  });

  it('are for those with the right, and nobody sees another’s kind', async () => {
    const one = await check(registrar, { name: 'mine.csv', body: people(61) });
    for (const role of ['teacher', 'librarian', 'auditor', 'nurse'] as const) {
      const person = await school.as(role);
      for (const path of [
        '/imports',
        '/imports/new',
        one.path,
        `${one.path}/rejects`,
        `${one.path}/mapping`,
        '/imports/template?kind=students',
      ])
        assert.equal((await person.get(path)).status, 403, `${role} ${path}`);
      assert.equal((await person.submit(`${one.path}/commit`, { rows: 'valid' }, '/')).status, 403);
    }
    for (const role of ['hr-officer', 'bursar'] as const) {
      const person = await school.as(role);
      assert.equal((await person.get(one.path)).status, 404, role);
      assert.equal((await person.get(`${one.path}/rejects`)).status, 404, role);
      assert.doesNotMatch((await person.get('/imports')).html, /mine\.csv/, role);
      assert.equal((await person.get('/imports/template?kind=students')).status, 403, role);
    }
    assert.equal((await school.stranger().get(one.path)).status, 302);
  });

  it('brings staff in, and takes them back', async () => {
    const hr = await school.as('hr-officer');
    const list = await check(hr, {
      name: 'staff.csv',
      kind: 'staff',
      body: 'Payroll number,Title,Surname,Other names,First name,Gender,TSC No,Designation,Staff type,Phone,Start date\nT1,Mr,Mutua,Musyoka,Daniel,Male,456789,Teacher of physics,Teaching,722481903,2020-01-05\n,Mrs,Wanjiru,,Alice,F,,Cook,Support,,\nT1,Mr,Copy,,Cat,M,,Cook,Support,,\n',
    });
    assert.deepEqual([counts(list.text).fresh, counts(list.text).errors], [2, 1], list.text.slice(500, 2500));
    assert.equal((await write(hr, list.path)).status, 'done');
    assert.equal(
      await countOf(
        school,
        'hr_staff',
        "phone = '+254722481903' and registration_no = '456789' and category = 'teaching' and joined_on = '2020-01-05'",
      ),
      1,
    );
    const again = await check(hr, {
      name: 'staff.csv',
      kind: 'staff',
      mode: 'both',
      body: 'Payroll number,Surname,First name,Job,Category\nT1,Mutua,Daniel,Head of sciences,Teaching\n',
    });
    assert.equal(counts(again.text).changed, 1);
    assert.equal((await write(hr, again.path, { confirm: '1' })).status, 'done');
    assert.equal((await undo(hr, list.path)).status, 'done', 'changed since');
    assert.equal((await undo(hr, again.path)).status, 'undone');
    assert.equal(await countOf(school, 'hr_staff', "job = 'Teacher of physics' and version = 1"), 1);
  });
});

describe('imports over the API', () => {
  let school: SchoolUnderTest;
  let api: Browser;
  let token: string;
  const auth = (): Record<string, string> => ({ authorization: `Bearer ${token}` });
  const post = (fields: Record<string, string>, name: string, body: string): Promise<Answer> =>
    sendFile(api, fields, { name, body: Buffer.from(body) }, auth());
  const until = async (id: string, status: string): Promise<Record<string, unknown>> => {
    for (let tries = 0; tries < 150; tries += 1) {
      const state = (await api.get(`/api/v1/imports/${id}`, auth())).json();
      if (state.status === status) return state;
      if (['failed', 'refused'].includes(String(state.status))) assert.fail(JSON.stringify(state));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return assert.fail(`${id} was not ${status} in time`);
  };

  before(async () => {
    school = await aSchool({ background: true });
    await school.as('registrar');
    api = school.stranger();
    token = await api.token('person1@school.test', PASSWORD);
  });
  after(() => school.stop());

  it('goes from file to register and back with the same rules', async () => {
    const body = `Adm,Surname,First name,Sex,Born on a,Class\nA1,Hassan,Khadija,F,14/3/2014,7 East\nA2,Kimani,Joel,M,31/2/2014,7 East\nA3,Otieno,Joan,F,1/2/2014,Grade 9\n`;
    const taken = await post(
      { kind: 'students', mode: 'create', mapping: JSON.stringify({ 'Born on a': 'born_on' }) },
      'api.csv',
      body,
    );
    assert.equal(taken.status, 202, taken.html);
    const { id } = taken.json<{ id: string }>();
    const state = await until(id, 'checked');
    assert.deepEqual(
      { rows: state.rows, valid: state.valid, warnings: state.warnings, errors: state.errors, mapping: state.mapping },
      {
        rows: 3,
        valid: 1,
        warnings: 0,
        errors: [
          {
            sheet: 'api.csv',
            row: 3,
            column: 'Born on a',
            message: 'Date of birth "31/2/2014" is not a date. Enter it as 14/03/2014.',
          },
          { sheet: 'api.csv', row: 4, column: 'Class', message: 'There is no class "Grade 9".' },
        ],
        mapping: {
          Adm: 'admission_no',
          Surname: 'surname',
          'First name': 'first_name',
          Sex: 'sex',
          'Born on a': 'born_on',
          Class: 'class',
        },
      },
    );
    const all = await api.json('POST', `/api/v1/imports/${id}/commit`, { rows: 'all' }, auth());
    assert.equal(all.status, 422);
    assert.match(String(all.headers['content-type']), /application\/problem\+json/);
    const rejects = await api.get(`/api/v1/imports/${id}/rejects`, auth());
    assert.match(rejects.html, /A2,Kimani,Joel,M,31\/2\/2014/);
    assert.equal((await api.json('POST', `/api/v1/imports/${id}/commit`, { rows: 'valid' }, auth())).status, 202);
    await until(id, 'done');
    assert.equal(await countOf(school, 'students'), 1);
    assert.equal((await api.json('POST', `/api/v1/imports/${id}/commit`, { rows: 'valid' }, auth())).status, 422);
    assert.equal((await api.json('POST', `/api/v1/imports/${id}/undo`, {}, auth())).status, 202);
    await until(id, 'undone');
    assert.equal(await countOf(school, 'students'), 0);
  });

  it('tells other systems what a file leaves open, and takes their answer', async () => {
    const body = 'Adm,Surname,First name,Sex,DOB,Class\nQ1,Hassan,Khadija,F,3/4/2014,7 East\n';
    const { id } = (await post({ kind: 'students', mode: 'create' }, 'open.csv', body)).json<{ id: string }>();
    const state = (await until(id, 'checked')) as unknown as {
      questions: { key: string; needed: boolean; answer: string | null; choices: { value: string }[] }[];
    };
    assert.deepEqual(
      state.questions.map(({ key, needed, answer, choices }) => [key, needed, answer, choices.map((one) => one.value)]),
      [['days', true, null, ['day', 'month']]],
    );
    const early = await api.json('POST', `/api/v1/imports/${id}/commit`, { rows: 'valid' }, auth());
    assert.equal(early.status, 422);
    assert.equal((await api.json('POST', `/api/v1/imports/${id}/answers`, { answers: { days: 'year' } }, auth())).status, 422);
    assert.equal((await api.json('POST', `/api/v1/imports/${id}/answers`, { answers: { days: 'month' } }, auth())).status, 202);
    await until(id, 'checked');
    assert.equal((await api.json('POST', `/api/v1/imports/${id}/commit`, { rows: 'valid' }, auth())).status, 202);
    await until(id, 'done');
    assert.equal(await countOf(school, 'students', "born_on = '2014-03-04'"), 1);
    const told = (
      await post(
        { kind: 'students', mode: 'create', answers: '{"days":"day"}' },
        'told.csv',
        body.replaceAll('Q1,Hassan', 'Q2,Mutua'),
      )
    ).json<{ id: string }>();
    await until(told.id, 'checked');
    assert.equal((await api.json('POST', `/api/v1/imports/${told.id}/commit`, { rows: 'valid' }, auth())).status, 202);
    await until(told.id, 'done');
    assert.equal(await countOf(school, 'students', "born_on = '2014-04-03'"), 1);
    for (const one of [id, told.id]) {
      await api.json('POST', `/api/v1/imports/${one}/undo`, {}, auth());
      await until(one, 'undone');
    }
  });

  it('refuses in the API’s own words', async () => {
    const cases: [Record<string, string>, string, number][] = [
      [{ _csrf: token, kind: 'students', mode: 'replace' }, HEADS, 422],
      [{ _csrf: token, kind: 'users', mode: 'create' }, HEADS, 404],
      [{ kind: 'students', mode: 'create' }, '', 422],
      [{ kind: 'students', mode: 'create', mapping: 'nonsense' }, people(1), 422],
      [{ kind: 'students', mode: 'create', mapping: '{"Surname":"password_hash"}' }, people(1), 422],
    ];
    for (const [fields, body, status] of cases) {
      const answer = await post(fields, 'x.csv', body);
      assert.equal(answer.status, status, JSON.stringify(fields));
      assert.match(String(answer.headers['content-type']), /application\/problem\+json/);
    }
    assert.equal((await api.get('/api/v1/imports/01a20cc2-0d49-7465-af69-9c14f4fcf02f', auth())).status, 404);
    assert.equal((await api.get('/api/v1/imports/not-an-id', auth())).status, 404);
    assert.equal((await school.stranger().get('/api/v1/imports/01a20cc2-0d49-7465-af69-9c14f4fcf02f')).status, 401);
    assert.match(textOf((await api.get('/api/openapi.json')).html), /ImportCommit/);
  });
});
