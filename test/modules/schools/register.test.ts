import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { systemActor } from '../../../src/kernel/actor.js';
import { Conflict, NotFound, RuleBroken } from '../../../src/kernel/errors.js';
import { newId } from '../../../src/kernel/id.js';
import { Register } from '../../../src/modules/schools/register.js';
import { PgSchoolStore } from '../../../src/modules/schools/adapters/school.store.js';
import { canMove, reasonsFor, SCHOOL_STATES } from '../../../src/modules/schools/life.rules.js';
import { skeleton } from '../../../src/modules/schools/subdomain.rules.js';
import type { SchoolEntry, SchoolState } from '../../../src/modules/schools/index.js';
import { openDatabase, query, runWith, unit, type Database } from '../../../src/platform/db/index.js';
import { testCluster } from '../../support/database.js';

const actor = { ...systemActor('test'), name: 'Otieno Support' };
const mark = newId().slice(-8);
let count = 0;

function entry(facts: Partial<SchoolEntry> = {}): SchoolEntry {
  count += 1;
  return {
    id: newId(),
    subdomain: `reg-${mark}-${'abcdefgh'[Math.floor(count / 26)]}${'abcdefghjkmnopqrstuvwxyz'[count % 24]}`,
    name: `Register ${count}`,
    country: 'KE',
    town: 'Nakuru',
    ...facts,
  };
}

describe('the life of a school', () => {
  const allowed: Record<SchoolState, SchoolState[]> = {
    draft: ['verified', 'deleted'],
    verified: ['provisioning', 'closed'],
    provisioning: ['ready', 'closed'],
    ready: ['suspended', 'closing'],
    suspended: ['ready', 'closing'],
    closing: ['ready', 'closed'],
    closed: ['deleted'],
    deleted: [],
  };
  for (const from of SCHOOL_STATES) {
    it(`from ${from} it goes to ${allowed[from].join(' or ') || 'nothing'}`, () => {
      assert.deepEqual(
        SCHOOL_STATES.filter((to) => canMove(from, to)),
        SCHOOL_STATES.filter((to) => allowed[from].includes(to)),
      );
    });
  }
  it('only a closed school or an abandoned draft is deleted', () => {
    assert.deepEqual(
      SCHOOL_STATES.filter((from) => canMove(from, 'deleted')),
      ['draft', 'closed'],
    );
    assert.deepEqual(reasonsFor('closed', 'deleted'), ['erased']);
  });
});

