import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Actor } from '../../../src/kernel/actor.js';
import { newId } from '../../../src/kernel/id.js';
import { IDENTITY } from '../../../src/modules/identity/index.js';
import { ReadCounter } from '../../../src/modules/audit/adapters/read-counter.js';
import { alertSentence, rowsTaken, sightingOf } from '../../../src/modules/audit/alert.rules.js';
import { query, runWith, unit } from '../../../src/platform/db/index.js';
import { AUDIT, type AuditEntry } from '../../../src/platform/http/ports.js';
import { PeopleShown } from '../../../src/platform/people-shown.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import type { Answer, Browser } from '../../support/browser.js';
import { admitMany } from '../../support/people/learners.js';
import { sql } from '../../support/database/sql.js';

const MINUTE = 60_000;

interface AlertRow extends Record<string, unknown> {
  id: string;
  rule: string;
  actor_name: string;
  amount: number;
  detail: string | null;
  seen_name: string | null;
}

describe('alerts', () => {
  let school: SchoolUnderTest;
  let owner: Browser;
  before(async () => {
    school = await aSchool({ background: true });
    owner = await school.as('owner');
    await sql(
      school.database,
      `insert into audit_settings (school_id, id, most_rows, most_pages) values ('${school.database.schoolId}', gen_random_uuid(), 60, 50)`,
    );
    await admitMany(school, 70);
  });
  after(() => school.stop());

  const alerts = (rule: string): Promise<AlertRow[]> =>
    sql<AlertRow>(school.database, 'select * from audit_alerts where rule = $1 order by id', [rule]);
  const mails = (): Promise<{ recipient: string }[]> =>
    sql(school.database, "select recipient from notifications_messages where template = 'identity.warning'");
  const record = (actor: Actor, entry: AuditEntry): Promise<void> => school.run(() => school.get(AUDIT).record(actor, entry));

  async function within<Found>(
    ms: number,
    look: () => Promise<Found | null | undefined | false>,
  ): Promise<{ found: Found; after: number }> {
    const began = Date.now();
    while (Date.now() - began < ms) {
      const found = await look();
      if (found) return { found, after: Date.now() - began };
      await pause(100);
    }
    assert.fail(`nothing within ${ms} ms`);
  }

  function somebody(name: string, ...roles: string[]): Actor {
    return { ...school.office, userId: newId(), name, roles };
  }

  it('an export over the limit raises an alert and a mail to the owner within a minute; one below raises none', async () => {
    const small = await school.as('registrar');
    assert.equal((await small.get('/students?format=csv&sex=F')).status, 200);
    const registrar = await school.as('registrar');
    assert.equal((await registrar.get('/students?format=xlsx')).status, 200);
    const { found, after: ms } = await within(MINUTE, async () => (await alerts('rows-taken'))[0]);
    assert.equal(found.actor_name, 'Person 3');
    assert.equal(found.amount, 70);
    assert.equal(found.detail, 'students');
    const mail = await within(MINUTE - ms, async () => (await mails())[0]);
    assert.equal(mail.found.recipient, 'person1@school.test');
    assert.equal((await alerts('rows-taken')).length, 1);
  });

  it('exports add up over ten minutes; more of it within the hour is added, without another mail', async () => {
    const thief = somebody('Slow Thief', 'registrar');
    const sent = (await mails()).length;
    for (let n = 0; n < 5; n += 1)
      await record(thief, { action: 'list.export', entity: 'list', entityId: null, label: 'students', after: { rows: 25 } });
    const { found } = await within(10_000, async () =>
      (await alerts('rows-taken')).find((one) => one.actor_name === 'Slow Thief' && one.amount === 125),
    );
    await within(10_000, async () => (await mails()).length === sent + 1);
    await sql(school.database, `update audit_alerts set raised_at = raised_at - interval '61 minutes' where id = '${found.id}'`);
    await record(thief, { action: 'students.print-id-cards', entity: 'school', entityId: null, after: { students: 61 } });
    await within(10_000, async () => (await alerts('rows-taken')).filter((one) => one.actor_name === 'Slow Thief').length === 2);
    await within(10_000, async () => (await mails()).length === sent + 2);
  });

  it('walking through the list or the API counts like an export, and many pages opened raise an alert, within a minute', async () => {
    const began = Date.now();
    const [walker, robot, opener] = [await school.as('registrar'), await school.as('registrar'), await school.as('registrar')];
    for (let next: string | null = '/students?limit=30'; next;) {
      const { html } = await walker.get(next);
      next = html.match(/href="(\/students\?[^"]*cursor=[^"]*)"/)?.[1]?.replaceAll('&amp;', '&') ?? null;
    }
    const token = await robot.token('person5@school.test', 'correct-horse-battery-staple-7');
    const robotAsks = (): Promise<Answer> =>
      robot.json('GET', '/api/v1/students?limit=200', undefined, { authorization: `Bearer ${token}` });
    await robotAsks();
    const students = await sql<{ id: string }>(school.database, 'select id from students limit 51');
    for (const { id } of students) await opener.get(`/students/${id}`);
    const { found: opened } = await within(MINUTE, async () => (await alerts('pages-opened'))[0]);
    const { found: listed } = await within(MINUTE, async () =>
      (await alerts('rows-taken')).find((one) => one.actor_name === 'Person 5'),
    );
    await within(MINUTE, async () => (await alerts('rows-taken')).find((one) => one.actor_name === 'Person 4'));
    assert.ok(Date.now() - began < MINUTE);
    assert.deepEqual([opened.actor_name, opened.amount, listed.amount], ['Person 6', 51, 70]);
    const refused = await robotAsks();
    assert.deepEqual([refused.status, refused.json().code], [429, 'too-many'], 'without a second step there is a pause');
    assert.equal((await opener.get(`/students/${students[0]!.id}`)).status, 429);
  });

  it('ten accounts locked out within ten minutes raise one alert; nine raise none', async () => {
    const accounts: string[] = [];
    for (let n = 0; n < 10; n += 1) {
      const email = `locked${n}@school.test`;
      await school.run(() =>
        school.get(IDENTITY).createAccount({
          name: `Locked ${n}`,
          email,
          roles: ['teacher'],
          by: { password: 'correct-horse-battery-staple-7' },
          actor: school.office,
        }),
      );
      accounts.push(email);
    }
    const stranger = school.stranger();
    for (const [index, login] of accounts.entries()) {
      for (let n = 0; n < 6; n += 1) await stranger.submit('/login', { login, password: 'wrong' });
      if (index < 8) continue;
      await pause(1_500);
      assert.equal((await alerts('lock-outs')).length, index === 8 ? 0 : 1);
    }
    assert.equal((await alerts('lock-outs'))[0]!.amount, 10);
  });

  it('a high role given, a second step taken, a merge, an import undone or large, changed limits: each raises one', async () => {
    const chief = somebody('Chief', 'owner');
    await school.run(() =>
      school.get(IDENTITY).createAccount({
        name: 'New Administrator',
        email: 'new@school.test',
        roles: ['administrator'],
        by: 'slip',
        actor: chief,
      }),
    );
    const acts: [string, AuditEntry][] = [
      [
        'factor-removed',
        { action: 'identity.account.remove-factor', entity: 'identity_users', entityId: newId(), label: 'Wanjiru' },
      ],
      ['students-merged', { action: 'students.merge', entity: 'student', entityId: newId(), label: 'Otieno Mercy' }],
      ['import-undone', { action: 'students.import-undo', entity: 'import', entityId: newId(), label: 'list.xlsx' }],
      [
        'large-import',
        {
          action: 'students.import',
          entity: 'import',
          entityId: newId(),
          label: 'list.xlsx',
          after: { rows: 90, new: 50, changed: 20 },
        },
      ],
    ];
    for (const [, entry] of acts) await record(chief, entry);
    assert.equal((await owner.submit('/audit/settings', { retentionYears: '7', mostRows: '60', mostPages: '51' })).status, 303);
    for (const rule of ['role-given', ...acts.map(([name]) => name), 'limits-changed']) {
      const { found } = await within(10_000, async () => (await alerts(rule))[0]);
      assert.ok(found.amount > 0, rule);
    }
    assert.equal((await alerts('role-given'))[0]!.detail, 'New Administrator: administrator');
    assert.equal((await alerts('large-import'))[0]!.amount, 70);
  });

  it('an act that is rolled back raises nothing', async () => {
    const before = (await alerts('students-merged')).length;
    const actor = somebody('Rolled Back', 'registrar');
    await assert.rejects(
      school.run(() =>
        unit(async () => {
          await school.get(AUDIT).record(actor, { action: 'students.merge', entity: 'student', entityId: newId() });
          throw new Error('no');
        }),
      ),
    );
    await pause(1_200);
    assert.equal((await alerts('students-merged')).length, before);
  });

  it('the page shows who, what, how much; seen with a name, once; not by whose acts they are', async () => {
    const auditor = await school.as('auditor');
    const page = await auditor.get('/audit/alerts');
    assert.equal(page.status, 200);
    assert.match(page.html, /Person 3 read or exported 70 records/);
    const [first] = await alerts('rows-taken');
    assert.equal((await auditor.submit(`/audit/alerts/${first!.id}/seen`, {}, '/audit/alerts')).status, 303);
    assert.equal((await owner.submit(`/audit/alerts/${first!.id}/seen`, {}, '/audit/alerts')).status, 303);
    assert.equal((await alerts('rows-taken'))[0]!.seen_name, 'Person 7');
    assert.doesNotMatch((await auditor.get('/audit/alerts')).html, /Person 3 read or took/);
    assert.match((await auditor.get('/audit/alerts?state=all')).html, /Person 3 read or exported[\s\S]*Person 7/);
    assert.equal((await sql(school.database, "select 1 from audit_entries where action = 'audit.alert.seen'")).length, 1);
    const [me] = await sql<{ id: string }>(school.database, "select id from identity_users where name = 'Person 7'");
    await sql(school.database, `update audit_alerts set actor_id = '${me!.id}' where rule = 'import-undone'`);
    const [mine] = await alerts('import-undone');
    assert.equal((await auditor.submit(`/audit/alerts/${mine!.id}/seen`, {}, '/audit/alerts')).status, 422);
    assert.equal((await alerts('import-undone'))[0]!.seen_name, null);
  });

  it('a teacher sees no alert, an administrator no settings, and nobody removes an alert', async () => {
    assert.equal((await (await school.as('teacher')).get('/audit/alerts')).status, 403);
    assert.equal((await (await school.as('administrator')).get('/audit/settings')).status, 403);
    await assert.rejects(
      school.run(() => query('test.alerts.delete', 'delete from audit_alerts')),
      { code: '42501' },
    );
  });
});

