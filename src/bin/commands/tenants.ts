import type { Connection } from '../../modules/provisioning/operations.js';
import { table } from '../launcher/logins.js';
import { Register } from '../launcher/school-register.js';
import { openOperator } from '../operator.js';

export const summary = 'list the schools with their state';

export async function run(): Promise<number> {
  const operator = openOperator();
  const states = operator.local ? await statesIn(operator.local.coreApp) : null;
  const rows = [['Subdomain', 'School id', 'State', 'Database', 'Schema']];
  for (const school of operator.schools()) {
    const state = states ? (states.get(school.schoolId) ?? 'not in the register') : 'not known here';
    rows.push([school.subdomain, school.schoolId, state, school.owner.database, await schemaOf(school)]);
  }
  console.log(table(rows));
  return 0;

  async function schemaOf(school: ReturnType<typeof operator.school>): Promise<string> {
    try {
      const pending = await operator.operations.migrate.pending(school);
      return pending.length === 0 ? 'up to date' : `${pending.length} migrations behind`;
    } catch (error) {
      return `can't be reached (${error instanceof Error ? error.message : String(error)})`;
    }
  }
}

/** Null when the register can't be asked: the list is of use without it. */
async function statesIn(coreApp: Connection): Promise<Map<string, string> | null> {
  try {
    const register = await Register.open(coreApp);
    return await register.states().finally(() => register.close());
  } catch {
    return null;
  }
}
