import pg from 'pg';
import type { Connection } from '../../ports.js';

export async function withClient<Result>(connection: Connection, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ ...connection, application_name: 'aims-provisioner', connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A pool of one role that acts as another from its first statement on. */
export async function withPoolAs<Result>(
  connection: Connection,
  role: string | null,
  work: (pool: pg.Pool) => Promise<Result>,
): Promise<Result> {
  const setRole = role === null ? {} : { options: `-c role=${role}` };
  const pool = new pg.Pool({
    ...connection,
    ...setRole,
    max: 2,
    application_name: 'aims-migrate',
    connectionTimeoutMillis: 10_000,
  });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

export const name = pg.escapeIdentifier;
export const text = pg.escapeLiteral;

export async function exists(client: pg.Client, select: string, values: unknown[]): Promise<boolean> {
  const { rowCount } = await client.query(select, values);
  return (rowCount ?? 0) > 0;
}
