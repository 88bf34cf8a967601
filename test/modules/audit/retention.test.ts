import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { wordsOf } from '../../../src/bin/commands/audit.js';
import { systemActor } from '../../../src/kernel/actor.js';
import { newId } from '../../../src/kernel/id.js';
import { hashes } from '../../../src/modules/audit/adapters/hashes.js';
import { Retention } from '../../../src/modules/audit/retention.js';
import { Sealing } from '../../../src/modules/audit/sealing.js';
import { provenText } from '../../../src/modules/audit/chain.rules.js';
import { countryNote, cutoffOf, madeAt } from '../../../src/modules/audit/retention.rules.js';
import { AUDIT_API, type Verdict } from '../../../src/modules/audit/index.js';
import { query, unit } from '../../../src/platform/db/index.js';
import { AUDIT } from '../../../src/platform/http/ports.js';
import { deriveKey } from '../../../src/platform/keys.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import type { Browser } from '../../support/browser.js';
import { countRows, sql } from '../../support/database/sql.js';

const DAY = 86_400_000;
const YEAR = 365.25 * DAY;
const OLD = 30;
const CHAINED = ['audit_entries', 'audit_seals', 'audit_anchors'];
/** Until the end of the transaction: it wakes by itself half a second after an act, in the middle of whatever a test does. */
const SEALER_STOPS = "select pg_advisory_xact_lock(hashtext('audit.chain'))";

let school: SchoolUnderTest;
let owner: Browser;
before(async () => {
  school = await aSchool();
  owner = await school.as('owner');
  // The old entries begin a new chain. What the sealer has under way from the start of the school goes with the rest.
  await seal();
  await sql(school.database, `${SEALER_STOPS}; delete from audit_seals; delete from audit_entries`);
  for (let n = 0; n < OLD; n += 1) await writeAt(Date.now() - 9 * YEAR + n * DAY, n);
  for (let n = 0; n < 5; n += 1) await writeAt(Date.now() - 4 * YEAR + n * DAY, OLD + n);
  await seal();
});
after(() => school.stop());

const verify = (): Promise<Verdict> => school.run(() => school.get(AUDIT_API).verifyChain());
const remove = (): Promise<number> => school.run(() => school.get(Retention).run());
const seal = (): Promise<number> => school.run(() => school.get(Sealing).seal(true));
const headFile = (): string => path.join(school.app.config.data, 'audit', school.database.schoolId, 'head.json');
const call = (anchor: string, upto: number, before: Date): Promise<unknown> =>
  query('test.remove', 'select app.remove_old_audit($1, $2, $3, $4)', [anchor, upto, before, 'forged']);

