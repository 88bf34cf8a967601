import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { hireStaff } from '../../../../src/modules/hr/operations.js';
import { RUN } from '../../../../src/kernel/shapes/command.js';
import { IDENTITY } from '../../../../src/modules/identity/index.js';
import { Alerts } from '../../../../src/modules/students/alerts/alerts.js';
import { concernsMeals, isUrgent, needsOf, seenHealth } from '../../../../src/modules/students/register/health.rules.js';
import { Sight } from '../../../../src/modules/students/register/sensitive.rules.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { Classes } from '../../../../src/modules/subjects/classes/classes.js';
import { SUBJECTS } from '../../../../src/modules/subjects/index.js';
import { STAFF_ROLES, type RoleName } from '../../../../src/platform/module.js';
import { pagesOf, plain } from '../../../platform/pdf/samples.js';
import { aSchool, type SchoolUnderTest } from '../../../support/app.js';
import type { Browser } from '../../../support/browser.js';
import { countRows, sql } from '../../../support/database/sql.js';
import { aStudent, streamId } from '../../../support/people/students.js';

const PASSWORD = 'correct-horse-battery-staple-7';

describe('needs that may become an emergency', () => {
  const URGENT = [
    'Peanut allergy',
    'Anaphylaxis, EpiPen in the office',
    'Asthma',
    'Epileptic fits',
    'Seizures',
    'Diabetes type 1',
    'Insulin twice a day',
    'Sickle cell',
    'Haemophilia',
    'Hemophilia B',
    'Bleeds easily',
    'Heart condition',
    'Carries an inhaler',
    'Épilepsie',
    'Diabète',
    'Drépanocytose',
    'Hémophilie',
    'Pumu',
    'Kifafa',
    'Kisukari',
    'Mzio wa karanga',
  ];
  for (const text of URGENT) it(`${text} is one`, () => assert.equal(isUrgent(text), true));
  for (const text of ['Wears glasses', 'Sits in front', 'Left-handed', null])
    it(`${text ?? 'nothing'} is none`, () => assert.equal(isUrgent(text), false));

  it('an alert is urgent by its level or by its words, what is said twice stands once, the urgent first', () => {
    const alert = (level: 'low' | 'medium', reason: string) => ({ kind: 'medical' as const, level, reason });
    assert.deepEqual(
      needsOf('Wears glasses', [
        alert('low', 'Haemophilia'),
        alert('medium', 'Broken arm'),
        alert('low', 'Hay fever'),
        { kind: 'behaviour', level: 'low', reason: 'Late' },
      ]),
      [
        { text: 'Haemophilia', urgent: true },
        { text: 'Broken arm', urgent: true },
        { text: 'Hay fever', urgent: false },
        { text: 'Wears glasses', urgent: false },
      ],
    );
    assert.deepEqual(needsOf('Asthma', [alert('low', 'asthma')]), [{ text: 'Asthma', urgent: true }]);
  });

  it('are seen sentence by sentence, as far as the work needs them', () => {
    const text = 'On ARVs; Asthma, inhaler in the bag. Lactose intolerant';
    const may = { all: false, urgent: false, meals: false, alerts: false };
    assert.equal(seenHealth(text, may), null);
    assert.equal(seenHealth(text, { ...may, urgent: true }), 'Asthma, inhaler in the bag');
    assert.equal(seenHealth(text, { ...may, meals: true }), 'Lactose intolerant');
    assert.equal(seenHealth(text, { ...may, all: true }), text);
    assert.equal(concernsMeals('Needs ten minutes more'), false);
  });

  it('nobody writes over what they can’t read', () => {
    const sight = new Sight({ permissions: new Set(['students.contacts']) });
    assert.deepEqual(
      sight.changes({
        surname: 'A',
        address: 'B',
        religion: null,
        specialNeeds: null,
        birthCertificateNo: null,
        bornOn: '2012-01-01',
      }),
      { surname: 'A', address: 'B', bornOn: '2012-01-01' },
    );
  });
});

async function grant({ database }: SchoolUnderTest, role: RoleName, permission: string): Promise<void> {
  await sql(
    database,
    'insert into identity_role_permissions (school_id, id, role, permission, granted) select school_id, gen_random_uuid(), $1, $2, true from identity_settings',
    [role, permission],
  );
  await sql(database, 'update identity_settings set permissions_version = permissions_version + 1');
}

