import { systemClock } from '../../kernel/clock.js';
import { CORE_DATABASE, randomPassword } from './databases/adapters/cluster.store.js';
import { PgRoleMap } from './databases/adapters/role-map.store.js';
import { TenantSchema } from './databases/adapters/schema.store.js';
import { PgSchoolDatabases } from './databases/adapters/school-databases.store.js';
import { BootstrapTenant } from './bootstrap-tenant.js';
import { CreateDb } from './databases/create-db.js';
import { Migrate } from './databases/migrate.js';
import type { Connection } from './ports.js';

export { CORE_DATABASE, cloneCoreDatabase, newPlatformPasswords, preparePlatform } from './databases/adapters/cluster.store.js';
export type { PlatformConnections, PlatformPasswords } from './databases/adapters/cluster.store.js';
export { schoolNames } from './databases/names.rules.js';
export { OfAnotherSchool } from './databases/ownership.rules.js';
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
