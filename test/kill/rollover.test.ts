import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { registerDigest } from '../modules/imports/support.js';
import { admitMany } from '../support/people/learners.js';
import { aStage } from '../support/process.js';
import { untilNobodyWrites, untilSomebodyWaits } from '../support/waiting.js';

const CHILDREN = 120;

describe('a process that is killed in the middle of a rollover', () => {
  const stage = aStage('head', {
    years: [2026, 2027],
    classes: ['Grade 7', 'Grade 8', 'Grade 9'].map((name) => ({ name, streams: ['East', 'West'] })),
  });
  let rollover: string;
  let years: { from: string; to: string };
  before(async () => {
    await admitMany(stage.school, CHILDREN);
    const { rows } = await stage.admin.query<{ id: string }>('select id from school_years order by starts_on');
    years = { from: rows[0]!.id, to: rows[1]!.id };
    await prepare();
  });

  it('in the middle of its statements: nobody has moved, and it is still only prepared', async () => {
    const before = await registerDigest(stage.school);
    await stage.admin.query('begin');
    await stage.admin.query('select id from students order by id desc limit 1 for update');
    const cut = commit().catch((error: Error) => error);
    await untilSomebodyWaits(stage.admin);
    await stage.kill();
    await stage.admin.query('rollback');
    assert.ok((await cut) instanceof Error, 'the answer never came');
    await untilNobodyWrites(stage.admin);
    assert.deepEqual(await registerDigest(stage.school), before);
    await stage.restart();
  });

  for (const delay of [5, 25, 60, 120]) {
    it(`${delay} ms in: everybody or nobody`, async () => {
      const cut = commit().catch(() => null);
      await pause(delay);
      await stage.kill();
      await cut;
      await untilNobodyWrites(stage.admin);
      const moved = await inNewYear();
      assert.ok(moved === 0 || moved + (await left()) === CHILDREN, `${moved} of ${CHILDREN} are in the new year`);
      await stage.restart();
      if (moved === 0) return;
      const answer = await stage.person().submit(`${rollover}/undo`, {}, rollover);
      assert.equal(answer.status, 303);
      assert.equal(await inNewYear(), 0, 'taken back, for the next try');
      await prepare();
    });
  }

  it('after all that it goes through as if nothing had happened', async () => {
    const answer = await commit();
    assert.equal(answer.status, 303, answer.html.slice(0, 400));
    assert.equal((await inNewYear()) + (await left()), CHILDREN);
    const { rows } = await stage.admin.query<{ n: number }>(
      'select count(*)::int as n from (select student_id from students_enrolments where left_on is null group by 1 having count(*) > 1) twice',
    );
    assert.equal(rows[0]!.n, 0, 'nobody sits in two classes');
  });

  async function commit() {
    const leaving = /name="leaving" value="(\d+)"/.exec((await stage.person().get(`${rollover}/check`)).html)?.[1] ?? '0';
    return stage.person().submit(`${rollover}/commitment`, { leaving }, `${rollover}/check`);
  }

  async function prepare(): Promise<void> {
    const made = await stage
      .person()
      .submit('/students/rollovers', { fromYearId: years.from, toYearId: years.to }, '/students/rollovers/new');
    assert.equal(made.status, 303, made.html.slice(0, 400));
    rollover = made.location!;
  }

  async function count(sql: string, values: unknown[] = []): Promise<number> {
    const { rows } = await stage.admin.query<{ n: number }>(`select count(distinct student_id)::int as n ${sql}`, values);
    return rows[0]!.n;
  }

  function inNewYear(): Promise<number> {
    return count('from students_enrolments where year_id = $1', [years.to]);
  }

  function left(): Promise<number> {
    return count("from students_status_changes where to_status = 'graduated'");
  }
});
