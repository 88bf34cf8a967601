import { buildApp, type App } from '../../app.js';
import { readConfig } from '../../config.js';
import { StopReason } from '../launcher/stop-reason.js';
import { openOperator, type OperatedSchool, type Operator } from '../operator.js';
import { NotServed } from '../../platform/http/opening.js';
import { SCHOOL_BOOTSTRAP } from '../../modules/school/index.js';

export const summary = 'make a database the database of one school, with its roles, its country’s pack and its owner';
export const usage = 'bootstrap-tenant <subdomain> [--check]';

/** What the first start of the school's process does, without the process: from the school's own row of the platform's register. */
export async function run(args: string[]): Promise<number> {
  const operator = openOperator();
  const [subdomain = process.env.TENANT_SUBDOMAIN] = args.filter((arg) => !arg.startsWith('--'));
  const school = operator.school(subdomain);
  const { bootstrapTenant } = operator.operations;
  if (!args.includes('--check')) await bootstrapTenant.run({ ...school, seed: () => inside(operator, school, opened) });
  const mapped = await bootstrapTenant.check(school);
  const filled =
    mapped && (await inside(operator, school, (app) => app.run(() => app.container.get(SCHOOL_BOOTSTRAP).isThere())));
  console.log(
    `${school.subdomain}: ${!mapped ? 'not bootstrapped yet' : filled ? 'its roles are mapped to it, its pack and its owner are there' : 'its roles are mapped to it; pack and owner are missing'}`,
  );
  return filled ? 0 : 1;
}

async function opened(app: App): Promise<void> {
  await app.open().catch((error: unknown) => {
    throw error instanceof NotServed ? new StopReason(error.message) : error;
  });
}

async function inside<Result>(operator: Operator, school: OperatedSchool, work: (app: App) => Promise<Result>): Promise<Result> {
  const app = await buildApp(readConfig({ ...operator.environmentOf(school.subdomain), LOG_LEVEL: 'silent' }));
  try {
    return await work(app);
  } finally {
    await app.stop();
  }
}
