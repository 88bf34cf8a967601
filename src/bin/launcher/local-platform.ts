import { rmSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { newId } from '../../kernel/id.js';
import { migrationsHash } from '../../platform/db/index.js';
import { masterKeys, secretFor } from '../../platform/link/keys.js';
import {
  CORE_DATABASE,
  OfAnotherSchool,
  operations,
  preparePlatform,
  schoolNames,
  type Connection,
  type Operations,
  type PlatformPasswords,
  type SchoolConnections,
  type SchoolPasswords,
} from '../../modules/provisioning/operations.js';
import { coreEnvironment, provisionerEnvironment, schoolEnvironment, type Place } from './environment.js';
import type { Secrets } from '../../platform/secrets-file.js';
import { StopReason } from './stop-reason.js';

export interface LocalSchool {
  subdomain: string;
  id: string;
  connections: SchoolConnections;
}

/** The platform and its schools on one PostgreSQL, with all their passwords in one file. */
export class LocalPlatform {
  readonly operations: Operations;
  private readonly dataFolder: string;

  private constructor(
    private readonly provisioner: Connection,
    private readonly secrets: Secrets,
  ) {
    this.dataFolder = secrets.folder;
    this.operations = operations(provisioner);
  }

  /** Makes what is missing of the platform's own roles and database, as a superuser. */
  static async prepare(admin: Connection, secrets: Secrets): Promise<LocalPlatform> {
    const { provisioner } = await preparePlatform(admin, platformPasswords(secrets));
    secrets.set('database.address', `${admin.host} ${admin.port}`);
    return new LocalPlatform(provisioner, secrets);
  }

  /** For commands beside a running launcher. */
  static at(address: { host: string; port: number }, secrets: Secrets): LocalPlatform {
    const password = secrets.get('platform.provisioner');
    return new LocalPlatform({ ...address, database: 'postgres', user: 'aims_provisioner', password }, secrets);
  }

  schools(): LocalSchool[] {
    return this.secrets
      .names('school.')
      .filter((name) => name.endsWith('.id'))
      .map((name) => this.school(name.slice(0, -3)))
      .sort((a, b) => (a.subdomain < b.subdomain ? -1 : 1));
  }

  has(subdomain: string): boolean {
    this.secrets.refresh();
    return this.secrets.peek(`school.${subdomain}.id`) !== null;
  }

  find(subdomain: string): LocalSchool | null {
    return this.has(subdomain) ? this.school(subdomain) : null;
  }

  /** Gives a new school its id. */
  remember(subdomain: string): void {
    schoolNames(subdomain);
    this.secrets.getOr(`school.${subdomain}.id`, newId);
  }

  passwords(subdomain: string): SchoolPasswords {
    return schoolPasswords(this.secrets, subdomain);
  }

  /**
   * Makes or mends a school's roles and database and brings it to the newest schema; a school that was so at
   * the last start is left alone. @throws StopReason
   */
  async ensureSchool(subdomain: string, existing: ReadonlySet<string>): Promise<LocalSchool> {
    const { database } = schoolNames(subdomain);
    this.remember(subdomain);
    const school = this.school(subdomain);
    const schema = `${this.provisioner.host}:${this.provisioner.port} ${migrationsHash('tenant')}`;
    if (existing.has(database) && this.secrets.peek(`school.${subdomain}.schema`) === schema) return school;
    await this.operations.createDb
      .run({ subdomain, schoolId: school.id, passwords: schoolPasswords(this.secrets, subdomain) })
      .catch((error: unknown) => {
        throw error instanceof OfAnotherSchool ? new StopReason(foreign(database)) : error;
      });
    const { error } = await this.operations.migrate.one({ subdomain, owner: school.connections.owner });
    if (error) throw new StopReason(`The database of ${subdomain} could not be brought to the newest schema: ${error}`);
    await this.operations.bootstrapTenant.run({ subdomain, schoolId: school.id, owner: school.connections.owner });
    this.secrets.set(`school.${subdomain}.schema`, schema);
    return school;
  }

  /** Removes the database, its roles and what was kept beside it; the school keeps its id for the next attempt. */
  async dropSchool({ subdomain, id }: LocalSchool): Promise<void> {
    await this.operations.createDb.drop({ subdomain, schoolId: id });
    this.secrets.remove(`school.${subdomain}.schema`);
    for (const kept of ['audit', 'mail', 'files']) rmSync(path.join(this.dataFolder, kept, id), { recursive: true, force: true });
  }

  /** Names of all databases on the server. */
  async databases(): Promise<Set<string>> {
    const rows = await ask<{ datname: string }>(this.provisioner, 'select datname from pg_database');
    return new Set(rows.map((row) => row.datname));
  }

  get coreApp(): Connection {
    const { host, port } = this.provisioner;
    return { host, port, database: CORE_DATABASE, user: 'aims_core_app', password: this.secrets.get('platform.coreApp') };
  }

  /** One master is enough on one machine; who wants another writes `k2:…,k1:…` into the file. */
  private get masterKeys(): string {
    return this.secrets.getOr('bootstrap-secrets', () => `k1:${this.secrets.get('bootstrap-secret')}`);
  }

  provisionerEnvironment(env: NodeJS.ProcessEnv, place: Place): Record<string, string> {
    return provisionerEnvironment(this.coreEnvironment(env, place), this.provisioner);
  }

  coreEnvironment(env: NodeJS.ProcessEnv, place: Place): Record<string, string> {
    return coreEnvironment(env, place, {
      database: CORE_DATABASE,
      app: this.coreApp,
      worker: { user: 'aims_core_worker', password: this.secrets.get('platform.coreWorker') },
      secretKey: this.secrets.get('core.secret-key'),
      bootstrapSecret: this.masterKeys,
      adminApiKey: this.secrets.get('core.admin-api-key'),
    });
  }

  schoolEnvironment(env: NodeJS.ProcessEnv, place: Place, school: LocalSchool): Record<string, string> {
    const { app, worker } = school.connections;
    const facts = { id: school.id, subdomain: school.subdomain, database: app.database };
    return schoolEnvironment(env, place, facts, {
      app,
      worker,
      secretKey: this.secrets.get(`school.${school.subdomain}.secret-key`),
      bootstrapSecret: secretFor(masterKeys(this.masterKeys), school.id),
      coreDatabase: CORE_DATABASE,
    });
  }

  /** For commands beside the launcher. The port stands in links of messages, so it is the one of the last start. */
  coreCommandEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
    const { host, port } = this.provisioner;
    return this.coreEnvironment(env, {
      port: Number(this.secrets.peek('gateway.port') ?? 3000),
      data: this.dataFolder,
      database: { host, port },
    });
  }

  /** For commands beside the launcher: they serve nobody, so the port doesn't matter. */
  environmentOf(subdomain: string, env: NodeJS.ProcessEnv): Record<string, string> {
    const { host, port } = this.provisioner;
    const place = { port: 3000, data: this.dataFolder, database: { host, port } };
    return this.schoolEnvironment(env, place, this.school(subdomain));
  }

  /** When the school's next job is due; one that is running counts as now. */
  async nextDue(school: LocalSchool): Promise<Date | null> {
    const rows = await ask<{ due: Date | null }>(school.connections.app, 'select next_due_at as due from app.jobs_summary()');
    return rows[0]?.due ?? null;
  }

  private school(subdomain: string): LocalSchool {
    const names = schoolNames(subdomain);
    const passwords = schoolPasswords(this.secrets, subdomain);
    const { host, port } = this.provisioner;
    const of = (role: keyof SchoolPasswords): Connection => ({
      host,
      port,
      database: names.database,
      user: names.roles[role],
      password: passwords[role],
    });
    const connections = { owner: of('owner'), app: of('app'), readonly: of('readonly'), worker: of('worker') };
    return { subdomain, id: this.secrets.peek(`school.${subdomain}.id`) ?? '', connections };
  }
}

function foreign(database: string): string {
  return `The database server has ${database} already, and it belongs to another AIMS than this data folder. Name the folder that it belongs to with AIMS_DATA, or another server. Nothing was changed.`;
}

function platformPasswords(secrets: Secrets): PlatformPasswords {
  const of = (role: keyof PlatformPasswords): string => secrets.get(`platform.${role}`);
  return { provisioner: of('provisioner'), coreOwner: of('coreOwner'), coreApp: of('coreApp'), coreWorker: of('coreWorker') };
}

function schoolPasswords(secrets: Secrets, subdomain: string): SchoolPasswords {
  const of = (role: keyof SchoolPasswords): string => secrets.get(`school.${subdomain}.${role}`);
  return { owner: of('owner'), app: of('app'), readonly: of('readonly'), worker: of('worker') };
}

async function ask<Row extends pg.QueryResultRow>(connection: Connection, sql: string): Promise<Row[]> {
  const client = new pg.Client({ ...connection, application_name: 'aims-launcher', connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}
