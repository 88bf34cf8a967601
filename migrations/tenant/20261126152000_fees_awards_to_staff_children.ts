import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

/** A discount that goes by itself to children whose guardian works at the school. */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'fees_award_kinds', (t) => {
    t.columns.boolean('staff_children').notNullable().defaultTo(false);
    t.check('staff_children', "not (staff_children and (sponsored or method = 'siblings'))");
  });
  await addComment(
    knex,
    'fees_award_kinds',
    'staff_children',
    'Goes by itself to children of whom a guardian works here, as long as it is not above ask_above',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table fees_award_kinds drop column staff_children');
}
