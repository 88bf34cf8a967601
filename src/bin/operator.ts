import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  operations,
  schoolNames,
  type Connection,
  type Operations,
  type SchoolPasswords,
} from '../modules/provisioning/operations.js';
import { namedServer } from './launcher/database-server.js';
import { LocalPlatform } from './launcher/local-platform.js';
import { Secrets } from '../platform/secrets-file.js';
import { StopReason } from './launcher/stop-reason.js';

/** A school as a command needs it. */
export interface OperatedSchool {
  subdomain: string;
  schoolId: string;
  passwords: SchoolPasswords;
  owner: Connection;
}

/** Where commands work: beside a launcher (its data folder knows everything), or on a server by the environment. */
export interface Operator {
  operations: Operations;
  /** The one that is named, or the environment's own. @throws StopReason when it isn't known. */
  school(subdomain?: string): OperatedSchool;
  /** A new one of the local machine is given an id. */
  newSchool(subdomain: string): OperatedSchool;
  schools(): OperatedSchool[];
  /** What a process of the school is started with. @throws StopReason when something of it is not set */
  environmentOf(subdomain: string): Record<string, string>;
  local: LocalPlatform | null;
}

export function openOperator(env: NodeJS.ProcessEnv = process.env): Operator {
  const server = namedServer(env);
  return server && env.TENANT_SUBDOMAIN ? fromEnvironment(server, env) : fromDataFolder(path.resolve(env.AIMS_DATA || 'data'));
}

/** The database that the launcher wrote down at its last start. @throws StopReason */
function fromDataFolder(folder: string): Operator {
  if (!existsSync(path.join(folder, 'secrets.json'))) {
    throw new StopReason(
      `There is no AIMS in ${folder}. Run npm start first, name its folder with AIMS_DATA, or set DB_* and TENANT_* for a server.`,
    );
  }
  const secrets = Secrets.open(folder);
  const [host = '127.0.0.1', port = '5432'] = (secrets.peek('database.address') ?? '').split(' ');
  const local = LocalPlatform.at({ host, port: Number(port) }, secrets);
  const known = (subdomain: string): OperatedSchool => {
    const school = local.find(subdomain);
    if (!school) throw new StopReason(`There is no school ${subdomain} here. "aims tenants" lists them.`);
    return { subdomain, schoolId: school.id, passwords: local.passwords(subdomain), owner: school.connections.owner };
  };
  return {
    operations: local.operations,
    local,
    school: (subdomain) => known(required(subdomain)),
    newSchool: (subdomain) => {
      local.remember(subdomain);
      return known(subdomain);
    },
    schools: () => local.schools().map((school) => known(school.subdomain)),
    environmentOf: (subdomain) => local.environmentOf(subdomain, process.env),
  };
}

/** As in a cluster, where each step runs for one school with what its secret holds. */
function fromEnvironment(server: Omit<Connection, 'database'>, env: NodeJS.ProcessEnv): Operator {
  const school = (subdomain = env.TENANT_SUBDOMAIN): OperatedSchool => {
    const names = schoolNames(required(subdomain));
    const passwords = passwordsIn(env);
    const { host, port } = server;
    const owner = { host, port, database: names.database, user: names.roles.owner, password: passwords.owner };
    return { subdomain: names.subdomain, schoolId: setting(env, 'TENANT_SCHOOL_ID'), passwords, owner };
  };
  const { host, port, user, password } = server;
  return {
    operations: operations({ host, port, user, password, database: 'postgres' }),
    local: null,
    school,
    newSchool: school,
    schools: () => [school()],
    environmentOf: (subdomain) => asTheSchool(subdomain, server, env),
  };
}

/** The step runs as the provisioner; the school's own process signs in as the school. */
function asTheSchool(
  subdomain: string,
  { host, port }: { host: string; port: number },
  env: NodeJS.ProcessEnv,
): Record<string, string> {
  const { database, roles } = schoolNames(subdomain);
  const { app, worker } = passwordsIn(env);
  const given = Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined));
  const address = {
    DB_HOST: host,
    DB_PORT: String(port),
    DB_USER: roles.app,
    DB_PASSWORD: app,
    DB_WORKER_USER: roles.worker,
    DB_WORKER_PASSWORD: worker,
  };
  const core = {
    CORE_DB_HOST: env.CORE_DB_HOST ?? host,
    CORE_DB_PORT: env.CORE_DB_PORT ?? String(port),
    CORE_DB_USER: roles.app,
    CORE_DB_PASSWORD: app,
  };
  return {
    ...given,
    ...address,
    ...core,
    AIMS_ROLE: 'tenant',
    TENANT_SUBDOMAIN: subdomain,
    TENANT_DB_NAME: database,
    TENANT_SCHOOL_ID: setting(env, 'TENANT_SCHOOL_ID'),
  };
}

function passwordsIn(env: NodeJS.ProcessEnv): SchoolPasswords {
  const of = (role: keyof SchoolPasswords): string => setting(env, `TENANT_${role.toUpperCase()}_PASSWORD`);
  return { owner: of('owner'), app: of('app'), readonly: of('readonly'), worker: of('worker') };
}

function setting(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (!value) throw new StopReason(`${name} must be set.`);
  return value;
}

function required(subdomain: string | undefined): string {
  if (!subdomain) throw new StopReason('Which school? Name its subdomain.');
  return subdomain;
}
