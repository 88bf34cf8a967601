import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'school', (t) => {
    t.columns.integer('expected_learners');
    t.check('expected_learners', 'expected_learners between 1 and 100000');
  });
  await addComment(
    knex,
    'school',
    'expected_learners',
    'About how many, as its owner said at sign-up: the set-up proposes streams by it',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('school', (t) => t.dropColumn('expected_learners'));
}
