import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { TOTP } from 'otpauth';
import type pg from 'pg';
import { buildApp, type App } from '../../src/app.js';
import { prepareDemo } from '../../src/bin/commands/demo.js';
import type { DemoLogin } from '../../src/bin/demo/accounts.js';
import { withTermOn, yearOf } from '../../src/bin/demo/calendar.js';
import { DemoClock } from '../../src/bin/demo/demo-clock.js';
import { families, type Wanted } from '../../src/bin/demo/people/people.js';
import { kenya } from '../../src/bin/demo/countries/kenya.js';
import { DEMO_PLANS } from '../../src/bin/demo/money/plans.js';
import { Random } from '../../src/bin/demo/random.js';
import { systemClock } from '../../src/kernel/clock.js';
import { Conflict } from '../../src/kernel/errors.js';
import { ROLE_NAMES } from '../../src/platform/module.js';
import { Checker } from '../../src/modules/finance/books/checker.js';
import { SCHOOL } from '../../src/modules/school/index.js';
import { createLog } from '../../src/platform/log.js';
import { configFor } from '../support/app.js';
import { freshSchool, type TestSchool } from '../support/database.js';

const wanted: Wanted = {
  country: kenya,
  classes: [
    { age: 10, next: 1 },
    { age: 11, next: 2 },
    { age: 12, next: null },
  ],
  streamsPerClass: 2,
  present: 90,
  left: 10,
  years: [2024, 2025, 2026].map((year) => ({ termStarts: [`${year}-01-06`, `${year}-04-27`], lastDay: `${year}-11-20` })),
  today: '2026-10-01',
  lists: { houses: ['Elgon'], dorms: ['A (girls)', 'B (boys)'], routes: ['East'], mealPlans: ['Lunch', 'Full board'] },
};

describe('people of the demo schools', () => {
  it('are the same at every run', () => {
    assert.deepEqual(families(new Random(7), wanted), families(new Random(7), wanted));
    assert.notDeepEqual(families(new Random(7), wanted)[0], families(new Random(8), wanted)[0]);
  });

  it('share guardians with brothers and sisters, who sit in different classes', () => {
    const shared = families(new Random(7), wanted).filter((family) => family.children.length > 1);
    assert.ok(shared.length > 10);
    for (const { children } of shared) {
      const classes = children.map((child) => child.path.at(-1)!.classIndex);
      assert.equal(new Set(classes).size, classes.length);
      assert.equal(new Set(children.map((child) => child.firstName)).size, children.length);
    }
  });

  it('have come up the classes year by year', () => {
    for (const child of families(new Random(7), wanted).flatMap((family) => family.children)) {
      for (const [index, step] of child.path.entries()) {
        const earlier = child.path[index - 1];
        if (!earlier || step.reason === 'moved-stream') continue;
        assert.equal(step.yearIndex, earlier.yearIndex + 1);
        assert.equal(
          step.classIndex,
          step.reason === 'repeating' ? earlier.classIndex : wanted.classes[earlier.classIndex]!.next,
        );
      }
      assert.ok(child.joinedOn <= child.path[0]!.on);
      assert.ok(child.bornOn < child.joinedOn);
    }
  });

  it('have phones of a block that nobody is reached at', () => {
    for (const guardian of families(new Random(7), wanted).flatMap((family) => family.guardians))
      assert.match(guardian.phone!, /^\+2547000\d{5}$/);
  });
});

describe('the calendar of a demo school', () => {
  const year = {
    startsOn: '2026-01-01',
    endsOn: '2026-12-31',
    terms: [
      { name: 'Term 1', startsOn: '2026-01-06', endsOn: '2026-04-02' },
      { name: 'Term 2', startsOn: '2026-04-27', endsOn: '2026-07-31' },
      { name: 'Term 3', startsOn: '2026-08-24', endsOn: '2026-10-23' },
    ],
  };
  for (const today of ['2026-01-01', '2026-02-10', '2026-04-15', '2026-04-26', '2026-10-24', '2026-11-24', '2026-12-31']) {
    it(`has a term running on ${today}`, () => {
      const { terms } = withTermOn(year, today);
      assert.ok(terms.some((term) => term.startsOn <= today && today <= term.endsOn));
      for (const [index, term] of terms.entries()) {
        assert.ok(term.startsOn < term.endsOn && term.startsOn >= year.startsOn && term.endsOn <= year.endsOn);
        assert.ok(index === 0 || terms[index - 1]!.endsOn < term.startsOn);
      }
    });
  }

  it('begins in the calendar year of its first month', () => {
    assert.equal(yearOf('2026-11-24', 1), 2026);
    assert.equal(yearOf('2027-03-01', 9), 2026);
    assert.equal(yearOf('2026-09-01', 9), 2026);
  });
});

