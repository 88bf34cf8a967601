import type { Knex } from 'knex';

/**
 * An import fills tables within one transaction, and until somebody counts them the planner takes any index that
 * begins with the school for as good as the key, also behind foreign keys. Only the owner of a table may count it.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create function app.learn_sizes(tables text[]) returns void
      language plpgsql security definer
      set search_path = pg_catalog, pg_temp
      as $$
      declare name text;
      begin
        foreach name in array tables loop
          execute format('analyze public.%I', name);
        end loop;
      end $$;
    revoke all on function app.learn_sizes(text[]) from public;
    grant execute on function app.learn_sizes(text[]) to aims_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop function app.learn_sizes(text[])');
}
