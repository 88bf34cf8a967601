import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

/** Whoever holds an invoice can see that it is genuine, as with a receipt. The default fills those that are there, and those that an older process writes meanwhile. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(CODE);
  await changeTenantTable(knex, 'fees_invoices', (t) => {
    t.columns.text('code').notNullable().defaultTo(knex.raw('app.fees_paper_code()'));
    t.uniqueOn(['code']);
  });
  await addComment(knex, 'fees_invoices', 'code', 'The secret part of the address behind its QR');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table fees_invoices drop column code; drop function app.fees_paper_code()');
}

/** 20 letters and digits that aren't misread, of the random bytes of three uuids (their fixed bytes are left out). */
const CODE = `
  create function app.fees_paper_code() returns text language sql volatile as $$
    select string_agg(substr('abcdefghjkmnpqrstuvwxyz23456789', 1 + get_byte(random.bytes, n) % 31, 1), '' order by n)
      from (select substring(uuid_send(gen_random_uuid()) from 10 for 7) || substring(uuid_send(gen_random_uuid()) from 10 for 7) || substring(uuid_send(gen_random_uuid()) from 1 for 6) as bytes) random,
        generate_series(0, 19) n
  $$`;
