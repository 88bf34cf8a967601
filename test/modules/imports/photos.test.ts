import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import JSZip from 'jszip';
import sharp from 'sharp';
import { ImportJobs } from '../../../src/modules/imports/jobs.js';
import { Photos } from '../../../src/modules/students/photos/photos.js';
import { NumberBook, numberInName } from '../../../src/modules/students/photos/photo-name.rules.js';
import type { Student } from '../../../src/modules/students/index.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import { aStudent } from '../../support/build.js';
import type { Browser } from '../../support/browser.js';
import { sql } from '../../support/database/sql.js';
import { check, countOf, counts as usual, registerDigest, send, settled, textOf, undo, write } from './support.js';

describe('the admission number in the name of a file', () => {
  const book = new NumberBook([
    { id: 'a', admissionNo: 'KA/2026/0012', paymentNo: 'KA20260012' },
    { id: 'b', admissionNo: '12-1', paymentNo: '121' },
    { id: 'c', admissionNo: '12/1', paymentNo: '1210' },
    { id: 'd', admissionNo: '7 B', paymentNo: '7B' },
  ]);
  const means: [string, string | null][] = [
    ['KA-2026-0012', 'a'],
    ['ka_2026_0012', 'a'],
    ['KA 2026/0012 ', 'a'],
    ['KA20260012', 'a'],
    ['KA-2026-0012 (1)', null],
    ['KA-2026-012', null],
    ['12-1', 'b'],
    ['12_1', 'several'],
    ['12 (1)', null],
    ['121', 'b'],
    ['7-b', 'd'],
    ['', null],
  ];
  for (const [stem, wanted] of means) {
    it(`"${stem}" means ${wanted ?? 'nobody'}`, () => {
      const found = book.find(stem);
      assert.equal(found === null || found === 'several' ? found : found.id, wanted);
    });
  }

  it('counts all that separates the parts of a number as the same', () => {
    assert.equal(numberInName('ka/2026_00.12'), 'KA-2026-00-12');
  });
});

/** As the page of photos says it. */
function counts(text: string): { fresh: number; changed: number; same: number; errors: number } {
  const read = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 'NaN');
  return {
    fresh: read(/(\d+) photos are new/),
    changed: read(/(\d+) replace another/),
    same: read(/(\d+) students keep/),
    errors: usual(text).errors,
  };
}

