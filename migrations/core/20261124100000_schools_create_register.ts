import type { Knex } from 'knex';
import { coreTable } from '../../src/platform/db/migration.js';

export async function up(knex: Knex): Promise<void> {
  await coreTable(
    knex,
    'schools',
    (t) => {
      t.columns.text('subdomain').notNullable();
      t.columns.text('name').notNullable();
      t.columns.text('country').notNullable();
      t.columns.text('town');
      t.columns.text('state').notNullable().defaultTo('ready');
      t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
      t.check('state', "state in ('provisioning', 'ready', 'suspended', 'closed')");
      t.uniqueOn(['subdomain']);
    },
    { schoolColumn: 'id', comment: 'Every school of the platform; a subdomain never changes and is never given again' },
  );
  await coreTable(
    knex,
    'schools_deployments',
    (t) => {
      t.ref('school_id', 'schools');
      t.columns.text('schema_head');
      t.columns.boolean('running').notNullable().defaultTo(false);
      t.columns.timestamp('started_at');
      t.columns.timestamp('stopped_at');
      t.columns.timestamp('next_job_at').comment('So that a stopped school is known to have work due');
      t.uniqueOn(['school_id']);
    },
    { schoolColumn: 'school_id' },
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('schools_deployments');
  await knex.schema.dropTable('schools');
}
