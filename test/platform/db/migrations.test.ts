import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type pg from 'pg';
import { migrationNames, migrationSource } from '../../../src/platform/db/index.js';
import { changeTenantTable, coreTable, reportView, tenantTable } from '../../../src/platform/db/migration.js';
import { withKnex } from '../../../src/modules/provisioning/databases/adapters/schema.store.js';
import { connect, freshSchool, testCluster } from '../../support/database.js';
import type { TestSchool } from '../../support/database.js';

let school: TestSchool;
let admin: pg.Client;
before(async () => {
  school = await freshSchool({ name: 'migrations' });
  admin = await school.admin();
});
after(async () => {
  await admin.end();
  await school.drop();
});

describe('migrations', () => {
  test('of a new school are all there', async () => {
    const { migrate } = (await testCluster()).operations;
    const target = { subdomain: school.subdomain, owner: school.connections.owner };
    assert.deepEqual(await migrate.pending(target), []);
    assert.deepEqual((await migrate.one(target)).ran, []);
  });

  test('the newest goes down and up again and leaves the same schema', async () => {
    const before = await shape(admin);
    const newest = migrationNames('tenant').at(-1)!;
    await withKnex(school.connections.owner, 'tenant', async (knex) => {
      const migrationSourceOfTenant = migrationSource('tenant');
      await knex.migrate.down({ migrationSource: migrationSourceOfTenant });
      assert.notDeepEqual(await shape(admin), before, 'the way down did something');
      await knex.migrate.latest({ migrationSource: migrationSourceOfTenant });
    });
    assert.deepEqual(await shape(admin), before);
    const { rows } = await admin.query<{ name: string }>('select name from knex_migrations order by id desc limit 1');
    assert.equal(rows[0]?.name, newest);
  });

  test('give way to people at work instead of queueing in front of them', async () => {
    const app = await connect(school.connections.app);
    await app.query('begin');
    await app.query('select * from platform_outbox');
    await withKnex(school.connections.owner, 'tenant', async (knex) => {
      const { down } = await migrationSource('tenant').getMigration(migrationFile('_platform_outbox'));
      const began = Date.now();
      await assert.rejects(
        knex.transaction(async (trx) => down?.(trx)),
        /lock timeout/,
      );
      assert.ok(Date.now() - began < 8_000);
    });
    await app.query('commit');
    await app.end();
  });
});