/** An entry as the product wrote it then. */
async function writeAt(ms: number, n: number): Promise<void> {
  const { mac } = hashes(deriveKey(school.app.config.secretKey, `audit.${school.database.schoolId}`));
  const entry = {
    id: newId(ms),
    actorId: null,
    actorName: 'Then',
    actorRoles: [],
    ip: null,
    requestId: null,
    action: 'students.change',
    entity: 'student',
    entityId: `old-${n}`,
    label: `Child ${n}`,
    before: null,
    after: { n },
    reason: null,
  };
  await school.run(() =>
    query(
      'test.old',
      `insert into audit_entries (id, at, actor_name, action, entity, entity_id, label, after, mac) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        entry.id,
        new Date(ms),
        entry.actorName,
        entry.action,
        entry.entity,
        entry.entityId,
        entry.label,
        JSON.stringify(entry.after),
        mac(provenText(entry)),
      ],
    ),
  );
}

test('the page counts what would go, for the country, and removes nothing', async () => {
  const { html } = await owner.get('/audit/settings');
  assert.match(html, /data-test="retention"[\s\S]*<dd>30<\/dd>/);
  assert.match(html, /Tax Procedures Act/);
  assert.equal(await countRows(school.database, 'audit_entries where actor_name = $1', ['Then']), OLD + 5);
});

test('years outside of reason are refused on the page and by the database', async () => {
  for (const retentionYears of ['2', '51', '7.5', '', 'x']) {
    const answer = await owner.submit('/audit/settings', { retentionYears, mostRows: '500', mostPages: '200' });
    assert.equal(answer.status, 422, retentionYears);
    assert.match(answer.html, /whole number from 3 to 50/);
  }
  await assert.rejects(
    sql(
      school.database,
      `insert into audit_settings (school_id, id, retention_years) values ('${school.database.schoolId}', gen_random_uuid(), 1)`,
    ),
    { code: '23514' },
  );
});

test('the application’s role removes nothing that is too young, not told of, or not whole', async () => {
  await school.run(async () => {
    await assert.rejects(call(newId(), 5, new Date()), /younger than three years/);
    await assert.rejects(call(newId(), OLD + 5, new Date(Date.now() - 5 * YEAR)), /too young/);
    await assert.rejects(call(newId(), 5, new Date(Date.now() - 5 * YEAR)), /must be told of/);
    await assert.rejects(call(newId(), 9_999, new Date(Date.now() - 5 * YEAR)), /no seal/);
    for (const table of CHAINED) await assert.rejects(query(`test.delete.${table}`, `delete from ${table}`), { code: '42501' });
    await assert.rejects(
      query(
        'test.anchor',
        'insert into audit_anchors (id, seq, hash, cutoff, removed, mac) select gen_random_uuid(), 1, $1, now(), 1, $1',
        ['x'],
      ),
      { code: '42501' },
    );
  });
  const lost = await sql<{ entry_id: string }>(school.database, 'select entry_id from audit_seals where seq = 3');
  await keepCopy();
  await sql(school.database, 'delete from audit_entries where id = $1', [lost[0]!.entry_id]);
  const anchor = newId();
  await assert.rejects(
    school.run(() =>
      unit(async () => {
        await school
          .get(AUDIT)
          .record(systemActor('x'), { action: 'audit.retention', entity: 'audit_anchors', entityId: anchor });
        await call(anchor, 5, new Date(Date.now() - 5 * YEAR));
      }),
    ),
    /not whole/,
  );
  // And the job leaves the evidence as it is, and says so.
  assert.equal(await remove(), 0);
  assert.equal(await countRows(school.database, "audit_alerts where rule = 'chain-broken'"), 1);
  await putBack();
});

test('what is older than the years goes, whole and told of; the chain is proven from the anchor on', async () => {
  const [last] = await sql<{ hash: string }>(school.database, 'select hash from audit_seals where seq = $1', [OLD]);
  assert.equal(await remove(), OLD);
  assert.equal(await countRows(school.database, 'audit_entries where actor_name = $1', ['Then']), 5);
  assert.equal(await countRows(school.database, 'audit_seals where seq <= $1', [OLD]), 0);
  await seal();
  const verdict = await verify();
  assert.ok(verdict.sound, JSON.stringify(verdict));
  assert.deepEqual([verdict.anchor?.seq, verdict.anchor?.removed, verdict.anchor?.hash], [OLD, OLD, last!.hash]);
  assert.match(
    wordsOf(verdict),
    /^sound, seals 31 to \d+, head [0-9a-f]{16}; seals 1 to 30 \(before \d{4}-\d\d-01\) were removed for their age, the last time on [\d-]{10}, anchor [0-9a-f]{16}$/,
  );
  const [told] = await sql<{ after: { removed: number; head: string } }>(
    school.database,
    "select after from audit_entries where action = 'audit.retention'",
  );
  assert.deepEqual([told!.after.removed, told!.after.head], [OLD, last!.hash]);
  assert.equal(await remove(), 0, 'a second run finds nothing');
  assert.match((await owner.get('/audit/settings')).html, /30 entries from before/);
});

test('new entries are sealed behind what is left, also when nothing is left', async () => {
  await keepCopy();
  const file = readFileSync(headFile(), 'utf8');
  await sql(school.database, 'delete from audit_entries; delete from audit_seals');
  const { cutoff } = (await sql<{ cutoff: Date }>(school.database, 'select cutoff from audit_anchors'))[0]!;
  await writeAt(cutoff.getTime() + DAY, 99);
  await seal();
  const [first] = await sql<{ seq: string; prev_hash: string }>(
    school.database,
    'select s.seq, a.hash = s.prev_hash as follows from audit_seals s, audit_anchors a order by s.seq limit 1',
  );
  assert.deepEqual(first, { seq: String(OLD + 1), follows: true });
  await putBack();
  writeFileSync(headFile(), file);
  assert.ok((await verify()).sound);
});

test('tampering after the removal is found, each kind with its own words', async () => {
  const old = await sql<{ id: string }>(school.database, 'select entry_id as id from audit_seals order by seq limit 1');
  const cases: [name: string, says: RegExp, tamper: string | (() => Promise<void>)][] = [
    ['an entry changed', /changed after it was sealed/, `update audit_entries set label = 'x' where id = '${old[0]!.id}'`],
    [
      'more of the beginning cut off',
      /seal 31 is missing/,
      `with gone as (delete from audit_seals where seq < 33 returning entry_id) delete from audit_entries where id in (select entry_id from gone)`,
    ],
    [
      'the anchor moved to hide that',
      /not made by the product/,
      `with gone as (delete from audit_seals where seq < 33 returning entry_id, seq, hash), entries as (delete from audit_entries where id in (select entry_id from gone)) update audit_anchors set seq = 32, hash = (select hash from gone where seq = 32)`,
    ],
    ['the anchor taken away', /seal 1 is missing/, 'delete from audit_anchors'],
    ['the entry about it taken away', /no entry tells of it/, "delete from audit_entries where action = 'audit.retention'"],
    [
      'a seal put back before the anchor',
      /put back before the anchor/,
      `insert into audit_seals (school_id, id, seq, entry_id, prev_hash, hash) select school_id, gen_random_uuid(), 30, gen_random_uuid(), hash, hash from audit_seals limit 1`,
    ],
    [
      'a removed entry put back',
      /removed for its age/,
      async () => {
        await writeAt(Date.now() - 9 * YEAR, 5);
        assert.equal(await seal(), 0);
      },
    ],
  ];
  for (const [name, says, tamper] of cases) {
    await keepCopy();
    await (typeof tamper === 'string' ? sql(school.database, tamper) : tamper());
    const verdict = await verify();
    assert.ok(!verdict.sound, name);
    assert.match(verdict.what, says, name);
    await putBack();
    assert.ok((await verify()).sound, `${name} undone`);
  }
});

test('whole months go, by the years that the school has set', () => {
  assert.equal(cutoffOf(new Date('2026-11-24T10:00:00Z'), 7).toISOString(), '2019-11-01T00:00:00.000Z');
  assert.equal(cutoffOf(new Date('2028-02-29T23:59:59Z'), 3).toISOString(), '2025-02-01T00:00:00.000Z');
  assert.equal(madeAt(newId(1_700_000_000_123)), 1_700_000_000_123);
  assert.equal(countryNote('XX'), null);
});

/** All tables in one transaction: the sealer would seal a second time what stands in one again and not yet in the other. */
const swap = (statements: (table: string) => string): Promise<unknown> =>
  sql(school.database, [SEALER_STOPS, ...CHAINED.map(statements)].join('; '));

const keepCopy = (): Promise<unknown> => swap((table) => `create table kept_${table} as table ${table}`);
const putBack = (): Promise<unknown> =>
  swap((table) => `delete from ${table}; insert into ${table} select * from kept_${table}; drop table kept_${table}`);
