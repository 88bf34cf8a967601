import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

/** What is owed and what was paid: invoices with their notes, payments with their receipts, and which receipt settled what. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(knex, 'fees_sponsors', (t) => {
    t.columns.text('name').notNullable();
    t.columns.text('contact').notNullable().defaultTo('');
    t.columns.text('phone');
    t.columns.text('email');
    t.columns.boolean('active').notNullable().defaultTo(true);
    t.columns.integer('version').notNullable().defaultTo(1);
    t.uniqueOn(['name']);
  });

  await tenantTable(
    knex,
    'fees_series',
    (t) => {
      t.columns.text('key').notNullable();
      t.columns.text('prefix').notNullable();
      t.columns.bigInteger('last').notNullable().defaultTo(0);
      t.check('key', "key in ('invoice', 'debit-note', 'credit-note', 'receipt')");
      t.check('last', 'last >= 0');
      t.uniqueOn(['key']);
    },
    { comment: 'The row is taken last in a transaction, so that numbers have no gap and nobody waits long.' },
  );

  await tenantTable(
    knex,
    'fees_invoices',
    (t) => {
      t.columns.text('kind').notNullable();
      t.columns.text('number').notNullable();
      t.ref('student_id', 'students');
      t.ref('term_id', 'school_terms', { null: true });
      t.columns.text('payer_kind').notNullable();
      t.columns.uuid('payer_id').notNullable();
      t.ref('of_id', 'fees_invoices', { null: true });
      t.columns.uuid('run_id');
      t.ref('class_id', 'subjects_classes', { null: true });
      t.columns.date('issued_on').notNullable();
      t.columns.date('due_on').notNullable();
      t.columns.bigInteger('total_minor').notNullable();
      t.columns.text('reason').notNullable().defaultTo('');
      t.columns.text('state').notNullable().defaultTo('issued');
      t.columns.text('source_key');
      t.columns.uuid('entry_id').notNullable();
      t.columns.uuid('by_user_id');
      t.columns.text('by_name').notNullable();
      t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
      t.columns.integer('version').notNullable().defaultTo(1);
      t.check('kind', "kind in ('invoice', 'opening', 'debit-note', 'credit-note')");
      t.check('payer', "payer_kind in ('student', 'sponsor')");
      t.check('state', "state in ('issued', 'reversed')");
      t.check('note_of', "(kind in ('debit-note', 'credit-note')) = (of_id is not null)");
      t.check('sign', "case when kind = 'credit-note' then total_minor < 0 else total_minor >= 0 end");
      t.uniqueOn(['kind', 'number']);
      t.uniqueOn(['source_key'], { where: 'source_key is not null' });
      t.uniqueOn(['student_id', 'term_id', 'payer_id'], {
        where: "kind = 'invoice' and state = 'issued' and source_key is null",
        name: 'fees_invoices_one_a_term',
      });
      t.indexed(['student_id', 'issued_on', 'id']);
      t.indexed(['payer_id', 'due_on', 'id']);
      t.indexed(['run_id'], { where: 'run_id is not null' });
      t.indexed(['created_at', 'id']);
    },
    { comment: 'What a payer owes for a student. Never changed: a note corrects it, a reversal takes it back.' },
  );
  await addComment(knex, 'fees_invoices', 'of_id', 'The invoice that a note corrects');
  await addComment(knex, 'fees_invoices', 'class_id', 'The class that the student was in at the time');
  await addComment(
    knex,
    'fees_invoices',
    'source_key',
    'What asked for it, where that was not a billing run: the same is charged once',
  );
  await addComment(knex, 'fees_invoices', 'entry_id', 'Its entry in the journal');

  await tenantTable(
    knex,
    'fees_invoice_lines',
    (t) => {
      t.ref('invoice_id', 'fees_invoices');
      t.columns.smallint('n').notNullable();
      t.ref('head_id', 'fees_vote_heads');
      t.columns.text('kind').notNullable();
      t.columns.text('description').notNullable();
      t.columns.bigInteger('amount_minor').notNullable();
      t.columns.uuid('structure_id');
      t.columns.uuid('award_id');
      t.check('kind', "kind in ('charge', 'discount', 'sponsored', 'correction')");
      t.check('amount', 'amount_minor <> 0');
      t.uniqueOn(['invoice_id', 'n']);
    },
    { appendOnly: true },
  );
  await addComment(knex, 'fees_invoice_lines', 'amount_minor', 'Above zero what is owed, below zero what is taken off');

  await tenantTable(
    knex,
    'fees_payments',
    (t) => {
      t.columns.text('method').notNullable();
      t.columns.text('state').notNullable();
      t.columns.bigInteger('amount_minor').notNullable();
      t.columns.date('received_on').notNullable();
      t.columns.uuid('account_id').notNullable();
      t.columns.text('payer_name').notNullable().defaultTo('');
      t.columns.text('payer_phone');
      t.columns.text('memo').notNullable().defaultTo('');
      t.columns.uuid('till_session_id');
      t.columns.text('client').notNullable();
      t.columns.text('client_key').notNullable();
      t.columns.text('digest').notNullable();
      t.columns.uuid('entry_id');
      t.columns.uuid('by_user_id');
      t.columns.text('by_name').notNullable();
      t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
      t.columns.integer('version').notNullable().defaultTo(1);
      t.check('method', "method in ('cash', 'cheque', 'bank', 'mobile', 'card', 'kind', 'opening')");
      t.check('state', "state in ('provisional', 'posted', 'rejected', 'reversed', 'bounced')");
      t.check('amount', 'amount_minor > 0');
      t.check('posted', "(state in ('provisional', 'rejected')) = (entry_id is null)");
      t.uniqueOn(['client', 'client_key']);
      t.indexed(['received_on', 'id']);
      t.indexed(['created_at', 'id']);
      t.indexed(['till_session_id'], { where: 'till_session_id is not null' });
      t.indexed(['state', 'created_at'], { where: "state = 'provisional'", name: 'fees_payments_unverified' });
    },
    { comment: 'Money that came in, once, whoever it was for' },
  );
  await addComment(knex, 'fees_payments', 'account_id', 'The account of the books that the money went into');
  await addComment(knex, 'fees_payments', 'client', 'Who chose the key: a user, an API client or a rail');
  await addComment(knex, 'fees_payments', 'digest', 'Of what was asked: the same key with another body is refused');

  await tenantTable(
    knex,
    'fees_payment_references',
    (t) => {
      t.ref('payment_id', 'fees_payments');
      t.columns.text('scheme').notNullable();
      t.columns.text('issuer').notNullable().defaultTo('');
      t.columns.text('value').notNullable();
      t.uniqueOn(['scheme', 'issuer', 'value']);
    },
    { appendOnly: true, comment: 'Numbers by which others know a payment, normalised: capitals and digits only' },
  );

  await tenantTable(knex, 'fees_receipts', (t) => {
    t.columns.text('number').notNullable();
    t.ref('payment_id', 'fees_payments');
    t.ref('student_id', 'students');
    t.columns.text('payer_kind').notNullable();
    t.columns.uuid('payer_id').notNullable();
    t.columns.bigInteger('amount_minor').notNullable();
    t.columns.bigInteger('balance_after_minor').notNullable();
    t.ref('class_id', 'subjects_classes', { null: true });
    t.columns.text('state').notNullable().defaultTo('issued');
    t.columns.integer('prints').notNullable().defaultTo(0);
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.check('payer', "payer_kind in ('student', 'sponsor')");
    t.check('amount', 'amount_minor > 0');
    t.check('state', "state in ('issued', 'reversed')");
    t.uniqueOn(['number']);
    t.indexed(['student_id', 'created_at', 'id']);
    t.indexed(['payer_id', 'created_at', 'id']);
    t.indexed(['created_at', 'id']);
  });

  await tenantTable(
    knex,
    'fees_allocations',
    (t) => {
      t.ref('receipt_id', 'fees_receipts');
      t.ref('invoice_id', 'fees_invoices');
      t.ref('head_id', 'fees_vote_heads');
      t.columns.bigInteger('amount_minor').notNullable();
      t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
      t.columns.timestamp('freed_at');
      t.columns.text('freed_why');
      t.check('amount', 'amount_minor > 0');
      t.check('freed', '(freed_at is null) = (freed_why is null)');
      t.indexed(['invoice_id', 'head_id'], { where: 'freed_at is null', name: 'fees_allocations_of_invoice' });
    },
    { comment: 'Which receipt settled which head of which invoice; what is freed is credit again' },
  );
}

export async function down(knex: Knex): Promise<void> {
  for (const table of [
    'fees_allocations',
    'fees_receipts',
    'fees_payment_references',
    'fees_payments',
    'fees_invoice_lines',
    'fees_invoices',
    'fees_series',
    'fees_sponsors',
  ])
    await knex.schema.dropTableIfExists(table);
}
