import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

/** One prompt pays for brothers and sisters. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(
    knex,
    'payments_prompt_shares',
    (t) => {
      t.ref('prompt_id', 'payments_prompts');
      t.ref('student_id', 'students');
      t.columns.integer('n').notNullable();
      t.columns.bigInteger('amount_minor').notNullable();
      t.check('amount', 'amount_minor > 0');
      t.uniqueOn(['prompt_id', 'n']);
      t.indexed(['student_id']);
    },
    { comment: 'What of a prompt’s sum is for which child, where it is for several; they come to the sum' },
  );
  await addComment(knex, 'payments_prompt_shares', 'n', 'In the order in which the family saw them');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTableIfExists('payments_prompt_shares');
}
