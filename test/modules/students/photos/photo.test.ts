import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import sharp from 'sharp';
import { Consents } from '../../../../src/modules/students/guardians/consents.js';
import { Photos } from '../../../../src/modules/students/photos/photos.js';
import { STUDENT_STORE } from '../../../../src/modules/students/ports.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { aSchool, type SchoolUnderTest } from '../../../support/app.js';
import { hiddenValue, type Answer, type Browser } from '../../../support/browser.js';
import { IDENTITY } from '../../../../src/modules/identity/index.js';
import { sql } from '../../../support/database/sql.js';
import { aStudent } from '../../../support/people/students.js';

describe('the photo of a child', () => {
  let school: SchoolUnderTest;
  let registrar: Browser;
  let child: Student;
  let picture: Buffer;

  before(async () => {
    school = await aSchool();
    registrar = await school.as('registrar');
    child = await aStudent(school, { guardians: [{}] });
    const noise = Buffer.from(Array.from({ length: 1200 * 1600 * 3 }, (_none, index) => (index * 7919) % 251));
    picture = await sharp(noise, { raw: { width: 1200, height: 1600, channels: 3 } })
      .withExif({ IFD0: { Make: 'Camera', ImageDescription: 'At home' }, IFD3: { GPSLatitude: '1/1 17/1 0/1' } })
      .jpeg({ quality: 95 })
      .toBuffer();
  });
  after(() => school.stop());

  const send = async (who: Browser, body: Buffer, name = 'photo.jpg', type = 'image/jpeg'): Promise<Answer> => {
    const csrf = hiddenValue((await who.get('/profile')).html, '_csrf') ?? '';
    return who.upload(`/students/${child.id}/photo`, [{ field: 'photo', name, type, body }], { _csrf: csrf });
  };
  const fileId = async (): Promise<string | null> =>
    (await school.run(() => school.get(STUDENT_STORE).find(child.id)))!.photoFileId;

  it('is made small, in passport shape and without place or camera', async () => {
    const sent = await send(registrar, picture);
    assert.equal(sent.status, 303, sent.html);
    const stored = await registrar.get(`/files/${await fileId()}`);
    assert.equal(stored.headers['content-type'], 'image/jpeg');
    assert.ok(stored.body.length <= 100 * 1024, String(stored.body.length));
    const { width, height, exif } = await sharp(stored.body).metadata();
    assert.deepEqual([width! / height!, exif], [4 / 5, undefined]);
    assert.match((await registrar.get(`/students/${child.id}`)).html, new RegExp(`src="/files/${await fileId()}"`));
    assert.match((await registrar.get('/students')).html, new RegExp(`src="/files/${await fileId()}/small"`));
  });

  it('is refused with a sentence when it is no picture, and the old one stays', async () => {
    const before = await fileId();
    const refused = await send(registrar, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'photo.jpg');
    assert.equal(refused.status, 422);
    assert.equal(await fileId(), before);
    const cut = await send(registrar, picture.subarray(0, 3000));
    assert.equal(cut.status, 422);
    assert.match(cut.html, /can’t be read/);
    assert.equal(await fileId(), before);
  });

  it('is seen by those who may see the child, and by nobody else', async () => {
    const path = `/files/${await fileId()}`;
    assert.equal((await (await school.as('teacher')).get(path)).status, 404, 'a teacher without this class');
    assert.equal((await (await school.as('nurse')).get(path)).status, 200);
    assert.equal((await school.stranger().get(path)).status, 302);
    assert.equal((await send(await school.as('nurse'), picture)).status, 403);
  });

  it('is seen by the child and by a guardian, but not by one whom a court bars from the child', async () => {
    const path = `/files/${await fileId()}`;
    const guardians = await sql<{ id: string }>(
      school.database,
      `select guardian_id as id from students_guardianships where student_id = '${child.id}' order by priority`,
    );
    const as = async (kind: 'guardian' | 'student', id: string, n: number): Promise<Browser> => {
      const email = `family${n}@school.test`;
      await school.run(() =>
        school.get(IDENTITY).createAccount({
          person: { kind, id },
          name: 'Family',
          email,
          roles: [kind],
          by: { password: 'family-horse-battery-7' },
          actor: school.office,
        }),
      );
      const browser = school.stranger();
      await browser.signIn(email, 'family-horse-battery-7');
      return browser;
    };
    const mother = await as('guardian', guardians[0]!.id, 1);
    assert.equal((await mother.get(path)).status, 200);
    assert.match((await mother.get('/profile/data')).html, new RegExp(`href="${path}"`));
    assert.equal((await (await as('student', child.id, 2)).get(path)).status, 200);
    await sql(
      school.database,
      `update students_guardianships set barred = true, may_collect = false, gets_sms = false, gets_reports = false, barred_reason = 'Court order' where student_id = '${child.id}'`,
    );
    assert.equal((await mother.get(path)).status, 404);
    const other = await aStudent(school);
    assert.equal((await (await as('student', other.id, 3)).get(path)).status, 404, 'another child');
  });

  it('leaves the school only with a yes for that purpose, and not after it was taken back', async () => {
    const may = (purpose: 'photo-in-public' | 'social-media'): Promise<boolean> =>
      school.run(() => school.get(Photos).mayPublish(child.id, purpose));
    const answer = (given: 'yes' | 'no'): Promise<void> =>
      school.run(() =>
        school
          .get(Consents)
          .answer(school.office, child.id, { guardianId: null, on: '2026-11-01', answers: { 'photo-in-public': given } }),
      );
    assert.equal(await may('photo-in-public'), false, 'not asked is no');
    await answer('yes');
    assert.deepEqual([await may('photo-in-public'), await may('social-media')], [true, false]);
    await answer('no');
    assert.equal(await may('photo-in-public'), false);
    assert.match((await registrar.get(`/students/${child.id}/photo`)).html, /Refused/);
  });

  it('is replaced and removed; the old file can’t be opened any more', async () => {
    const first = await fileId();
    await send(registrar, picture);
    const second = await fileId();
    assert.notEqual(second, first);
    assert.equal((await registrar.get(`/files/${first}`)).status, 404);
    await registrar.submit(`/students/${child.id}/photo/removal`, {}, `/students/${child.id}/photo`);
    assert.equal(await fileId(), null);
    assert.equal((await registrar.get(`/files/${second}`)).status, 404);
  });
});
