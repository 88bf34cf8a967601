import knexFactory, { type Knex } from 'knex';
import pg from 'pg';
import { ChangeFeed } from './change-feed.js';
import { Seats } from './seats.js';
import { typeParsers } from './rows/type-parsers.js';

export interface DatabaseOptions {
  host: string;
  port: number;
  database: string;
  user: string;
  password: string;
  /** Connections of this process at most; 4 is plenty for one school. */
  poolMax?: number;
  /** The server itself, past a pooler: LISTEN doesn't survive transaction pooling. */
  directHost?: string;
  directPort?: number;
  applicationName: string;
  ssl?: pg.ClientConfig['ssl'];
  /** Told what can't be thrown to anybody: a lost idle connection, a failed `afterCommit`. */
  onError?: (error: unknown, where: string) => void;
}

/** One database of one role, with the single pool that Knex and the named statements share. */
export interface Database {
  readonly knex: Knex;
  readonly pool: pg.Pool;
  /** For units of work; the pool has room for one more. */
  readonly seats: Seats;
  readonly name: string;
  /** What other processes say has changed; connects when somebody first asks. */
  readonly changes: ChangeFeed;
  readonly onError: (error: unknown, where: string) => void;
  /** What is done before the connections are closed. */
  readonly atClose: Set<() => Promise<void>>;
  readonly closing: boolean;
  close(): Promise<void>;
}

export function openDatabase(options: DatabaseOptions): Database {
  const onError = options.onError ?? ((error, where) => console.error(`${where}:`, error));
  const address: pg.ClientConfig = {
    database: options.database,
    user: options.user,
    password: options.password,
    application_name: options.applicationName,
    ssl: options.ssl,
    keepAlive: true,
    types: typeParsers,
  };
  const max = options.poolMax ?? 4;
  const pool = new pg.Pool({
    ...address,
    host: options.host,
    port: options.port,
    max,
    idleTimeoutMillis: 60_000,
    connectionTimeoutMillis: 5_000,
    // A statement may follow another before that is answered: the last one of a transaction and its COMMIT go out as one.
    pipeline: true,
  });
  let closing: Promise<void> | null = null;
  pool.on('error', (error) => closing ?? onError(error, 'idle database connection'));
  // A connection that breaks while it is lent out fails its query; unheard, the event would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const knex = knexFactory({ client: 'pg', version: '16', connectionPool: pool } as Knex.Config);
  const changes = new ChangeFeed(
    { ...address, host: options.directHost ?? options.host, port: options.directPort ?? options.port },
    onError,
  );

  const atClose = new Set<() => Promise<void>>();
  const close = async () => {
    await Promise.all([...atClose].map((work) => work()));
    await changes.close();
    await knex.destroy();
    await pool.end();
  };
  return {
    knex,
    pool,
    seats: new Seats(max),
    name: options.database,
    changes,
    onError,
    atClose,
    get closing() {
      return closing !== null;
    },
    close: () => (closing ??= close()),
  };
}