/** What stands in the register about one child, each with the role that needs it. */
const OFFICE: RoleName[] = ['owner', 'administrator', 'head', 'registrar'];
const FACTS: Record<string, { says: RegExp; seenBy: RoleName[] }> = {
  'birth certificate': { says: /BC7788991/, seenBy: OFFICE },
  'official number': { says: /K9QX4T/, seenBy: OFFICE },
  'identity card of a guardian': { says: /ID5566778/, seenBy: OFFICE },
  faith: { says: /Zoroastrian/, seenBy: OFFICE },
  'first language': { says: /Burushaski/, seenBy: OFFICE },
  phone: { says: /0722\s481\s903|\+?254722481903/, seenBy: [...OFFICE, 'bursar', 'class-teacher', 'nurse'] },
  guardian: { says: /Wilhelmina/, seenBy: [...OFFICE, 'bursar', 'class-teacher', 'nurse'] },
  address: { says: /Box 7117/, seenBy: [...OFFICE, 'bursar', 'class-teacher', 'nurse'] },
  'urgent health': { says: /Anaphylaxis after bee stings/i, seenBy: [...OFFICE, 'class-teacher', 'teacher', 'nurse', 'caterer'] },
  diet: { says: /Lactose intolerant/i, seenBy: [...OFFICE, 'nurse', 'caterer'] },
  'other health': { says: /Sees a counsellor/i, seenBy: [...OFFICE, 'nurse'] },
  'medical alert that is not urgent': { says: /Plaster cast till May/i, seenBy: [...OFFICE, 'nurse'] },
  'date of birth': {
    says: /2013-08-09|9(th)? Aug(ust)? 2013|09\/08\/2013/,
    seenBy: [...OFFICE, 'bursar', 'class-teacher', 'nurse'],
  },
};

