import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'platform_link_standing', (t) => t.columns.specificType('closes_at', 'timestamptz'));
  await addComment(knex, 'platform_link_standing', 'closes_at', 'Until when a school that is being closed can be read');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('platform_link_standing', (t) => t.dropColumn('closes_at'));
}
