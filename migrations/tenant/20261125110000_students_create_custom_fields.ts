import type { Knex } from 'knex';
import { addComment, changeTenantTable, tenantTable } from '../../src/platform/db/migration.js';

/** What a school writes down about children beside our own fields. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(knex, 'students_custom_fields', (t) => {
    t.columns.text('key').notNullable();
    t.columns.text('label').notNullable();
    t.columns.text('hint').notNullable().defaultTo('');
    t.columns.text('type').notNullable();
    t.columns.specificType('choices', 'text[]').notNullable().defaultTo('{}');
    t.columns.boolean('required').notNullable().defaultTo(false);
    t.columns.text('section').notNullable().defaultTo('background');
    t.columns.integer('position').notNullable().defaultTo(1);
    t.columns.specificType('visible_to', 'text[]').notNullable().defaultTo('{}');
    t.columns.specificType('editable_by', 'text[]').notNullable().defaultTo('{}');
    t.columns.boolean('active').notNullable().defaultTo(true);
    t.columns.integer('version').notNullable().defaultTo(1);
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.check('key', "key ~ '^[a-z][a-z0-9_]{0,39}$'");
    t.check('label', "label <> ''");
    t.check('type', "type in ('text', 'number', 'date', 'flag', 'choice')");
    t.check('choices', "(type = 'choice') = (cardinality(choices) > 0)");
    t.check('section', "section in ('student', 'place', 'background')");
    t.uniqueOn(['key']);
  });
  await addComment(knex, 'students_custom_fields', 'key', 'Name in forms, sheets (custom_<key>) and the API; never changes');
  await addComment(
    knex,
    'students_custom_fields',
    'visible_to',
    'Roles besides owner and administrator; empty: everybody who may see the child',
  );

  await changeTenantTable(knex, 'students', (t) => {
    t.columns.jsonb('custom').notNullable().defaultTo('{}');
    t.check('custom', "jsonb_typeof(custom) = 'object'");
  });
  await addComment(
    knex,
    'students',
    'custom',
    'Values of the school’s own fields by their key: text, number, YYYY-MM-DD or true and false; a field without a value is not in it',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('students', (t) => t.dropColumn('custom'));
  await knex.schema.dropTableIfExists('students_custom_fields');
}
