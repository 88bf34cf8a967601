import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type pg from 'pg';
import { CORE_DATABASE } from '../../../src/modules/provisioning/operations.js';
import type { Connection } from '../../../src/modules/provisioning/operations.js';
import { connect, freshSchool, testCluster } from '../../support/database.js';
import type { TestSchool } from '../../support/database.js';

describe('login roles', () => {
  let one: TestSchool;
  let two: TestSchool;
  let admin: pg.Client;
  before(async () => {
    one = await freshSchool({ name: 'one' });
    two = await freshSchool({ name: 'two' });
    admin = await one.admin();
  });
  after(async () => {
    await admin.end();
    await one.drop();
    await two.drop();
  });

  test('reach the databases that they are for, and no others', async () => {
    const { platform } = await testCluster();
    const { rows } = await admin.query<{ datname: string }>(
      "select datname from pg_database where datname !~ '^aims_template_.*_new$'",
    );
    // Schools and platforms of other test files come and go: these two stand for all.
    const known = new Set([one.connections.app.database, two.connections.app.database, CORE_DATABASE]);
    const databases = rows.map((row) => row.datname).filter((name) => known.has(name) || !name.endsWith('_db'));
    assert.ok(databases.includes('template1') && databases.some((name) => name.startsWith('aims_template_')));

    for (const school of [one, two]) {
      for (const [role, connection] of Object.entries(school.connections)) {
        const own = [connection.database, ...(role === 'app' ? [CORE_DATABASE] : [])];
        await reachesOnly(connection, databases, own);
      }
    }
    for (const core of [platform.coreApp, platform.coreOwner, platform.coreWorker])
      await reachesOnly(core, databases, [CORE_DATABASE]);
  });

  test('of the application change no structure, take no other role and see no job', async () => {
    const app = await connect(one.connections.app);
    const forbidden = [
      'create table mine (id int)',
      'create schema mine',
      'create temporary table mine (id int)',
      'set role aims_owner',
      'set role aims_worker',
      `set role "${one.connections.owner.user}"`,
      'set session authorization postgres',
      'alter table platform_outbox disable row level security',
      'drop policy own_school on platform_outbox',
      'truncate platform_outbox',
      "select graphile_worker.add_job('x')",
      "select pg_read_file('postgresql.conf')",
      'update app.schools_by_role set school_id = gen_random_uuid()',
      'create or replace function app.current_school() returns uuid language sql as $$ select null::uuid $$',
    ];
    for (const statement of forbidden)
      await assert.rejects(app.query(statement), /permission denied|must be owner|must be able to/, statement);
    const { rows } = await app.query(
      'select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb as mighty from pg_roles where rolname = session_user',
    );
    assert.deepEqual(rows, [{ mighty: false }]);
    await app.end();
  });

  test('of reports read, and change nothing', async () => {
    const reports = await connect(one.connections.readonly);
    await reports.query('select count(*) from platform_outbox');
    await reports.query('set default_transaction_read_only = off');
    await assert.rejects(reports.query('delete from platform_outbox'), /permission denied/);
    await reports.end();
  });

  test('of the job worker hold nothing but the jobs', async () => {
    const worker = await connect(one.connections.worker);
    await worker.query('select count(*) from graphile_worker.jobs');
    for (const table of ['public.platform_outbox', 'app.schools_by_role', 'public.knex_migrations']) {
      await assert.rejects(worker.query(`select * from ${table}`), /permission denied/, table);
    }
    const { rows } = await admin.query(
      `select distinct n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relowner = 'aims_worker'::regrole and n.nspname !~ '^pg_'`,
    );
    assert.deepEqual(rows, [{ nspname: 'graphile_worker' }]);
    await worker.end();
  });

  test('of the owner hold no right at once, must ask for them, and see their school only', async () => {
    const owner = await connect(one.connections.owner);
    await assert.rejects(owner.query('select * from public.platform_outbox'), /permission denied/);
    await owner.query('set role aims_owner');
    const { rows } = await owner.query('select app.current_school() as school');
    assert.deepEqual(rows, [{ school: one.schoolId }]);
    await owner.end();
  });

  test('have limits that the server keeps', async () => {
    const app = await connect(one.connections.app);
    const { rows } = await app.query("select current_setting('statement_timeout') as s, current_setting('lock_timeout') as l");
    assert.deepEqual(rows, [{ s: '30s', l: '10s' }]);
    await app.end();
  });

  test("of a school know their school in the platform's database, and can't touch the map", async () => {
    const core = await connect({ ...one.connections.app, database: CORE_DATABASE });
    const { rows } = await core.query('select app.current_school() as school');
    assert.deepEqual(rows, [{ school: one.schoolId }]);
    for (const table of ['app.schools_by_role', 'platform_outbox', 'platform_rate_limits', 'graphile_worker.jobs']) {
      await assert.rejects(core.query(`select * from ${table}`), /permission denied/, table);
    }
    await core.end();
  });
});

async function reachesOnly(connection: Connection, databases: string[], own: string[]): Promise<void> {
  for (const database of databases) {
    const reached = await connect({ ...connection, database }).then(
      (client) => client.end().then(() => true),
      (error: { code?: string }) => {
        assert.ok(['42501', '55000'].includes(error.code ?? ''), `${connection.user} on ${database}: ${String(error)}`);
        return false;
      },
    );
    assert.equal(reached, own.includes(database), `${connection.user} on ${database}`);
  }
}
