import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import JSZip from 'jszip';
import type pg from 'pg';
import sharp from 'sharp';
import type { Student } from '../../src/modules/students/index.js';
import { check, countOf, send, settled, textOf, undo } from '../modules/imports/support.js';
import { aSchool, type SchoolUnderTest } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import { aClassOf } from '../support/build.js';
import { startTenant, type TenantProcess } from '../support/process.js';
import { until, untilNobodyWrites, untilSomebodyWaits } from '../support/waiting.js';

const PHOTOS = 60;

describe('a process that is killed in the middle of an archive of photos', () => {
  let school: SchoolUnderTest;
  let admin: pg.Client;
  let session: Browser;
  let tenant: TenantProcess;
  let children: Student[];
  let archive: Buffer;
  before(async () => {
    school = await aSchool();
    admin = await school.database.admin();
    session = await school.as('registrar');
    tenant = await startTenant(school);
    children = await aClassOf(school, PHOTOS);
    archive = await archiveOf(children);
  });
  afterEach(async (context) => {
    if ('passed' in context && context.passed === false) console.error(tenant.output());
  });
  after(async () => {
    await tenant?.stop('SIGKILL');
    await admin?.end();
    await school?.stop();
  });

  for (const delay of [0, 300, 900]) {
    it(`while it looks at them, ${delay} ms in: each is prepared once in the end, and nobody has a photo`, async () => {
      const sent = await send(tenant.browser(session), photos());
      assert.equal(sent.status, 303, textOf(sent.html).slice(0, 500));
      await untilStatus(['checking']);
      await pause(delay);
      await restart();
      const { status, text } = await settled(tenant.browser(session), sent.location!);
      assert.equal(status, 'checked', text.slice(0, 600));
      const id = sent.location!.split('/').pop()!;
      assert.equal(await countOf(school, 'imports_rows', `import_id = '${id}'`), PHOTOS);
      assert.equal(await countOf(school, 'files', `purpose = 'students.photo-waiting' and owner_id = '${id}' and deleted_at is null`), PHOTOS, 'prepared once');
      assert.equal(await withPhoto(), 0);
    });
  }

  for (const delay of [0, 40, 150]) {
    it(`while it writes, ${delay} ms in: all photos or none, and in the end all of them once`, async () => {
      const { path, status, text } = await check(tenant.browser(session), photos());
      assert.equal(status, 'checked', text.slice(0, 600));
      assert.equal((await tenant.browser(session).submit(`${path}/commit`, { rows: 'all' }, path)).status, 303);
      await untilStatus(['writing', 'done']);
      await pause(delay);
      await restart();
      await untilNobodyWrites(admin);
      await allOrNothing();
      let end = await settled(tenant.browser(session), path);
      if (end.status === 'checked') {
        await tenant.browser(session).submit(`${path}/commit`, { rows: 'all' }, path);
        end = await settled(tenant.browser(session), path);
      }
      assert.equal(end.status, 'done', end.text.slice(0, 600));
      await everyPhotoOnce();
      assert.equal((await undo(tenant.browser(session), path)).status, 'undone');
      assert.equal(await withPhoto(), 0, 'taken back, for the next try');
      assert.equal(await kept(), 0);
    });
  }

  it('between two of its statements: what was half written is gone, and the next try writes all of it', async () => {
    const { path } = await check(tenant.browser(session), photos());
    await admin.query('begin');
    await admin.query('lock table files in share mode');
    await tenant.browser(session).submit(`${path}/commit`, { rows: 'all' }, path);
    await untilSomebodyWaits(admin);
    await tenant.stop('SIGKILL');
    await admin.query('rollback');
    await untilNobodyWrites(admin);
    assert.deepEqual([await withPhoto(), await kept()], [0, 0]);
    tenant = await startTenant(school);
    let end = await settled(tenant.browser(session), path);
    if (end.status === 'checked') {
      await tenant.browser(session).submit(`${path}/commit`, { rows: 'all' }, path);
      end = await settled(tenant.browser(session), path);
    }
    assert.equal(end.status, 'done', end.text.slice(0, 600));
    await everyPhotoOnce();
  });

  it('sent again, the same archive changes nothing', async () => {
    const before = await fingerprint();
    const { path, status, text } = await check(tenant.browser(session), photos());
    assert.equal(status, 'checked', text.slice(0, 600));
    await tenant.browser(session).submit(`${path}/commit`, { rows: 'all' }, path);
    await settled(tenant.browser(session), path);
    assert.deepEqual(await fingerprint(), before);
  });

  it('each child has their own photo, whole and without what the camera wrote', async () => {
    for (const at of [0, PHOTOS - 1]) {
      const { rows } = await admin.query<{ photo_file_id: string }>('select photo_file_id from students where id = $1', [children[at]!.id]);
      const { body } = await tenant.browser(session).get(`/files/${rows[0]!.photo_file_id}`);
      const [{ exif }, { channels }] = await Promise.all([sharp(body).metadata(), sharp(body).stats()]);
      assert.equal(exif, undefined);
      assert.ok(Math.abs(channels[0]!.mean - redOf(at)) < 4, `the photo of child ${at}`);
    }
  });

  const photos = () => ({ name: 'photos.zip', kind: 'photos', mode: 'create', body: archive });
  const withPhoto = () => countOf(school, 'students', 'photo_file_id is not null');
  const kept = () => countOf(school, 'files', "purpose = 'students.photo' and deleted_at is null");

  async function allOrNothing(): Promise<void> {
    const [shown, files] = [await withPhoto(), await kept()];
    assert.ok((shown === 0 && files === 0) || (shown === PHOTOS && files === PHOTOS), `${shown} children with a photo, ${files} photos`);
  }

  async function everyPhotoOnce(): Promise<void> {
    assert.deepEqual([await withPhoto(), await kept()], [PHOTOS, PHOTOS]);
    assert.equal(await countOf(school, 'students', `photo_file_id in (select id from files f where f.purpose = 'students.photo' and f.owner_id = students.id and f.deleted_at is null)`), PHOTOS, 'each its own');
  }

  async function fingerprint(): Promise<unknown[]> {
    return (await admin.query('select id, photo_file_id, version from students order by id')).rows;
  }

  async function restart(): Promise<void> {
    await tenant.stop('SIGKILL');
    tenant = await startTenant(school);
  }

  function untilStatus(wanted: string[]): Promise<void> {
    return until(async () => {
      const { rows } = await admin.query<{ status: string }>('select status from imports order by id desc limit 1');
      return rows[0] !== undefined && wanted.includes(rows[0].status);
    }, `The import never was ${wanted.join(' or ')}`);
  }
});

function redOf(at: number): number {
  return 20 + 3 * at;
}

async function archiveOf(children: readonly Student[]): Promise<Buffer> {
  const archive = new JSZip();
  for (const [at, child] of children.entries()) {
    const picture = await sharp({ create: { width: 900, height: 1200, channels: 3, background: { r: redOf(at), g: 90, b: 90 } } }).withExif({ IFD0: { Make: 'Camera' } }).jpeg().toBuffer();
    archive.file(`Class 7/${child.admissionNo.replaceAll('/', '-')}.jpg`, picture);
  }
  return archive.generateAsync({ type: 'nodebuffer' });
}
