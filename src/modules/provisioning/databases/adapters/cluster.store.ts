import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { Connection } from '../../ports.js';
import { name, text, withClient } from './client.store.js';
import { createEmptyDatabase, databaseExists, lockSchemas, prepareSchemas } from './template.store.js';
import { migrateSchema } from './schema.store.js';

/** The platform's database, unless the caller names another one (tests have one each). */
export const CORE_DATABASE = 'aimsgodb';
const PROVISIONER = 'aims_provisioner';
/** Nobody signs in as these: they hold the rights that schools' own roles get. */
const GROUPS = ['aims_owner', 'aims_app', 'aims_readonly', 'aims_worker'];

export interface PlatformPasswords {
  provisioner: string;
  coreOwner: string;
  coreApp: string;
  coreWorker: string;
}

export interface PlatformConnections {
  /** To the database `postgres`: makes databases and roles. */
  provisioner: Connection;
  coreOwner: Connection;
  coreApp: Connection;
  coreWorker: Connection;
}

/** Long enough that nobody guesses it, and free of what needs quoting in an address. */
export function randomPassword(): string {
  return randomBytes(24).toString('base64url');
}

export function newPlatformPasswords(): PlatformPasswords {
  return { provisioner: randomPassword(), coreOwner: randomPassword(), coreApp: randomPassword(), coreWorker: randomPassword() };
}

/**
 * The platform's own roles and its database, migrated. `admin` is a superuser of the cluster; it is needed
 * for this only. Runs again without harm and sets the passwords that are handed in.
 */
export async function preparePlatform(
  admin: Connection,
  passwords: PlatformPasswords,
  coreDatabase = CORE_DATABASE,
): Promise<PlatformConnections> {
  const connections = connectionsOf(admin, passwords, coreDatabase);
  await withClient({ ...admin, database: 'postgres' }, async (client) => {
    await makeRoles(client, passwords);
    await closeDefaults(client);
    if (!(await databaseExists(client, coreDatabase))) await makeCoreDatabase(client, coreDatabase);
  });
  await withClient({ ...admin, database: coreDatabase }, (client) => prepareSchemas(client, 'aims_core_owner'));
  await migrateSchema(connections.coreOwner, 'core');
  await withClient({ ...admin, database: coreDatabase }, (client) => lockSchemas(client));
  return connections;
}

/** Another platform's database on the same cluster, copied from a migrated one that nobody is connected to. */
export async function cloneCoreDatabase(admin: Connection, from: string, to: string): Promise<void> {
  await withClient({ ...admin, database: 'postgres' }, async (client) => {
    await client.query(`create database ${name(to)} template ${name(from)}`);
    await openToCore(client, to);
  });
}

function connectionsOf(admin: Connection, passwords: PlatformPasswords, coreDatabase: string): PlatformConnections {
  const core = { host: admin.host, port: admin.port, database: coreDatabase };
  return {
    provisioner: { ...core, database: 'postgres', user: PROVISIONER, password: passwords.provisioner },
    coreOwner: { ...core, user: 'aims_core_owner', password: passwords.coreOwner },
    coreApp: { ...core, user: 'aims_core_app', password: passwords.coreApp },
    coreWorker: { ...core, user: 'aims_core_worker', password: passwords.coreWorker },
  };
}

async function makeRoles(client: pg.Client, passwords: PlatformPasswords): Promise<void> {
  const logins: [role: string, attributes: string, password: string][] = [
    [PROVISIONER, 'createdb createrole', passwords.provisioner],
    ['aims_core_owner', '', passwords.coreOwner],
    ['aims_core_app', '', passwords.coreApp],
    ['aims_core_worker', '', passwords.coreWorker],
  ];
  const { rows } = await client.query<{ rolname: string }>('select rolname from pg_roles');
  const known = new Set(rows.map((row) => row.rolname));
  for (const group of GROUPS) if (!known.has(group)) await client.query(`create role ${name(group)} nologin`);
  for (const [role, attributes, password] of logins) {
    if (!known.has(role)) await client.query(`create role ${name(role)} login ${attributes}`);
    await client.query(`alter role ${name(role)} password ${text(password)}`);
  }
  for (const group of GROUPS) await client.query(`grant ${group} to ${PROVISIONER} with admin true, inherit false, set true`);
  await client.query(`
    grant pg_signal_backend to ${PROVISIONER};
    grant aims_worker to aims_core_owner with inherit false, set true;
    grant aims_worker to aims_core_worker with inherit true, set false`);
}

/** PostgreSQL lets everybody connect to its own databases. */
async function closeDefaults(client: pg.Client): Promise<void> {
  await client.query(`
    revoke connect, temporary on database postgres, template1 from public;
    grant connect on database postgres to ${PROVISIONER}`);
}

async function makeCoreDatabase(client: pg.Client, database: string): Promise<void> {
  await createEmptyDatabase(client, database);
  await openToCore(client, database);
}

/** A copied database has none of these. */
async function openToCore(client: pg.Client, database: string): Promise<void> {
  const core = name(database);
  await client.query(`
    revoke all on database ${core} from public;
    alter database ${core} owner to ${PROVISIONER};
    grant connect on database ${core} to aims_core_owner, aims_core_app, aims_core_worker;
    alter role aims_core_app in database ${core} set statement_timeout = '30s';
    alter role aims_core_app in database ${core} set lock_timeout = '10s';
    alter role aims_core_app in database ${core} set idle_in_transaction_session_timeout = '60s'`);
}
