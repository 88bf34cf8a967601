import type { Knex } from 'knex';
import { addComment, coreTable, letSchoolsAdd, letSchoolsChange } from '../../src/platform/db/migration.js';

/** Where networks that carry money call back, for all schools: stored here first, and taken from here by each school. */
export async function up(knex: Knex): Promise<void> {
  await coreTable(
    knex,
    'callbacks_addresses',
    (t) => {
      t.ref('school_id', 'schools', { onDelete: 'cascade' });
      t.columns.uuid('account_id').notNullable();
      t.columns.text('token_hash').notNullable();
      t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
      t.uniqueOn(['token_hash']);
    },
    {
      schoolColumn: 'school_id',
      comment: 'Secret addresses, one for each account with a network; an old one goes on being heard',
    },
  );
  await addComment(knex, 'callbacks_addresses', 'account_id', 'As the school calls the account');
  await letSchoolsAdd(knex, 'callbacks_addresses', 'school_id');

  await coreTable(
    knex,
    'callbacks_messages',
    (t) => {
      t.ref('school_id', 'schools', { onDelete: 'cascade' });
      t.columns.uuid('account_id').notNullable();
      t.columns.text('kind').notNullable();
      t.columns.text('body').notNullable();
      t.columns.text('ip');
      t.columns.timestamp('received_at').notNullable().defaultTo(knex.fn.now());
      t.columns.timestamp('taken_at');
      t.check('kind', "kind in ('stk', 'confirmation', 'status', 'timeout', 'pull')");
      t.indexed(['school_id', 'id'], { where: 'taken_at is null', name: 'callbacks_messages_waiting' });
      t.indexed(['taken_at'], { where: 'taken_at is not null', name: 'callbacks_messages_taken' });
    },
    { schoolColumn: 'school_id', comment: 'What was called, as it came; the school says that it has it' },
  );
  await letSchoolsChange(knex, 'callbacks_messages', 'school_id', ['taken_at']);

  await coreTable(
    knex,
    'callbacks_payees',
    (t) => {
      t.ref('school_id', 'schools', { onDelete: 'cascade' });
      t.columns.text('key_id').notNullable();
      t.columns.binary('hashes').notNullable();
      t.columns.timestamp('made_at').notNullable();
      t.uniqueOn(['school_id']);
    },
    {
      schoolColumn: 'school_id',
      comment:
        'Whom one can pay for in a school: eight bytes of a keyed hash of each number, in order. The key lies in no database.',
    },
  );
  await letSchoolsAdd(knex, 'callbacks_payees', 'school_id', ['key_id', 'hashes', 'made_at']);

  await coreTable(
    knex,
    'callbacks_references',
    (t) => {
      t.ref('school_id', 'schools');
      t.columns.text('scheme').notNullable();
      t.columns.text('value').notNullable();
      t.columns.timestamp('claimed_at').notNullable().defaultTo(knex.fn.now());
      t.uniqueOn(['scheme', 'value']);
    },
    {
      schoolColumn: 'school_id',
      appendOnly: true,
      comment: 'Numbers of payments that are unique in a whole network: the school that booked one has it for good',
    },
  );
  await letSchoolsAdd(knex, 'callbacks_references', 'school_id');

  await coreTable(
    knex,
    'callbacks_shortcodes',
    (t) => {
      t.ref('school_id', 'schools');
      t.columns.text('network').notNullable();
      t.columns.text('shortcode').notNullable();
      t.columns.timestamp('claimed_at').notNullable().defaultTo(knex.fn.now());
      t.uniqueOn(['network', 'shortcode']);
    },
    { schoolColumn: 'school_id', comment: 'Numbers that are paid to: each belongs to one school' },
  );
  await letSchoolsAdd(knex, 'callbacks_shortcodes', 'school_id');
}

export async function down(knex: Knex): Promise<void> {
  for (const table of [
    'callbacks_shortcodes',
    'callbacks_references',
    'callbacks_payees',
    'callbacks_messages',
    'callbacks_addresses',
  ])
    await knex.schema.dropTableIfExists(table);
}
