import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Register } from '../../../src/modules/students/register/register.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import type { Browser } from '../../support/browser.js';
import { countRows, sql } from '../../support/database/sql.js';
import { textOf } from '../imports/support.js';
import { act, check, parts, send, settled } from './pages.js';
import { skuli } from './skuli.js';
import { archive, zipOf, type Bundle } from './support.js';

const users = (change: (row: Record<string, string>) => Record<string, string>): Bundle => {
  const bundle = skuli('1.1');
  return { ...bundle, users: bundle.users!.map((row) => change({ ...row })) };
};

describe('a bundle that is not as it should be', () => {
  let school: SchoolUnderTest;
  let head: Browser;
  before(async () => {
    school = await aSchool({
      background: true,
      classes: [
        { name: 'Grade 7', streams: ['East', 'West'] },
        { name: 'Grade 8', streams: ['East', 'West'] },
      ],
    });
    head = await school.as('head', 'administrator');
  });
  after(() => school?.stop());

  const whole: [string, () => Promise<Buffer>, RegExp][] = [
    [
      'of another version',
      () => zipOf('1.1', skuli('1.1'), { 'manifest.csv': 'propertyName,value\r\noneroster.version,1.0\r\n' }),
      /OneRoster 1\.0/,
    ],
    ['in UTF-16', () => zipOf('1.1', skuli('1.1'), { 'orgs.csv': Buffer.from('\ufeffsourcedId', 'utf16le') }), /not in UTF-8/],
    [
      'with no school in it',
      () => zipOf('1.1', { ...skuli('1.1'), orgs: [{ sourcedId: 'org1', name: 'County', type: 'district' }] }),
      /no school in this bundle/,
    ],
    [
      'with one file in several folders',
      () =>
        archive([
          ['a/users.csv', 'x\r\n'],
          ['b/users.csv', 'x\r\n'],
        ]),
      /There is a users\.csv in several folders/,
    ],
    [
      'with no file of a bundle',
      () => archive([['marks.csv', 'x\r\n']]),
      /none of the files that it should have, such as manifest\.csv/,
    ],
    [
      'with a path out of the archive',
      async () =>
        renamed(
          await archive([
            ['xx/manifest.csv', 'propertyName,value\r\n'],
            ['users.csv', 'x\r\n'],
          ]),
          'xx/',
          '../',
        ),
      /damaged/,
    ],
    [
      'that unpacks to far more than it should',
      () => archive([['manifest.csv', 'a'.repeat(30_000_000)]]),
      /too large when unpacked/,
    ],
    [
      'with a quotation mark that never closes',
      () =>
        zipOf('1.1', skuli('1.1'), {
          'orgs.csv': 'sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\r\n"o,,,a\r\n',
        }),
      /has no end/,
    ],
  ];
  for (const [what, make, sentence] of whole) {
    it(`${what} is refused with a sentence`, async () => {
      const answer = await check(head, await make());
      assert.equal(answer.status, 'refused', answer.text.slice(0, 600));
      assert.match(answer.text, sentence);
      assert.equal(await countRows(school.database, 'students'), 0);
    });
  }

  it('that is no archive, or one whose directory lies, is refused', async () => {
    const text = await send(head, Buffer.from('sourcedId,name\r\n1,a\r\n'));
    assert.equal(text.status, 422);
    assert.match(textOf(text.html), /zip|kind/i);
    const good = await zipOf('1.1', skuli('1.1'));
    const directory = good.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    good.writeUInt32LE(1, directory + 24);
    assert.equal((await check(head, good)).status, 'refused');
  });

  it('has its mistakes named by file, row and column, and takes the rest', async () => {
    const messy = users((row) => {
      if (row.sourcedId === 's-1') return { ...row, familyName: 'R2-D2' };
      if (row.sourcedId === 's-2') return { ...row, role: 'pupil' };
      if (row.sourcedId === 's-3') return { ...row, identifier: 'SK/2004' };
      if (row.sourcedId === 's-5') return { ...row, agentSourcedIds: 'nobody' };
      if (row.sourcedId === 's-6') return { ...row, enabledUser: 'false' };
      if (row.sourcedId === 'p-07-3') return { ...row, sms: 'call me' };
      return row;
    });
    messy.demographics = messy
      .demographics!.filter((row) => row.sourcedId !== 's-7')
      .map((row) => (row.sourcedId === 's-8' ? { ...row, birthDate: '2013-02-30' } : row));
    messy.enrollments = [
      ...messy.enrollments!,
      { sourcedId: 'lost', classSourcedId: 'no-class', schoolSourcedId: 'org1', userSourcedId: 's-9', role: 'student' },
    ];
    const body = await zipOf('1.1', messy, { 'results.csv': 'sourcedId,status\r\n1,\r\n2,\r\n', 'notes.txt': 'hello' });
    const seen = await check(head, body);
    assert.equal(seen.status, 'checked', seen.text.slice(0, 900));
    const said = (pattern: RegExp): void => assert.match(seen.text, pattern);
    const line = (id: string): number => messy.users!.findIndex((row) => row.sourcedId === id) + 2;
    said(new RegExp(`users\\.csv ${line('s-1')} familyName Surname "R2-D2" can have only letters`));
    said(new RegExp(`users\\.csv ${line('s-2')} role role "pupil" is not one of administrator`));
    said(new RegExp(`users\\.csv ${line('s-4')} identifier Row ${line('s-3')} has the same admission number`));
    said(/agentSourcedIds refers to nobody, which is not in users\.csv/);
    said(/sms "call me" is not a phone number/);
    said(/birthDate "2013-02-30" is not a date/);
    said(/classSourcedId refers to no-class, which is not in classes\.csv/);
    said(/enrollments\.csv \d+ userSourcedId userSourcedId refers to s-2, a row of users\.csv that can’t be imported/);
    said(new RegExp(`users\\.csv ${line('s-7')} sex Sex is missing`));
    said(/results\.csv \(2 rows\)/);
    // Of forty: R2-D2, the second of a number and the one without a sex; two never became people of this school.
    assert.deepEqual(parts(seen.html).Students, [35, 0, 0, 3]);
  });

  it('asks whose school it is, and what is what, and keeps the answers', async () => {
    const bundle = skuli('1.2');
    bundle.orgs!.push({ sourcedId: 'org2', name: 'Other School', type: 'school' });
    bundle.demographics = bundle.demographics!.filter((row) => !row.sourcedId!.startsWith('s-'));
    const seen = await check(head, await zipOf('1.2', bundle));
    assert.deepEqual(parts(seen.html).Students, [0, 0, 0, 40]);
    const page = await head.get(`${seen.path}/matching`);
    assert.match(page.html, /Other School/);
    const values = Object.fromEntries(
      [...page.html.matchAll(/name="((?:class|stream)\.\d+)"[^>]*value="([^"]*)"/g)].map(([, name, value]) => [name!, value!]),
    );
    assert.deepEqual(
      [values['class.0'], values['stream.0'], values['class.3'], values['stream.3']],
      ['Grade 7', 'East', 'Grade 8', 'West'],
    );
    const choices = { org: 'org1', sex: 'F', 'year.0': 'new', ...values, 'class.3': '', 'course.0': 'new', 'course.1': '' };
    assert.equal((await head.submit(`${seen.path}/matching`, choices, `${seen.path}/matching`)).status, 303);
    const again = await settled(head, seen.path);
    assert.deepEqual(
      [parts(again.html).Students, parts(again.html)['Classes and streams'], parts(again.html).Subjects],
      [
        [40, 0, 0, 0],
        [0, 3, 0, 0],
        [1, 0, 0, 0],
      ],
      again.text.slice(0, 1500),
    );
    const other = await head.submit(`${seen.path}/matching`, { org: 'org2', sex: '' }, `${seen.path}/matching`);
    assert.equal(other.status, 303);
    assert.deepEqual(parts((await settled(head, seen.path)).html).Students, [0, 0, 0, 0]);
  });

  it('can’t be taken back once somebody has worked with what it brought', async () => {
    const seen = await check(head, await zipOf('1.1', skuli('1.1')));
    await act(head, seen.path, 'commit');
    const [child] = await sql<{ id: string; version: number }>(
      school.database,
      "select id, version from students where admission_no = 'SK/2001'",
    );
    await school.run(() => school.get(Register).change(school.office, child!.id, child!.version, { address: 'Plot 7' }));
    const undone = await act(head, seen.path, 'undo');
    assert.equal(undone.status, 'done');
    assert.match(undone.text, /can’t be undone because of later changes.*has been changed since/);
    assert.equal(await countRows(school.database, 'students'), 40);
  });
});

/** Names that no honest program writes. */
function renamed(archive: Buffer, from: string, to: string): Buffer {
  return Buffer.from(archive.toString('latin1').replaceAll(from, to), 'latin1');
}
