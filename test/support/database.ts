import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { newId } from '../../src/kernel/id.js';
import { openDatabase } from '../../src/platform/db/index.js';
import type { Database } from '../../src/platform/db/index.js';
import { startPostgres } from '../../src/platform/embedded-postgres.js';
import {
  CORE_DATABASE,
  cloneCoreDatabase,
  newPlatformPasswords,
  operations,
  preparePlatform,
} from '../../src/modules/provisioning/operations.js';
import type {
  Connection,
  Operations,
  PlatformConnections,
  SchoolConnections,
} from '../../src/modules/provisioning/operations.js';

export interface TestCluster {
  /** A superuser, for planting and looking at what no role of the product may. */
  admin: Connection;
  platform: PlatformConnections;
  operations: Operations;
}

export interface TestSchool {
  subdomain: string;
  schoolId: string;
  connections: SchoolConnections;
  /** As the application's own role, under the same policies as in production. */
  database: Database;
  /** A connected superuser in the school's database; the caller ends it. */
  admin(): Promise<pg.Client>;
  drop(): Promise<void>;
}

interface ClusterAddress {
  host: string;
  port: number;
  superuser: string;
  password: string;
}

const PLATFORM_LOCK = 7_203_432;
/** Nobody connects to it, or it could not be copied. */
const CORE_TEMPLATE = 'core_template_db';
let cluster: Promise<TestCluster> | null = null;

/** The run's cluster (`AIMS_TEST_PG`), or one of this process's own that ends with it; the platform's roles and database are in it. */
export function testCluster(): Promise<TestCluster> {
  return (cluster ??= prepare());
}

/** A new school's database, cloned from the migrated template and mapped to roles of its own. */
export function freshSchool(options: { name?: string } = {}): Promise<TestSchool> {
  return setUp(() => makeSchool(options.name ?? 'school'));
}

async function makeSchool(name: string): Promise<TestSchool> {
  const { admin, operations: ops } = await testCluster();
  const subdomain = `${name}-${randomBytes(4).toString('hex')}`;
  const schoolId = newId();
  const connections = await ops.createDb.run({ subdomain, schoolId });
  await ops.bootstrapTenant.run({ subdomain, schoolId, owner: connections.owner });
  const database = openDatabase({ ...connections.app, poolMax: 4, applicationName: 'aims-test' });
  return {
    subdomain,
    schoolId,
    connections,
    database,
    admin: () => connect({ ...admin, database: connections.app.database }),
    drop: async () => {
      await database.close();
      await ops.createDb.drop({ subdomain, schoolId });
    },
  };
}

export interface TestCore {
  /** Name of a platform's database that only this test file uses. */
  name: string;
  connections: Omit<PlatformConnections, 'provisioner'>;
  /** Making and removing schools that read their row in this database. */
  operations: Operations;
  /** A connected superuser in it; the caller ends it. */
  admin(): Promise<pg.Client>;
  drop(): Promise<void>;
}

/** A platform's database of its own, migrated and empty. */
export function freshCore(): Promise<TestCore> {
  return setUp(makeCore);
}

async function makeCore(): Promise<TestCore> {
  const { admin, platform } = await testCluster();
  const name = `core_${randomBytes(4).toString('hex')}_db`;
  await cloneCoreDatabase(admin, CORE_TEMPLATE, name);
  const at = (connection: Connection): Connection => ({ ...connection, database: name });
  const { coreOwner, coreApp, coreWorker } = platform;
  return {
    name,
    connections: { coreOwner: at(coreOwner), coreApp: at(coreApp), coreWorker: at(coreWorker) },
    operations: operations(platform.provisioner, name),
    admin: () => connect(at(admin)),
    drop: async () => {
      const client = await connect(admin);
      await client.query(`drop database if exists ${name} with (force)`).finally(() => client.end());
    },
  };
}

export async function connect(connection: Connection): Promise<pg.Client> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Does a part of what a test file stands on; the runner tells how much of the file's time went into that. */
export async function setUp<Result>(work: () => Promise<Result>): Promise<Result> {
  const start = performance.now();
  try {
    return await work();
  } finally {
    performance.measure('set-up', { start });
  }
}

async function prepare(): Promise<TestCluster> {
  const address = process.env.AIMS_TEST_PG ? (JSON.parse(process.env.AIMS_TEST_PG) as ClusterAddress) : await ownCluster();
  const admin = {
    host: address.host,
    port: address.port,
    database: 'postgres',
    user: address.superuser,
    password: address.password,
  };
  const platform = await preparePlatformOnce(admin);
  return { admin, platform, operations: operations(platform.provisioner) };
}

/** Test files run at the same time: the first prepares the platform, and leaves its passwords for the others. */
async function preparePlatformOnce(admin: Connection): Promise<PlatformConnections> {
  const client = await connect(admin);
  try {
    await client.query('select pg_advisory_lock($1)', [PLATFORM_LOCK]);
    await client.query('create table if not exists test_platform (connections jsonb)');
    const { rows } = await client.query<{ connections: PlatformConnections }>('select connections from test_platform');
    if (rows[0]) return rows[0].connections;
    const connections = await preparePlatform(admin, newPlatformPasswords());
    await cloneCoreDatabase(admin, CORE_DATABASE, CORE_TEMPLATE);
    await client.query('insert into test_platform values ($1)', [JSON.stringify(connections)]);
    return connections;
  } finally {
    await client.end();
  }
}

async function ownCluster(): Promise<ClusterAddress> {
  const folder = mkdtempSync(path.join(tmpdir(), 'aims-test-pg-'));
  chmodSync(folder, 0o755);
  const server = await startPostgres({
    dataDir: path.join(folder, 'db'),
    superuserPassword: randomBytes(12).toString('hex'),
    durable: false,
  });
  process.once('beforeExit', () => {
    void server.stop().then(() => rmSync(folder, { recursive: true, force: true }));
  });
  return server;
}
