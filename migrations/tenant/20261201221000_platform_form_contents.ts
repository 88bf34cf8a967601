import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

/** A form that comes again under its mark is the same form only when it says the same. */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'platform_form_submissions', (t) => {
    t.columns.text('asked');
  });
  await addComment(
    knex,
    'platform_form_submissions',
    'asked',
    'A short name of what was sent: another under the same mark is not the same form',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table platform_form_submissions drop column asked');
}
