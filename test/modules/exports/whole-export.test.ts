import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { parse } from 'csv-parse/sync';
import JSZip from 'jszip';
import { LEFT_OUT, takenTables } from '../../../src/modules/exports/tables.rules.js';
import { progressOf } from '../../../src/modules/exports/export.rules.js';
import { schoolTables } from '../../../src/platform/db/index.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import type { Answer, Browser } from '../../support/browser.js';
import { aStudent } from '../../support/build.js';
import { until } from '../../support/waiting.js';

let school: SchoolUnderTest;
let owner: Browser;
before(async () => {
  school = await aSchool({ background: true });
  owner = await school.as('owner');
});
after(() => school.stop());

const newest = async () =>
  (
    await sql<{ state: string; file_id: string | null; done: number; total: number }>(
      'select state, file_id, done, total from exports order by created_at desc limit 1',
    )
  )[0]!;

async function sql<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
  const admin = await school.database.admin();
  return admin
    .query(text, values)
    .then(({ rows }) => rows as Row[])
    .finally(() => admin.end());
}

async function made(): Promise<{ answer: Answer; files: JSZip }> {
  assert.equal((await owner.submit('/exports', {})).location, '/exports');
  await until(async () => (await newest()).state === 'done', 'It was never made', 60_000);
  const answer = await owner.get('/exports.zip');
  assert.equal(answer.status, 200);
  return { answer, files: await JSZip.loadAsync(answer.body) };
}

describe('the whole export', () => {
  it('is the owner’s alone', async () => {
    for (const role of ['administrator', 'head', 'bursar', 'teacher'] as const) {
      const other = await school.as(role);
      for (const path of ['/exports', '/exports.zip']) assert.equal((await other.get(path)).status, 403, `${role} ${path}`);
      assert.equal((await other.submit('/exports', {}, '/profile')).status, 403, role);
    }
    assert.equal((await school.stranger().get('/exports')).status, 302);
  });

  it('before there is one: the page says what it will be, and there is no file', async () => {
    assert.match((await owner.get('/exports')).html, /No exports yet/);
    assert.equal((await owner.get('/exports.zip')).status, 404);
  });

  it('holds lists, files and tables, and nothing that opens something', async () => {
    await school.run(() => aStudent(school, { surname: 'Achieng', firstName: '=Mary', admissionNo: 'KA/007' }));
    const { answer, files } = await made();
    assert.match(String(answer.headers['content-disposition']), /everything-\d{4}-\d\d-\d\d\.zip/);
    const names = Object.keys(files.files);
    for (const name of [
      'index.html',
      'sheets/students.csv',
      'sheets/guardians.csv',
      'sheets/staff.csv',
      'sheets/classes.csv',
      'sheets/journal.csv',
      'oneroster/users.csv',
      'tables/students.csv',
      'tables/identity_users.csv',
    ])
      assert.ok(names.includes(name), `${name} of ${names.join(' ')}`);
    const students = await rowsOf(files, 'tables/students.csv');
    assert.ok(students.some((row) => row.admission_no === 'KA/007' && row.surname === 'Achieng'));
    assert.match(await files.file('sheets/students.csv')!.async('string'), /Achieng/);
    const users = await rowsOf(files, 'tables/identity_users.csv');
    assert.ok(users.length > 3 && !('password_hash' in users[0]!));
    for (const name of Object.keys(LEFT_OUT)) assert.ok(!names.includes(`tables/${name}.csv`), name);
    const all = (await Promise.all(names.map(async (name) => (await files.file(name)?.async('string')) ?? ''))).join('\n');
    assert.doesNotMatch(all, /\$argon2/);
  });

  it('has as many rows of each table as the school has, lists its files with rows, bytes and checksums, and says what a mark before a formula is', async () => {
    const { files } = await made();
    for (const table of ['students', 'subjects_classes', 'students_guardianships', 'school_terms', 'identity_user_roles']) {
      const [{ n }] = (await sql<{ n: number }>(`select count(*)::int as n from ${table}`)) as [{ n: number }];
      assert.equal((await rowsOf(files, `tables/${table}.csv`)).length, n, table);
    }
    const list = await rowsOf(files, 'manifest.csv');
    const names = Object.keys(files.files).filter((name) => name !== 'manifest.csv');
    assert.deepEqual(list.map((row) => row.file).sort(), names.sort());
    for (const { file, rows, bytes, sha256 } of list) {
      const body = await files.file(file!)!.async('nodebuffer');
      assert.equal(Number(bytes), body.length, file);
      assert.equal(sha256, createHash('sha256').update(body).digest('hex'), file);
      if (file!.endsWith('.csv')) assert.equal(Number(rows), (await rowsOf(files, file!)).length, file);
    }
    assert.match(
      (await files.file('index.html')!.async('string')).replaceAll('&#39;', "'"),
      /a ' is put before text that a spreadsheet program would read as a formula/,
    );
  });

  it('replaces the one before it, whose file nobody can open any more', async () => {
    const before = await newest();
    const { files } = await made();
    assert.deepEqual(
      Object.keys(files.files).filter((name) => name.startsWith('files/exports/')),
      [],
      'an export holds none before it',
    );
    const states = await sql<{ state: string }>('select state from exports order by created_at');
    assert.deepEqual(
      states.map(({ state }) => state),
      ['over', 'over', 'done'],
    );
    assert.equal((await owner.get(`/files/${before.file_id}`)).status, 404);
  });

  it('asks for a fresh proof where it is ordered, where it is fetched, and at the address of its file', async () => {
    const stale = await school.as('owner');
    const token = /name="_csrf" value="([^"]+)"/.exec((await stale.get('/exports')).html)![1]!;
    await sql(`update identity_sessions set sess = (sess::jsonb || '{"confirmedAt": 0}')::json`);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    for (const answer of [await stale.get('/exports.zip'), await stale.post('/exports', { _csrf: token })]) {
      assert.equal(answer.status, 303);
      assert.match(answer.location!, /^\/confirm/);
    }
    assert.equal((await stale.get(`/files/${(await newest()).file_id}`)).status, 404);
    owner = await school.as('owner');
  });

  it('stands in the audit when it is ordered and when it is fetched', async () => {
    const acts = await sql<{ action: string }>(`select action from audit_entries where entity = 'exports' order by at, id`);
    assert.deepEqual([...new Set(acts.map(({ action }) => action))], ['exports.order', 'exports.fetch']);
    // The owners are told, as when many rows leave.
    await until(
      async () => (await sql("select 1 from audit_alerts where rule = 'everything-taken'")).length === 1,
      'Nobody was warned',
    );
  });

  it('is made once at a time', async () => {
    await sql(
      `insert into exports (school_id, id, state, language, by_name, created_at) values ($1, gen_random_uuid(), 'waiting', 'en', 'Somebody', now())`,
      [school.database.schoolId],
    );
    const second = await owner.submit('/exports', {}, '/profile');
    assert.equal(second.status, 409);
    assert.match(second.html, /already being made/);
    await sql(`update exports set state = 'failed' where state = 'waiting'`);
    assert.match((await owner.get('/exports')).html, /The export failed/);
  });

  it('goes after seven days', async () => {
    await sql(`update exports set finished_at = now() - interval '8 days' where state = 'done'`);
    await school.run(() =>
      school.app.jobs['exports.sweep']!({}, { id: '1', attempt: 1, maxAttempts: 1, signal: new AbortController().signal }),
    );
    assert.equal((await owner.get('/exports.zip')).status, 404);
    assert.match((await owner.get('/exports')).html, /No longer kept/);
  });
});

