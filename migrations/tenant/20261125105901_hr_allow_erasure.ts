import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'hr_staff', (t) => {
    t.columns.timestamp('erased_at');
  });
  await addComment(knex, 'hr_staff', 'erased_at', 'Since then nothing in the record tells who it was');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('hr_staff', (t) => t.dropColumn('erased_at'));
}
