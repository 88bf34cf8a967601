import type { Knex } from 'knex';
import { tenantTable } from '../../src/platform/db/migration.js';

/** Which number each paper got when it was made: whoever changes the number of a paper later is found out. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(
    knex,
    'fees_numbers_given',
    (t) => {
      t.columns.text('number').notNullable();
      t.columns.timestamp('given_at').notNullable().defaultTo(knex.fn.now());
    },
    {
      appendOnly: true,
      comment: '`id` is that of the invoice, note, receipt or refund; written by triggers together with the number',
    },
  );
  for (const table of ['fees_invoices', 'fees_receipts', 'fees_refunds']) {
    await knex.raw(
      'insert into fees_numbers_given (school_id, id, number, given_at) select school_id, id, number, created_at from ?? where number is not null',
      [table],
    );
  }
  await knex.raw(NOTE_NUMBERS);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop trigger fees_note_numbers on fees_invoices');
  await knex.raw('drop trigger fees_note_numbers on fees_receipts');
  await knex.raw('drop trigger fees_note_number on fees_refunds');
  await knex.raw('drop function app.fees_note_numbers()');
  await knex.raw('drop function app.fees_note_number()');
  await knex.schema.dropTable('fees_numbers_given');
}

/** A refund gets its number when it is paid, all others when they are written. */
const NOTE_NUMBERS = `
  create function app.fees_note_numbers() returns trigger language plpgsql set search_path = public as $$
    begin
      insert into fees_numbers_given (school_id, id, number) select a.school_id, a.id, a.number from added a;
      return null;
    end $$;
  create trigger fees_note_numbers after insert on fees_invoices referencing new table as added for each statement execute function app.fees_note_numbers();
  create trigger fees_note_numbers after insert on fees_receipts referencing new table as added for each statement execute function app.fees_note_numbers();
  create function app.fees_note_number() returns trigger language plpgsql set search_path = public as $$
    begin
      insert into fees_numbers_given (school_id, id, number) values (new.school_id, new.id, new.number);
      return null;
    end $$;
  create trigger fees_note_number after update on fees_refunds for each row when (old.number is null and new.number is not null) execute function app.fees_note_number();`;
