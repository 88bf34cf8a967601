import type { Knex } from 'knex';
import { changeTenantTable } from '../../src/platform/db/migration.js';

/** Bills that came from another record of the same student: who bills looks for terms that are billed twice by that. */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'fees_invoices', (t) => {
    t.indexed(['student_id'], { where: "source_key like 'merged:%'", name: 'fees_invoices_merged' });
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index fees_invoices_merged');
}
