import type { Knex } from 'knex';
import { tenantTable } from '../../src/platform/db/migration.js';

const NUMBERED = [
  ['entry', 'finance_entry_numbers'],
  ['grant', 'finance_grants'],
] as const;

/** Which number each voucher and each grant got: whoever changes it later is found out. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(
    knex,
    'finance_numbers_given',
    (t) => {
      t.columns
        .text('kind')
        .notNullable()
        .checkIn(NUMBERED.map(([kind]) => kind));
      t.columns.integer('number').notNullable();
      t.columns.timestamp('given_at').notNullable().defaultTo(knex.fn.now());
    },
    { appendOnly: true, comment: '`id` is that of the entry or the grant; written by triggers together with the number' },
  );
  await knex.raw(`
    create function app.finance_note_numbers() returns trigger language plpgsql set search_path = public as $$
      begin
        insert into finance_numbers_given (school_id, id, kind, number) select a.school_id, a.id, tg_argv[0], a.number from added a;
        return null;
      end $$`);
  for (const [kind, table] of NUMBERED) {
    await knex.raw('insert into finance_numbers_given (school_id, id, kind, number) select school_id, id, ?, number from ??', [
      kind,
      table,
    ]);
    await knex.raw(
      `create trigger finance_note_numbers after insert on ?? referencing new table as added for each statement execute function app.finance_note_numbers('${kind}')`,
      [table],
    );
  }
}

export async function down(knex: Knex): Promise<void> {
  for (const [, table] of NUMBERED) await knex.raw('drop trigger finance_note_numbers on ??', [table]);
  await knex.raw('drop function app.finance_note_numbers()');
  await knex.schema.dropTable('finance_numbers_given');
}
