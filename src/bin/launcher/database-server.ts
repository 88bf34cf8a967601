import { connect } from 'node:net';
import path from 'node:path';
import pg from 'pg';
import { startPostgres, type EmbeddedPostgres } from '../../platform/embedded-postgres.js';
import type { Secrets } from '../../platform/secrets-file.js';
import { sentenceFor, StopReason } from './stop-reason.js';

/** The PostgreSQL that everything here runs on, with a user who may create databases and roles. */
export interface DatabaseServer {
  host: string;
  port: number;
  user: string;
  password: string;
  stop(): Promise<void>;
}

const WATCH_MS = 5_000;

/** The one that the environment names, else the embedded one in the data folder. @throws StopReason */
export async function openDatabaseServer(dataFolder: string, secrets: Secrets, env: NodeJS.ProcessEnv): Promise<DatabaseServer> {
  const named = namedServer(env);
  if (!named) return embedded(dataFolder, secrets);
  await mustAnswer(named);
  return { ...named, stop: () => Promise.resolve() };
}

type Address = Omit<DatabaseServer, 'stop'>;

export function namedServer(env: NodeJS.ProcessEnv): Address | null {
  if (env.DATABASE_URL) return fromUrl(env.DATABASE_URL);
  if (!['DB_HOST', 'DB_PORT', 'DB_USER', 'DB_PASSWORD'].some((name) => env[name])) return null;
  return {
    host: env.DB_HOST || '127.0.0.1',
    port: Number(env.DB_PORT || 5432),
    user: env.DB_USER || 'postgres',
    password: env.DB_PASSWORD ?? '',
  };
}

function fromUrl(text: string): Address {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new StopReason('DATABASE_URL is not an address like postgres://user:password@host:5432/postgres.');
  }
  return {
    host: url.hostname || '127.0.0.1',
    port: Number(url.port || 5432),
    user: decodeURIComponent(url.username || 'postgres'),
    password: decodeURIComponent(url.password),
  };
}

async function mustAnswer(address: Address): Promise<void> {
  const client = new pg.Client({ ...address, database: 'postgres', connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ fit: boolean; version: number }>(
      `select rolsuper as fit, current_setting('server_version_num')::int as version
         from pg_roles where rolname = current_user`,
    );
    if ((rows[0]?.version ?? 0) < 160000)
      throw new StopReason('AIMS needs PostgreSQL 16 or newer; the one in DATABASE_URL or DB_* is older.');
    if (!rows[0]?.fit) throw Object.assign(new Error('rights'), { code: '42501' });
  } catch (error) {
    const sentence = sentenceFor(error, address.host);
    const { code, message } = error as NodeJS.ErrnoException;
    throw new StopReason(
      sentence ??
        `The database at ${address.host}:${address.port} can't be reached (${code ?? message}). Is it running, and is the address right?`,
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Watched, since a server that was killed would otherwise leave a launcher that can do nothing: it is started again at once. */
async function embedded(dataFolder: string, secrets: Secrets): Promise<DatabaseServer> {
  const options = {
    dataDir: path.join(dataFolder, 'postgres'),
    superuserPassword: secrets.get('postgres.password'),
    durable: true,
  };
  let server: EmbeddedPostgres = await startPostgres(options);
  let checking: Promise<void> | null = null;
  let stopping = false;
  const check = async (): Promise<void> => {
    if (stopping || (await answers(server.host, server.port))) return;
    process.stderr.write('The database had stopped and is being restarted.\n');
    server = await startPostgres({ ...options, port: server.port });
    server.onExit(look);
  };
  const look = (): void => {
    checking ??= check()
      .catch((error: unknown) => void process.stderr.write(`${sentenceFor(error, dataFolder) ?? String(error)}\n`))
      .finally(() => (checking = null));
  };
  server.onExit(look);
  // For one that hangs, and for a start that failed.
  const timer = setInterval(look, WATCH_MS);
  return {
    host: server.host,
    port: server.port,
    user: server.superuser,
    password: server.password,
    stop: async () => {
      stopping = true;
      clearInterval(timer);
      await checking;
      await server.stop();
    },
  };
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 });
    const end = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });
}
