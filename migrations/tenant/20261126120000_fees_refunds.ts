import type { Knex } from 'knex';
import { addComment, changeTenantTable, tenantTable } from '../../src/platform/db/migration.js';

/** Credit that is paid out: what of which receipts, to whom, and what became of it. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(
    knex,
    'fees_refunds',
    (t) => {
      t.columns.text('number');
      t.ref('student_id', 'students');
      t.columns.text('payer_kind').notNullable();
      t.columns.uuid('payer_id').notNullable();
      t.ref('class_id', 'subjects_classes', { null: true });
      t.columns.bigInteger('amount_minor').notNullable();
      t.columns.text('method').notNullable();
      t.columns.text('payee_name').notNullable();
      t.columns.text('payee_account').notNullable().defaultTo('');
      t.columns.text('reason').notNullable();
      t.columns.text('state').notNullable().defaultTo('asked');
      t.columns.date('asked_on').notNullable();
      t.columns.uuid('by_user_id');
      t.columns.text('by_name').notNullable();
      t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
      t.columns.text('decided_by_name');
      t.columns.text('reference').notNullable().defaultTo('');
      t.columns.date('paid_on');
      t.columns.uuid('paid_by_user_id');
      t.columns.text('paid_by_name');
      t.columns.uuid('till_session_id');
      t.columns.uuid('entry_id');
      t.columns.date('ended_on');
      t.columns.text('ended_why').notNullable().defaultTo('');
      t.columns.integer('prints').notNullable().defaultTo(0);
      t.check('payer', "payer_kind in ('student', 'sponsor')");
      t.check('amount', 'amount_minor > 0');
      t.check('method', "method in ('cash', 'bank', 'mobile', 'cheque')");
      t.check('state', "state in ('asked', 'approved', 'paid', 'refused', 'withdrawn', 'cancelled', 'reversed')");
      t.check(
        'paid',
        "case when state in ('paid', 'reversed') then num_nonnulls(number, paid_on, paid_by_name, entry_id) = 4 else num_nonnulls(number, paid_on, paid_by_name, entry_id, till_session_id) = 0 end",
      );
      t.check('ended', "(ended_on is not null) = (state in ('refused', 'withdrawn', 'cancelled', 'reversed'))");
      t.uniqueOn(['number'], { where: 'number is not null' });
      t.indexed(['student_id', 'created_at', 'id']);
      t.indexed(['payer_id'], { where: "state in ('asked', 'approved')", name: 'fees_refunds_set_apart' });
      t.indexed(['created_at', 'id']);
    },
    { comment: 'Credit that is paid out to who paid it. Never deleted: what was wrong is taken back by a mirror of its entry.' },
  );
  await addComment(knex, 'fees_refunds', 'number', 'Given when it is paid, in one series without a gap');
  await addComment(knex, 'fees_refunds', 'payee_account', 'The phone or bank account that the money goes to');
  await addComment(knex, 'fees_refunds', 'reference', 'By which others know the payment: a code, a slip, a cheque');
  await addComment(knex, 'fees_refunds', 'entry_id', 'Its entry in the journal');

  await tenantTable(
    knex,
    'fees_refund_parts',
    (t) => {
      t.ref('refund_id', 'fees_refunds');
      t.ref('receipt_id', 'fees_receipts');
      t.columns.bigInteger('amount_minor').notNullable();
      t.columns.timestamp('freed_at');
      t.columns.text('freed_why');
      t.check('amount', 'amount_minor > 0');
      t.check('freed', '(freed_at is null) = (freed_why is null)');
      t.indexed(['receipt_id'], { where: 'freed_at is null', name: 'fees_refund_parts_live' });
    },
    {
      comment:
        'Which receipts’ credit a refund pays out: set apart from the asking on, so that no bill and no other refund uses it',
    },
  );

  await changeTenantTable(knex, 'fees_till_movements', (t) => t.ref('refund_id', 'fees_refunds', { null: true }));
  await knex.raw(`
    alter table fees_till_movements drop constraint fees_till_movements_kind;
    alter table fees_till_movements add constraint fees_till_movements_kind check (kind in ('safe', 'bank', 'returned', 'refunded', 'refund-back'));
    alter table fees_till_movements add constraint fees_till_movements_refund check ((kind in ('refunded', 'refund-back')) = (refund_id is not null));
    alter table fees_series drop constraint fees_series_key;
    alter table fees_series add constraint fees_series_key check (key in ('invoice', 'debit-note', 'credit-note', 'receipt', 'refund'))`);
  await addComment(
    knex,
    'fees_till_movements',
    'refund_id',
    'The refund that was paid out of this till, or brought back into it',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    delete from fees_till_movements where refund_id is not null;
    alter table fees_till_movements drop constraint fees_till_movements_refund, drop constraint fees_till_movements_kind, drop column refund_id;
    alter table fees_till_movements add constraint fees_till_movements_kind check (kind in ('safe', 'bank', 'returned'));
    delete from fees_series where key = 'refund';
    alter table fees_series drop constraint fees_series_key;
    alter table fees_series add constraint fees_series_key check (key in ('invoice', 'debit-note', 'credit-note', 'receipt'))`);
  for (const table of ['fees_refund_parts', 'fees_refunds']) await knex.schema.dropTableIfExists(table);
}