describe('who sees what of a child', () => {
  let school: SchoolUnderTest;
  let child: Student;
  let east: string;
  const people = new Map<RoleName, { browser: Browser; token: string }>();

  async function person(role: RoleName): Promise<{ browser: Browser; token: string }> {
    const email = `${role}@school.test`;
    const staff = await school.run(() =>
      school.get(RUN)(school.office, hireStaff, {
        staffNo: null,
        surname: 'Person',
        firstName: 'Any',
        middleName: null,
        title: null,
        sex: 'F',
        phone: null,
        email,
        nationalId: null,
        registrationNo: null,
        job: 'Work',
        category: 'teaching',
        joinedOn: '2026-01-05',
      }),
    );
    if (role === 'class-teacher') {
      const stream = (await school.run(() => school.get(SUBJECTS).classList())).streams.find((one) => one.id === east)!;
      await school.run(() =>
        school.get(Classes).changeStream(school.office, east, stream.version, { ...stream, classTeacherId: staff.id }),
      );
    }
    await school.run(() =>
      school.get(IDENTITY).createAccount({
        name: role,
        email,
        roles: [role],
        person: { kind: 'staff', id: staff.id },
        by: { password: PASSWORD },
        actor: school.office,
      }),
    );
    const browser = school.stranger();
    await browser.signIn(email, PASSWORD);
    return { browser, token: await school.stranger().token(email, PASSWORD) };
  }

  before(async () => {
    school = await aSchool({ years: [2026, 2027] });
    east = await streamId(school, 'Grade 7 East');
    child = await aStudent(school, {
      surname: 'Okello',
      firstName: 'Khadija',
      bornOn: '2013-08-09',
      birthCertificateNo: 'BC7788991',
      religion: 'Zoroastrian',
      firstLanguage: 'Burushaski',
      address: 'P.O. Box 7117',
      specialNeeds: 'Anaphylaxis after bee stings; Lactose intolerant; Sees a counsellor',
      identifiers: [{ type: 'upi', value: 'K9QX4T' }],
      guardians: [{ fullName: 'Wilhelmina Okello', phone: '+254722481903', nationalId: 'ID5566778', address: 'P.O. Box 7117' }],
    });
    await school.run(() =>
      school
        .get(Alerts)
        .raise(school.office, child.id, { kind: 'medical', level: 'low', reason: 'Plaster cast till May', untilOn: null }),
    );
    // Whom a subject teacher sees is no matter of this test, only what of them.
    await grant(school, 'teacher', 'students.see-all');
    for (const role of STAFF_ROLES) people.set(role, await person(role));
  });
  after(() => school.stop());

  const page =
    (path: string) =>
    async ({ browser }: { browser: Browser }): Promise<string | null> => {
      const answer = await browser.get(path);
      return answer.status === 200 ? answer.html : null;
    };
  const sheet = page;
  const print =
    (path: string) =>
    async ({ browser }: { browser: Browser }): Promise<string | null> => {
      const answer = await browser.get(path);
      return answer.status === 200 ? plain((await pagesOf(answer.body)).join(' ')) : null;
    };
  const printed =
    (path: string, fields: Record<string, string>) =>
    async ({ browser }: { browser: Browser }): Promise<string | null> => {
      const answer = await browser.submit(path, fields, '/profile');
      if (answer.status !== 403) assert.equal(answer.status, 200, answer.html);
      return answer.status === 200 ? plain((await pagesOf(answer.body)).join(' ')) : null;
    };
  const api =
    (path: string) =>
    async ({ browser, token }: { browser: Browser; token: string }): Promise<string | null> => {
      const answer = await browser.json('GET', `/api/v1${path}`, undefined, { authorization: `Bearer ${token}` });
      return answer.status === 200 ? answer.html : null;
    };
  const SURFACES: Record<string, (who: { browser: Browser; token: string }) => Promise<string | null>> = {
    list: page('/students'),
    search: page('/search?q=okello'),
    'search by phone': page('/search?q=0722481903'),
    page: async (who) => page(`/students/${child.id}`)(who),
    details: async (who) => page(`/students/${child.id}?tab=details`)(who),
    history: async (who) => page(`/students/${child.id}?tab=history`)(who),
    'edit form': async (who) => page(`/students/${child.id}/edit`)(who),
    alerts: async (who) => page(`/students/${child.id}/alerts`)(who),
    'list of alerts': page('/students/alerts'),
    guardians: page('/students/guardians'),
    'class page': async (who) => page(`/subjects/streams/${east}`)(who),
    home: page('/'),
    'export of the list': sheet('/students?format=csv'),
    'full export': sheet('/students/export?format=csv'),
    'export of guardians': sheet('/students/guardians?format=csv'),
    'emergency sheet': print('/students/prints/emergency'),
    'class list': print('/students/prints/class-list?alerts=1&columns=0'),
    labels: print('/students/prints/labels?kind=address'),
    profile: async (who) => print(`/students/${child.id}/profile.pdf`)(who),
    'ID card': async (who) => printed('/students/prints/id-cards', { student: child.id, backs: '1' })(who),
    'API, one': async (who) => api(`/students/${child.id}`)(who),
    'API, list': api('/students'),
    'API, guardians': api('/guardians'),
    'data file': async (who) => page(`/privacy/student/${child.id}`)(who),
  };

  for (const surface of Object.keys(SURFACES)) {
    it(`${surface}: each role sees what its work needs, and no more`, async () => {
      const leaks: string[] = [];
      for (const role of STAFF_ROLES) {
        const text = await SURFACES[surface]!(people.get(role)!);
        if (role === 'owner') assert.ok(text, 'an owner gets it');
        for (const [fact, { says, seenBy }] of Object.entries(FACTS))
          if (text !== null && says.test(text) && !seenBy.includes(role)) leaks.push(`${role}: ${fact}`);
      }
      assert.deepEqual(leaks, []);
    });
  }

  it('whoever needs a fact finds it on the page of the child', async () => {
    const missing: string[] = [];
    for (const role of STAFF_ROLES) {
      const who = people.get(role)!;
      const text = [
        await SURFACES.page!(who),
        await SURFACES.details!(who),
        await SURFACES['API, one']!(who),
        await SURFACES.alerts!(who),
      ].join(' ');
      for (const [fact, { says, seenBy }] of Object.entries(FACTS))
        if (seenBy.includes(role) && fact !== 'identity card of a guardian' && !says.test(text)) missing.push(`${role}: ${fact}`);
    }
    assert.deepEqual(missing, []);
  });

  it('a librarian finds name, class and photo, and no child by the phone of a guardian', async () => {
    const { browser } = people.get('librarian')!;
    const { html } = await browser.get('/students?q=okello');
    assert.match(html, /Okello/);
    assert.match(html, /Grade 7 East/);
    assert.doesNotMatch(html, /Guardian and phone/);
    assert.doesNotMatch((await browser.get('/students?q=0722481903')).html, /Okello/);
    assert.match((await people.get('registrar')!.browser.get('/students?q=0722481903')).html, /Okello/);
    assert.equal((await browser.get('/students/guardians')).status, 403);
    assert.doesNotMatch((await browser.get(`/students/${child.id}`)).html, /tab=details/);
  });

  it('that identity numbers and health were looked at is written down, once a reader, child and day', async () => {
    const reads = (name: string): Promise<number> =>
      countRows(school.database, "audit_entries where action = 'students.details.read' and entity_id = $1 and actor_name = $2", [
        child.id,
        name,
      ]);
    assert.equal(await reads('librarian'), 0);
    assert.ok((await reads('nurse')) >= 1);
    const before = await reads('registrar');
    assert.ok(before >= 1);
    for (const _again of [1, 2]) await people.get('registrar')!.browser.get(`/students/${child.id}`);
    assert.equal(await reads('registrar'), before);
    assert.equal(
      await countRows(
        school.database,
        "audit_entries where action = 'students.health.read' and actor_name = 'teacher' and label = 'list of students'",
      ),
      1,
    );
  });

  it('who changes a child without seeing its identity leaves it as it was', async () => {
    await school.run(() =>
      school.get(IDENTITY).createAccount({
        name: 'Clerk',
        email: 'clerk@school.test',
        roles: ['hr-officer'],
        by: { password: PASSWORD },
        actor: school.office,
      }),
    );
    await grant(school, 'hr-officer', 'students.change');
    const clerk = school.stranger();
    await clerk.signIn('clerk@school.test', PASSWORD);
    const [{ version }] = (await sql<{ version: number }>(school.database, 'select version from students where id = $1', [
      child.id,
    ])) as [{ version: number }];
    const saved = await clerk.submit(`/students/${child.id}/edit`, {
      version: String(version),
      admissionNo: child.admissionNo,
      surname: 'Okello',
      firstName: 'Khadija',
      sex: 'F',
      boarding: 'boarder',
      birthCertificateNo: 'STOLEN1',
    });
    assert.equal(saved.status, 303);
    const [row] = await sql(
      school.database,
      'select boarding, birth_certificate_no, religion, special_needs, address from students where id = $1',
      [child.id],
    );
    assert.deepEqual(
      [row!.boarding, row!.birth_certificate_no, row!.religion, row!.address],
      ['boarder', 'BC7788991', 'Zoroastrian', 'P.O. Box 7117'],
    );
    assert.match(row!.special_needs!, /counsellor/);
    const token = await school.stranger().token('clerk@school.test', PASSWORD);
    const refused = await clerk.json(
      'PATCH',
      `/api/v1/students/${child.id}`,
      { version: version + 1, special_needs: 'x' },
      { authorization: `Bearer ${token}` },
    );
    assert.equal(refused.status, 403);
  });
});

