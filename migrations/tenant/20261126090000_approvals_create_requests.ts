import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

/** What one person asks and another decides. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(knex, 'approvals_requests', (t) => {
    t.columns.text('kind').notNullable();
    t.columns.text('subject_kind').notNullable();
    t.columns.text('subject_id').notNullable();
    t.columns.bigInteger('amount_minor');
    t.columns.text('summary').notNullable();
    t.columns.text('reason').notNullable();
    t.columns.jsonb('payload').notNullable().defaultTo('{}');
    t.columns.text('state').notNullable().defaultTo('asked');
    t.columns.uuid('asked_by_user_id');
    t.columns.text('asked_by_name').notNullable();
    t.columns.timestamp('asked_at').notNullable();
    t.columns.uuid('decided_by_user_id');
    t.columns.text('decided_by_name');
    t.columns.timestamp('decided_at');
    t.columns.text('note').notNullable().defaultTo('');
    t.columns.timestamp('moved_at').notNullable();
    t.columns.timestamp('told_at');
    t.check('state', "state in ('asked', 'approved', 'refused', 'withdrawn', 'void')");
    t.check('decided', "(state = 'asked') = (decided_at is null) and (decided_at is null) = (decided_by_name is null)");
    t.check(
      'second_person',
      "state not in ('approved', 'refused') or (decided_by_user_id is not null and decided_by_user_id is distinct from asked_by_user_id)",
    );
    t.uniqueOn(['kind', 'subject_kind', 'subject_id'], { where: "state = 'asked'", name: 'approvals_requests_one_open' });
    t.indexed(['subject_kind', 'subject_id']);
    t.indexed(['moved_at', 'id']);
    t.indexed(['asked_by_user_id', 'moved_at', 'id']);
    t.indexed(['asked_at', 'id'], { where: "state = 'asked'", name: 'approvals_requests_open' });
  });
  await addComment(
    knex,
    'approvals_requests',
    'moved_at',
    'When it was decided, or asked while it is open: the order of the inbox',
  );
  await addComment(knex, 'approvals_requests', 'told_at', 'When those who may decide were written to');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTableIfExists('approvals_requests');
}
