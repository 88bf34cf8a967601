import type { Knex } from 'knex';
import { addComment, changeCoreTable } from '../../src/platform/db/migration.js';

/** What a school's process has said about itself, and why a school stands where it does: the school reads its own. */
export async function up(knex: Knex): Promise<void> {
  await changeCoreTable(knex, 'schools_deployments', (t) => {
    t.columns.boolean('deployment_ready').notNullable().defaultTo(false);
    t.columns.timestamp('filled_at');
    t.columns.timestamp('ready_at');
    t.columns.text('boot');
  });
  await addComment(knex, 'schools_deployments', 'filled_at', 'When its database had its country pack and its owner');
  await addComment(knex, 'schools_deployments', 'boot', 'The start of its process that called last');
  await knex.raw(`
    create policy own_school on schools_transitions for select to aims_app using (school_id = (select app.current_school()));
    grant select (school_id, to_state, reason, at) on schools_transitions to aims_app`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    revoke select (school_id, to_state, reason, at) on schools_transitions from aims_app;
    drop policy own_school on schools_transitions`);
  await knex.schema.alterTable('schools_deployments', (t) => t.dropColumns('deployment_ready', 'filled_at', 'ready_at', 'boot'));
}
