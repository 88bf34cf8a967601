import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

export async function up(knex: Knex): Promise<void> {
  await tenantTable(knex, 'students', (t) => {
    t.columns.text('admission_no').notNullable();
    t.columns.text('payment_no').notNullable();
    t.columns.text('surname').notNullable();
    t.columns.text('first_name').notNullable();
    t.columns.text('middle_name');
    t.columns.text('preferred_name');
    t.columns.text('sort_name').notNullable();
    t.columns.text('surname_sound').notNullable();
    t.columns.text('first_name_sound').notNullable();
    t.columns.text('sex').notNullable();
    t.columns.date('born_on');
    t.columns.text('birth_certificate_no');
    t.columns.text('nationality');
    t.columns.text('home_area');
    t.columns.text('religion');
    t.columns.text('first_language');
    t.columns.text('address');
    t.columns.text('previous_school');
    t.columns.text('special_needs');
    t.columns.text('orphan_status');
    t.columns.text('boarding').notNullable().defaultTo('day');
    t.columns.uuid('photo_file_id');
    t.columns.text('status').notNullable();
    t.columns.date('status_on').notNullable();
    t.ref('class_id', 'subjects_classes', { null: true });
    t.ref('stream_id', 'subjects_streams', { null: true });
    t.columns.date('joined_on');
    t.columns.integer('version').notNullable().defaultTo(1);
    t.columns.timestamp('put_aside_at');
    t.columns.uuid('merged_into_id');
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.columns.timestamp('updated_at').notNullable().defaultTo(knex.fn.now());
    t.check('admission_no', "admission_no <> '' and length(admission_no) <= 20");
    t.check('payment_no', "payment_no ~ '^[A-Z0-9]{1,12}$'");
    t.check('sex', "sex in ('F', 'M')");
    t.check('boarding', "boarding in ('day', 'boarder')");
    t.check(
      'status',
      "status in ('applicant', 'expected', 'active', 'suspended', 'withdrawn', 'transferred', 'graduated', 'archived')",
    );
    t.uniqueOn(['admission_no']);
    t.uniqueOn(['payment_no']);
    t.indexed(['sort_name', 'id']);
    t.indexed(['stream_id', 'sort_name', 'id']);
    t.indexed(['status', 'sort_name', 'id']);
    t.indexed(['birth_certificate_no']);
    t.indexed(['surname_sound', 'first_name_sound']);
  });
  await addComment(
    knex,
    'students',
    'sort_name',
    'Surname, first and middle name folded (no marks, lower case): the order of every list',
  );
  await addComment(
    knex,
    'students',
    'payment_no',
    'What M-Pesa and banks carry: A-Z0-9, at most 12, equal to the admission number where that fits',
  );
  await addComment(knex, 'students', 'stream_id', 'The open enrolment’s stream, kept here so that lists need no join');
  await addComment(knex, 'students', 'put_aside_at', 'Made by mistake: hidden everywhere, can be brought back');

  // No foreign key: the words follow from the student, are written by the same use cases, and a million of them are
  // written with a large import.
  await tenantTable(knex, 'students_terms', (t) => {
    t.columns.uuid('student_id').notNullable();
    t.columns.text('term').notNullable();
    t.indexed(['term', 'student_id']);
    t.indexed(['student_id']);
  });
  await addComment(
    knex,
    'students_terms',
    'term',
    'Words by which a student is found: folded names, numbers, guardians’ names and phone digits; matched by prefix',
  );

  await tenantTable(knex, 'students_identifiers', (t) => {
    t.ref('student_id', 'students', { onDelete: 'cascade' });
    t.columns.text('type').notNullable();
    t.columns.text('value').notNullable();
    t.columns.date('issued_on');
    t.uniqueOn(['type', 'value']);
    t.uniqueOn(['student_id', 'type']);
  });

  await tenantTable(knex, 'students_guardians', (t) => {
    t.columns.text('full_name').notNullable();
    t.columns.text('name_folded').notNullable();
    t.columns.text('surname_folded').notNullable();
    t.columns.text('phone');
    t.columns.text('other_phone');
    t.columns.text('email');
    t.columns.text('national_id');
    t.columns.text('occupation');
    t.columns.text('address');
    t.columns.text('language');
    t.columns.integer('version').notNullable().defaultTo(1);
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.columns.timestamp('updated_at').notNullable().defaultTo(knex.fn.now());
    t.indexed(['phone']);
    t.indexed(['name_folded', 'id']);
  });

  await tenantTable(knex, 'students_guardianships', (t) => {
    t.ref('student_id', 'students', { onDelete: 'cascade' });
    t.ref('guardian_id', 'students_guardians');
    t.columns.text('relationship').notNullable();
    t.columns.integer('priority').notNullable().defaultTo(1);
    t.columns.boolean('lives_with').notNullable().defaultTo(false);
    t.columns.boolean('pays_fees').notNullable().defaultTo(false);
    t.columns.boolean('gets_sms').notNullable().defaultTo(true);
    t.columns.boolean('gets_reports').notNullable().defaultTo(true);
    t.columns.boolean('may_collect').notNullable().defaultTo(true);
    t.columns.boolean('barred').notNullable().defaultTo(false);
    t.columns.text('barred_reason');
    t.check('barred', 'not (barred and (may_collect or gets_sms or gets_reports))');
    t.uniqueOn(['student_id', 'guardian_id']);
    t.indexed(['guardian_id']);
  });
  await addComment(
    knex,
    'students_guardianships',
    'barred',
    'By a court order: sees nothing of the child and may not collect it',
  );

  await tenantTable(knex, 'students_enrolments', (t) => {
    t.ref('student_id', 'students', { onDelete: 'cascade' });
    t.ref('year_id', 'school_years');
    t.ref('class_id', 'subjects_classes');
    t.ref('stream_id', 'subjects_streams', { null: true });
    t.columns.integer('roll_no');
    t.columns.date('entered_on').notNullable();
    t.columns.text('entry_reason').notNullable();
    t.columns.date('left_on');
    t.columns.text('exit_reason');
    t.columns.text('note');
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.check('span', 'left_on is null or left_on >= entered_on');
    t.check('exit', '(left_on is null) = (exit_reason is null)');
    t.indexed(['student_id', 'entered_on']);
    t.indexed(['year_id', 'stream_id']);
    t.uniqueOn(['student_id'], { where: 'left_on is null', name: 'students_enrolments_one_open' });
  });

  await tenantTable(knex, 'students_status_changes', (t) => {
    t.ref('student_id', 'students', { onDelete: 'cascade' });
    t.columns.text('from_status');
    t.columns.text('to_status').notNullable();
    t.columns.date('on_day').notNullable();
    t.columns.text('reason').notNullable();
    t.columns.text('note');
    t.columns.uuid('by_user_id');
    t.columns.text('by_name');
    t.columns.uuid('undoes_id');
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.indexed(['student_id', 'created_at']);
  });

  await tenantTable(knex, 'students_consents', (t) => {
    t.ref('student_id', 'students', { onDelete: 'cascade' });
    t.ref('guardian_id', 'students_guardians', { null: true });
    t.columns.text('purpose').notNullable();
    t.columns.boolean('given').notNullable();
    t.columns.date('on_day').notNullable();
    t.columns.text('wording').notNullable();
    t.columns.uuid('by_user_id');
    t.columns.text('by_name');
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.indexed(['student_id', 'purpose', 'created_at']);
  });
  await addComment(knex, 'students_consents', 'given', 'The newest row for a purpose counts; a withdrawal is a new row');

  await tenantTable(knex, 'students_assignments', (t) => {
    t.ref('student_id', 'students', { onDelete: 'cascade' });
    t.columns.text('kind').notNullable();
    t.ref('item_id', 'school_lists', { null: true });
    t.columns.text('detail');
    t.columns.date('from_on').notNullable();
    t.columns.date('to_on');
    t.check('kind', "kind in ('houses', 'dorms', 'routes', 'meal-plans')");
    t.check('span', 'to_on is null or to_on >= from_on');
    t.uniqueOn(['student_id', 'kind'], { where: 'to_on is null', name: 'students_assignments_one_open' });
    t.indexed(['item_id']);
  });
}

const TABLES = [
  'students_assignments',
  'students_consents',
  'students_status_changes',
  'students_enrolments',
  'students_guardianships',
  'students_guardians',
  'students_identifiers',
  'students_terms',
  'students',
];

export async function down(knex: Knex): Promise<void> {
  for (const table of TABLES) await knex.schema.dropTableIfExists(table);
}
