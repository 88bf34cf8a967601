import type { Operations } from '../../modules/provisioning/operations.js';
import { openOperator, type OperatedSchool, type Operator } from '../operator.js';

type MigrationReport = Awaited<ReturnType<Operations['migrate']['one']>>;

export const summary = 'bring the databases of schools to the newest schema; the first one is the canary';
export const usage = 'migrate (<subdomain> … | --all) [--check]';

export async function run(args: string[]): Promise<number> {
  const operator = openOperator();
  const named = args.filter((arg) => !arg.startsWith('--'));
  const schools = args.includes('--all')
    ? operator.schools()
    : named.length > 0
      ? named.map((name) => operator.school(name))
      : [operator.school(process.env.TENANT_SUBDOMAIN)];
  return args.includes('--check') ? check(operator, schools) : migrate(operator, schools);
}

async function check(operator: Operator, schools: OperatedSchool[]): Promise<number> {
  let behind = 0;
  for (const school of schools) {
    const pending = await operator.operations.migrate.pending(school);
    if (pending.length > 0) behind++;
    console.log(`${school.subdomain}: ${pending.length === 0 ? 'up to date' : `waits for ${pending.join(', ')}`}`);
  }
  return behind === 0 ? 0 : 1;
}

async function migrate(operator: Operator, schools: OperatedSchool[]): Promise<number> {
  const reports = await operator.operations.migrate.all(schools, { onDone: (report) => console.log(lineOf(report)) });
  const untouched = schools.length - reports.length;
  if (untouched > 0) console.log(`The first school failed: ${untouched} more were not touched.`);
  return reports.some((report) => report.error) ? 1 : 0;
}

function lineOf({ subdomain, ran, error, ms }: MigrationReport): string {
  if (error) return `${subdomain}: FAILED, stays at its earlier schema: ${error}`;
  return `${subdomain}: ${ran.length === 0 ? 'up to date' : `ran ${ran.join(', ')}`} (${ms} ms)`;
}
