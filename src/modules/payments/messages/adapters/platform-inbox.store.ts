import pg from 'pg';
import { newId } from '../../../../kernel/id.js';
import type { Config } from '../../../../platform/settings.js';
import type { PlatformInbox } from '../../ports.js';

/** Nobody in front of a page waits longer for a platform that is away. */
const PATIENCE_MS = 3_000;

/** The platform's rows of this school, by its own role: what it may read and add there, policies say. */
export class PgPlatformInbox implements PlatformInbox {
  private readonly pool: pg.Pool;

  constructor(
    address: NonNullable<Config['coreDb']>,
    private readonly schoolId: string,
  ) {
    const patience = { connectionTimeoutMillis: PATIENCE_MS, query_timeout: PATIENCE_MS, statement_timeout: PATIENCE_MS };
    this.pool = new pg.Pool({
      ...address,
      ...patience,
      max: 1,
      idleTimeoutMillis: 30_000,
      allowExitOnIdle: true,
      application_name: 'aims-payments',
    });
    this.pool.on('error', () => undefined);
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  async waiting(limit: number): Promise<{ id: string; accountId: string; kind: string; body: string; receivedAt: Date }[]> {
    const text =
      'select id, account_id as "accountId", kind, body, received_at as "receivedAt" from callbacks_messages where school_id = $1 and taken_at is null order by id limit $2';
    return (
      await this.pool.query<{ id: string; accountId: string; kind: string; body: string; receivedAt: Date }>(text, [
        this.schoolId,
        limit,
      ])
    ).rows;
  }

  async taken(ids: readonly string[]): Promise<void> {
    await this.pool.query(
      'update callbacks_messages set taken_at = now() where school_id = $1 and id = any($2::uuid[]) and taken_at is null',
      [this.schoolId, ids],
    );
  }

  claimReference(scheme: string, value: string): Promise<'ours' | 'foreign'> {
    return this.claim('callbacks_references', 'scheme', scheme, 'value', value);
  }

  async claimedAmong(scheme: string, values: readonly string[]): Promise<ReadonlySet<string>> {
    const text = 'select value from callbacks_references where school_id = $1 and scheme = $2 and value = any($3::text[])';
    return new Set(
      (await this.pool.query<{ value: string }>(text, [this.schoolId, scheme, values])).rows.map((row) => row.value),
    );
  }

  claimShortcode(network: string, shortcode: string): Promise<'ours' | 'foreign'> {
    return this.claim('callbacks_shortcodes', 'network', network, 'shortcode', shortcode);
  }

  async keepAddress(accountId: string, tokenHash: string): Promise<void> {
    const text =
      'insert into callbacks_addresses (id, school_id, account_id, token_hash) values ($1, $2, $3, $4) on conflict do nothing';
    await this.pool.query(text, [newId(), this.schoolId, accountId, tokenHash]);
  }

  async putPayees(keyId: string, hashes: Buffer, madeAt: Date): Promise<void> {
    const text = `insert into callbacks_payees (id, school_id, key_id, hashes, made_at) values ($1, $2, $3, $4, $5)
      on conflict (school_id) do update set key_id = excluded.key_id, hashes = excluded.hashes, made_at = excluded.made_at`;
    await this.pool.query(text, [newId(), this.schoolId, keyId, hashes, madeAt]);
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  /** What another school has can't be seen, only that it is taken. */
  private async claim(
    table: string,
    scope: string,
    scopeValue: string,
    name: string,
    value: string,
  ): Promise<'ours' | 'foreign'> {
    await this.pool.query(
      `insert into ${table} (id, school_id, ${scope}, ${name}) values ($1, $2, $3, $4) on conflict do nothing`,
      [newId(), this.schoolId, scopeValue, value],
    );
    const own = await this.pool.query(`select 1 from ${table} where school_id = $1 and ${scope} = $2 and ${name} = $3`, [
      this.schoolId,
      scopeValue,
      value,
    ]);
    return own.rows.length > 0 ? 'ours' : 'foreign';
  }
}
