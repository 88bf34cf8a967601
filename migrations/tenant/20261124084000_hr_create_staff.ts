import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

export async function up(knex: Knex): Promise<void> {
  await tenantTable(knex, 'hr_staff', (t) => {
    t.columns.text('staff_no').notNullable();
    t.columns.text('title');
    t.columns.text('surname').notNullable();
    t.columns.text('first_name').notNullable();
    t.columns.text('middle_name');
    t.columns.text('sort_name').notNullable();
    t.columns.text('sex');
    t.columns.text('phone');
    t.columns.text('email');
    t.columns.text('national_id');
    t.columns.text('registration_no');
    t.columns.text('job').notNullable();
    t.columns.text('category').notNullable();
    t.columns.date('joined_on');
    t.columns.date('left_on');
    t.columns.text('leaving_reason');
    t.columns.uuid('photo_file_id');
    t.columns.integer('version').notNullable().defaultTo(1);
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.columns.timestamp('updated_at').notNullable().defaultTo(knex.fn.now());
    t.check('category', "category in ('teaching', 'non-teaching')");
    t.check('sex', "sex in ('F', 'M')");
    t.check('span', 'left_on is null or joined_on is null or left_on >= joined_on');
    t.uniqueOn(['staff_no']);
    t.indexed(['sort_name', 'id']);
    t.indexed(['phone']);
  });
  await addComment(knex, 'hr_staff', 'registration_no', 'Number at the teachers’ body of the country (TSC, TRCN, NTC, SACE)');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTableIfExists('hr_staff');
}
