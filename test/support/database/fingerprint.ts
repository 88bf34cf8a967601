import type { TestSchool } from '../database.js';

/** What changes by mere use: nobody's data. */
const RESTLESS =
  /^(audit_|identity_sessions|identity_sign_ins|platform_rate_limits|platform_form_submissions|platform_outbox|knex_)/;

/** A digest of every table of a school: equal digests, equal rows. */
export async function fingerprint(database: TestSchool): Promise<Record<string, string>> {
  const admin = await database.admin();
  try {
    const { rows } = await admin.query<{ name: string }>(
      "select tablename as name from pg_tables where schemaname = 'public' order by 1",
    );
    const digests: Record<string, string> = {};
    for (const { name } of rows.filter((table) => !RESTLESS.test(table.name))) {
      const { rows: found } = await admin.query<{ digest: string }>(
        `select count(*) || ' ' || coalesce(md5(string_agg(one, '' order by one)), '') as digest from (select md5(t::text) as one from "${name}" t) as each_row`,
      );
      digests[name] = found[0]!.digest;
    }
    return digests;
  } finally {
    await admin.end();
  }
}