describe('a table of a school', () => {
  before(() =>
    withKnex(school.connections.owner, 'tenant', async (knex) => {
      await tenantTable(knex, 'trial_parents', (t) => {
        t.columns.text('name').notNullable();
        t.uniqueOn(['name']);
        t.check('name_given', "name <> ''");
      });
      await tenantTable(
        knex,
        'trial_children',
        (t) => {
          t.ref('parent_id', 'trial_parents', { onDelete: 'cascade' });
          t.ref('second_id', 'trial_parents', { null: true, onDelete: 'set null' });
          t.columns.date('born_on');
          t.indexed(['second_id', 'born_on']);
        },
        { appendOnly: true, comment: "A trial's table, isn't it?" },
      );
      await changeTenantTable(knex, 'trial_parents', (t) => {
        t.columns.text('phone');
        t.uniqueOn(['phone'], { where: 'phone is not null' });
      });
      await reportView(
        knex,
        'trial_report_children',
        'select p.name, count(*) as n from trial_parents p join trial_children c on c.parent_id = p.id group by p.name',
      );
    }),
  );

  test('has indexes that begin with the school, one for each reference that has none yet', async () => {
    const { rows } = await admin.query<{ def: string }>(
      "select indexdef as def from pg_indexes where tablename like 'trial_%' order by indexname",
    );
    assert.deepEqual(
      rows.map(({ def }) => def.replace(/^CREATE (UNIQUE )?INDEX \S+ ON public\./, '$1')),
      [
        'trial_children USING btree (school_id, parent_id)',
        'UNIQUE trial_children USING btree (school_id, id)',
        'trial_children USING btree (school_id, second_id, born_on)',
        'UNIQUE trial_parents USING btree (school_id, name)',
        'UNIQUE trial_parents USING btree (school_id, phone) WHERE (phone IS NOT NULL)',
        'UNIQUE trial_parents USING btree (school_id, id)',
      ],
    );
  });

  test('keeps its references, its checks and what is only appended', async () => {
    const app = await connect(school.connections.app);
    await app.query(
      "insert into trial_parents (id, name) values ('00000000-0000-7000-8000-000000000001', 'A'), ('00000000-0000-7000-8000-000000000002', 'B')",
    );
    await app.query(
      "insert into trial_children (id, parent_id, second_id) select gen_random_uuid(), '00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002'",
    );
    await assert.rejects(
      app.query("insert into trial_parents (id, name) values (gen_random_uuid(), '')"),
      /trial_parents_name_given/,
    );
    await assert.rejects(
      app.query('insert into trial_children (id, parent_id) values (gen_random_uuid(), gen_random_uuid())'),
      /trial_children_parent_id_fkey/,
    );
    await assert.rejects(app.query('delete from trial_children'), /permission denied/);
    await app.query("delete from trial_parents where name = 'B'");
    const { rows } = await app.query('select c.school_id, c.second_id, r.n from trial_children c, trial_report_children r');
    assert.deepEqual(rows, [{ school_id: school.schoolId, second_id: null, n: '1' }]);
    await app.query("delete from trial_parents where name = 'A'");
    assert.equal((await app.query('select 1 from trial_children')).rowCount, 0);
    await app.end();
  });
});

test("a table of the platform shows a school its own rows only, and they can't be changed by it", async () => {
  const { platform, admin: superuser } = await testCluster();
  const core = await connect({ ...superuser, database: platform.coreApp.database });
  try {
    await withKnex(platform.coreOwner, 'core', (knex) =>
      coreTable(knex, 'trial_schools', (t) => void t.columns.text('name').notNullable(), { schoolColumn: 'id' }),
    );
    const platformApp = await connect(platform.coreApp);
    await platformApp.query("insert into trial_schools values ($1, 'Mine'), (gen_random_uuid(), 'Other')", [school.schoolId]);
    assert.equal((await platformApp.query('select 1 from trial_schools')).rowCount, 2);
    await platformApp.end();
    const mine = await connect({ ...school.connections.app, database: platform.coreApp.database });
    assert.deepEqual((await mine.query('select name from trial_schools')).rows, [{ name: 'Mine' }]);
    await assert.rejects(mine.query("update trial_schools set name = 'x'"), /permission denied/);
    await mine.end();
  } finally {
    await core.query('drop table if exists trial_schools');
    await core.end();
  }
});

function migrationFile(ending: string): string {
  const name = migrationNames('tenant').find((candidate) => candidate.endsWith(ending));
  assert.ok(name);
  return `${name}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`;
}

/** Columns, constraints, indexes, policies and grants, as text. */
async function shape(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(
    `select line from (
       select format('%s.%s %s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)) as line
         from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
         left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
       union all select format('%s %s', conname, pg_get_constraintdef(oid)) from pg_constraint where connamespace = 'public'::regnamespace
       union all select indexdef from pg_indexes where schemaname = 'public'
       union all select format('%s %s %s', tablename, policyname, qual) from pg_policies where schemaname = 'public'
       union all select format('%s %s', relname, relacl) from pg_class where relnamespace = 'public'::regnamespace
       union all select format('%s %s', tgrelid::regclass, pg_get_triggerdef(oid)) from pg_trigger where not tgisinternal
       union all select format('%s %s', oid::regprocedure, md5(prosrc)) from pg_proc where pronamespace in ('public'::regnamespace, 'app'::regnamespace)
     ) lines order by line`,
  );
  return rows.map((row) => row.line);
}
