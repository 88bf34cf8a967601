import { openOperator } from '../operator.js';

export const summary = 'make the login roles and the database of a school; again without harm, and never those of another school';
export const usage = 'create-db <subdomain> [--check]';

export async function run(args: string[]): Promise<number> {
  const operator = openOperator();
  const [subdomain = process.env.TENANT_SUBDOMAIN ?? ''] = args.filter((arg) => !arg.startsWith('--'));
  const school = args.includes('--check') ? operator.school(subdomain) : operator.newSchool(subdomain);
  if (!args.includes('--check')) await operator.operations.createDb.run(school);
  const steps = await operator.operations.createDb.check(school);
  for (const { step, done } of steps) console.log(`${done ? 'done   ' : 'missing'}  ${step}`);
  return steps.every((step) => step.done) ? 0 : 1;
}
