import { buildApp, type App } from '../../app.js';
import { readConfig } from '../../config.js';
import type { Actor } from '../../kernel/actor.js';
import { systemClock } from '../../kernel/clock.js';
import { giveAccounts, KEPT_PASSWORDS, type DemoLogin } from '../demo/accounts.js';
import { openBooks } from '../demo/money/books.js';
import { DemoClock } from '../demo/demo-clock.js';
import { workAtTheDesk } from '../demo/money/desk.js';
import { billTerms } from '../demo/money/fees.js';
import { fillRegister, openSchool } from '../demo/build-school.js';
import { fillFamilyData } from '../demo/people/family-data.js';
import { hangPhotos } from '../demo/people/photos.js';
import { DEMO_PLANS, type DemoPlan } from '../demo/money/plans.js';
import { openRails } from '../demo/money/rails.js';
import { allPowers, inTheNameOf, signedIn } from '../demo/powers.js';
import { fillStaffRoom } from '../demo/people/staff-room.js';
import { StopReason } from '../launcher/stop-reason.js';
import { toldStep } from '../launcher/timings.js';

export const summary = 'build a demo school in its empty database and print its sign-ins as JSON (run by the launcher)';
export const usage = `demo <${Object.keys(DEMO_PLANS).join(' | ')}>`;

/** In the school's own environment, as its application role: the last line printed is the list of sign-ins. */
export async function run([subdomain = '']: string[]): Promise<void> {
  const clock = new DemoClock(systemClock);
  const app = await buildApp(readConfig({ ...process.env, LOG_LEVEL: 'silent' }), { clock });
  try {
    const kept = JSON.parse(process.env[KEPT_PASSWORDS] ?? '{}') as Record<string, string>;
    const logins = await app.run(() => prepareDemo(app, clock, planOf(subdomain), kept));
    // Nobody may come to this school for days, and its chain is whole before.
    await app.run(() =>
      app.jobs['audit.seal-all']!({}, { id: '0', attempt: 1, maxAttempts: 1, signal: new AbortController().signal }),
    );
    console.log(JSON.stringify(logins));
  } finally {
    await app.stop();
  }
}

function planOf(subdomain: string): DemoPlan {
  const plan = DEMO_PLANS[subdomain];
  if (!plan) throw new StopReason(`There is no demo school ${subdomain}.`);
  return plan;
}

/**
 * Through the use cases, so that a demo school is a school like any other. Its people are the same at every run.
 * The app must go by this clock, which is turned back for what happened earlier.
 * A database that has a school already is refused: whoever was stopped half-way begins with a new one.
 */
export async function prepareDemo(
  app: App,
  clock: DemoClock,
  plan: DemoPlan,
  kept: Record<string, string> = {},
): Promise<DemoLogin[]> {
  const setUp = allPowers(app, 'Set-up');
  await toldStep('school', () => openSchool(app, setUp, plan));
  const staff = await toldStep('staff', () => fillStaffRoom(app, setUp, plan));
  const [bursar, registrar, head] = ['Bursar', 'Registrar', 'Head teacher'].map((job) => inTheNameOf(setUp, staff.all, job)) as [
    Actor,
    Actor,
    Actor,
  ];
  await toldStep('books', () => openBooks(app, bursar));
  const registered = await toldStep('students', () => fillRegister(app, registrar, clock, plan));
  await toldStep('photos', () => hangPhotos(app, registrar, plan, registered));
  await toldStep('families', () => fillFamilyData(app, registrar, plan, registered));
  const logins = await toldStep('accounts', () => giveAccounts(app, setUp, plan, staff, registered, kept));
  const at = async (actor: Actor, role: string): Promise<Actor> =>
    signedIn(app, actor, role, logins.find((login) => login.role === role)!.email);
  const [cashier, second] = [await at(bursar, 'bursar'), await at(head, 'head')];
  await toldStep('fees', () => billTerms(app, cashier, clock, registered));
  if (plan.start.country === 'KE') await toldStep('rails', () => openRails(app, cashier, second, registered));
  await toldStep('desk', () => workAtTheDesk(app, cashier, clock));
  return logins;
}
