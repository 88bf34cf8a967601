import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { saysNothing } from '../../../src/platform/sheets/reading/nothing.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import type { Browser } from '../../support/browser.js';
import { countRows, sql } from '../../support/database/sql.js';
import { check, counts, write } from './support.js';

const EMPTY: [kind: Parameters<typeof saysNothing>[0], texts: string[]][] = [
  [
    'id',
    ['N/A', 'n.a.', '-', '—', 'nil', 'Nill', 'NULL', 'none', 'not available', '0', '000', 'pending', 'Not issued', '(none)', '?'],
  ],
  ['name', ['N/A', '--', 'Nil', 'NONE', '.', 'Unknown']],
  ['text', ['n/a', 'None', 'Not applicable', '–']],
  ['phone', ['0', '0000000000', 'no phone', 'N/A', 'nill', 'Hakuna']],
  ['date', ['00/00/0000', '0000-00-00', '-', 'not known']],
  ['email', ['none', '0', 'no email']],
];
const SAID: [kind: Parameters<typeof saysNothing>[0], texts: string[]][] = [
  ['id', ['KA/0', 'N1', '10', 'A-']],
  ['name', ['Nilla', 'Nathan', 'Noneh', 'Ann']],
  ['text', ['No fish', 'None of the nuts', '0']],
  ['phone', ['0722481903']],
  ['integer', ['0']],
  ['money', ['0', '0.00']],
];

describe('what says that there is nothing', () => {
  let school: SchoolUnderTest;
  let registrar: Browser;
  before(async () => {
    school = await aSchool({ background: true });
    registrar = await school.as('registrar');
  });
  after(() => school?.stop());

  it('is one list, with what only some columns mean by it', () => {
    for (const [kind, texts] of EMPTY) for (const text of texts) assert.ok(saysNothing(kind, text), `${kind} ${text}`);
    for (const [kind, texts] of SAID) for (const text of texts) assert.ok(!saysNothing(kind, text), `${kind} ${text}`);
  });

  it('is neither a number, nor a name, nor an identifier of a child', async () => {
    const body = [
      'Adm No,UPI,Surname,First Name,Middle Name,Gender,Birth Cert No,Class,Religion,Parent Name,Parent Phone 1',
      'N/A,nil,Hassan,Khadija,-,F,NIL,7 East,N/A,none,0',
      '-,NIL,Mutua,Joel,nil,M,none,7 East,—,Mary Mutua,n/a',
      'nill,n.a.,Kiptoo,Faith,None,F,Not available,7 East,Null,N/A,nil',
    ].join('\n');
    const sheet = await check(registrar, { name: 'as it is.csv', body });
    assert.deepEqual([counts(sheet.text).fresh, counts(sheet.text).errors], [3, 0], sheet.text.slice(0, 1500));
    await write(registrar, sheet.path);
    const rows = await sql(
      school.database,
      'select admission_no, middle_name, birth_certificate_no, religion from students order by surname',
    );
    assert.equal(new Set(rows.map((row) => row.admission_no)).size, 3);
    for (const row of rows)
      assert.deepEqual(
        [/\d/.test(String(row.admission_no)), row.middle_name, row.birth_certificate_no, row.religion],
        [true, null, null, null],
      );
    assert.equal(await countRows(school.database, 'students_identifiers'), 0);
    assert.deepEqual(await sql(school.database, 'select full_name, phone from students_guardians'), [
      { full_name: 'Mary Mutua', phone: null },
    ]);
  });
});
