import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

/** Money that networks carry: whom the school is there, what it asked for, what it heard, and what became of it. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(
    knex,
    'payments_accounts',
    (t) => {
      t.columns.text('name').notNullable();
      t.columns.text('environment').notNullable();
      t.columns.text('kind').notNullable();
      t.columns.text('shortcode').notNullable();
      t.columns.text('till');
      t.columns.text('nominated_phone').notNullable();
      t.columns.uuid('ledger_account_id').notNullable();
      t.columns.text('sealed').notNullable();
      t.columns.text('pending');
      t.columns.text('state').notNullable().defaultTo('waiting');
      t.columns.timestamp('registered_at');
      t.columns.timestamp('pulled_at');
      t.columns.timestamp('tried_at');
      t.columns.text('tried_says');
      t.columns.integer('version').notNullable().defaultTo(1);
      t.check('environment', "environment in ('sandbox', 'production')");
      t.check('kind', "kind in ('paybill', 'till')");
      t.check('state', "state in ('waiting', 'on', 'off')");
      t.uniqueOn(['environment', 'shortcode']);
    },
    { comment: 'Numbers of the school that are paid to' },
  );
  await addComment(
    knex,
    'payments_accounts',
    'sealed',
    'Keys, passkey and the secret of the address that is called back, encrypted',
  );
  await addComment(knex, 'payments_accounts', 'pending', 'What it is to become once a second person agrees, encrypted');
  await addComment(knex, 'payments_accounts', 'pulled_at', 'Until when the network’s own list has been read');

  await tenantTable(
    knex,
    'payments_links',
    (t) => {
      t.ref('student_id', 'students', { onDelete: 'cascade' });
      t.columns.timestamp('expires_at').notNullable();
      t.columns.timestamp('ended_at');
      t.columns.uuid('by_user_id');
      t.columns.text('by_name').notNullable();
      t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    },
    {
      comment:
        'Addresses where one pays for a child without an account; the secret in them is made of the id and a key that lies in no database',
    },
  );

  await tenantTable(
    knex,
    'payments_prompts',
    (t) => {
      t.ref('account_id', 'payments_accounts');
      t.ref('student_id', 'students');
      t.ref('link_id', 'payments_links', { null: true });
      t.columns.bigInteger('amount_minor').notNullable();
      t.columns.text('phone').notNullable();
      t.columns.text('reference').notNullable();
      t.columns.text('state').notNullable();
      t.columns.text('merchant_request_id');
      t.columns.text('checkout_request_id');
      t.columns.text('result_code');
      t.columns.text('trans_id');
      t.columns.uuid('payment_id');
      t.columns.uuid('by_user_id');
      t.columns.text('by_name').notNullable();
      t.columns.timestamp('asked_at').notNullable();
      t.columns.timestamp('changed_at').notNullable();
      t.check('state', "state in ('asking', 'asked', 'unknown', 'failed', 'receipt-awaited', 'paid')");
      t.check('amount', 'amount_minor > 0');
      t.check('paid', "(state = 'paid') = (payment_id is not null)");
      t.uniqueOn(['checkout_request_id'], { where: 'checkout_request_id is not null' });
      t.uniqueOn(['trans_id'], { where: 'trans_id is not null' });
      t.indexed(['asked_at', 'id']);
      t.indexed(['student_id', 'asked_at']);
      t.indexed(['phone', 'asked_at']);
    },
    { comment: 'Prompts that were sent to phones' },
  );
  await addComment(knex, 'payments_prompts', 'amount_minor', 'Whole units: what was asked, rounded up');

  await tenantTable(
    knex,
    'payments_messages',
    (t) => {
      t.ref('account_id', 'payments_accounts');
      t.columns.text('source').notNullable();
      t.columns.text('external_key').notNullable();
      t.columns.text('body').notNullable();
      t.columns.timestamp('received_at').notNullable();
      t.columns.text('trans_id');
      t.columns.bigInteger('amount_minor');
      t.columns.text('bill_ref').notNullable().defaultTo('');
      t.columns.text('payer_name').notNullable().defaultTo('');
      t.columns.text('payer_phone').notNullable().defaultTo('');
      t.columns.timestamp('paid_at');
      t.columns.text('request_id');
      t.columns.text('result_code');
      t.check('source', "source in ('stk', 'confirmation', 'status', 'timeout', 'pull', 'list')");
      t.uniqueOn(['external_key']);
      t.indexed(['trans_id'], { where: 'trans_id is not null' });
      t.indexed(['received_at', 'id']);
    },
    { appendOnly: true, comment: 'What was heard, as it came, with what could be read of it' },
  );
  await addComment(
    knex,
    'payments_messages',
    'source',
    '“list” is the network’s own list, which we asked for; all others were called and are proven by something else',
  );
  await addComment(knex, 'payments_messages', 'request_id', 'The prompt or the question that it answers');

  await tenantTable(
    knex,
    'payments_suspense',
    (t) => {
      t.ref('account_id', 'payments_accounts');
      t.ref('message_id', 'payments_messages');
      t.columns.text('trans_id').notNullable();
      t.columns.bigInteger('amount_minor').notNullable();
      t.columns.date('paid_on').notNullable();
      t.columns.text('bill_ref').notNullable();
      t.columns.text('payer_name').notNullable();
      t.columns.text('payer_phone').notNullable();
      t.columns.text('why').notNullable();
      t.columns.text('state').notNullable().defaultTo('open');
      t.columns.uuid('entry_id').notNullable();
      t.columns.uuid('payment_id');
      t.columns.text('reason').notNullable().defaultTo('');
      t.columns.text('by_name').notNullable().defaultTo('');
      t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
      t.columns.timestamp('settled_at');
      t.check('state', "state in ('open', 'matched', 'rejected')");
      t.check('matched', "(state = 'matched') = (payment_id is not null)");
      t.check('amount', 'amount_minor > 0');
      t.uniqueOn(['trans_id']);
      t.indexed(['state', 'created_at', 'id']);
    },
    { comment: 'Money that came and whose child isn’t known' },
  );

  await tenantTable(
    knex,
    'payments_outcomes',
    (t) => {
      t.ref('message_id', 'payments_messages');
      t.columns.text('outcome').notNullable();
      t.columns.text('reason').notNullable().defaultTo('');
      t.columns.uuid('payment_id');
      t.ref('suspense_id', 'payments_suspense', { null: true });
      t.columns.timestamp('at').notNullable().defaultTo(knex.fn.now());
      t.check('outcome', "outcome in ('booked', 'duplicate', 'suspense', 'rejected')");
      t.check(
        'named',
        "case outcome when 'booked' then payment_id is not null when 'suspense' then suspense_id is not null when 'rejected' then reason <> '' else payment_id is not null or suspense_id is not null end",
      );
      t.uniqueOn(['message_id']);
    },
    { appendOnly: true, comment: 'What became of a message: exactly one thing, for good' },
  );

  await tenantTable(
    knex,
    'payments_claims',
    (t) => {
      t.columns.text('trans_id').notNullable();
      t.columns.text('state').notNullable();
      t.columns.timestamp('asked_at').notNullable();
      t.check('state', "state in ('ours', 'pending', 'foreign')");
      t.uniqueOn(['trans_id']);
      t.indexed(['state'], { where: "state <> 'ours'" });
    },
    { comment: 'Whether the platform knows that this number is ours: pending while it could not be asked' },
  );

  await tenantTable(
    knex,
    'payments_questions',
    (t) => {
      t.ref('account_id', 'payments_accounts');
      t.columns.text('request_id').notNullable();
      t.columns.text('trans_id').notNullable();
      t.columns.timestamp('asked_at').notNullable();
      t.uniqueOn(['request_id']);
      t.indexed(['trans_id', 'asked_at']);
    },
    { appendOnly: true, comment: 'What we asked the network about a transaction: only an answer to one of these is believed' },
  );
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['questions', 'claims', 'outcomes', 'suspense', 'messages', 'prompts', 'links', 'accounts'])
    await knex.schema.dropTableIfExists(`payments_${table}`);
}
