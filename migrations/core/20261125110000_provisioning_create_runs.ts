import type { Knex } from 'knex';
import { addComment, coreTable } from '../../src/platform/db/migration.js';

/** A run makes a school or removes one; an order says that somebody should work on a run. */
export async function up(knex: Knex): Promise<void> {
  await coreTable(knex, 'provisioning_runs', (t) => {
    t.ref('school_id', 'schools');
    t.columns.text('kind').notNullable();
    t.columns.text('token').notNullable();
    t.columns.text('state').notNullable().defaultTo('waiting');
    t.columns.integer('attempts').notNullable().defaultTo(0);
    t.columns.text('reason');
    t.columns.text('ordered_by').notNullable();
    t.columns.text('browser_hash');
    t.columns.specificType('ordered_at', 'timestamptz').notNullable().defaultTo(knex.fn.now());
    t.columns.specificType('finished_at', 'timestamptz');
    t.check('kind', "kind in ('make', 'remove')");
    t.check('state', "state in ('waiting', 'running', 'done', 'failed')");
    t.uniqueOn(['token']);
    t.uniqueOn(['school_id', 'kind'], { where: "state <> 'done' or kind = 'remove'" });
    t.indexed(['ordered_at', 'id']);
  });
  await addComment(
    knex,
    'provisioning_runs',
    'token',
    'Address of the progress page; whoever has it sees the steps and nothing else.',
  );
  await addComment(
    knex,
    'provisioning_runs',
    'browser_hash',
    'The browser that the signup sent here: it alone is let in as the owner without a code.',
  );

  await coreTable(knex, 'provisioning_steps', (t) => {
    t.ref('run_id', 'provisioning_runs', { onDelete: 'cascade' });
    t.columns.integer('position').notNullable();
    t.columns.text('name').notNullable();
    t.columns.text('state').notNullable().defaultTo('waiting');
    t.columns.integer('attempts').notNullable().defaultTo(0);
    t.columns.text('reason');
    t.columns.specificType('started_at', 'timestamptz');
    t.columns.specificType('finished_at', 'timestamptz');
    t.check('state', "state in ('waiting', 'running', 'done', 'failed')");
    t.uniqueOn(['run_id', 'name']);
  });

  await coreTable(knex, 'provisioning_orders', (t) => {
    t.ref('run_id', 'provisioning_runs', { onDelete: 'cascade' });
    t.columns.specificType('due_at', 'timestamptz').notNullable().defaultTo(knex.fn.now());
    t.uniqueOn(['run_id']);
    t.indexed(['due_at']);
  });
  await addComment(
    knex,
    'provisioning_orders',
    'id',
    'Whoever works on the run holds this row locked; killed, it lets go at once.',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('provisioning_orders');
  await knex.schema.dropTable('provisioning_steps');
  await knex.schema.dropTable('provisioning_runs');
}
