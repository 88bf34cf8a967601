import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

/** Letters take their numbers from the school's counter, each once; those from before may share one and stay as they are. */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'students_documents', (t) => {
    t.columns.boolean('counted').notNullable().defaultTo(false);
    t.columns.text('by_name');
    t.uniqueOn(['reference'], { where: 'counted', name: 'students_documents_reference_key' });
    t.indexed(['issued_on', 'id'], { where: "kind in ('transfer', 'leaving')", name: 'students_documents_letters' });
  });
  await addComment(knex, 'students_documents', 'counted', 'The number came from the school’s counter and is no other letter’s');
  await knex.raw(
    `insert into school_counters (school_id, id, key, last)
      select school_id, gen_random_uuid(), 'letter-' || kind || ':' || extract(year from issued_on)::int, count(*)
        from students_documents where kind in ('transfer', 'leaving') and reference is not null group by school_id, kind, extract(year from issued_on)
      on conflict (school_id, key) do nothing`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index if exists students_documents_letters');
  await knex.raw('drop index if exists students_documents_reference_key');
  await knex.raw("delete from school_counters where key like 'letter-%'");
  await knex.schema.alterTable('students_documents', (t) => t.dropColumns('counted', 'by_name'));
}
