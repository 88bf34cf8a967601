import { Invalid } from '../../../kernel/errors.js';

/** A letter first, 3 to 40 of a-z, 0-9 and single hyphens, none at the end. */
const SUBDOMAIN = /^[a-z](?:[a-z0-9]|-(?!-)){1,38}[a-z0-9]$/;
/** Would collide with roles and databases of the platform, of PostgreSQL or of the cluster. */
const RESERVED = /^(aims|pg-|kube-)/;

export type SchoolRole = 'owner' | 'app' | 'readonly' | 'worker';
export const SCHOOL_ROLES: readonly SchoolRole[] = ['owner', 'app', 'readonly', 'worker'];

export interface SchoolNames {
  subdomain: string;
  database: string;
  roles: Record<SchoolRole, string>;
}

/** What a school's database and login roles are called. @throws Invalid for a subdomain that can't be one. */
export function schoolNames(subdomain: string): SchoolNames {
  if (!SUBDOMAIN.test(subdomain) || RESERVED.test(subdomain)) {
    throw new Invalid({ subdomain: 'A subdomain has 3 to 40 letters a-z, digits and hyphens, and begins with a letter.' });
  }
  const stem = subdomain.replaceAll('-', '_');
  const roles = { owner: `${stem}_owner`, app: `${stem}_app`, readonly: `${stem}_readonly`, worker: `${stem}_worker` };
  return { subdomain, database: `${stem}_db`, roles };
}
