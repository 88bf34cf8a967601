import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

/** What is taken up or given up in the middle of a term has a day there. */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'fees_subscriptions', (t) => {
    t.columns.date('from_on');
    t.columns.date('to_on');
    t.check('days', 'to_on is null or to_term_id is not null');
  });
  await addComment(knex, 'fees_subscriptions', 'from_on', 'The first day, inside of the first term; null: from its beginning');
  await addComment(knex, 'fees_subscriptions', 'to_on', 'The last day, inside of the last term; null: to its end');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('fees_subscriptions', (t) => t.dropColumns('from_on', 'to_on'));
}
