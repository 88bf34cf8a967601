import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { registerDigest } from '../modules/imports/support.js';
import { aSchool, type SchoolUnderTest } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import { admitMany } from '../support/learners.js';
import { startTenant, type TenantProcess } from '../support/process.js';
import { untilNobodyWrites, untilSomebodyWaits } from '../support/waiting.js';

const CHILDREN = 120;

describe('a process that is killed in the middle of a rollover', () => {
  let school: SchoolUnderTest;
  let admin: pg.Client;
  let session: Browser;
  let tenant: TenantProcess;
  let rollover: string;
  let years: { from: string; to: string };
  before(async () => {
    school = await aSchool({
      years: [2026, 2027],
      classes: ['Grade 7', 'Grade 8', 'Grade 9'].map((name) => ({ name, streams: ['East', 'West'] })),
    });
    await admitMany(school, CHILDREN);
    admin = await school.database.admin();
    session = await school.as('head');
    tenant = await startTenant(school);
    const { rows } = await admin.query<{ id: string }>('select id from school_years order by starts_on');
    years = { from: rows[0]!.id, to: rows[1]!.id };
    const made = await session.submit('/students/rollovers', { fromYearId: years.from, toYearId: years.to }, '/students/rollovers/new');
    assert.equal(made.status, 303, made.html.slice(0, 400));
    rollover = made.location!;
  });
  after(async () => {
    await tenant?.stop('SIGKILL');
    await admin?.end();
    await school?.stop();
  });

  it('in the middle of its statements: nobody has moved, and it is still only prepared', async () => {
    const before = await registerDigest(school);
    await admin.query('begin');
    await admin.query('select id from students order by id desc limit 1 for update');
    const cut = commit().catch((error: Error) => error);
    await untilSomebodyWaits(admin);
    await tenant.stop('SIGKILL');
    await admin.query('rollback');
    assert.ok((await cut) instanceof Error, 'the answer never came');
    await untilNobodyWrites(admin);
    assert.deepEqual(await registerDigest(school), before);
    tenant = await startTenant(school);
  });

  for (const delay of [5, 25, 60, 120]) {
    it(`${delay} ms in: everybody or nobody`, async () => {
      const cut = commit().catch(() => null);
      await pause(delay);
      await tenant.stop('SIGKILL');
      await cut;
      await untilNobodyWrites(admin);
      const moved = await inNewYear();
      assert.ok(moved === 0 || moved + (await left()) === CHILDREN, `${moved} of ${CHILDREN} are in the new year`);
      tenant = await startTenant(school);
      if (moved === 0) return;
      const answer = await tenant.browser(session).submit(`${rollover}/undo`, {}, rollover);
      assert.equal(answer.status, 303);
      assert.equal(await inNewYear(), 0, 'taken back, for the next try');
      await prepareAgain();
    });
  }

  it('after all that it goes through as if nothing had happened', async () => {
    const answer = await commit();
    assert.equal(answer.status, 303, answer.html.slice(0, 400));
    assert.equal((await inNewYear()) + (await left()), CHILDREN);
    const { rows } = await admin.query<{ n: number }>('select count(*)::int as n from (select student_id from students_enrolments where left_on is null group by 1 having count(*) > 1) twice');
    assert.equal(rows[0]!.n, 0, 'nobody sits in two classes');
  });

  function commit() {
    return tenant.browser(session).submit(`${rollover}/commitment`, {}, `${rollover}/check`);
  }

  async function prepareAgain(): Promise<void> {
    const made = await tenant.browser(session).submit('/students/rollovers', { fromYearId: years.from, toYearId: years.to }, '/students/rollovers/new');
    assert.equal(made.status, 303, made.html.slice(0, 400));
    rollover = made.location!;
  }

  async function count(sql: string, values: unknown[] = []): Promise<number> {
    const { rows } = await admin.query<{ n: number }>(`select count(distinct student_id)::int as n ${sql}`, values);
    return rows[0]!.n;
  }

  function inNewYear(): Promise<number> {
    return count('from students_enrolments where year_id = $1', [years.to]);
  }

  function left(): Promise<number> {
    return count("from students_status_changes where to_status = 'graduated'");
  }
});
