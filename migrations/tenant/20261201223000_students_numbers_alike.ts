import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

/**
 * Search and paybill treat `KA/2026/1` and `ka 2026 1` as one number, so one child alone has it. Those that a school has
 * beside each other already stay, are listed as something to put right, and stand outside of the index until then.
 */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'students', (t) => t.columns.boolean('number_double').notNullable().defaultTo(false));
  await addComment(
    knex,
    'students',
    'number_double',
    'Another child had this admission number, but for capitals and signs, before there was a rule',
  );
  await knex.raw(`
    update students s set number_double = true where exists (select 1 from students o
      where o.school_id = s.school_id and upper(regexp_replace(o.admission_no, '[^A-Za-z0-9]', '', 'g')) = upper(regexp_replace(s.admission_no, '[^A-Za-z0-9]', '', 'g'))
        and (o.created_at, o.id) < (s.created_at, s.id))`);
  await knex.raw(
    `create unique index students_number_plain_key on students (school_id, upper(regexp_replace(admission_no, '[^A-Za-z0-9]', '', 'g'))) where not number_double`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index if exists students_number_plain_key');
  await knex.schema.alterTable('students', (t) => t.dropColumn('number_double'));
}
