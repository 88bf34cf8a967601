import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { CustomFields } from '../../../../src/modules/students/custom-fields/custom-fields.js';
import { Guardians } from '../../../../src/modules/students/guardians/guardians.js';
import { UpdateLinks } from '../../../../src/modules/students/updates/update-links.js';
import {
  proofKind,
  proves,
  stateAfter,
  type Family,
  type FieldChange,
} from '../../../../src/modules/students/updates/update-request.rules.js';
import { GUARDIAN_STORE, STUDENT_STORE } from '../../../../src/modules/students/ports.js';
import { aSchool, type SchoolUnderTest } from '../../../support/app.js';
import type { Answer, Browser, Fields } from '../../../support/browser.js';
import { sql } from '../../../support/database/sql.js';
import { aStudent } from '../../../support/people/students.js';

describe('a proof', () => {
  const family = (phone: string | null, births: (string | null)[]) =>
    ({ guardian: { phone }, children: births.map((bornOn) => ({ bornOn })) }) as unknown as Family;
  it('is a child’s birthday, and the end of the phone number only where no birthday is known', () => {
    assert.equal(proofKind(family('+254711000001', [null, '2014-03-14'])), 'birthday');
    assert.equal(proofKind(family('+254711000001', [null])), 'phone');
    assert.equal(proofKind(family(null, [null])), null);
    assert.ok(proves(family(null, [null, '2014-03-14']), { bornOn: '2014-03-14', digits: null }));
    assert.ok(
      !proves(family('+254711000001', ['2014-03-14']), { bornOn: null, digits: '0001' }),
      'who has the phone has the link',
    );
    assert.ok(proves(family('+254711000001', [null]), { bornOn: null, digits: '0001' }));
    assert.ok(!proves(family('+254711000001', [null]), { bornOn: null, digits: '1' }));
  });
  it('a request is taken over, in part, or not at all', () => {
    const of = (...taken: boolean[]) => stateAfter(taken.map((one) => ({ taken: one }) as FieldChange));
    assert.deepEqual([of(true, true), of(true, false), of(false)], ['accepted', 'partly', 'rejected']);
  });
});

