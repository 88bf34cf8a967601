import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import JSZip from 'jszip';
import sharp from 'sharp';
import type { Student } from '../../src/modules/students/index.js';
import { check, countOf, send, settled, textOf, undo } from '../modules/imports/support.js';
import { aClassOf } from '../support/build.js';
import { aStage } from '../support/process.js';
import { untilNobodyWrites, untilSomebodyWaits } from '../support/waiting.js';

const PHOTOS = 20;
/** A longer archive is looked at by a process of its own. */
const APART_BYTES = 100_000;

describe('a process that is killed in the middle of an archive of photos', () => {
  const stage = aStage('registrar');
  let children: Student[];
  let archive: Buffer;
  before(async () => {
    children = await aClassOf(stage.school, PHOTOS);
    archive = await archiveOf(children);
    assert.ok(archive.length > APART_BYTES, `${archive.length} bytes`);
  });

  for (const delay of [0, 150, 450]) {
    it(`while it looks at them, ${delay} ms in: each is prepared once in the end, and nobody has a photo`, async () => {
      const sent = await send(stage.person(), photos());
      assert.equal(sent.status, 303, textOf(sent.html).slice(0, 500));
      await stage.untilNewest('imports', 'status', ['checking']);
      await pause(delay);
      await stage.restart();
      const { status, text } = await settled(stage.person(), sent.location!);
      assert.equal(status, 'checked', text.slice(0, 600));
      const id = sent.location!.split('/').pop()!;
      assert.equal(await countOf(stage.school, 'imports_rows', `import_id = '${id}'`), PHOTOS);
      assert.equal(
        await countOf(stage.school, 'files', `purpose = 'students.photo-waiting' and owner_id = '${id}' and deleted_at is null`),
        PHOTOS,
        'prepared once',
      );
      assert.equal(await withPhoto(), 0);
    });
  }

  for (const delay of [0, 40, 150]) {
    it(`while it writes, ${delay} ms in: all photos or none, and in the end all of them once`, async () => {
      const { path, status, text } = await check(stage.person(), photos());
      assert.equal(status, 'checked', text.slice(0, 600));
      assert.equal((await stage.person().submit(`${path}/commit`, { rows: 'all' }, path)).status, 303);
      await stage.untilNewest('imports', 'status', ['writing', 'done']);
      await pause(delay);
      await stage.restart();
      await untilNobodyWrites(stage.admin);
      await allOrNothing();
      let end = await settled(stage.person(), path);
      if (end.status === 'checked') {
        await stage.person().submit(`${path}/commit`, { rows: 'all' }, path);
        end = await settled(stage.person(), path);
      }
      assert.equal(end.status, 'done', end.text.slice(0, 600));
      await everyPhotoOnce();
      assert.equal((await undo(stage.person(), path)).status, 'undone');
      assert.equal(await withPhoto(), 0, 'taken back, for the next try');
      assert.equal(await kept(), 0);
    });
  }

  it('between two of its statements: what was half written is gone, and the next try writes all of it', async () => {
    const { path } = await check(stage.person(), photos());
    await stage.admin.query('begin');
    await stage.admin.query('lock table files in share mode');
    await stage.person().submit(`${path}/commit`, { rows: 'all' }, path);
    await untilSomebodyWaits(stage.admin);
    await stage.kill();
    await stage.admin.query('rollback');
    await untilNobodyWrites(stage.admin);
    assert.deepEqual([await withPhoto(), await kept()], [0, 0]);
    await stage.restart();
    let end = await settled(stage.person(), path);
    if (end.status === 'checked') {
      await stage.person().submit(`${path}/commit`, { rows: 'all' }, path);
      end = await settled(stage.person(), path);
    }
    assert.equal(end.status, 'done', end.text.slice(0, 600));
    await everyPhotoOnce();
  });

  it('sent again, the same archive changes nothing', async () => {
    const before = await fingerprint();
    const { path, status, text } = await check(stage.person(), photos());
    assert.equal(status, 'checked', text.slice(0, 600));
    await stage.person().submit(`${path}/commit`, { rows: 'all' }, path);
    await settled(stage.person(), path);
    assert.deepEqual(await fingerprint(), before);
  });

  it('each child has their own photo, whole and without what the camera wrote', async () => {
    for (const at of [0, PHOTOS - 1]) {
      const { rows } = await stage.admin.query<{ photo_file_id: string }>('select photo_file_id from students where id = $1', [
        children[at]!.id,
      ]);
      const { body } = await stage.person().get(`/files/${rows[0]!.photo_file_id}`);
      const [{ exif }, { channels }] = await Promise.all([sharp(body).metadata(), sharp(body).stats()]);
      assert.equal(exif, undefined);
      assert.ok(Math.abs(channels[0]!.mean - redOf(at)) < 4, `the photo of child ${at}`);
    }
  });

  const photos = () => ({ name: 'photos.zip', kind: 'photos', mode: 'create', body: archive });
  const withPhoto = () => countOf(stage.school, 'students', 'photo_file_id is not null');
  const kept = () => countOf(stage.school, 'files', "purpose = 'students.photo' and deleted_at is null");

  async function allOrNothing(): Promise<void> {
    const [shown, files] = [await withPhoto(), await kept()];
    assert.ok(
      (shown === 0 && files === 0) || (shown === PHOTOS && files === PHOTOS),
      `${shown} children with a photo, ${files} photos`,
    );
  }

  async function everyPhotoOnce(): Promise<void> {
    assert.deepEqual([await withPhoto(), await kept()], [PHOTOS, PHOTOS]);
    assert.equal(
      await countOf(
        stage.school,
        'students',
        `photo_file_id in (select id from files f where f.purpose = 'students.photo' and f.owner_id = students.id and f.deleted_at is null)`,
      ),
      PHOTOS,
      'each its own',
    );
  }

  async function fingerprint(): Promise<unknown[]> {
    return (await stage.admin.query('select id, photo_file_id, version from students order by id')).rows;
  }
});

function redOf(at: number): number {
  return 20 + 3 * at;
}

async function archiveOf(children: readonly Student[]): Promise<Buffer> {
  const archive = new JSZip();
  for (const [at, child] of children.entries()) {
    const picture = await sharp({ create: { width: 900, height: 1200, channels: 3, background: { r: redOf(at), g: 90, b: 90 } } })
      .withExif({ IFD0: { Make: 'Camera' } })
      .jpeg()
      .toBuffer();
    archive.file(`Class 7/${child.admissionNo.replaceAll('/', '-')}.jpg`, picture);
  }
  return archive.generateAsync({ type: 'nodebuffer' });
}
