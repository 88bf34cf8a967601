import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

/**
 * What each credited message rests on stands beside its outcome, and a question about a prompt proves one payment alone.
 * Of what was booked before, the proof is looked up: a second message of one prompt finds none, and the check names it.
 */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'payments_outcomes', (t) => {
    t.columns.text('proof');
    t.ref('proof_message_id', 'payments_messages', { null: true });
    t.ref('proof_prompt_id', 'payments_prompts', { null: true });
    t.check(
      'proof',
      "case proof when 'prompt' then proof_prompt_id is not null and proof_message_id is null when 'list' then proof_message_id is not null and proof_prompt_id is null when 'status' then proof_message_id is not null and proof_prompt_id is null else proof is null and proof_message_id is null and proof_prompt_id is null end",
    );
    t.uniqueOn(['proof_prompt_id'], { where: 'proof_prompt_id is not null' });
  });
  await addComment(
    knex,
    'payments_outcomes',
    'proof',
    'The second source of what was booked or put into suspense: the network’s list, its answer about the payment, or about the prompt; none while it waits for one',
  );
  await addComment(
    knex,
    'payments_outcomes',
    'proof_prompt_id',
    'Once: an answer about a prompt says that it was paid, not under which number',
  );
  await changeTenantTable(knex, 'payments_suspense', (t) => t.columns.text('seen_by'));
  await addComment(
    knex,
    'payments_suspense',
    'seen_by',
    'Who has seen money on the operator’s statement that no second source had named',
  );
  await knex.raw(`
    update payments_outcomes o set proof = p.source, proof_message_id = p.id
      from payments_messages m, lateral (
        select x.source, x.id from payments_messages x left join payments_outcomes y on y.school_id = x.school_id and y.message_id = x.id
        where x.school_id = m.school_id and x.trans_id = m.trans_id and x.account_id = m.account_id and x.amount_minor = m.amount_minor and (x.source = 'list' or (x.source = 'status' and y.outcome <> 'rejected'))
        order by x.id = m.id desc, x.source, x.id limit 1) p
      where m.school_id = o.school_id and m.id = o.message_id and o.outcome in ('booked', 'suspense');
    update payments_outcomes o set proof = 'prompt', proof_prompt_id = first.prompt_id
      from (
        select distinct on (q.id) q.id as prompt_id, m.id as message_id from payments_messages m
          join payments_outcomes u on u.school_id = m.school_id and u.message_id = m.id and u.outcome in ('booked', 'suspense') and u.proof is null
          join payments_prompts q on q.school_id = m.school_id and q.account_id = m.account_id and q.checkout_request_id = m.request_id
        where m.source = 'stk' order by q.id, u.at, m.id) first
      where o.message_id = first.message_id`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(
    'alter table payments_suspense drop column seen_by; alter table payments_outcomes drop constraint payments_outcomes_proof, drop column proof, drop column proof_message_id, drop column proof_prompt_id',
  );
}