describe('a family looks over what the school holds', () => {
  let school: SchoolUnderTest;
  let registrar: Browser;
  let now = new Date('2026-11-25T09:00:00Z');

  before(async () => {
    school = await aSchool({ clock: { now: () => now } });
    registrar = await school.as('registrar');
    const field = {
      hint: '',
      choices: [],
      required: false,
      section: 'background' as const,
      position: 1,
      visibleTo: [],
      active: true,
    };
    await school.run(() =>
      school
        .get(CustomFields)
        .add(school.office, { ...field, label: 'Swims', type: 'flag', editableBy: ['guardian', 'registrar'] }),
    );
    await school.run(() =>
      school.get(CustomFields).add(school.office, { ...field, label: 'Office only', type: 'text', editableBy: [] }),
    );
  });
  after(() => school.stop());

  let count = 0;
  /** A mother with a child of her own, one she is barred from, and the father beside her. */
  async function aFamily() {
    count += 1;
    const mother = {
      fullName: `Mary Wambui ${'abcdefghij'[count]}`,
      phone: `+25471100${String(1000 + count)}`,
      address: 'Plot 5',
    };
    const child = await aStudent(school, {
      bornOn: '2014-03-14',
      homeArea: 'Kiambu',
      guardians: [mother, { fullName: 'Peter Kamau', relationship: 'father', phone: `+25472200${String(1000 + count)}` }],
    });
    const barred = await aStudent(school, {
      bornOn: '2012-01-01',
      guardians: [{ ...mother, barred: true, barredReason: 'Court order' }],
    });
    const [tie] = await school.run(() => school.get(GUARDIAN_STORE).tiesOfStudent(child.id));
    return { child, barred, guardian: tie!.id, mother };
  }
  const link = async (guardian: string): Promise<string> =>
    new URL(
      (
        await school.run(() =>
          school.get(UpdateLinks).letters(school.office, { before: null, streamId: null, guardianId: guardian }),
        )
      )[0]!.url,
    ).pathname;
  const birthday = (day: string): Fields => ({ 'born.day': day, 'born.month': '3', 'born.year': '2014' });
  const right = birthday('14');
  /** What the page sends when nothing was changed. */
  const written = (html: string): Fields => {
    const fields: Fields = { step: 'send' };
    for (const [tag] of html.matchAll(/<input\b[^>]*>/g)) {
      const name = /name="([^"]*)"/.exec(tag)?.[1];
      if (!name || (/type="radio"/.test(tag) && !/ checked/.test(tag))) continue;
      fields[name] = (/value="([^"]*)"/.exec(tag)?.[1] ?? '').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
    }
    return fields;
  };
  const openRequest = async (guardian: string): Promise<string> =>
    String(
      (
        await sql(school.database, "select id from students_update_requests where guardian_id = $1 and state = 'open'", [
          guardian,
        ])
      )[0]?.id,
    );
  const send = async (path: string, changes: Fields): Promise<Answer> => {
    const family = school.stranger();
    return family.post(path, { ...written((await family.post(path, right)).html), ...changes });
  };

  it('not by a link that is unknown, too old, used, or after five wrong answers', async () => {
    const stranger = school.stranger();
    assert.equal((await stranger.get('/update/aaaaaaaaaaaaaaaaaaaa')).status, 404);
    const { guardian, child } = await aFamily();
    const path = await link(guardian);
    const asked = await stranger.get(path);
    assert.equal(asked.status, 200);
    assert.doesNotMatch(asked.html, new RegExp(`${child.surname}|Wambui`), 'nothing is told before the proof');
    for (let tries = 0; tries < 5; tries += 1) {
      const wrong = await stranger.post(path, { ...birthday('15'), step: tries % 2 ? 'send' : '' });
      assert.equal(wrong.status, tries < 4 ? 422 : 404, 'the fifth was the last');
      assert.doesNotMatch(wrong.html, new RegExp(child.surname));
    }
    assert.equal((await stranger.post(path, right)).status, 404, 'the right answer comes too late');
    assert.equal((await stranger.get(path)).status, 404);
    const other = await link(guardian);
    now = new Date('2026-12-09T09:00:01Z');
    assert.equal((await stranger.get(other)).status, 404);
    now = new Date('2026-11-25T09:00:00Z');
    assert.equal((await stranger.get(other)).status, 200);
    const [row] = await sql(school.database, 'select token_hash from students_update_links order by created_at desc limit 1');
    assert.doesNotMatch(String(row!.token_hash), new RegExp(other.split('/').at(-1)!), 'the secret is kept nowhere');
  });

  it('sees itself and its own children, and neither the other guardian nor a child it is barred from', async () => {
    const { guardian, child, barred } = await aFamily();
    const { html, status } = await school.stranger().post(await link(guardian), right);
    assert.equal(status, 200);
    assert.match(html, /Mary Wambui/);
    assert.match(html, new RegExp(child.surname));
    assert.match(html, /custom\.swims/);
    assert.doesNotMatch(html, new RegExp(`Peter Kamau|22001|Court order|office_only|${barred.surname}`));
    assert.ok(Buffer.byteLength(html) < 30_000, `${Buffer.byteLength(html)} bytes`);
  });

  it('sends changes, of which nothing is in the register until the office takes them over, each field alone', async () => {
    const { guardian, child } = await aFamily();
    const path = await link(guardian);
    const wrong = await send(path, { 'children.0.surname': '12', 'guardian.email': 'nobody', 'guardian.address': 'Plot 9' });
    assert.equal(wrong.status, 422);
    assert.match(wrong.html, /Enter the full email address/);
    assert.match(wrong.html, /value="Plot 9"/, 'what was typed is kept');
    const sent = await send(path, {
      'guardian.address': 'Plot 9',
      'children.0.homeArea': 'Nyeri',
      'children.0.specialNeeds': 'Asthma',
      'children.0.custom.swims': 'yes',
      'children.0.consents.social-media': 'no',
    });
    assert.equal(sent.status, 200, sent.html);
    assert.match(sent.html, /Your changes have been sent to the school/);
    assert.equal((await school.stranger().get(path)).status, 404, 'a link is for once');
    const held = (await school.run(() => school.get(STUDENT_STORE).find(child.id)))!;
    assert.deepEqual([held.homeArea, held.specialNeeds, held.custom], ['Kiambu', null, {}]);
    const id = await openRequest(guardian);
    const page = await registrar.get(`/students/updates/${id}`);
    assert.match(page.html, /Plot 5[\s\S]*Plot 9[\s\S]*Kiambu[\s\S]*Nyeri/);
    assert.match((await registrar.get('/students/updates')).html, /Mary Wambui/);
    const fields = written(page.html);
    const changes = await sql(
      school.database,
      "select c ->> 'field' as field from students_update_requests r, jsonb_array_elements(r.changes) with ordinality x(c, n) where r.id = $1 order by n",
      [id],
    );
    const at = changes.flatMap((one, index) => (one.field === 'specialNeeds' ? [] : [String(index)]));
    const noReason = await registrar.submit(
      `/students/updates/${id}/decision`,
      { ...fields, taken: at },
      `/students/updates/${id}`,
    );
    assert.equal(noReason.status, 422);
    const ticks = [...noReason.html.matchAll(/name="taken" value="(\d+)"( checked)?/g)].map(([, n, tick]) => [n, Boolean(tick)]);
    assert.deepEqual(
      ticks,
      changes.map((_one, index) => [String(index), at.includes(String(index))]),
      'what was refused stays refused on the page that is drawn again',
    );
    const done = await registrar.submit(
      `/students/updates/${id}/decision`,
      { ...fields, taken: at, reason: 'Bring the doctor’s letter' },
      `/students/updates/${id}`,
    );
    assert.equal(done.status, 303, done.html);
    const now2 = (await school.run(() => school.get(STUDENT_STORE).find(child.id)))!;
    assert.deepEqual([now2.homeArea, now2.specialNeeds, now2.custom], ['Nyeri', null, { swims: true }]);
    assert.equal((await school.run(() => school.get(GUARDIAN_STORE).find(guardian)))!.address, 'Plot 9');
    const acts = await sql(
      school.database,
      "select action from audit_entries where action like 'students.update.%' and entity_id = $1 order by at, id",
      [guardian],
    );
    assert.deepEqual(
      acts.map((one) => one.action),
      ['students.update.ask', 'students.update.sent', 'students.update.partly'],
    );
    const twice = await registrar.submit(
      `/students/updates/${id}/decision`,
      { ...fields, all: 'no', reason: 'again' },
      '/students/new',
    );
    assert.equal(twice.status, 422);
  });

  it('gives and withdraws consents with its own name, at once', async () => {
    const { guardian, child } = await aFamily();
    await send(await link(guardian), { 'children.0.consents.photo-in-school': 'yes', 'children.0.consents.social-media': 'no' });
    await send(await link(guardian), { 'children.0.consents.photo-in-school': 'no' });
    const rows = await sql(
      school.database,
      'select purpose, given, guardian_id, by_name, wording from students_consents where student_id = $1 order by created_at, purpose',
      [child.id],
    );
    assert.deepEqual(
      rows.map((one) => [one.purpose, one.given]),
      [
        ['photo-in-school', true],
        ['social-media', false],
        ['photo-in-school', false],
      ],
    );
    assert.ok(rows.every((one) => one.guardian_id === guardian && one.wording));
  });

  it('is not taken over where the register has changed meanwhile, until a person has seen it', async () => {
    const { guardian } = await aFamily();
    await send(await link(guardian), { 'guardian.address': 'Plot 9', 'guardian.occupation': 'Nurse' });
    const id = await openRequest(guardian);
    const before = written((await registrar.get(`/students/updates/${id}`)).html);
    const held = (await school.run(() => school.get(GUARDIAN_STORE).find(guardian)))!;
    await school.run(() => school.get(Guardians).change(school.office, guardian, held.version, { ...held, address: 'Plot 7' }));
    const late = await registrar.submit(
      `/students/updates/${id}/decision`,
      { ...before, taken: ['0', '1'] },
      `/students/updates/${id}`,
    );
    assert.equal(late.status, 409);
    assert.match(late.html, /Changed since[\s\S]*Plot 5/);
    assert.equal(
      (await school.run(() => school.get(GUARDIAN_STORE).find(guardian)))!.occupation,
      null,
      'nothing of it was written',
    );
    const seen = written(late.html);
    assert.equal(
      (await registrar.submit(`/students/updates/${id}/decision`, { ...seen, taken: ['0', '1'] }, `/students/updates/${id}`))
        .status,
      303,
    );
    assert.equal((await school.run(() => school.get(GUARDIAN_STORE).find(guardian)))!.address, 'Plot 9');
  });

  it('cannot write about a child of others', async () => {
    const { guardian, barred } = await aFamily();
    const sent = await send(await link(guardian), {
      'children.0.id': barred.id,
      'children.0.homeArea': 'Elsewhere',
      'children.0.consents.social-media': 'yes',
    });
    assert.equal(sent.status, 200);
    assert.equal(await openRequest(guardian), 'undefined');
    assert.deepEqual(await sql(school.database, 'select 1 from students_consents where student_id = $1', [barred.id]), []);
  });

  it('is asked by SMS, email or letter, one or a class, and is due again after months', async () => {
    const { guardian, mother } = await aFamily();
    const due = (await registrar.get('/students/updates/due?months=0')).html;
    assert.match(due, new RegExp(mother.fullName));
    const asked = await registrar.submit(
      '/students/updates/links',
      { guardian, by: 'message' },
      `/students/updates/links/new?guardian=${guardian}`,
    );
    assert.equal(asked.status, 303, asked.html);
    const [message] = await sql(
      school.database,
      "select channel from notifications_messages where template = 'students.update-link' order by created_at desc limit 1",
    );
    assert.equal(message!.channel, 'sms');
    const letters = await registrar.submit(
      '/students/updates/links',
      { months: '0', by: 'letter' },
      '/students/updates/links/new?months=0',
    );
    assert.equal(letters.body.subarray(0, 5).toString(), '%PDF-');
    await send(await link(guardian), {});
    assert.doesNotMatch((await registrar.get('/students/updates/due?months=6')).html, new RegExp(mother.fullName));
    now = new Date('2027-06-25T09:00:00Z');
    assert.match((await registrar.get('/students/updates/due?months=6')).html, new RegExp(mother.fullName));
    assert.equal((await (await school.as('teacher')).get('/students/updates')).status, 403);
    now = new Date('2026-11-25T09:00:00Z');
  });
});
