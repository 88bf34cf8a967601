import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { alertFrom } from '../../../../src/modules/students/alerts/alert.rules.js';
import { Alerts } from '../../../../src/modules/students/alerts/alerts.js';
import { Duplicates } from '../../../../src/modules/students/duplicates/duplicates.js';
import { STUDENTS, type Student } from '../../../../src/modules/students/index.js';
import { pagesOf, plain } from '../../../platform/pdf/samples.js';
import { aSchool, type SchoolUnderTest } from '../../../support/app.js';
import type { Browser } from '../../../support/browser.js';
import { sql } from '../../../support/database/sql.js';
import { aStudent } from '../../../support/people/students.js';

const TODAY = '2026-11-25';

describe('concerns within the window', () => {
  const limits = { low: 2, medium: 3, high: 4, days: 60 };
  it('make an alert of the level that their number reaches, as long as there are enough of them', () => {
    assert.equal(alertFrom(['2026-11-20'], limits, TODAY), null);
    assert.deepEqual(alertFrom(['2026-11-20', '2026-11-24'], limits, TODAY), { level: 'low', untilOn: '2027-01-18', count: 2 });
    assert.equal(alertFrom(['2026-11-20', '2026-11-24', '2026-11-25'], limits, TODAY)!.level, 'medium');
    assert.equal(alertFrom(['2026-11-20', '2026-11-21', '2026-11-24', '2026-11-25'], limits, TODAY)!.level, 'high');
    assert.equal(alertFrom(['2026-09-26', '2026-11-24'], limits, TODAY), null, 'the sixty-first day back is too old');
    assert.equal(alertFrom(['2026-09-27', '2026-11-24'], limits, TODAY)?.untilOn, TODAY, 'and falls out tomorrow');
  });
});

