import type { Knex } from 'knex';
import { tenantTable } from '../../src/platform/db/migration.js';

export async function up(knex: Knex): Promise<void> {
  await tenantTable(knex, 'files', (t) => {
    t.columns.text('owner_kind').notNullable();
    t.columns.uuid('owner_id').notNullable();
    t.columns.text('purpose').notNullable().comment('module.what; decides in code who may read it');
    t.columns.text('name').notNullable().comment('As the person called it, made safe to show');
    t.columns.text('type').notNullable().comment('By content, never by name');
    t.columns.bigInteger('size').notNullable();
    t.columns.text('sha256').notNullable();
    t.columns.text('object_key').notNullable();
    t.columns.uuid('created_by').comment('Account; null for the product itself');
    t.columns.timestamp('created_at').notNullable();
    t.columns.timestamp('deleted_at').comment('From then on nobody can open it; the bytes go 30 days later');
    t.check('size_is_positive', 'size > 0');
    t.uniqueOn(['object_key']);
    t.indexed(['owner_kind', 'owner_id']);
    t.indexed(['deleted_at'], { where: 'deleted_at is not null' });
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTableIfExists('files');
}
