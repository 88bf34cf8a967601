import { table } from '../launcher/logins.js';
import { openOperator } from '../operator.js';

export const summary = 'list the schools with their state';

export async function run(): Promise<number> {
  const operator = openOperator();
  const rows = [['Subdomain', 'School id', 'Database', 'Schema']];
  for (const school of operator.schools()) rows.push([school.subdomain, school.schoolId, school.owner.database, await schemaOf(school)]);
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
