import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import sharp from 'sharp';
import { HeldDocuments } from '../../../../src/modules/students/held-documents/held-documents.js';
import { stateOf } from '../../../../src/modules/students/held-documents/held-document.rules.js';
import { HELD_DOCUMENT_STORE } from '../../../../src/modules/students/ports.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { aSchool, type SchoolUnderTest } from '../../../support/app.js';
import { hiddenValue, type Answer, type Browser } from '../../../support/browser.js';
import { sql } from '../../../support/database/sql.js';
import { textOf } from '../../imports/support.js';
import { aStudent } from '../../../support/people/students.js';

const TODAY = '2026-11-25';
const PDF = Buffer.from('%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n');

describe('a document', () => {
  it('is good through its last day, and called expiring so many days before', () => {
    const kind = { warnDays: 30 };
    const state = (expiresOn: string | null) => stateOf(kind, { expiresOn }, TODAY);
    assert.deepEqual(['2026-11-24', '2026-11-25', '2026-12-25', '2026-12-26', null].map(state), [
      'expired',
      'expiring',
      'expiring',
      'present',
      'present',
    ]);
    assert.equal(stateOf(kind, null, TODAY), 'missing');
  });
});

describe('documents of students', () => {
  let school: SchoolUnderTest;
  let registrar: Browser;
  let child: Student;
  let kinds: Map<string, string>;

  before(async () => {
    school = await aSchool({ clock: { now: () => new Date(`${TODAY}T09:00:00Z`) } });
    registrar = await school.as('registrar');
    child = await aStudent(school);
    await school.run(() => school.get(HeldDocuments).addUsualKinds(school.office));
    kinds = new Map((await school.run(() => school.get(HELD_DOCUMENT_STORE).kinds())).map((kind) => [kind.name, kind.id]));
  });
  after(() => school.stop());

  const send = async (who: Browser, fields: Record<string, string>, body = PDF, name = 'certificate.pdf'): Promise<Answer> => {
    const csrf = hiddenValue((await who.get('/profile')).html, '_csrf') ?? '';
    return who.upload(`/students/${child.id}/documents`, [{ field: 'file', name, type: 'application/pdf', body }], {
      _csrf: csrf,
      ...fields,
    });
  };
  const fileOf = async (kind: string): Promise<string | undefined> =>
    (await school.run(() => school.get(HELD_DOCUMENT_STORE).ofStudent(child.id))).find((one) => one.kindId === kinds.get(kind))
      ?.fileId;

  it('are refused when the content is something else, the kind unknown, or the last day missing', async () => {
    const wrong = await send(
      registrar,
      { kindId: kinds.get('Birth certificate')! },
      Buffer.from('<html><script>1</script></html>'),
    );
    assert.equal(wrong.status, 422);
    const unknown = await send(registrar, {});
    assert.match(unknown.html, /Choose which document this is/);
    const endless = await send(registrar, { kindId: kinds.get('Visa or pupil’s pass')! });
    assert.match(endless.html, /Enter its expiry date/);
    assert.equal((await send(registrar, { kindId: kinds.get('Visa or pupil’s pass')!, expiresOn: '2026-02-31' })).status, 422);
    assert.deepEqual(await school.run(() => school.get(HELD_DOCUMENT_STORE).ofStudent(child.id)), []);
  });

  it('are kept, and a newer one takes the place of the one before', async () => {
    assert.equal((await send(registrar, { kindId: kinds.get('Birth certificate')!, note: 'Copy' })).status, 303);
    const first = await fileOf('Birth certificate');
    assert.equal((await send(registrar, { kindId: kinds.get('Birth certificate')! }, PDF, 'newer.pdf')).status, 303);
    assert.notEqual(await fileOf('Birth certificate'), first);
    assert.equal((await registrar.get(`/files/${first}`)).status, 404, 'the old file is gone');
    assert.match((await registrar.get(`/students/${child.id}/documents`)).html, /newer\.pdf/);
  });

  it('are opened only by those who may, and each opening is written down', async () => {
    const file = await fileOf('Birth certificate');
    for (const role of ['teacher', 'bursar', 'librarian'] as const) {
      const person = await school.as(role);
      assert.equal((await person.get(`/files/${file}`)).status, 404, role);
      assert.equal((await person.get(`/students/${child.id}/documents`)).status, 403, role);
    }
    const nurse = await school.as('nurse');
    assert.equal((await nurse.get(`/files/${file}`)).status, 200);
    assert.equal((await send(nurse, { kindId: kinds.get('Birth certificate')! })).status, 403);
    const reads = await sql(
      school.database,
      "select actor_roles, after from audit_entries where action = 'students.document.read'",
    );
    assert.deepEqual(
      reads.map((one) => [one.actor_roles, one.after]),
      [[['nurse'], { document: 'Birth certificate' }]],
    );
  });

  it('that are missing or run out stand on a list that can be filtered and taken out', async () => {
    await send(registrar, { kindId: kinds.get('Visa or pupil’s pass')!, expiresOn: '2026-12-24' });
    const other = await aStudent(school, { place: 'Grade 8 East' });
    await aStudent(school, { status: 'applicant', place: null });
    const list = (await registrar.get('/students/documents')).html;
    assert.match(textOf(list), /3 missing · 0 expired · 1 expiring soon/);
    assert.match(list, /href="[^"]*state=expiring[^"]*">1 expiring soon/, 'what runs out is one press away');
    assert.match(list, /Visa or pupil’s pass[\s\S]*Expiring[\s\S]*24 Dec 2026/);
    const missing = (await registrar.get(`/students/documents?state=missing&kind=${kinds.get('Birth certificate')}`)).html;
    assert.match(missing, new RegExp(other.admissionNo));
    assert.doesNotMatch(missing, new RegExp(child.admissionNo));
    const sheet = (await registrar.get('/students/documents?format=csv')).body.toString('utf8').trim().split('\n');
    assert.equal(sheet.length, 1 + 4);
    const pages: string[] = [];
    for (let path: string | undefined = '/students/documents?limit=1'; path;) {
      const { html } = await registrar.get(path);
      pages.push(/data-test="documents"[\s\S]*?<\/table>/.exec(html)![0].replace(/<[^>]+>/g, ' '));
      path = /href="([^"]*cursor=[^"]*)"[^>]*rel="next"|rel="next"[^>]*href="([^"]*)"/
        .exec(html)
        ?.slice(1)
        .find(Boolean)
        ?.replaceAll('&amp;', '&');
    }
    assert.equal(new Set(pages).size, pages.length, 'no line twice');
  });

  it('that are asked for stay in the list once one was handed in', async () => {
    const refused = await registrar.submit(
      `/students/documents/kinds/${kinds.get('Birth certificate')}/removal`,
      {},
      '/students/documents/kinds/new',
    );
    assert.equal(refused.status, 422);
    const twice = await registrar.submit(
      '/students/documents/kinds',
      { name: 'birth CERTIFICATE', warnDays: '60', position: '1', active: 'on' },
      '/students/documents/kinds/new',
    );
    assert.match(twice.html, /There is already a document with this name/);
    assert.equal(
      (
        await registrar.submit(
          `/students/documents/kinds/${kinds.get('Transfer letter')}/removal`,
          {},
          '/students/documents/kinds/new',
        )
      ).status,
      303,
    );
  });

  it('are cleaned: a picture is drawn anew, a PDF that does more than show pages is refused', async () => {
    const photo = await sharp({ create: { width: 400, height: 300, channels: 3, background: '#ccddee' } })
      .withExif({ IFD0: { Make: 'SecretCamera' } })
      .jpeg()
      .toBuffer();
    assert.ok(photo.includes('SecretCamera'));
    const about = { kindId: kinds.get('Birth certificate')! };
    assert.equal((await send(registrar, about, photo, 'certificate.jpg')).status, 303);
    const kept = await registrar.get(`/files/${await fileOf('Birth certificate')}`);
    assert.equal(kept.headers['content-type'], 'image/jpeg');
    assert.equal(kept.body.includes('SecretCamera'), false);
    const active = Buffer.from(`${PDF.toString()}3 0 obj\n<< /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>\nendobj\n`);
    const refused = await send(registrar, about, active);
    assert.equal(refused.status, 422);
    assert.match(refused.html, /print it to a new PDF/);
  });
});
