import { SCHOOL_ROLES, schoolNames } from './databases/names.rules.js';
import type { Connection, RoleMap } from './ports.js';

export interface BootstrapOrder {
  subdomain: string;
  schoolId: string;
  owner: Connection;
  /** Fills the new school (country pack, first owner); must be harmless when it runs again. */
  seed?: () => Promise<void>;
}

/** Makes a database the database of one school: from here on its roles see that school's rows, and no others. */
export class BootstrapTenant {
  constructor(private readonly roles: RoleMap) {}

  async run(order: BootstrapOrder): Promise<void> {
    await this.roles.assign(order.owner, rolesOf(order.subdomain), order.schoolId);
    await order.seed?.();
  }

  async check(order: BootstrapOrder): Promise<boolean> {
    return this.roles.isAssigned(order.owner, rolesOf(order.subdomain), order.schoolId);
  }
}

function rolesOf(subdomain: string): string[] {
  const { roles } = schoolNames(subdomain);
  return SCHOOL_ROLES.map((role) => roles[role]);
}