describe('what an act is worth', () => {
  const entry = {
    action: '',
    actorId: 'a',
    actorName: 'A',
    actorRoles: ['owner'],
    entityId: 'b',
    label: 'B',
    before: null,
    after: null,
  };

  it('roles: only those newly given and high, and not by the product itself', () => {
    const roles = (before: string[], after: string[], more: object = {}) =>
      sightingOf({ ...entry, action: 'identity.account.roles', before: { roles: before }, after: { roles: after }, ...more });
    assert.equal(roles(['teacher'], ['teacher', 'owner'])?.rule, 'role-given');
    assert.equal(roles(['owner'], ['owner', 'teacher']), null);
    assert.equal(roles(['owner', 'administrator'], ['teacher']), null);
    assert.equal(roles([], ['owner'], { actorId: null, actorRoles: ['system'] }), null);
  });

  it('a second step taken away by oneself is no alert; by somebody else, or by an operator, it is', () => {
    assert.equal(sightingOf({ ...entry, action: 'identity.factor.remove', entityId: 'a' }), null);
    assert.equal(sightingOf({ ...entry, action: 'identity.factor.remove' })?.rule, 'factor-removed');
    assert.equal(
      sightingOf({ ...entry, action: 'identity.account.remove-factor', actorId: null, actorRoles: ['system'] })?.rule,
      'factor-removed',
    );
  });

  it('letting a role off the second step is one, asking it of more is none', () => {
    const change = (before: string[], after: string[]) =>
      sightingOf({ ...entry, action: 'identity.factor-roles.change', before: { roles: before }, after: { roles: after } });
    assert.deepEqual(
      [change(['owner', 'nurse'], ['owner'])?.rule, change(['owner', 'nurse'], ['owner'])?.detail],
      ['factor-lowered', 'nurse'],
    );
    assert.equal(change(['owner'], ['owner', 'nurse']), null);
  });

  it('rows are counted where they are numbers, and everyday acts are no alert', () => {
    assert.equal(rowsTaken({ action: 'list.export', after: { rows: 12 } }), 12);
    assert.equal(rowsTaken({ action: 'students.print-labels', after: { students: 9 } }), 9);
    assert.equal(rowsTaken({ action: 'list.export', after: { rows: 'many' } }), 0);
    for (const action of ['students.change', 'students.admit', 'list.export', 'school.list.change'])
      assert.equal(sightingOf({ ...entry, action }), null);
    assert.equal(
      alertSentence((text) => text, { rule: 'students-merged', actorName: 'A', amount: 1 }),
      '{{who}} merged records of students',
    );
  });
});

