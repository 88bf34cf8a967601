import type { Knex } from 'knex';
import { addComment, changeCoreTable } from '../../src/platform/db/migration.js';

const STATES = "state in ('draft', 'verified', 'provisioning', 'ready', 'suspended', 'closing', 'deleted')";
const STATES_NOW = "state in ('draft', 'verified', 'provisioning', 'ready', 'suspended', 'closing', 'closed', 'deleted')";

/** A school that is being closed can be read until a day; then it is closed, and only then can it be deleted. */
export async function up(knex: Knex): Promise<void> {
  await changeCoreTable(knex, 'schools', (t) => {
    t.columns.timestamp('closes_at');
    t.indexed(['closes_at']);
  });
  await addComment(knex, 'schools', 'closes_at', 'Until when a school that is closing can be read and taken back');
  await knex.raw('alter table schools drop constraint schools_state');
  // What was never open, and what is being removed already, nobody waits for.
  await knex.raw(`update schools set state = 'closed' where state = 'closing' and (
    id in (select school_id from schools_transitions where to_state = 'closing' and reason = 'given-up')
    or id in (select school_id from provisioning_runs where kind = 'remove'))`);
  await knex.raw(`update schools set closes_at = state_at + interval '30 days' where state = 'closing'`);
  await changeCoreTable(knex, 'schools', (t) => {
    t.check('state', STATES_NOW);
    t.check('grace', "(state = 'closing') = (closes_at is not null)");
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table schools drop constraint schools_state, drop constraint schools_grace');
  await knex.raw(`update schools set state = 'closing' where state = 'closed'`);
  await knex.schema.alterTable('schools', (t) => t.dropColumn('closes_at'));
  await changeCoreTable(knex, 'schools', (t) => t.check('state', STATES));
}
