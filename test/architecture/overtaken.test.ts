import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { CONSENT_PURPOSES } from '../../src/modules/students/guardians/consent.rules.js';
import { GUARDIAN_STORE } from '../../src/modules/students/ports.js';
import { aSchool, type SchoolUnderTest } from '../support/app.js';
import { aStaffMember } from '../support/build.js';
import { hiddenValue, type Browser, type Fields } from '../support/browser.js';
import { sql } from '../support/database/sql.js';
import { aStudent } from '../support/people/students.js';

/** What a page sends, and what two people say at once; each of the two is another than what the school has. */
interface Changed {
  address: string;
  action?: string;
  sent?: Fields;
  says: readonly [Fields, Fields];
}

const PROFILE = { shortName: 'Kilimani', type: 'day', town: 'Nairobi', region: 'Nairobi City' };
const LIMITS = {
  ...{ 'behaviour.low': '2', 'behaviour.medium': '4', 'behaviour.high': '6', 'behaviour.days': '30' },
  ...{ 'academic.low': '2', 'academic.medium': '4', 'academic.high': '6' },
};

describe('a page that somebody else has overtaken changes nothing', () => {
  let school: SchoolUnderTest;
  let owner: Browser;
  const ids: Record<string, string> = {};
  before(async () => {
    school = await aSchool();
    owner = await school.as('owner');
    const child = await aStudent(school, { guardians: [{ fullName: 'Mary Wambui', phone: '+254711000071' }] });
    ids.child = child.id;
    ids.guardian = (await school.run(() => school.get(GUARDIAN_STORE).tiesOfStudent(child.id)))[0]!.id;
    await school.as('teacher');
    ids.teacher = (await sql(school.database, "select id from identity_users where name = 'Person 2'"))[0]!.id!;
    await aStaffMember(school);
  });
  after(() => school.stop());

  const PAGES: Readonly<Record<string, () => Changed>> = {
    'the school’s profile': () => ({
      address: '/school/profile',
      sent: PROFILE,
      says: [{ name: 'Kilimani Academy One' }, { name: 'Kilimani Academy Two' }],
    }),
    'modules that are switched off': () => ({
      address: '/school/modules',
      says: [{ on: ['finance'] }, { on: ['finance', 'fees'] }],
    }),
    colours: () => ({
      address: '/school/brand',
      sent: { secondColour: '#f2b705' },
      says: [{ firstColour: '#0b5d3b' }, { firstColour: '#5d0b3b' }],
    }),
    'limits of alerts': () => ({
      address: '/students/alerts/limits',
      sent: LIMITS,
      says: [{ 'academic.days': '31' }, { 'academic.days': '32' }],
    }),
    'who may collect a child': () => ({
      address: `/students/${ids.child}/guardians/${ids.guardian}/edit`,
      sent: { relationship: 'aunt', priority: '1' },
      says: [{ barred: 'on', barredReason: 'Court order' }, { mayCollect: 'on' }],
    }),
    consents: () => ({
      address: `/students/${ids.child}/consents/edit`,
      action: `/students/${ids.child}/consents`,
      sent: { on: '2026-01-05', ...Object.fromEntries(CONSENT_PURPOSES.map((purpose) => [`answers.${purpose}`, 'yes'])) },
      says: [{ 'answers.photo-in-school': 'none' }, { 'answers.photo-in-school': 'no' }],
    }),
    'somebody’s roles': () => ({
      address: `/identity/users/${ids.teacher}/roles`,
      says: [{ roles: ['teacher', 'librarian'] }, { roles: ['teacher', 'registrar'] }],
    }),
  };

  for (const [what, changed] of Object.entries(PAGES)) {
    it(`${what}: the second is told so, however close`, async () => {
      const { address, action = address, sent = {}, says } = changed();
      const drawn = await Promise.all([owner.get(address), owner.get(address)]);
      const forms = drawn.map(({ html }) => ({
        _csrf: hiddenValue(html, '_csrf'),
        _once: hiddenValue(html, '_once'),
        _read: hiddenValue(html, '_read'),
      }));
      const both = await Promise.all(says.map((said, at) => owner.post(action, { ...forms[at]!, ...sent, ...said })));
      assert.deepEqual(both.map((one) => one.status).sort(), [303, 409], both.map((one) => one.html).join('\n'));
      const late = both.findIndex((one) => one.status === 409);
      assert.match(both[late]!.html, /Someone else has changed this since you opened it/);
      assert.ok(both[late]!.html.includes(`<a href="${address}">Open it again</a>`), 'with the way to what is there now');
      const again = await owner.post(action, { ...forms[late]!, ...sent, ...says[late] });
      assert.equal(again.status, 409, 'the same page never overtakes it');
      const now = await owner.get(address);
      const fresh = { _csrf: hiddenValue(now.html, '_csrf'), _read: hiddenValue(now.html, '_read') };
      assert.notEqual(fresh._read, forms[late]!._read);
      const saved = await owner.post(action, { ...fresh, ...sent, ...says[late] });
      assert.deepEqual([saved.status, saved.location], [303, both[1 - late]!.location], 'opened again it is saved');
    });
  }

  it('a subject that an import has given to a new class meanwhile: the class stays', async () => {
    const [subject] = await sql(
      school.database,
      `select s.id, s.name, s.code, s.short_name as "shortName", s.department, s.kind, s.papers, s.version from subjects s
       where (select count(*) from subjects_of_classes l where l.subject_id = s.id) > 1 order by s.name limit 1`,
    );
    const { id, ...sent } = subject!;
    const links = () =>
      sql(school.database, `select class_id from subjects_of_classes where subject_id = '${id}' order by class_id`);
    const [gained, ...had] = (await links()).map((one) => one.class_id!);
    await sql(school.database, `delete from subjects_of_classes where subject_id = '${id}' and class_id = '${gained}'`);
    const address = `/subjects/${id}/edit`;
    const { html } = await owner.get(address);
    await sql(
      school.database,
      `insert into subjects_of_classes (id, school_id, subject_id, class_id) select gen_random_uuid(), school_id, '${id}', id
       from subjects_classes where id = '${gained}'`,
    );
    const fields = { ...sent, papers: String(sent.papers), version: String(sent.version), classIds: had, periods: '5' };
    const marks = { _csrf: hiddenValue(html, '_csrf'), _read: hiddenValue(html, '_read') };
    assert.equal((await owner.post(address, { ...fields, ...marks } as Fields)).status, 409);
    assert.equal((await links()).length, had.length + 1);
  });
});

describe('every page that edits something', () => {
  /** Drawn with a row’s own version, which its command compares. */
  const VERSIONED = /version/i;

  it('knows a version, or what it was drawn with', () => {
    const sources = readdirSync('src/modules', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const forms = sources.flatMap((name) =>
      [...readFileSync(`src/modules/${name}`, 'utf8').matchAll(/^( *)\w+\.form(?:<[^>]*>)?\(\{([\s\S]*?)^\1\}\);/gm)].map(
        ([, , text = '']) => ({ name, text }),
      ),
    );
    const edits = forms.filter(({ text }) => /path: [^\n]*\/edit['`]|view: '[^']*\/edit'[^;]*?values: (?!\{)/.test(text));
    assert.ok(edits.length > 15, 'pages that edit are found');
    const without = edits.filter(
      ({ name, text }) => !/asRead/.test(text) && !VERSIONED.test(readFileSync(`src/modules/${name}`, 'utf8')),
    );
    assert.deepEqual(
      without.map(({ name, text }) => `${name} ${text.split('\n')[1]?.trim()}`),
      [],
    );
  });
});
