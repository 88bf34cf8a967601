import type { Knex } from 'knex';

/**
 * The application adds jobs and learns how many there are through these two functions only. They belong to
 * the worker's role, as the tables do, and act with its rights.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    grant create on schema app to aims_worker;
    set local role aims_worker;

    create function app.enqueue(task text, payload json, job_key text, queue text, run_at timestamptz, max_attempts int) returns bigint
      language plpgsql security definer
      set search_path = pg_catalog, pg_temp
      as $$ begin
        return (graphile_worker.add_job(task, payload, queue, run_at, max_attempts, job_key)).id;
      end $$;
    revoke all on function app.enqueue(text, json, text, text, timestamptz, int) from public;
    grant execute on function app.enqueue(text, json, text, text, timestamptz, int) to aims_app;

    create function app.jobs_summary(out waiting bigint, out running bigint, out failed bigint, out next_due_at timestamptz)
      language sql stable security definer
      set search_path = pg_catalog, pg_temp
      as $$
        select count(*) filter (where locked_at is null and attempts < max_attempts),
               count(*) filter (where locked_at is not null),
               count(*) filter (where locked_at is null and attempts >= max_attempts),
               min(case when locked_at is not null then now() else run_at end)
                 filter (where locked_at is not null or attempts < max_attempts)
          from graphile_worker.jobs
      $$;
    revoke all on function app.jobs_summary() from public;
    grant execute on function app.jobs_summary() to aims_app;

    set local role aims_owner;
    revoke create on schema app from aims_worker;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    set local role aims_worker;
    drop function app.jobs_summary();
    drop function app.enqueue(text, json, text, text, timestamptz, int);
    set local role aims_owner;
  `);
}
