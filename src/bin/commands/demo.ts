import { randomBytes } from 'node:crypto';
import { buildApp, type App } from '../../app.js';
import { readConfig } from '../../config.js';
import { systemActor } from '../../kernel/actor.js';
import { IDENTITY } from '../../modules/identity/index.js';
import { SCHOOL_BOOTSTRAP, type SchoolStart } from '../../modules/school/index.js';
import { StopReason } from '../launcher/stop-reason.js';

export const summary = 'build a demo school in its empty database and print its sign-ins as JSON (run by the launcher)';
export const usage = 'demo <kilimani | accra-demo>';

export interface DemoLogin {
  role: string;
  email: string;
  password: string;
  totp_secret?: string;
}

const SCHOOLS: Record<string, SchoolStart> = {
  kilimani: { name: 'Kilimani Academy', country: 'KE', town: 'Nairobi', ready: true },
  'accra-demo': { name: 'Accra Demo School', country: 'GH', town: 'Accra', ready: true },
};

/** In the school's own environment, as its application role: the last line printed is the list of sign-ins. */
export async function run([subdomain = '']: string[]): Promise<void> {
  const app = await buildApp(readConfig({ ...process.env, LOG_LEVEL: 'silent' }));
  try {
    const logins = await app.run(() => prepareDemo(app, subdomain));
    console.log(JSON.stringify(logins));
  } finally {
    await app.stop();
  }
}

/** Through the use cases, so that a demo school is a school like any other. */
export async function prepareDemo(app: App, subdomain: string): Promise<DemoLogin[]> {
  const start = SCHOOLS[subdomain];
  if (!start) throw new StopReason(`There is no demo school ${subdomain}.`);
  const actor = systemActor('demo');
  await app.container.get(SCHOOL_BOOTSTRAP).bootstrapSchool(actor, start);
  const identity = app.container.get(IDENTITY);
  const owner = { role: 'owner', email: `owner@${subdomain}.example`, password: randomBytes(9).toString('base64url') };
  const { userId } = await identity.createAccount({ name: 'School Owner', email: owner.email, roles: ['owner'], by: { password: owner.password }, actor });
  return [{ ...owner, totp_secret: await identity.enrolFactor(userId, actor) }];
}
