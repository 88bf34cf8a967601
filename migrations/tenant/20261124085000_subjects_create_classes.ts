import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

export async function up(knex: Knex): Promise<void> {
  await tenantTable(knex, 'subjects_classes', (t) => {
    t.columns.text('code').notNullable();
    t.columns.text('name').notNullable();
    t.columns.text('short_name').notNullable();
    t.columns.text('level').notNullable();
    t.columns.integer('position').notNullable();
    t.ref('next_class_id', 'subjects_classes', { null: true });
    t.columns.boolean('ranked').notNullable().defaultTo(true);
    t.columns.boolean('active').notNullable().defaultTo(true);
    t.uniqueOn(['code']);
    t.uniqueOn(['name']);
  });
  await addComment(
    knex,
    'subjects_classes',
    'code',
    'Code of the class in the country pack, or the name where the school added it',
  );
  await addComment(knex, 'subjects_classes', 'level', 'Stage of the curriculum: pre-primary, primary, junior, senior');

  await tenantTable(knex, 'subjects_streams', (t) => {
    t.ref('class_id', 'subjects_classes');
    t.columns.text('name').notNullable();
    t.columns.integer('position').notNullable();
    t.columns.integer('capacity');
    t.ref('class_teacher_id', 'hr_staff', { null: true });
    t.columns.text('room');
    t.columns.text('campus');
    t.columns.boolean('active').notNullable().defaultTo(true);
    t.check('capacity', 'capacity is null or capacity between 1 and 500');
    t.uniqueOn(['class_id', 'name']);
  });

  await tenantTable(knex, 'subjects', (t) => {
    t.columns.text('code').notNullable();
    t.columns.text('national_code');
    t.columns.text('name').notNullable();
    t.columns.text('short_name').notNullable();
    t.columns.text('department').notNullable();
    t.columns.text('kind').notNullable();
    t.columns.text('choice');
    t.columns.boolean('practical').notNullable().defaultTo(false);
    t.columns.integer('papers').notNullable().defaultTo(1);
    t.columns.integer('periods');
    t.columns.integer('position').notNullable();
    t.columns.boolean('active').notNullable().defaultTo(true);
    t.check('kind', "kind in ('compulsory', 'elective')");
    t.check('papers', 'papers between 1 and 6');
    t.check('periods', 'periods is null or periods between 1 and 20');
    t.uniqueOn(['code']);
  });
  await addComment(
    knex,
    'subjects',
    'choice',
    'Subjects of one class that share a choice are alternatives: a learner takes one of them',
  );
  await addComment(knex, 'subjects', 'periods', 'Lessons a week unless an allocation says otherwise');

  await tenantTable(knex, 'subjects_of_classes', (t) => {
    t.ref('subject_id', 'subjects', { onDelete: 'cascade' });
    t.ref('class_id', 'subjects_classes', { onDelete: 'cascade' });
    t.uniqueOn(['class_id', 'subject_id']);
  });

  await tenantTable(knex, 'subjects_pathways', (t) => {
    t.columns.text('code').notNullable();
    t.columns.text('name').notNullable();
    t.columns.boolean('active').notNullable().defaultTo(true);
    t.uniqueOn(['code']);
  });
  await tenantTable(knex, 'subjects_of_pathways', (t) => {
    t.ref('pathway_id', 'subjects_pathways', { onDelete: 'cascade' });
    t.ref('subject_id', 'subjects', { onDelete: 'cascade' });
    t.uniqueOn(['pathway_id', 'subject_id']);
  });
  await tenantTable(knex, 'subjects_pathways_of_streams', (t) => {
    t.ref('stream_id', 'subjects_streams', { onDelete: 'cascade' });
    t.ref('pathway_id', 'subjects_pathways', { onDelete: 'cascade' });
    t.uniqueOn(['stream_id', 'pathway_id']);
  });

  await tenantTable(knex, 'subjects_allocations', (t) => {
    t.ref('subject_id', 'subjects');
    t.ref('stream_id', 'subjects_streams');
    t.ref('staff_id', 'hr_staff');
    t.columns.integer('periods').notNullable();
    t.columns.date('from_on').notNullable();
    t.columns.date('to_on');
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.check('periods', 'periods between 1 and 20');
    t.check('span', 'to_on is null or to_on >= from_on');
    t.indexed(['staff_id', 'from_on']);
    t.uniqueOn(['stream_id', 'subject_id', 'staff_id'], { where: 'to_on is null', name: 'subjects_allocations_one_open' });
  });
  await addComment(knex, 'subjects_allocations', 'to_on', 'Last day; the history of who taught what stays');
}

const TABLES = [
  'subjects_allocations',
  'subjects_pathways_of_streams',
  'subjects_of_pathways',
  'subjects_pathways',
  'subjects_of_classes',
  'subjects',
  'subjects_streams',
  'subjects_classes',
];

export async function down(knex: Knex): Promise<void> {
  for (const table of TABLES) await knex.schema.dropTableIfExists(table);
}
