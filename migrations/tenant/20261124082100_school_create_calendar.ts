import type { Knex } from 'knex';
import { tenantTable } from '../../src/platform/db/migration.js';

export async function up(knex: Knex): Promise<void> {
  await tenantTable(knex, 'school_years', (t) => {
    t.columns.text('name').notNullable();
    t.columns.date('starts_on').notNullable();
    t.columns.date('ends_on').notNullable();
    t.uniqueOn(['name']);
    t.uniqueOn(['starts_on']);
    t.check('ends_after_start', 'ends_on > starts_on');
  });

  await tenantTable(knex, 'school_terms', (t) => {
    t.ref('year_id', 'school_years', { onDelete: 'cascade' });
    t.columns.text('name').notNullable();
    t.columns.date('starts_on').notNullable();
    t.columns.date('ends_on').notNullable();
    t.uniqueOn(['year_id', 'name']);
    t.uniqueOn(['starts_on']);
    t.check('ends_after_start', 'ends_on > starts_on');
  });

  await tenantTable(knex, 'school_day_types', (t) => {
    t.columns.text('name').notNullable();
    t.columns.text('kind').notNullable().checkIn(['school', 'half', 'exam', 'closed', 'holiday']);
    t.columns.boolean('active').notNullable().defaultTo(true);
    t.uniqueOn(['name']);
  });

  await tenantTable(
    knex,
    'school_days',
    (t) => {
      t.ref('day_type_id', 'school_day_types');
      t.columns.date('starts_on').notNullable();
      t.columns.date('ends_on').notNullable();
      t.columns.text('note').notNullable().defaultTo('');
      t.uniqueOn(['starts_on']);
      t.check('ends_after_start', 'ends_on >= starts_on');
    },
    { comment: 'Exceptions to the usual week: half days, closed days, holidays, examination days' },
  );
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['school_days', 'school_day_types', 'school_terms', 'school_years'])
    await knex.schema.dropTableIfExists(table);
}
