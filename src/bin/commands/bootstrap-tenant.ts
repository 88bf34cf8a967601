import { openOperator } from '../operator.js';

export const summary = "make a database the database of one school: its roles see that school's rows and no others";
export const usage = 'bootstrap-tenant <subdomain> [--check]';

export async function run(args: string[]): Promise<number> {
  const operator = openOperator();
  const [subdomain = process.env.TENANT_SUBDOMAIN] = args.filter((arg) => !arg.startsWith('--'));
  const school = operator.school(subdomain);
  if (!args.includes('--check')) await operator.operations.bootstrapTenant.run(school);
  const done = await operator.operations.bootstrapTenant.check(school);
  console.log(`${school.subdomain}: ${done ? 'its roles are mapped to it' : 'not bootstrapped yet'}`);
  return done ? 0 : 1;
}
