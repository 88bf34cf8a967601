import type { Knex } from 'knex';

/** A vote head can be for money of the state, which nobody is charged. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    "alter table fees_vote_heads drop constraint fees_vote_heads_kind, add constraint fees_vote_heads_kind check (kind in ('income', 'deposit', 'for-others', 'grant'))",
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(
    "alter table fees_vote_heads drop constraint fees_vote_heads_kind, add constraint fees_vote_heads_kind check (kind in ('income', 'deposit', 'for-others'))",
  );
}
