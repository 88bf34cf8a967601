import { systemClock } from '../../kernel/clock.js';
import { CORE_DATABASE, randomPassword } from './adapters/postgres/cluster.js';
import { PgRoleMap } from './adapters/postgres/role-map.js';
import { TenantSchema } from './adapters/postgres/schema.js';
import { PgSchoolDatabases } from './adapters/postgres/school-databases.js';
import { BootstrapTenant } from './application/bootstrap-tenant.js';
import { CreateDb } from './application/create-db.js';
import { Migrate } from './application/migrate.js';
import type { Connection } from './ports.js';

export { CORE_DATABASE, cloneCoreDatabase, newPlatformPasswords, preparePlatform } from './adapters/postgres/cluster.js';
export type { PlatformConnections, PlatformPasswords } from './adapters/postgres/cluster.js';
export { schoolNames } from './domain/names.js';
export { OfAnotherSchool } from './domain/ownership.js';
export type { Connection, SchoolConnections, SchoolPasswords } from './ports.js';

/** The three steps that make a school, for the operator's commands, the launcher and tests. */
export interface Operations {
  createDb: CreateDb;
  migrate: Migrate;
  bootstrapTenant: BootstrapTenant;
}

/** @param core the platform's database, where a school reads its own row */
export function operations(provisioner: Connection, core = CORE_DATABASE): Operations {
  return {
    createDb: new CreateDb(new PgSchoolDatabases(provisioner, core), randomPassword),
    migrate: new Migrate(new TenantSchema(), systemClock),
    bootstrapTenant: new BootstrapTenant(new PgRoleMap()),
  };
}