describe('what stays when everything is taken along', () => {
  it('is named with its reason, and nothing else looks like a secret', async () => {
    const all = await school.run(() => schoolTables());
    const names = new Set(all.map(({ name }) => name));
    for (const name of Object.keys(LEFT_OUT)) assert.ok(names.has(name), `${name} is no table any more`);
    const suspicious = takenTables(all).flatMap(({ name, columns }) =>
      columns
        .filter((column) => /hash|secret|token|passw|sealed|^sess|^mac$|(api|private|public|secret)_key/.test(column.name))
        .map((column) => `${name}.${column.name}`),
    );
    // Hashes of what was written, and names of things: nothing is opened by them.
    assert.deepEqual(
      suspicious,
      KNOWN,
      'what opens something is named in domain/tables.ts and stays; what opens nothing is named here',
    );
  });

  it('its progress is 100 only when it is there', () => {
    const cases: [state: 'waiting' | 'making' | 'done', done: number, total: number, percent: number][] = [
      ['waiting', 0, 0, 0],
      ['making', 50, 100, 50],
      ['making', 100, 100, 99],
      ['making', 130, 100, 99],
      ['done', 5, 100, 100],
    ];
    for (const [state, done, total, percent] of cases) assert.equal(progressOf({ state, done, total }), percent);
  });
});

const KNOWN = [
  'audit_anchors.hash',
  'audit_seals.prev_hash',
  'audit_seals.hash',
  'audit_seals.sealed_at',
  'fees_till_movements.session_id',
  'identity_users.must_set_password',
  'identity_users.password_expires_at',
  'notifications_messages.secret',
  'school.theme_hash',
];

async function rowsOf(files: JSZip, name: string): Promise<Record<string, string>[]> {
  return parse(await files.file(name)!.async('string'), { columns: true, bom: true });
}
