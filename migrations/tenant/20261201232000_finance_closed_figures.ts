import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

/** What a closing closed, so that whoever moves an entry in or out of a closed month is found out. */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'finance_closings', (t) => {
    t.columns.integer('entries');
    t.columns.text('digest');
  });
  await addComment(
    knex,
    'finance_closings',
    'entries',
    'How many entries counted up to that day; null for closings that are older than this column',
  );
  await addComment(
    knex,
    'finance_closings',
    'digest',
    'A number of all lines up to that day, the same in whatever order they are read',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table finance_closings drop column entries, drop column digest');
}
