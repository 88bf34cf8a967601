import { Invalid } from '../../../kernel/errors.js';
import { canRunAs, subdomainProblem } from '../../../kernel/subdomain.js';

export type SchoolRole = 'owner' | 'app' | 'readonly' | 'worker';
export const SCHOOL_ROLES: readonly SchoolRole[] = ['owner', 'app', 'readonly', 'worker'];

export interface SchoolNames {
  subdomain: string;
  database: string;
  roles: Record<SchoolRole, string>;
}

/** What a school's database and login roles are called. @throws Invalid for a subdomain that can't be one. */
export function schoolNames(subdomain: string): SchoolNames {
  const problem = canRunAs(subdomain) ? null : subdomainProblem(subdomain);
  if (problem === 'reserved') throw new Invalid({ subdomain: `“${subdomain}” is reserved for the platform.` });
  if (problem) {
    throw new Invalid({ subdomain: 'Use 3 to 40 letters a to z, digits and hyphens, starting with a letter.' });
  }
  const stem = subdomain.replaceAll('-', '_');
  const roles = { owner: `${stem}_owner`, app: `${stem}_app`, readonly: `${stem}_readonly`, worker: `${stem}_worker` };
  return { subdomain, database: `${stem}_db`, roles };
}