for (const [subdomain, expected] of Object.entries({
  kilimani: { present: 600, classes: 14, streams: 28 },
  'accra-demo': { present: 120, classes: 11, streams: 11 },
})) {
  describe(`the demo school ${subdomain}`, () => {
    let school: TestSchool;
    let app: App;
    let admin: pg.Client;
    let logins: DemoLogin[];
    const data = mkdtempSync(path.join(tmpdir(), 'aims-demo-'));
    const count = async (sql: string): Promise<number> =>
      Number((await admin.query<{ n: string }>(`select count(*) as n from ${sql}`)).rows[0]!.n);

    before(async () => {
      school = await freshSchool();
      const clock = new DemoClock(systemClock);
      app = await buildApp(configFor(school, data, 3000), { log: createLog('silent', {}), clock });
      logins = await app.run(() => prepareDemo(app, clock, DEMO_PLANS[subdomain]!));
      admin = await school.admin();
    });
    after(async () => {
      await admin?.end();
      await app?.stop();
      await school?.drop();
      rmSync(data, { recursive: true, force: true });
    });

    it('has its learners, classes and streams', async () => {
      assert.equal(await count("students where status in ('active', 'suspended')"), expected.present);
      assert.equal(await count("students where status in ('active', 'suspended') and stream_id is null"), 0);
      assert.equal(await count('subjects_classes'), expected.classes);
      assert.equal(await count('(select distinct stream_id from students where stream_id is not null) s'), expected.streams);
    });

    it('knows three years of each who was there', async () => {
      assert.equal(await count('(select distinct year_id from students_enrolments) y'), 3);
      assert.ok(
        (await count('(select student_id from students_enrolments group by 1 having count(distinct year_id) = 3) s')) >
          expected.present / 3,
      );
      assert.ok((await count("students_enrolments where entry_reason = 'repeating'")) > 0);
      assert.ok((await count("students where status = 'graduated'")) > 0);
    });

    it('has guardians who look after several children, photos and consents', async () => {
      assert.ok(
        (await count('(select guardian_id from students_guardianships group by 1 having count(*) > 1) g')) > expected.present / 8,
      );
      assert.ok((await count('students where photo_file_id is not null')) > expected.present * 0.8);
      assert.ok((await count('students_consents where not given')) > 0);
      assert.equal(
        await count(
          "students s where photo_file_id is not null and exists (select 1 from students_consents c where c.student_id = s.id and c.purpose = 'photo-in-school' and not c.given)",
        ),
        0,
      );
    });

    it('has fields of its own with values, papers of each state, alerts by hand and by concerns, and a family that waits for the office', async () => {
      assert.ok((await count('students_custom_fields where active')) >= 4);
      assert.ok((await count("students where custom <> '{}'")) >= expected.present / 8);
      for (const state of [
        'expires_on < current_date',
        'expires_on between current_date and current_date + 60',
        'expires_on > current_date + 60',
        'expires_on is null',
      ])
        assert.ok((await count(`students_held_documents where replaced_at is null and ${state}`)) > 0, state);
      for (const kind of ['medical', 'behaviour', 'academic'])
        assert.ok((await count(`students_alerts where kind = '${kind}' and ended_at is null`)) > 0, kind);
      assert.ok((await count("students_alerts where source = 'concerns'")) > 0);
      assert.equal(await count("students_update_requests where state = 'open' and jsonb_array_length(changes) >= 4"), 1);
      assert.equal(await count("students_update_requests where state = 'accepted'"), 1);
    });

    it('is in a term today, and its theme and badge are there', async () => {
      assert.ok(await app.run(() => app.container.get(SCHOOL).currentTerm()));
      assert.ok((await app.run(() => app.container.get(SCHOOL).letterhead())).logo);
    });

    it('has an account for each role, with a second factor where one is asked for', async () => {
      assert.deepEqual(logins.map((login) => login.role).sort(), [...ROLE_NAMES].sort());
      assert.deepEqual(
        logins
          .filter((login) => login.totp_secret)
          .map((login) => login.role)
          .sort(),
        ['administrator', 'auditor', 'bursar', 'class-teacher', 'head', 'nurse', 'owner', 'registrar'],
      );
      for (const login of logins)
        if (login.totp_secret) assert.match(new TOTP({ secret: login.totp_secret }).generate(), /^\d{6}$/);
      assert.equal(await count("identity_users where state = 'active'"), logins.length);
    });

    it('has money that agrees with its books, a till counted and one open where somebody is late, and no bill before its term', async () => {
      assert.deepEqual(await app.run(() => app.container.get(Checker).differences()), []);
      assert.ok((await count('fees_invoices')) >= expected.present);
      assert.equal(await count('fees_invoices d join school_terms t on t.id = d.term_id where d.issued_on < t.starts_on'), 0);
      const late = (await count('fees_invoices where due_on < current_date - 2')) > 0;
      const worked = [
        await count('fees_till_sessions'),
        await count("fees_payments where state = 'bounced'"),
        await count('fees_promises'),
      ];
      assert.deepEqual(worked, late || worked[0] ? [2, 1, 3] : [0, 0, 0]);
      assert.equal(
        (await count('finance_closings')) > 0,
        (await count(
          "fees_invoices where kind = 'invoice' and issued_on >= date_trunc('year', current_date) + interval '1 month'",
        )) > 0,
      );
      assert.equal(await count("fees_payments where by_name in ('demo', 'Set-up')"), 0);
      assert.ok((await count("finance_entries where memo = 'Cash of the week to the bank'")) > 0 || !late);
    });

    it('is never built twice into one database', async () => {
      await assert.rejects(() => app.run(() => prepareDemo(app, new DemoClock(systemClock), DEMO_PLANS[subdomain]!)), Conflict);
      assert.equal(await count("students where status in ('active', 'suspended')"), expected.present);
    });
  });
}

describe('a demo school that is built on the first day of a year', () => {
  it('owes nothing that is late, and its books agree', async () => {
    const school = await freshSchool();
    const data = mkdtempSync(path.join(tmpdir(), 'aims-demo-'));
    const clock = new DemoClock({ now: () => new Date('2027-01-01T08:00:00Z') });
    const app = await buildApp(configFor(school, data, 3000), { log: createLog('silent', {}), clock });
    try {
      await app.run(() => prepareDemo(app, clock, DEMO_PLANS['accra-demo']!));
      assert.deepEqual(await app.run(() => app.container.get(Checker).differences()), []);
    } finally {
      await app.stop();
      await school.drop();
      rmSync(data, { recursive: true, force: true });
    }
  });
});
