import type { Knex } from 'knex';
import { addComment, coreTable } from '../../src/platform/db/migration.js';

export async function up(knex: Knex): Promise<void> {
  await coreTable(
    knex,
    'signup_drafts',
    (t) => {
      t.columns.text('browser_hash').notNullable();
      t.columns.jsonb('answers').notNullable().defaultTo('{}');
      t.columns.text('confirmed_email');
      t.columns.timestamp('code_asked_at');
      t.columns.uuid('school_id');
      t.columns.text('page');
      t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
      t.columns.timestamp('updated_at').notNullable().defaultTo(knex.fn.now());
      t.check('opened', `(school_id is null) = (page is null)`);
      t.uniqueOn(['browser_hash']);
      t.indexed(['updated_at']);
      t.indexed(['created_at']);
    },
    { comment: 'What strangers have told so far; emptied when the school is entered, gone after 14 days' },
  );
  await addComment(knex, 'signup_drafts', 'browser_hash', 'Of a secret that only this browser has, in a cookie');
  await addComment(knex, 'signup_drafts', 'confirmed_email', 'Proven by a code; counts only while it is the one in the answers');
  await coreTable(
    knex,
    'signup_codes',
    (t) => {
      t.ref('draft_id', 'signup_drafts', { onDelete: 'cascade' });
      t.columns.text('email').notNullable();
      t.columns.text('language').notNullable();
      t.columns.text('code_hash').comment('Null until the letter leaves');
      t.columns.integer('tries').notNullable().defaultTo(0);
      t.columns.timestamp('expires_at').notNullable();
      t.columns.timestamp('used_at').comment('Also when a newer one took its place');
      t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
      t.indexed(['expires_at']);
    },
    { comment: 'One-time codes that prove an address' },
  );
  await coreTable(
    knex,
    'signup_consents',
    (t) => {
      t.columns.uuid('school_id').notNullable();
      t.columns.text('version').notNullable();
      t.columns.text('language').notNullable();
      t.columns.timestamp('consented_at').notNullable();
      t.uniqueOn(['school_id', 'version']);
    },
    { appendOnly: true, comment: 'Which wording of the terms was agreed to for a school, and when; names nobody' },
  );
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['signup_consents', 'signup_codes', 'signup_drafts']) await knex.schema.dropTable(table);
}
