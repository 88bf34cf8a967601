import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { decodeLegacy, guessLegacy, type LegacyEncoding } from '../../../src/platform/sheets/reading/encodings.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import type { Browser } from '../../support/browser.js';
import { row, styled, workbookOf } from '../../support/sheets/workbook.js';
import { sql } from '../../support/database/sql.js';
import { check, counts, settled, textOf, write } from './support.js';

/** As a program of that time would have saved it. */
function saved(text: string, encoding: LegacyEncoding): Buffer {
  const bytes = new Map(
    Array.from({ length: 128 }, (_unused, at): [string, number] => [decodeLegacy(Buffer.from([0x80 + at]), encoding), 0x80 + at]),
  );
  return Buffer.from([...text].map((char) => (char.charCodeAt(0) < 0x80 ? char.charCodeAt(0) : bytes.get(char)!)));
}

describe('what a file leaves open', () => {
  let school: SchoolUnderTest;
  let registrar: Browser;
  before(async () => {
    school = await aSchool({ background: true });
    registrar = await school.as('registrar');
  });
  after(() => school?.stop());

  const answer = async (path: string, answers: Record<string, string>) => {
    const sent = await registrar.submit(
      `${path}/answers`,
      Object.fromEntries(Object.entries(answers).map(([key, value]) => [`answer.${key}`, value])),
      path,
    );
    assert.equal(sent.status, 303, textOf(sent.html).slice(0, 500));
    return settled(registrar, path);
  };
  const born = async (like: string): Promise<string[]> =>
    (
      await sql(
        school.database,
        "select to_char(born_on, 'YYYY-MM-DD') as one from students where admission_no like $1 order by admission_no",
        [like],
      )
    ).map((one) => one.one!);
  const list = (days: readonly string[], prefix: string): string =>
    `Adm No,Surname,First Name,Gender,D.O.B,Class\n${days.map((day, at) => `${prefix}/${at},Sur${prefix.toLowerCase()}${'abcdefgh'[at]}x,Fir${prefix.toLowerCase()}${'abcdefgh'[at]}t,F,${day},7 East`).join('\n')}\n`;

  it('a column that is written month first is read so in every cell, also with years of two digits; serials and months in words stay', async () => {
    const sheet = await check(registrar, {
      name: 'us.csv',
      body: list(['3/14/2010', '3/4/2010', '12/1/2011', '3/25/11', '40250', '14 Mar 2012'], 'US'),
    });
    assert.doesNotMatch(sheet.html, /data-question/);
    assert.equal(counts(sheet.text).errors, 0, sheet.text.slice(0, 900));
    await write(registrar, sheet.path);
    assert.deepEqual(await born('US/%'), ['2010-03-14', '2010-03-04', '2011-12-01', '2011-03-25', '2010-03-13', '2012-03-14']);
  });

  it('a column that is written day first is read so, and a day that is none then is a mistake of its row', async () => {
    const sheet = await check(registrar, { name: 'ke.csv', body: list(['14/3/2010', '4/3/2010', '31/2/2010'], 'KE') });
    assert.match(sheet.text, /"31\/2\/2010" is not a date\. Enter it as 14\/03\/2014/);
    await write(registrar, sheet.path);
    assert.deepEqual(await born('KE/%'), ['2010-03-14', '2010-03-04']);
  });

  it('a column that may be either is asked about with both readings; nothing is written before, and the answer stays with the columns', async () => {
    const sheet = await check(registrar, { name: 'either.csv', body: list(['3/4/2010', '5/6/2011'], 'EI') });
    assert.match(sheet.text, /Which comes first in “D\.O\.B”: the day or the month\?/);
    assert.match(sheet.text, /The day 3\/4\/2010 3 April 2010[\s\S]*The month 3\/4\/2010 4 March 2010/);
    const early = await registrar.submit(`${sheet.path}/commit`, { rows: 'valid' }, sheet.path);
    assert.equal(early.status, 422);
    assert.match(textOf(early.html), /First answer the questions about this file/);
    const wrong = await registrar.submit(`${sheet.path}/answers`, { 'answer.days': 'year' }, sheet.path);
    assert.equal(wrong.status, 422);
    await answer(sheet.path, { days: 'month' });
    await registrar.submit(`${sheet.path}/check`, {}, sheet.path);
    const again = await settled(registrar, sheet.path);
    assert.match(again.html, /value="month" checked/);
    await write(registrar, sheet.path);
    assert.deepEqual(await born('EI/%'), ['2010-03-04', '2011-05-06']);
  });

  it('a column of both kinds is asked about, and the rows that don’t fit the answer come back', async () => {
    const sheet = await check(registrar, { name: 'mixed.csv', body: list(['14/3/2010', '3/25/2010', '16/3/2010'], 'MX') });
    assert.match(sheet.html, /data-question="days"/);
    const settledSheet = await answer(sheet.path, { days: 'day' });
    assert.equal(counts(settledSheet.text).errors, 1);
    assert.match(settledSheet.text, /"3\/25\/2010" is not a date/);
  });

  it('days that a spreadsheet has turned round beside others that it could not read are asked about', async () => {
    const serial = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 86_400_000 + 25_569;
    const rows = [
      row(1, ['Adm No', 'Surname', 'First Name', 'Gender', 'DOB', 'Class']),
      row(2, ['TU/1', 'Suraa', 'Firaa', 'F', '3/14/2010', '7 East']),
      row(3, ['TU/2', 'Surbb', 'Firbb', 'F', styled(serial('2010-04-03'), 1), '7 East']),
    ];
    const sheet = await check(registrar, {
      name: 'turned.xlsx',
      body: workbookOf({ sheets: [{ name: 'List', rows: rows.join('') }], formats: ['dd/mm/yyyy'] }),
    });
    assert.match(sheet.text, /They were written month first too 3 April 2010 4 March 2010|2010-04-03/);
    await answer(sheet.path, { 'turned-days': 'turned' });
    await write(registrar, sheet.path);
    assert.deepEqual(await born('TU/%'), ['2010-03-14', '2010-03-04']);
  });

  it('letters of old Macs, of Windows and of DOS are told apart by the words, and asked about when they can’t be', async () => {
    const names = 'Adm No,Surname,First Name,Gender,Class\nMA/1,Gonçalves,André,M,7 East\nMA/2,Müller,Hélène,F,7 East\n';
    for (const encoding of ['macintosh', 'windows-1252', 'cp850'] as const) {
      const sheet = await check(registrar, { name: `${encoding}.csv`, body: saved(names, encoding) });
      assert.doesNotMatch(sheet.html, /data-question/, encoding);
      for (const word of ['Gonçalves', 'André', 'Müller', 'Hélène']) assert.ok(sheet.text.includes(word), `${encoding}: ${word}`);
    }
    assert.equal(guessLegacy(saved('“Baby” Amina', 'windows-1252')).encoding, 'windows-1252');
    const unsure = await check(registrar, {
      name: 'unsure.csv',
      body: saved('Adm No,Surname,First Name,Gender,Class\nUN/1,Ng’ang’a,Wanja,F,7 East\n', 'windows-1252'),
    });
    assert.match(unsure.text, /Which words are right\? Windows encoding Ng’ang’a Old Mac encoding Ngíangía/);
    const mac = await answer(unsure.path, { encoding: 'macintosh' });
    assert.ok(mac.text.includes('Ngíangía'));
    await answer(unsure.path, { encoding: 'windows-1252' });
    await write(registrar, unsure.path);
    assert.deepEqual(await sql(school.database, "select surname from students where admission_no = 'UN/1'"), [
      { surname: 'Ng’ang’a' },
    ]);
  });

  it('a sponsor is a guardian who pays, and may not collect unless the school says so', async () => {
    const body =
      'Adm No,Surname,First Name,Gender,Class,Mother Name,Mother Phone,Sponsor Name,Sponsor Phone,Guardian 3 name,Guardian 3 relationship,Guardian 3 phone,Guardian 3 may collect\nSP/1,Hassan,Khadija,F,7 East,Mary Hassan,0722481903,World Aid,0722481904,Peter Driver,Other,0722481905,Yes\n';
    const sheet = await check(registrar, { name: 'sponsors.csv', body });
    await write(registrar, sheet.path);
    const ties = await sql(
      school.database,
      'select g.full_name as name, t.relationship, t.may_collect as collects from students_guardianships t join students_guardians g on g.id = t.guardian_id order by t.priority',
    );
    assert.deepEqual(ties, [
      { name: 'Mary Hassan', relationship: 'mother', collects: true },
      { name: 'World Aid', relationship: 'sponsor', collects: false },
      { name: 'Peter Driver', relationship: 'other', collects: true },
    ]);
  });
});
