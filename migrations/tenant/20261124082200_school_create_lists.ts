import type { Knex } from 'knex';
import { tenantTable } from '../../src/platform/db/migration.js';

export async function up(knex: Knex): Promise<void> {
  await tenantTable(knex, 'school_lists', (t) => {
    t.columns.text('kind').notNullable().checkIn(['houses', 'dorms', 'routes', 'meal-plans']);
    t.columns.text('name').notNullable();
    t.columns.text('name_folded').notNullable();
    t.columns.integer('position').notNullable();
    t.columns.integer('capacity').comment('Places, beds or seats');
    t.columns.text('note').notNullable().defaultTo('');
    t.columns.boolean('active').notNullable().defaultTo(true);
    t.uniqueOn(['kind', 'name_folded']);
    t.check('capacity_positive', 'capacity > 0');
  });

  await tenantTable(knex, 'school_scales', (t) => {
    t.columns.text('name').notNullable();
    t.columns.text('basis').notNullable().checkIn(['percent', 'points', 'aggregate']);
    t.columns.boolean('national').notNullable();
    t.columns.text('pack_scale').comment('Name in the country pack; null for the school’s own');
    t.uniqueOn(['name']);
    t.uniqueOn(['pack_scale']);
  });

  await tenantTable(knex, 'school_scale_bands', (t) => {
    t.ref('scale_id', 'school_scales', { onDelete: 'cascade' });
    t.columns.text('grade').notNullable();
    t.columns.decimal('lowest', 6, 2).notNullable();
    t.columns.decimal('points', 6, 2);
    t.columns.text('words').notNullable().defaultTo('');
    t.uniqueOn(['scale_id', 'grade']);
    t.uniqueOn(['scale_id', 'lowest']);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['school_scale_bands', 'school_scales', 'school_lists']) await knex.schema.dropTableIfExists(table);
}