describe('rights of a school from before', () => {
  it('roles that the school has changed keep what they could do, others get the new defaults', async () => {
    const school = await aSchool();
    try {
      await sql(
        school.database,
        `insert into identity_role_permissions (school_id, id, role, permission, granted)
        select school_id, gen_random_uuid(), r, p, g from identity_settings, (values ('librarian', 'students.print', true), ('caterer', 'students.read', false), ('class-teacher', 'students.concerns', false)) as c (r, p, g)`,
      );
      const { up } = (await import('../../../../migrations/tenant/20261201221000_identity_separate_rights.js')) as {
        up: (on: never) => Promise<void>;
      };
      const admin = await school.database.admin();
      await up({
        raw: (text: string, values: unknown[] = []) => {
          let n = 0;
          return admin.query(
            text.replace(/\?/g, () => `$${(n += 1)}`),
            values,
          );
        },
      } as never);
      await admin.end();
      const rows = await sql(
        school.database,
        "select role, permission from identity_role_permissions where granted and permission like 'students.%' order by role, permission",
      );
      const kept = ['students.contacts', 'students.faith', 'students.health', 'students.identity'];
      assert.deepEqual(
        rows.filter((row) => row.role === 'librarian').map((row) => row.permission),
        [...kept, 'students.print'],
      );
      assert.deepEqual(
        rows.filter((row) => row.role === 'class-teacher').map((row) => row.permission),
        ['students.alerts.health', ...kept],
      );
      assert.deepEqual(
        rows.filter((row) => row.role === 'caterer' || row.role === 'hr-officer'),
        [],
      );
    } finally {
      await school.stop();
    }
  });
});
