import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

/** Money that the network took back at its own end: it waits no more, and under which code and on which day it went stays known. */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'payments_suspense', (t) => {
    t.columns.text('reversal_code');
    t.columns.date('reversed_on');
    t.columns.uuid('reversal_entry_id');
    t.uniqueOn(['reversal_code'], { where: 'reversal_code is not null' });
  });
  await knex.raw(`
    alter table payments_suspense drop constraint payments_suspense_state;
    alter table payments_suspense add constraint payments_suspense_state check (state in ('open', 'matched', 'rejected', 'taken-back'));
    alter table payments_suspense add constraint payments_suspense_reversal
      check (case when state = 'taken-back' then num_nonnulls(reversal_code, reversed_on, reversal_entry_id) = 3 else num_nonnulls(reversal_code, reversed_on, reversal_entry_id) = 0 end)`);
  await addComment(
    knex,
    'payments_suspense',
    'reversal_code',
    'Under which the network took the money back; unique in the whole network',
  );
  await addComment(
    knex,
    'payments_suspense',
    'reversal_entry_id',
    'The entry that takes it out of suspense and off the account of the number',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table payments_suspense drop constraint payments_suspense_reversal, drop constraint payments_suspense_state;
    update payments_suspense set state = 'rejected', reason = 'Taken back by the network: ' || reversal_code || ', ' || reversed_on where state = 'taken-back';
    alter table payments_suspense add constraint payments_suspense_state check (state in ('open', 'matched', 'rejected'));
    alter table payments_suspense drop column reversal_code, drop column reversed_on, drop column reversal_entry_id`);
}
