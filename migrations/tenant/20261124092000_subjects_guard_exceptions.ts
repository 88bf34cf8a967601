import type { Knex } from 'knex';
import { changeTenantTable } from '../../src/platform/db/migration.js';

/** Who takes a subject by exception is asked by subject, and an exception can't end before it begins. */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'subjects_exceptions', (t) => {
    t.check('span', 'to_on is null or to_on >= from_on');
    t.indexed(['subject_id', 'from_on']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table subjects_exceptions drop constraint subjects_exceptions_span');
  await knex.raw('drop index subjects_exceptions_subject_id_from_on_idx');
}
