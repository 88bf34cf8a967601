import { systemClock } from '../../kernel/clock.js';
import { randomPassword } from './adapters/postgres/cluster.js';
import { PgRoleMap } from './adapters/postgres/role-map.js';
import { TenantSchema } from './adapters/postgres/schema.js';
import { PgSchoolDatabases } from './adapters/postgres/school-databases.js';
import { BootstrapTenant } from './application/bootstrap-tenant.js';
import { CreateDb } from './application/create-db.js';
import { Migrate } from './application/migrate.js';
import type { Connection } from './ports.js';

export { CORE_DATABASE, newPlatformPasswords, preparePlatform } from './adapters/postgres/cluster.js';
export type { PlatformConnections, PlatformPasswords } from './adapters/postgres/cluster.js';
export { schoolNames } from './domain/names.js';
export type { Connection, SchoolConnections, SchoolPasswords } from './ports.js';

/** The three steps that make a school, for the operator's commands, the launcher and tests. */
export interface Operations {
  createDb: CreateDb;
  migrate: Migrate;
  bootstrapTenant: BootstrapTenant;
}

export function operations(provisioner: Connection): Operations {
  return {
    createDb: new CreateDb(new PgSchoolDatabases(provisioner), randomPassword),
    migrate: new Migrate(new TenantSchema(), systemClock),
    bootstrapTenant: new BootstrapTenant(new PgRoleMap()),
  };
}
