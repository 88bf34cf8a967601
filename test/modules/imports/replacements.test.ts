import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { readingAs, withReplacements } from '../../../src/modules/imports/replacement.rules.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import type { Browser } from '../../support/browser.js';
import { sql } from '../../support/database/sql.js';
import { check, counts, settled, textOf, undo, write } from './support.js';

const HEADS = 'Adm no,Surname,First name,Sex,Class,Date of birth';
const LIST = [
  HEADS,
  'P1,Abdi,Ann,F,Std Saba,9/8/2014',
  'P2,Njeri,Joy,F, Std Saba ,10/8/2014',
  'P3,Otieno,Eve,F,7 East,31/02/2014',
  'P4,Kamau,Ivy,F,7 East,1/2/2014',
].join('\n');

describe('values that are read as others', () => {
  it('are taken in order, so that a later one mends an earlier, and only in their own column', () => {
    const read = readingAs(
      [
        { column: 'class', from: 'Std 7', to: 'Grade 77' },
        { column: 'class', from: 'Grade 77', to: 'Grade 7' },
        { column: 'gone', from: 'a', to: 'b' },
      ],
      ['class', null, 'stream'],
    );
    assert.deepEqual(read([' Std 7 ', 'Std 7', 'Std 7']), ['Grade 7', 'Std 7', 'Std 7']);
    assert.deepEqual(read([7, null]), [7, null]);
    const day = new Date('2014-02-28T00:00:00Z');
    assert.deepEqual(readingAs([{ column: 'born_on', from: day.toISOString(), to: '1/3/2014' }], ['born_on'])([day]), [
      '1/3/2014',
    ]);
  });

  it('are refused when there is none, too much, or no such column', () => {
    const one = { column: 'class', from: 'Std 7', to: 'Grade 7' };
    assert.throws(() => withReplacements([], [{ ...one, to: ' ' }], ['class']), /at least one/);
    assert.throws(() => withReplacements([], [one], ['surname']), /columns have changed/);
    assert.throws(() => withReplacements([], [{ ...one, to: 'x'.repeat(201) }], ['class']), /too long/);
    assert.throws(
      () =>
        withReplacements(
          Array.from({ length: 200 }, () => one),
          [one],
          ['class'],
        ),
      /Correct the file/,
    );
  });
});

describe('a list with the same mistake in many rows', () => {
  let school: SchoolUnderTest;
  let registrar: Browser;
  let path = '';
  const section = (html: string): string => /<section[^>]*data-test="misread">(.*?)<\/section>/s.exec(html)?.[1] ?? '';
  const putRight = async (values: Record<string, string>) => {
    const { html } = await registrar.get(path);
    const given = [...section(html).matchAll(/name="((?:column|from)\.\d)" value="([^"]*)"/g)].map(([, name, value]) => [
      name!,
      value!,
    ]);
    return registrar.submit(`${path}/replacements`, { ...Object.fromEntries(given), ...values }, path);
  };

  before(async () => {
    school = await aSchool({ background: true });
    registrar = await school.as('registrar');
    const checked = await check(registrar, { name: 'saba.csv', body: LIST });
    path = checked.path;
    assert.equal(counts(checked.text).errors, 3);
  });
  after(() => school.stop());

  it('shows what can’t be read once, with how many rows have it and what the school has', async () => {
    const text = textOf(section((await registrar.get(path)).html));
    assert.match(text, /Class Std Saba 2 /);
    assert.match(text, /Date of birth 31\/02\/2014 1 /);
    assert.match(section((await registrar.get(path)).html), /<option value="Grade 7 East">/);
  });

  it('changes nothing and keeps what was typed when nothing is said', async () => {
    const answer = await putRight({ 'to.0': ' ' });
    assert.equal(answer.status, 422);
    assert.match(textOf(answer.html), /Enter a correction for at least one of them/);
    assert.equal((await settled(registrar, path)).status, 'checked');
  });

  it('is put right for all of them, written so, told in the audit, and can be taken back', async () => {
    assert.equal((await putRight({ 'to.0': 'Grade 7 West', 'to.1': '28/02/2014' })).status, 303);
    const { text, status } = await settled(registrar, path);
    assert.equal(status, 'checked', text);
    assert.deepEqual([counts(text).errors, counts(text).fresh], [0, 4]);
    assert.match(text, /Class “Std Saba” “Grade 7 West”/);
    assert.equal((await write(registrar, path)).status, 'done');
    const rows = await sql(
      school.database,
      "select st.name, s.born_on::text as born from students s join subjects_streams st on st.id = s.stream_id where s.admission_no in ('P2', 'P3') order by s.admission_no",
    );
    assert.deepEqual(rows, [
      { name: 'West', born: '2014-08-10' },
      { name: 'East', born: '2014-02-28' },
    ]);
    const [entry] = await sql(
      school.database,
      "select after->'readAs'->0->>'to' as told from audit_entries where action = 'students.import'",
    );
    assert.equal(entry!.told, 'Grade 7 West');
    assert.equal((await undo(registrar, path)).status, 'undone');
  });

  it('is read as it is written again when that was wrong', async () => {
    path = (await check(registrar, { name: 'again.csv', body: LIST })).path;
    await putRight({ 'to.0': 'Grade 7 West' });
    assert.equal(counts((await settled(registrar, path)).text).errors, 1);
    await registrar.submit(`${path}/replacements/removal`, {}, path);
    assert.equal(counts((await settled(registrar, path)).text).errors, 3);
  });

  it('is for those who may import that list alone', async () => {
    for (const role of ['teacher', 'guardian'] as const) {
      const answer = await (
        await school.as(role)
      ).submit(`${path}/replacements`, { 'column.0': 'class', 'from.0': 'Std Saba', 'to.0': 'Grade 8' }, '/');
      assert.equal(answer.status, 403, role);
    }
    assert.equal(
      (
        await (
          await school.as('hr-officer')
        ).submit(`${path}/replacements`, { 'column.0': 'class', 'from.0': 'Std Saba', 'to.0': 'Grade 8' }, '/hr/staff/new')
      ).status,
      404,
    );
  });
});