describe('alerts on students', () => {
  let school: SchoolUnderTest;
  let registrar: Browser;
  let child: Student;
  before(async () => {
    school = await aSchool({ clock: { now: () => new Date(`${TODAY}T09:00:00Z`) } });
    registrar = await school.as('registrar');
    child = await aStudent(school);
  });
  after(() => school.stop());

  const path = (): string => `/students/${child.id}/alerts`;

  it('are raised with a reason and a day, seen as chips, and ended with a reason', async () => {
    const refused = await registrar.submit(path(), { kind: 'medical' }, path());
    assert.equal(refused.status, 422);
    assert.match(refused.html, /Enter the reason/);
    assert.match(
      (await registrar.submit(path(), { kind: 'medical', level: 'high', reason: 'Asthma', untilOn: '2026-11-24' }, path())).html,
      /This date is in the past/,
    );
    assert.equal(
      (await registrar.submit(path(), { kind: 'medical', level: 'high', reason: 'Carries an inhaler' }, path())).status,
      303,
    );
    assert.match((await registrar.get(`/students/${child.id}`)).html, /Medical: high[\s\S]*Carries an inhaler/);
    assert.match((await registrar.get('/students')).html, /Medical: high/);
    const librarian = await school.as('librarian');
    assert.doesNotMatch((await librarian.get('/students')).html, /Medical: high/);
    assert.equal((await librarian.get(path())).status, 403);
    const [entry] = await sql(school.database, "select after from audit_entries where action = 'students.alert.raise'");
    assert.doesNotMatch(JSON.stringify(entry!.after), /inhaler/, 'what is health is hidden in the audit');
    const [{ id }] = (await sql(school.database, 'select id from students_alerts')) as [{ id: string }];
    assert.equal((await registrar.submit(`${path()}/${id}/ending`, {}, path())).status, 422);
    assert.equal((await registrar.submit(`${path()}/${id}/ending`, { endReason: 'Grown out of it' }, path())).status, 303);
    assert.doesNotMatch((await registrar.get('/students')).html, /Medical: high/);
    assert.match((await registrar.get(path())).html, /Grown out of it/);
  });

  it('come from several concerns in a short time, and lift their level with more', async () => {
    const concern = (n: number) =>
      registrar.submit(
        `/students/${child.id}/concerns`,
        { concern: 'behaviour', text: `Late for class ${n}`, onDay: '2026-11-20' },
        path(),
      );
    assert.equal(
      (await registrar.submit(`/students/${child.id}/concerns`, { concern: 'behaviour', text: 'x', onDay: '2026-11-26' }, path()))
        .status,
      422,
    );
    for (const n of [1, 2]) assert.equal((await concern(n)).status, 303);
    assert.doesNotMatch((await registrar.get(`/students/${child.id}`)).html, /Behaviour:/);
    await concern(3);
    assert.match((await registrar.get(`/students/${child.id}`)).html, /Behaviour: low[\s\S]*3 concerns in 60 days/);
    for (const n of [4, 5]) await concern(n);
    assert.match((await registrar.get('/students/alerts?level=medium')).html, /Behaviour: medium/);
    assert.equal((await sql(school.database, "select 1 from students_alerts where source = 'concerns'")).length, 1);
  });

  it('have limits that the head sets, in a sensible order', async () => {
    assert.equal((await registrar.get('/students/alerts/limits')).status, 403);
    const head = await school.as('head');
    const form = {
      'behaviour.low': '2',
      'behaviour.medium': '1',
      'behaviour.high': '5',
      'behaviour.days': '30',
      'academic.low': '1',
      'academic.medium': '2',
      'academic.high': '3',
      'academic.days': '30',
    };
    assert.match((await head.submit('/students/alerts/limits', form)).html, /Enter at least as many as for “Low”/);
    assert.equal((await head.submit('/students/alerts/limits', { ...form, 'behaviour.medium': '3' })).status, 303);
    await registrar.submit(`/students/${child.id}/concerns`, { concern: 'academic', text: 'No homework', onDay: TODAY }, path());
    assert.match((await registrar.get(`/students/${child.id}`)).html, /Academic: low/);
  });

  it('stand on printed lists, in the API and in answers to other modules for those who may see them, and for nobody else', async () => {
    const sick = await aStudent(school, { surname: 'Njambi' });
    await school.run(() =>
      school
        .get(Alerts)
        .raise(school.office, sick.id, { kind: 'medical', level: 'high', reason: 'Faints at heat', untilOn: null }),
    );
    await school.run(() =>
      school.get(Alerts).raise(school.office, sick.id, { kind: 'behaviour', level: 'low', reason: 'Fights', untilOn: null }),
    );
    const printed = async (who: Browser, path_: string): Promise<string> =>
      plain((await pagesOf((await who.get(path_)).body)).join(' '));
    const nurse = await school.as('nurse');
    const teacher = await school.as('teacher', 'librarian');
    for (const [who, sheet, list] of [
      [nurse, /! Faints at heat/, /! Faints at heat, Behaviour: low/],
      [registrar, /! Faints at heat/, /! Faints at heat, Behaviour: low/],
    ] as const) {
      assert.match(await printed(who, '/students/prints/emergency'), sheet);
      assert.match(await printed(who, '/students/prints/class-list?alerts=1'), list);
      assert.match(await printed(who, '/students/prints/class-list?alerts=1'), /Confidential: do not display/);
      assert.doesNotMatch(await printed(who, '/students/prints/class-list'), /Medical|Confidential/);
    }
    // What may become an emergency is for whoever stands in front of the class; other medical alerts are not.
    assert.match(await printed(teacher, '/students/prints/emergency'), /! Faints/);
    assert.match(await printed(teacher, '/students/prints/class-list?alerts=1'), /! Faints/);
    assert.match(await printed(teacher, '/students/prints/class-list?alerts=1'), /Behaviour: low/);

    const alertsIn = async (login: string): Promise<unknown> => {
      const api = school.stranger();
      const auth = { authorization: `Bearer ${await api.token(login, 'correct-horse-battery-staple-7')}` };
      const { data: items } = (await api.get('/api/v1/students?q=Njambi', auth)).json<{ data: { alerts: unknown[] }[] }>();
      const one = (await api.get(`/api/v1/students/${sick.id}`, auth)).json<{ alerts: unknown[] }>();
      assert.deepEqual(
        new Set(one.alerts.map((alert) => JSON.stringify(alert))),
        new Set(items[0]!.alerts.map((alert) => JSON.stringify(alert))),
      );
      return one.alerts;
    };
    const medical = { kind: 'medical', level: 'high', reason: 'Faints at heat' };
    const behaviour = { kind: 'behaviour', level: 'low', reason: 'Fights' };
    assert.deepEqual(await alertsIn(await loginOf('registrar')), [medical, behaviour]);
    assert.deepEqual(await alertsIn(await loginOf('teacher')), [medical, behaviour]);
    const seen = await school.run(() =>
      school
        .get(STUDENTS)
        .alertsOf({ ...school.office, permissions: new Set(['students.read', 'students.see-all', 'students.alerts.read']) }, [
          sick.id,
        ]),
    );
    assert.deepEqual(
      seen.get(sick.id)!.map((one) => one.kind),
      ['behaviour'],
    );
  });

  it('go with a record that is merged into another, on every list at once', async () => {
    const [kept, twin] = [await aStudent(school, { surname: 'Zuhura' }), await aStudent(school, { surname: 'Zuhura' })];
    await registrar.submit(
      `/students/${twin.id}/alerts`,
      { kind: 'medical', level: 'low', reason: 'Short-sighted' },
      `/students/${twin.id}/alerts`,
    );
    const chips = (id: string) =>
      school.run(async () => (await school.get(Alerts).chips(school.office, [id])).get(id)!.map((one) => one.reason));
    assert.deepEqual([await chips(kept.id), await chips(twin.id)], [[], ['Short-sighted']]);
    await school.run(() => school.get(Duplicates).merge(school.office, kept.id, twin.id));
    assert.deepEqual([await chips(kept.id), await chips(twin.id)], [['Short-sighted'], []]);
  });

  /** Of whoever has this role first. */
  async function loginOf(role: string): Promise<string> {
    const [row] = await sql<{ email: string }>(
      school.database,
      'select u.email from identity_users u join identity_user_roles r on r.user_id = u.id where r.role = $1 order by u.created_at desc limit 1',
      [role],
    );
    return row!.email;
  }
});
