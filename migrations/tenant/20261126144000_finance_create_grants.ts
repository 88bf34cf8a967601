import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

/** Grants of the state: what came into which fund, and for which heads. They never touch what a student owes. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(
    knex,
    'finance_grants',
    (t) => {
      t.columns.integer('number').notNullable();
      t.columns.uuid('key').notNullable();
      t.ref('fund_id', 'finance_funds');
      t.ref('account_id', 'finance_accounts');
      t.columns.date('received_on').notNullable();
      t.columns.text('giver').notNullable();
      t.columns.text('reference').notNullable();
      t.columns.integer('learners');
      t.columns.bigInteger('amount_minor').notNullable();
      t.columns.text('note').notNullable().defaultTo('');
      t.columns.text('state').notNullable().defaultTo('received');
      t.columns.text('ended_why').notNullable().defaultTo('');
      t.columns.uuid('entry_id').notNullable();
      t.columns.text('by_name').notNullable();
      t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
      t.check('learners', 'learners > 0');
      t.check('amount', 'amount_minor > 0');
      t.check('state', "state in ('received', 'reversed')");
      t.check('ended', "(state = 'reversed') = (ended_why <> '')");
      t.uniqueOn(['number']);
      t.uniqueOn(['key']);
      t.uniqueOn(['fund_id', 'reference'], { where: "state = 'received'", name: 'finance_grants_reference' });
      t.indexed(['received_on', 'number']);
    },
    { comment: 'Money of the state that came in. Never deleted: what was wrong is taken back by a mirror of its entry.' },
  );
  await addComment(knex, 'finance_grants', 'key', 'Made when the form is drawn: the same form is booked once');
  await addComment(knex, 'finance_grants', 'account_id', 'The bank account that the money came into');

  await tenantTable(
    knex,
    'finance_grant_parts',
    (t) => {
      t.ref('grant_id', 'finance_grants');
      t.columns.uuid('head_id').notNullable();
      t.columns.bigInteger('per_learner_minor');
      t.columns.bigInteger('amount_minor').notNullable();
      t.check('amount', 'amount_minor > 0');
      t.check('per_learner', 'per_learner_minor > 0');
      t.uniqueOn(['grant_id', 'head_id']);
    },
    { appendOnly: true },
  );
  await addComment(knex, 'finance_grant_parts', 'head_id', 'A vote head of the module that charges by them, of the kind grant');
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['finance_grant_parts', 'finance_grants']) await knex.schema.dropTableIfExists(table);
}
