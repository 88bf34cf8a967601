import type { Knex } from 'knex';
import { addComment, changeTenantTable, tenantTable } from '../../src/platform/db/migration.js';

/** Slips of the bank, for cheques and for cash of a till: a number once in a bank, corrected and undone as long as it can be. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(
    knex,
    'fees_bank_slips',
    (t) => {
      t.columns.uuid('account_id').notNullable();
      t.columns.text('number').notNullable().defaultTo('');
      t.columns.text('value').notNullable().defaultTo('');
      t.columns.bigInteger('amount_minor').notNullable();
      t.ref('deposit_id', 'fees_cheque_deposits', { null: true });
      t.ref('movement_id', 'fees_till_movements', { null: true });
      t.columns.date('undone_on');
      t.columns.text('undone_by');
      t.columns.text('undone_why').notNullable().defaultTo('');
      t.columns.boolean('back_in_till').notNullable().defaultTo(false);
      t.check('one', 'num_nonnulls(deposit_id, movement_id) = 1');
      t.check('amount', 'amount_minor > 0');
      t.check(
        'undone',
        "(undone_on is null) = (undone_by is null) and (undone_on is null) = (undone_why = '') and (undone_on is not null or not back_in_till)",
      );
      t.uniqueOn(['account_id', 'value'], { where: "undone_on is null and value <> ''", name: 'fees_bank_slips_live' });
    },
    { comment: 'What went to a bank on one slip' },
  );
  await addComment(
    knex,
    'fees_bank_slips',
    'account_id',
    'The account of the books that stands for the bank, as it was corrected',
  );
  await addComment(knex, 'fees_bank_slips', 'value', 'The number in capitals and digits alone; empty where none was written');
  await addComment(
    knex,
    'fees_bank_slips',
    'back_in_till',
    'It was undone before the till was counted, so that its cash lay there again',
  );
  // Of two slips of one number in one bank the later keeps what was written, and is found by its day.
  await knex.raw(`
    insert into fees_bank_slips (school_id, id, account_id, number, value, amount_minor, deposit_id)
      select school_id, gen_random_uuid(), account_id, slip_number, case when n = 1 then value else '' end, amount_minor, id from (
        select d.*, x.value, row_number() over (partition by d.account_id, x.value order by d.created_at, d.id) as n
          from fees_cheque_deposits d cross join lateral (select upper(regexp_replace(d.slip_number, '[^A-Za-z0-9]', '', 'g')) as value) x) d;
    insert into fees_bank_slips (school_id, id, account_id, amount_minor, movement_id)
      select m.school_id, gen_random_uuid(), l.account_id, m.amount_minor, m.id
        from fees_till_movements m join finance_lines l on l.school_id = m.school_id and l.entry_id = m.entry_id and l.amount_minor > 0 where m.kind = 'bank'`);

  await tenantTable(
    knex,
    'fees_slip_corrections',
    (t) => {
      t.ref('slip_id', 'fees_bank_slips');
      t.columns.uuid('from_account_id').notNullable();
      t.columns.uuid('to_account_id').notNullable();
      t.columns.uuid('entry_id').notNullable();
      t.columns.text('reason').notNullable();
      t.columns.text('by_name').notNullable();
      t.columns.date('corrected_on').notNullable();
    },
    { appendOnly: true, comment: 'Slips that stood on the account of a wrong bank' },
  );

  await changeTenantTable(knex, 'fees_cheque_bankings', (t) => t.columns.date('undone_on'));
  await addComment(knex, 'fees_cheque_bankings', 'undone_on', 'The slip was undone: the cheque is in hand, or on another');
  await knex.raw(`
    drop index fees_cheque_bankings_payment_id_key;
    create unique index fees_cheque_bankings_payment_id_key on fees_cheque_bankings (school_id, payment_id) where undone_on is null`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    delete from fees_cheque_bankings where undone_on is not null;
    drop index fees_cheque_bankings_payment_id_key;
    alter table fees_cheque_bankings drop column undone_on;
    create unique index fees_cheque_bankings_payment_id_key on fees_cheque_bankings (school_id, payment_id)`);
  for (const table of ['fees_slip_corrections', 'fees_bank_slips']) await knex.schema.dropTableIfExists(table);
}
