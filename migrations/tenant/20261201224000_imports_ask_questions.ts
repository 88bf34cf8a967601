import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

/** What a file leaves open, and what a person has said to it; and in which transaction an import was taken back. */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'imports', (t) => {
    t.columns.jsonb('questions').notNullable().defaultTo('[]');
    t.columns.jsonb('answers').notNullable().defaultTo('{}');
    t.columns.text('undone_in');
    t.check('questions', "jsonb_typeof(questions) = 'array'");
    t.check('answers', "jsonb_typeof(answers) = 'object'");
  });
  await addComment(
    knex,
    'imports',
    'questions',
    'What the last look at the file found open: the order of day and month, letters, the order of names, what is not in the school’s lists',
  );
  await addComment(
    knex,
    'imports',
    'undone_in',
    'The transaction that took it back: rows that carry it are as an earlier import had left them, where nobody else had changed them',
  );
  await addComment(knex, 'imports', 'answers', 'By the key of the question; they stay when the file is looked at again');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('imports', (t) => t.dropColumns('questions', 'answers', 'undone_in'));
}
