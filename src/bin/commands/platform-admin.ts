import { parseArgs } from 'node:util';
import { buildApp, type App } from '../../app.js';
import { readConfig } from '../../config.js';
import { systemActor } from '../../kernel/actor.js';
import { IDENTITY } from '../../modules/identity/index.js';
import { UNIT } from '../../platform/tokens.js';
import { StopReason } from '../launcher/stop-reason.js';
import { openOperator } from '../operator.js';

export const summary = 'give somebody the platform: a super-admin who signs in with a code by mail and sets up a second step';
export const usage = 'platform-admin (add <email> [--name "Their Name"] | invite <email>)';

/** `--with-secret` is for the local launcher: the second step is set up at once, and its secret printed. */
export async function run(args: string[]): Promise<void> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { name: { type: 'string' }, 'with-secret': { type: 'boolean' } },
  });
  const [what, email] = positionals;
  if ((what !== 'add' && what !== 'invite') || !email) throw new StopReason(`usage: aims ${usage}`);
  const app = await buildApp(readConfig({ ...environment(), LOG_LEVEL: 'silent' }));
  try {
    const name = values.name ?? email.split('@')[0]!;
    if (what === 'invite') console.log(await app.run(() => invitedAgain(app, email)));
    else if (values['with-secret']) console.log(JSON.stringify(await app.run(() => withSecret(app, email, name))));
    else console.log(await app.run(() => invited(app, email, name)));
  } finally {
    await app.stop();
  }
}

function environment(): NodeJS.ProcessEnv {
  if (process.env.AIMS_ROLE === 'core') return process.env;
  const { local } = openOperator();
  if (!local) throw new StopReason('Set AIMS_ROLE=core and what else the platform’s process is started with.');
  return local.coreCommandEnvironment(process.env);
}

async function invited(app: App, email: string, name: string): Promise<string> {
  await app.container
    .get(IDENTITY)
    .createAccount({ name, email, roles: ['super-admin'], by: 'invite', actor: systemActor('aims platform-admin') });
  return `${email} is a super-admin now. A mail is on its way; sign in at ${app.config.publicUrl}/login with this address.`;
}

/** Whoever let the days of the invitation go by, the only super-admin too. */
async function invitedAgain(app: App, email: string): Promise<string> {
  const identity = app.container.get(IDENTITY);
  const userId = await identity.accountWith(email);
  if (!userId) throw new StopReason(`No one on the platform has the address ${email}.`);
  await identity.inviteAgain(userId, systemActor('aims platform-admin'));
  return `${email} is invited again, for seven days.`;
}

/** Somebody whose sign-in was never written down, since the start was cut off, gets a new second step. */
async function withSecret(app: App, email: string, name: string): Promise<{ email: string; totp_secret: string }> {
  const actor = systemActor('aims platform-admin');
  const identity = app.container.get(IDENTITY);
  return app.container.get(UNIT)(async () => {
    const userId =
      (await identity.accountWith(email)) ??
      (await identity.createAccount({ name, email, roles: ['super-admin'], by: 'invite', actor })).userId;
    return { email, totp_secret: await identity.enrolFactor(userId, actor) };
  });
}
