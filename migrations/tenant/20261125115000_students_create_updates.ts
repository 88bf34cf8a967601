import type { Knex } from 'knex';
import { addComment, changeTenantTable, tenantTable } from '../../src/platform/db/migration.js';

/** Families look over what the school holds of them by a link, and the office takes their changes over. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(knex, 'students_update_links', (t) => {
    t.ref('guardian_id', 'students_guardians', { onDelete: 'cascade' });
    t.columns.text('token_hash').notNullable();
    t.columns.text('sent_by').notNullable();
    t.columns.timestamp('expires_at').notNullable();
    t.columns.integer('tries').notNullable().defaultTo(0);
    t.columns.timestamp('used_at');
    t.columns.uuid('by_user_id');
    t.columns.text('by_name');
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.check('sent_by', "sent_by in ('sms', 'mail', 'letter')");
    t.uniqueOn(['token_hash']);
    t.indexed(['guardian_id', 'created_at']);
  });
  await addComment(
    knex,
    'students_update_links',
    'token_hash',
    'SHA-256 of the secret in the address; the secret itself is kept nowhere',
  );
  await addComment(knex, 'students_update_links', 'tries', 'Wrong proofs; at the limit the link is dead');

  await tenantTable(knex, 'students_update_requests', (t) => {
    t.ref('guardian_id', 'students_guardians', { onDelete: 'cascade' });
    t.ref('link_id', 'students_update_links', { onDelete: 'cascade' });
    t.columns.text('state').notNullable();
    t.columns.jsonb('changes').notNullable();
    t.columns.timestamp('sent_at').notNullable().defaultTo(knex.fn.now());
    t.columns.timestamp('decided_at');
    t.columns.uuid('decided_by');
    t.columns.text('decided_by_name');
    t.columns.text('reason');
    t.check('state', "state in ('open', 'accepted', 'partly', 'rejected')");
    t.check('decided', "(state = 'open') = (decided_at is null)");
    t.indexed(['state', 'sent_at', 'id']);
  });
  await addComment(
    knex,
    'students_update_requests',
    'changes',
    'What the family wrote: [{ target, targetId, name, field, old, new, taken }]; taken is null until the office decides',
  );

  await changeTenantTable(knex, 'students_guardians', (t) => {
    t.columns.date('refreshed_on');
  });
  await addComment(
    knex,
    'students_guardians',
    'refreshed_on',
    'The day on which this person has last looked over what the school holds',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('students_guardians', (t) => t.dropColumn('refreshed_on'));
  await knex.schema.dropTableIfExists('students_update_requests');
  await knex.schema.dropTableIfExists('students_update_links');
}
