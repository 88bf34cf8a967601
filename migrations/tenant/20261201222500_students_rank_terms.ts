import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

/**
 * Words by which students are found begin with what they are to the child (1 surname … 7 a guardian's phone backwards), and carry
 * the child's place in the register: matches are read in the order of one index. Words from before, without a place, are
 * written anew when the school opens.
 */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'students_terms', (t) => {
    t.columns.text('sort_name').notNullable().defaultTo('');
    t.indexed(['term', 'sort_name', 'student_id']);
  });
  await knex.raw('drop index students_terms_term_student_id_idx');
  await addComment(
    knex,
    'students_terms',
    'term',
    'A folded word or number, matched by prefix; before it 1 surname, 2 first name, 3 other name, 4 number, 5 guardian’s name, 6 guardian’s phone, 7 the same backwards',
  );
  await addComment(
    knex,
    'students_terms',
    'sort_name',
    'The child’s, so that matches are read in the order in which they are shown',
  );
}

export async function down(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'students_terms', (t) => t.indexed(['term', 'student_id']));
  await knex.raw('alter table students_terms drop column sort_name');
}
