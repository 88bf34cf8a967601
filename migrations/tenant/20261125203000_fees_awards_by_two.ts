import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

/** An award above the limit of its kind waits for a second person. */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'fees_award_kinds', (t) => {
    t.columns.bigInteger('ask_above');
    t.check('ask_above', 'ask_above is null or ask_above >= 0');
  });
  await addComment(
    knex,
    'fees_award_kinds',
    'ask_above',
    'An award of more than this, counted as the value is, needs a second person; null asks nobody',
  );
  await knex.raw(`
    alter table fees_awards drop constraint fees_awards_state;
    alter table fees_awards add constraint fees_awards_state check (state in ('asked', 'active', 'refused', 'ended'))`);
  await changeTenantTable(knex, 'fees_awards', (t) => t.indexed(['created_at', 'id']));
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    delete from fees_awards where state in ('asked', 'refused');
    alter table fees_awards drop constraint fees_awards_state;
    alter table fees_awards add constraint fees_awards_state check (state in ('active', 'ended'));
    drop index fees_awards_created_at_id_idx;
    alter table fees_award_kinds drop constraint fees_award_kinds_ask_above, drop column ask_above`);
}
