import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

export async function up(knex: Knex): Promise<void> {
  await tenantTable(knex, 'hr_slips', (t) => {
    t.columns.uuid('user_id').notNullable();
    t.columns.binary('sealed').notNullable();
    t.columns.timestamp('expires_at').notNullable();
    t.indexed(['expires_at']);
  });
  await addComment(knex, 'hr_slips', 'sealed', 'Sign-in slips under a key of the process; gone after ten minutes');
  await addComment(knex, 'hr_slips', 'user_id', 'Who made them: nobody else can print them');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTableIfExists('hr_slips');
}