describe('photos in an archive', () => {
  let school: SchoolUnderTest;
  let registrar: Browser;
  let children: Student[];
  const name = (at: number): string => children[at]!.admissionNo.replaceAll('/', '-');

  before(async () => {
    school = await aSchool({ background: true });
    registrar = await school.as('registrar');
    children = [];
    for (let at = 0; at < 5; at += 1) children.push(await aStudent(school));
  });
  after(() => school?.stop());

  const picture = (red: number): Promise<Buffer> =>
    sharp({ create: { width: 900, height: 1200, channels: 3, background: { r: red, g: 90, b: 90 } } })
      .withExif({ IFD0: { Make: 'Camera' } })
      .jpeg()
      .toBuffer();
  const photoOf = async (at: number): Promise<string | null> =>
    (await sql(school.database, 'select photo_file_id from students where id = $1', [children[at]!.id]))[0]!.photo_file_id as
      string | null;
  const red = async (at: number): Promise<number> =>
    (await sharp((await registrar.get(`/files/${await photoOf(at)}`)).body).stats()).channels[0]!.mean;
  const waiting = (): Promise<number> => countOf(school, 'files', "purpose = 'students.photo-waiting' and deleted_at is null");
  const sending = async (files: Record<string, Buffer | string>, mode = 'create') => {
    const archive = new JSZip();
    for (const [path, body] of Object.entries(files)) archive.file(path, body);
    return {
      name: 'photos.zip',
      kind: 'photos',
      mode,
      body: await archive.generateAsync({ type: 'nodebuffer', compression: 'DEFLATE' }),
    };
  };

  it('says of every file whose it is or why it can’t be used, and writes nothing meanwhile', async () => {
    const found = await check(
      registrar,
      await sending({
        [`Class 7/${name(0)}.jpg`]: await picture(200),
        [`${name(1)}.PNG`]: await sharp(await picture(10))
          .png()
          .toBuffer(),
        [`${name(2)}.jpg`]: await picture(20),
        [`other/${name(2)}.jpeg`]: await picture(30),
        'ZZ-1.jpg': await picture(40),
        'list.xlsx': 'no picture',
        [`${name(3)}.jpg`]: 'this is a text',
        '__MACOSX/._x.jpg': 'noise',
        'Thumbs.db': 'noise',
      }),
    );
    assert.equal(found.status, 'checked', found.text);
    assert.deepEqual([counts(found.text).fresh, counts(found.text).changed, counts(found.text).errors], [2, 0, 5]);
    for (const words of [
      /No student has the admission number ZZ-1/,
      /is a photo of the same student/,
      /This file is not a picture/,
    ])
      assert.match(found.text, words);
    const all = (await registrar.get(`${found.path}?show=all`)).html;
    assert.match(
      all,
      new RegExp(`src="/files/[0-9a-f-]{36}/small"[\\s\\S]{0,200}${children[0]!.surname} ${children[0]!.firstName}`),
      'whose picture it is',
    );
    assert.equal(await photoOf(0), null);
    assert.equal(await waiting(), 2);

    const done = await write(registrar, found.path);
    assert.equal(done.status, 'done', done.text);
    assert.ok(Math.abs((await red(0)) - 200) < 10);
    const stored = await sharp((await registrar.get(`/files/${await photoOf(0)}`)).body).metadata();
    assert.deepEqual([stored.width! / stored.height!, stored.exif], [4 / 5, undefined]);
    assert.equal(await waiting(), 0);
    assert.equal(await countOf(school, 'audit_entries', "action = 'photos.import'"), 1);
    assert.equal(
      (await (await school.as('teacher')).get(`/files/${await photoOf(0)}`)).status,
      404,
      'a teacher without this class',
    );
  });

  it('leaves a photo that is there as long as nobody says that it shall be replaced', async () => {
    const files = { [`${name(0)}.jpg`]: await picture(250), [`${name(3)}.jpg`]: await picture(60) };
    const kept = await check(registrar, await sending(files));
    assert.match(kept.text, /has a photo, which is kept/);
    assert.deepEqual([counts(kept.text).fresh, counts(kept.text).same], [1, 1]);
    const before = await registerDigest(school);
    const replacing = await check(registrar, await sending(files, 'both'));
    assert.deepEqual([counts(replacing.text).fresh, counts(replacing.text).changed], [1, 1]);
    assert.equal((await write(registrar, replacing.path, { confirm: '1' })).status, 'done');
    assert.ok(Math.abs((await red(0)) - 250) < 6);

    const late = await registrar.submit(`${kept.path}/commit`, { rows: 'valid' }, kept.path);
    assert.equal(late.status, 303);
    const stopped = await settled(registrar, kept.path);
    assert.equal(stopped.status, 'failed');
    assert.match(stopped.text, /has had a photo added since the check/);

    assert.equal((await undo(registrar, replacing.path)).status, 'undone');
    assert.deepEqual(await registerDigest(school), before);
    assert.ok(Math.abs((await red(0)) - 200) < 10, 'the photo of before is back');
    assert.equal(await photoOf(3), null);
  });

  it('is not taken back over a photo that somebody has chosen since', async () => {
    const found = await check(registrar, await sending({ [`${name(4)}.jpg`]: await picture(90) }));
    await write(registrar, found.path);
    await school.run(() => school.get(Photos).remove(school.office, children[4]!.id));
    const refused = await undo(registrar, found.path);
    assert.equal(refused.status, 'done');
    assert.match(refused.text, /has been changed since/);
  });

  it('says so instead of doing nothing when what it changed is not kept any more', async () => {
    const found = await check(registrar, await sending({ [`${name(4)}.jpg`]: await picture(110) }));
    await write(registrar, found.path);
    await sql(school.database, 'delete from imports_written where import_id = $1', [found.path.split('/').at(-1)]);
    const refused = await undo(registrar, found.path);
    assert.equal(refused.status, 'done');
    assert.match(refused.text, /no longer kept, so it can’t be undone/);
  });

  it('prepares nothing twice: looking again, being cut short and throwing away let go of what was prepared', async () => {
    const found = await check(registrar, await sending({ [`${name(3)}.jpg`]: await picture(70) }));
    const before = await waiting();
    await registrar.submit(`${found.path}/check`, {}, found.path);
    await settled(registrar, found.path);
    assert.equal(await waiting(), before);
    // A job that died in the middle is done again from the start.
    await sql(school.database, "update imports set status = 'checking' where id = $1", [found.path.split('/').at(-1)]);
    await school.run(() =>
      school.get(ImportJobs).check(found.path.split('/').at(-1)!, { signal: new AbortController().signal, last: false }),
    );
    assert.equal(await waiting(), before);
    assert.equal((await registrar.submit(`${found.path}/discard`, {}, found.path)).status, 303);
    assert.equal(await waiting(), before - 1);
  });

  it('refuses what is no archive of photos with one sentence', async () => {
    const refusal = async (body: Buffer): Promise<string> => {
      const answer = await send(registrar, { name: 'photos.zip', kind: 'photos', body });
      assert.equal(answer.status, 422);
      return textOf(answer.html);
    };
    const bomb = new JSZip().file('a.jpg', Buffer.alloc(60_000_000));
    assert.match(
      await refusal(await bomb.generateAsync({ type: 'nodebuffer', compression: 'DEFLATE' })),
      /too large when unpacked/,
    );
    assert.match(
      await refusal(await new JSZip().file('.DS_Store', 'x').generateAsync({ type: 'nodebuffer' })),
      /There are no pictures in the archive/,
    );
    assert.match(await refusal(Buffer.from('Adm no,Surname\n1,Auma\n')), /not a zip file/);
  });

  it('is for those who may import photos, and over the API too', async () => {
    for (const role of ['nurse', 'hr-officer'] as const)
      assert.notEqual((await send(await school.as(role), await sending({ 'a.jpg': 'x' }))).status, 303, role);
    const answer = await send(await school.as('hr-officer'), await sending({ 'a.jpg': 'x' }));
    assert.equal(answer.status, 403);
    assert.equal((await registrar.get('/imports/template?kind=photos')).status, 404);
    const page = await registrar.get('/imports/new?kind=photos');
    assert.match(page.html, /accept="\.zip,application\/zip"/);
    assert.match(textOf(page.html), /Existing photos are kept/);
  });
});