describe('the register of schools', () => {
  let database: Database;
  const register = new Register(new PgSchoolStore(), unit, null, 30);
  const run = <Result>(work: () => Promise<Result>) => runWith(database, work);
  const entered = async (facts: Partial<SchoolEntry> = {}, state: 'draft' | 'ready' = 'draft') => {
    const school = entry(facts);
    await run(() => register.enter(school, { state, actor }));
    return school;
  };
  before(async () => {
    database = openDatabase({ ...(await testCluster()).platform.coreApp, poolMax: 8, applicationName: 'aims-test' });
  });
  after(() => database.close());

  it('refuses an address that is taken, or looks like one that is', async () => {
    const { subdomain } = await entered({ subdomain: `lakeview-${mark}x` });
    for (const other of [
      subdomain,
      subdomain.replace('-', ''),
      subdomain.replace('lake', '1ake'),
      subdomain.replace('view', 'v1ew'),
    ]) {
      assert.equal(await run(() => register.isTaken(other)), true, other);
      await assert.rejects(
        run(() => register.enter(entry({ subdomain: other }), { state: 'draft' })),
        (error) => error instanceof Conflict && error.code === 'subdomain-taken',
      );
    }
    assert.equal(await run(() => register.isTaken(`lakeviews-${mark}x`)), false);
  });

  it('of twenty at once for one address exactly one gets it', async () => {
    const subdomain = `race-${mark}`;
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => run(() => register.enter(entry({ subdomain }), { state: 'draft' }))),
    );
    assert.equal(results.filter((result) => result.status === 'fulfilled').length, 1);
    for (const result of results) if (result.status === 'rejected') assert.ok(result.reason instanceof Conflict);
  });

  it('refuses steps that the life of a school does not have', async () => {
    const { id } = await entered();
    await assert.rejects(
      run(() => register.moveTo(id, 'ready', { reason: 'opened', actor })),
      RuleBroken,
    );
    await assert.rejects(
      run(() => register.moveTo(id, 'verified', { reason: 'unpaid', actor })),
      (error) => error instanceof RuleBroken && error.field === 'reason',
    );
    await assert.rejects(
      run(() => register.moveTo(newId(), 'verified', { reason: 'entered', actor })),
      NotFound,
    );
    assert.equal((await run(() => register.find(id)))?.state, 'draft');
  });

  it('writes down each step with time, reason and who', async () => {
    const school = entry();
    const began = new Date('2026-11-20T08:00:00Z');
    await run(() => register.enter(school, { state: 'draft', at: began, actor }));
    await run(() =>
      unit(async () => {
        await register.moveTo(school.id, 'verified', { reason: 'email-confirmed', actor });
        await register.moveTo(school.id, 'provisioning', { reason: 'began', actor });
      }),
    );
    await run(() => register.moveTo(school.id, 'ready', { reason: 'opened', actor }));
    await run(() => register.moveTo(school.id, 'ready', { reason: 'opened', actor }));
    await run(() => register.moveTo(school.id, 'suspended', { reason: 'unpaid', actor, note: 'Invoice of November' }));
    const steps = await run(() => register.transitionsOf(school.id));
    assert.deepEqual(
      steps.map((step) => [step.from, step.to, step.reason, step.actorName]),
      [
        [null, 'draft', 'entered', actor.name],
        ['draft', 'verified', 'email-confirmed', actor.name],
        ['verified', 'provisioning', 'began', actor.name],
        ['provisioning', 'ready', 'opened', actor.name],
        ['ready', 'suspended', 'unpaid', actor.name],
      ],
    );
    assert.equal(steps[0]!.at.toISOString(), began.toISOString());
    const now = await run(() => register.find(school.id));
    assert.equal(now?.stateNote, 'Invoice of November');
    assert.deepEqual(
      now?.stateAt.getTime() === steps.at(-1)!.at.getTime() ||
        Math.abs(now!.stateAt.getTime() - steps.at(-1)!.at.getTime()) < 1000,
      true,
    );
  });

  it('steps are only added, also for the application itself', async () => {
    const { id } = await entered();
    for (const statement of [
      'update schools_transitions set reason = $2 where school_id = $1',
      'delete from schools_transitions where school_id = $1 and reason <> $2',
    ]) {
      await assert.rejects(
        run(() => query(`test.${statement.slice(0, 6)}`, statement, [id, 'mistake'])),
        /permission denied/,
      );
    }
  });

  it('two who move one school at once do it once', async () => {
    const { id } = await entered({}, 'ready');
    await Promise.all([1, 2, 3].map(() => run(() => register.moveTo(id, 'suspended', { reason: 'security', actor }))));
    assert.equal((await run(() => register.transitionsOf(id))).length, 2);
  });

  it('a deleted school keeps its address taken and nobody’s data', async () => {
    const school = await entered(
      { town: 'Nyeri', owner: { name: 'Wanjiru Njeri', email: `owner-${mark}@school.test`, phone: '+254722000111' } },
      'ready',
    );
    await run(() => register.moveTo(school.id, 'closing', { reason: 'owner-asked', actor, note: 'Mrs Njeri rang' }));
    await run(() => register.moveTo(school.id, 'closed', { reason: 'grace-over', actor }));
    await run(() => register.moveTo(school.id, 'deleted', { reason: 'erased', actor }));
    const left = await run(() => query('test.left', 'select to_jsonb(s)::text as row from schools s where id = $1', [school.id]));
    assert.doesNotMatch(JSON.stringify(left), /Wanjiru|Njeri|owner-|254722|Nyeri|Register/);
    assert.equal(await run(() => register.isTaken(school.subdomain)), true);
    assert.equal((await run(() => register.find(school.id)))?.owner, null);
    await run(() => register.enter({ ...school, name: 'Back again' })).catch(() => undefined);
    assert.notEqual((await run(() => register.find(school.id)))?.name, 'Back again');
    const { rows } = await run(() => register.list({ text: school.subdomain }));
    assert.equal(rows.length, 0, 'not in the list unless one asks for deleted ones');
  });

  it('suggests only what is free', async () => {
    await entered({ subdomain: `zebra${mark.replace(/[01i]/g, 'x')}` });
    const name = `Zebra ${mark.replace(/[01i]/g, 'x')} School`;
    const suggested = await run(() => register.suggest(name, 'Voi', 3));
    assert.equal(suggested.length, 3);
    for (const subdomain of suggested) assert.equal(await run(() => register.refusalOf(subdomain)), null, subdomain);
  });

  it('lists by name, page after page, each school once', async () => {
    const word = `pagetest${mark}`;
    for (let index = 0; index < 7; index += 1) await entered({ name: `${word} ${index % 3}` });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof register.list>> = await run(() =>
        register.list({ text: word }, { cursor, limit: 3 }),
      );
      seen.push(...page.rows.map((row) => row.id));
      cursor = page.next;
    } while (cursor);
    assert.equal(seen.length, 7);
    assert.equal(new Set(seen).size, 7);
  });

  it('the migration and the rule see the same look-alikes', async () => {
    for (const subdomain of ['lake-view', 'modern-1', 'vvood-0i1', 'barn-rn-vvv', 'a-b-c-d']) {
      const [row] = await run(() =>
        query<{ skeleton: string }>(
          'test.skeleton',
          `select translate(replace(replace(replace($1::text, '-', ''), 'rn', 'm'), 'vv', 'w'), '01i', 'oll') as skeleton`,
          [subdomain],
        ),
      );
      assert.equal(row?.skeleton, skeleton(subdomain));
    }
  });
});
