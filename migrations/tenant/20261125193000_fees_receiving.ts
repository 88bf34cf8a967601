import type { Knex } from 'knex';
import { addComment, changeTenantTable, tenantTable } from '../../src/platform/db/migration.js';

/** What receiving money needs beside the documents: locks in one order, codes behind receipts, references that can be free again. */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'fees_payments', (t) => {
    t.columns.jsonb('waiting');
    t.columns.date('ended_on');
    t.columns.text('ended_why').notNullable().defaultTo('');
    t.check('waiting', "waiting is not null or state not in ('provisional', 'rejected')");
    t.check('ended', "(ended_on is not null) = (state in ('rejected', 'reversed', 'bounced'))");
    t.indexed(['received_on', 'amount_minor'], {
      where: "method = 'cash' and state = 'posted'",
      name: 'fees_payments_cash_of_day',
    });
  });
  await addComment(
    knex,
    'fees_payments',
    'waiting',
    'Shares and instructions of a payment that was shown, not seen: they are booked when it is',
  );
  await addComment(knex, 'fees_payments', 'ended_why', 'Why it was rejected or taken back');

  await changeTenantTable(knex, 'fees_receipts', (t) => {
    t.columns.text('code').notNullable();
    t.ref('replaces_id', 'fees_receipts', { null: true });
    t.uniqueOn(['code']);
  });
  await addComment(knex, 'fees_receipts', 'code', 'The secret part of the address behind its QR');
  await addComment(knex, 'fees_receipts', 'replaces_id', 'The receipt of another child that this money was moved from');

  await changeTenantTable(knex, 'fees_payment_references', (t) => {
    t.columns.timestamp('freed_at');
    t.indexed(['value']);
  });
  await addComment(
    knex,
    'fees_payment_references',
    'freed_at',
    'When its payment was taken back: the number can be written on the right receipt',
  );
  await knex.raw(`
    drop index fees_payment_references_scheme_issuer_value_key;
    create unique index fees_payment_references_live on fees_payment_references (school_id, scheme, issuer, value) where freed_at is null;
    grant update (freed_at) on fees_payment_references to aims_app`);

  await tenantTable(knex, 'fees_receiving_settings', (t) => {
    t.columns.text('allocation_order').notNullable().defaultTo('priority');
    t.columns.bigInteger('reversal_limit_minor').notNullable().defaultTo(0);
    t.columns.integer('version').notNullable().defaultTo(1);
    t.check('order', "allocation_order in ('priority', 'pro-rata')");
    t.check('limit', 'reversal_limit_minor >= 0');
    t.uniqueOn([]);
  });
  await addComment(
    knex,
    'fees_receiving_settings',
    'reversal_limit_minor',
    'Up to this sum a cashier takes back an own receipt alone, before cashing up',
  );

  await knex.raw(HOLD);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop function app.fees_hold(text, text[])');
  await knex.schema.dropTableIfExists('fees_receiving_settings');
  await knex.raw(`
    revoke update (freed_at) on fees_payment_references from aims_app;
    drop index fees_payment_references_live;
    create unique index fees_payment_references_scheme_issuer_value_key on fees_payment_references (school_id, scheme, issuer, value);
    drop index fees_payment_references_value_idx;
    alter table fees_payment_references drop column freed_at;
    alter table fees_receipts drop column code, drop column replaces_id;
    alter table fees_payments drop constraint fees_payments_waiting, drop constraint fees_payments_ended, drop column waiting, drop column ended_on, drop column ended_why;
    drop index fees_payments_cash_of_day`);
}

/**
 * Waits at most three seconds for the same key in flight, then for all that the payment touches, always in one order: two
 * payments for one family can't wait for each other in a circle.
 */
const HOLD = `
  create function app.fees_hold(key text, names text[]) returns void language plpgsql as $$
    begin
      if key is not null then
        perform set_config('lock_timeout', '3000', true);
        perform pg_advisory_xact_lock(hashtextextended(key, 4721));
        perform set_config('lock_timeout', '0', true);
      end if;
      perform pg_advisory_xact_lock(named.hash) from (select distinct hashtextextended(n, 4722) as hash from unnest(names) as n order by 1) as named;
    end $$;`;
