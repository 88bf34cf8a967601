import pg from 'pg';
import type { Config } from '../../../platform/settings.js';
import type { OwnRow, PlatformRow, Standing } from '../ports.js';

/** A page waits for this at most; then what was known last holds. */
const PATIENCE_MS = 700;
/** Once, at the first start, when many schools may be opened at the same time. */
const FIRST_PATIENCE_MS = 10_000;

interface Row {
  name: string;
  country: string;
  town: string | null;
  language: string | null;
  curriculum: string | null;
  pupils: string | null;
  ownerName: string | null;
  ownerEmail: string | null;
  ownerPhone: string | null;
}

/** Through one connection of the school's own role, closed again when nobody works. */
export class PgPlatformRow implements PlatformRow {
  private readonly pool: pg.Pool;

  constructor(
    private readonly address: NonNullable<Config['coreDb']>,
    private readonly schoolId: string,
  ) {
    const patience = { connectionTimeoutMillis: PATIENCE_MS, query_timeout: PATIENCE_MS, statement_timeout: PATIENCE_MS };
    this.pool = new pg.Pool({
      ...address,
      ...patience,
      max: 1,
      idleTimeoutMillis: 30_000,
      allowExitOnIdle: true,
      application_name: 'aims-platform-link',
    });
    this.pool.on('error', () => undefined);
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  async read(): Promise<OwnRow | null> {
    const row = await this.firstRow();
    if (!row) return null;
    const { ownerName, ownerEmail, ownerPhone, ...own } = row;
    return { ...own, owner: ownerEmail ? { name: ownerName ?? ownerEmail, email: ownerEmail, phone: ownerPhone } : null };
  }

  private async firstRow(): Promise<Row | undefined> {
    const client = new pg.Client({
      ...this.address,
      connectionTimeoutMillis: FIRST_PATIENCE_MS,
      query_timeout: FIRST_PATIENCE_MS,
      application_name: 'aims-platform-link',
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query<Row>(
        `select name, country, town, language, curriculum, pupils, owner_name as "ownerName", owner_email as "ownerEmail", owner_phone as "ownerPhone"
          from schools where id = $1`,
        [this.schoolId],
      );
      return rows[0];
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  async standing(): Promise<Standing | null> {
    const { rows } = await this.pool.query<Standing>({
      name: 'platform-link.standing',
      text: `select s.state, s.closes_at as until, (select t.reason from schools_transitions t where t.school_id = s.id and t.to_state = s.state order by t.at desc limit 1) as reason
        from schools s where s.id = $1`,
      values: [this.schoolId],
    });
    return rows[0] ?? null;
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}
