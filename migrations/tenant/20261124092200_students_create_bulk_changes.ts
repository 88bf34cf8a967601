import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

export async function up(knex: Knex): Promise<void> {
  await tenantTable(
    knex,
    'students_bulk_changes',
    (t) => {
      t.columns.text('kind').notNullable();
      t.columns.specificType('student_ids', 'uuid[]').notNullable();
      t.columns.jsonb('what').notNullable();
      t.columns.uuid('by_user_id');
      t.columns.text('by_name');
      t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
      t.check('kind', "kind in ('move', 'edit')");
      t.indexed(['created_at']);
    },
    { appendOnly: true },
  );
  await addComment(
    knex,
    'students_bulk_changes',
    'what',
    'What was asked for all of them; what it changed for each stands in the audit',
  );

  await tenantTable(knex, 'students_distinct_pairs', (t) => {
    t.ref('one_id', 'students', { onDelete: 'cascade' });
    t.ref('other_id', 'students', { onDelete: 'cascade' });
    t.columns.text('by_name');
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.check('order', 'one_id < other_id');
    t.uniqueOn(['one_id', 'other_id']);
  });
  await addComment(
    knex,
    'students_distinct_pairs',
    'one_id',
    'Two children who look alike in the register and were found to be two; the smaller id first',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTableIfExists('students_distinct_pairs');
  await knex.schema.dropTableIfExists('students_bulk_changes');
}
