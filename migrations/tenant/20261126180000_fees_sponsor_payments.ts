import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

/** A payment of a sponsor for many students is found again on the sponsor's page. */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'fees_payments', (t) => {
    t.ref('sponsor_id', 'fees_sponsors', { null: true });
    t.indexed(['sponsor_id', 'created_at', 'id'], { where: 'sponsor_id is not null', name: 'fees_payments_of_sponsor' });
  });
  await addComment(
    knex,
    'fees_payments',
    'sponsor_id',
    'Who brought it, where that is a sponsor; which accounts it settles, its receipts say',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index fees_payments_of_sponsor; alter table fees_payments drop column sponsor_id');
}