describe('counting what is read', () => {
  const actor = {
    userId: 'a',
    name: 'A',
    person: null,
    roles: ['registrar'],
    permissions: new Set<string>(),
    ip: null,
    requestId: null,
  };
  function people(named: string[], opened: string[] = []): PeopleShown {
    const shown = new PeopleShown();
    for (const id of named) shown.named.add(id);
    for (const id of opened) shown.opened.add(id);
    return shown;
  }

  it('costs no statement: each person counts once, and what could not be written down is kept', async () => {
    const noted: unknown[] = [];
    let broken = true;
    const counter = new ReadCounter(
      async (tallies) => {
        if (broken) throw new Error('away');
        noted.push(...tallies);
        return { limits: { mostRows: 500, mostPages: 200 }, over: [] };
      },
      () => (broken = false),
      20,
    );
    // Nothing is asked of the database: anything would fail on this one.
    await runWith({} as never, async () => {
      counter.shows(actor, people(['1', '2']), 0);
      counter.shows(actor, people(['1', '3'], ['1']), 0);
      counter.shows({ ...actor, userId: null }, people(['9']), 0);
      await pause(120);
    });
    assert.deepEqual(noted, [
      {
        accountId: 'a',
        name: 'A',
        roles: ['registrar'],
        people: new Map([
          ['1', true],
          ['2', false],
          ['3', false],
        ]),
      },
    ]);
  });

  it('stops at the limit at once, until a later proof; who teaches some has less of it than who serves all', async () => {
    const nothingYet = async () => ({ limits: { mostRows: 500, mostPages: 200 }, over: [] });
    const ids = Array.from({ length: 501 }, (_, n) => String(n));
    await runWith({} as never, async () => {
      const counter = new ReadCounter(nothingYet, (error) => assert.fail(String(error)), 60_000);
      const teacher = { ...actor, userId: 't', roles: ['teacher'] };
      assert.equal(counter.shows(actor, people(ids.slice(0, 500)), 0), true);
      for (let times = 0; times < 5; times += 1)
        assert.equal(counter.shows(actor, people(ids.slice(0, 500)), 0), true, 'the same people over and over are no more');
      assert.equal(counter.shows(actor, people(ids), 0), false);
      assert.equal(counter.shows(actor, people(['1']), 0), false, 'goes on being refused');
      assert.equal(counter.shows(actor, people(['1']), Date.now() + 1), true, 'a later proof');
      assert.equal(counter.shows(teacher, people(ids.slice(0, 300)), 0), true);
      assert.equal(counter.shows(teacher, people(ids.slice(0, 301)), 0), false);
      const printer = { ...actor, userId: 'p' };
      assert.equal(counter.shows(printer, people(ids), 0), false, 'a print of the whole school');
      const later = Date.now() + 1;
      assert.equal(counter.shows(printer, people(ids), later), true, 'whoever has proven it gets it');
      assert.equal(counter.shows(printer, people(ids), later - 2), false, 'once');
      const opener = { ...actor, userId: 'o' };
      assert.equal(counter.shows(opener, people(ids.slice(0, 200), ids.slice(0, 200)), 0), true);
      assert.equal(counter.shows(opener, people(['201'], ['201']), 0), false);
    });
  });
});
