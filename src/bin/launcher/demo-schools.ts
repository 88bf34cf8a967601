import type { SchoolEntry } from '../../modules/schools/index.js';
import { KEPT_PASSWORDS } from '../demo/accounts.js';
import { coreUrl, schoolUrl, type Place } from './environment.js';
import type { LocalPlatform } from './local-platform.js';
import type { Login, Logins } from './logins.js';
import { runCommand } from './one-shot.js';
import type { Processes } from './processes.js';
import type { Register } from './school-register.js';
import { StopReason } from './stop-reason.js';
import { timed } from './timings.js';

export interface DemoBuilder {
  platform: LocalPlatform;
  place: Place;
  logins: Logins;
  register: Register;
  processes: Processes;
  /** Tells whoever waits at the terminal what is being done. */
  say(line: string): void;
}

const DEMO_SCHOOLS: Record<string, Omit<SchoolEntry, 'id'>> = {
  kilimani: { subdomain: 'kilimani', name: 'Kilimani Academy', country: 'KE', town: 'Nairobi' },
  'accra-demo': { subdomain: 'accra-demo', name: 'Accra Demo School', country: 'GH', town: 'Accra' },
};

/**
 * Brings every local school to the newest schema and builds the demo schools that are not finished yet: one
 * whose sign-ins were never written down is begun anew. Returns the subdomains of all schools.
 */
export async function prepareDemoSchools(builder: DemoBuilder): Promise<string[]> {
  const { platform, place, logins } = builder;
  logins.readdress((school) => (school === null ? `${coreUrl(place)}/login` : schoolUrl(place, school)));
  const databases = await platform.databases();
  const known = platform.schools().map((school) => school.subdomain);
  const subdomains = [...new Set([...wantedDemos(place), ...known])];
  for (const subdomain of subdomains) {
    const finished = logins.has(subdomain) && databases.has(databaseOf(subdomain));
    const isBuilt = subdomain in DEMO_SCHOOLS && !finished;
    if (isBuilt) builder.say(`Making the demo school ${DEMO_SCHOOLS[subdomain]!.name} (once) …`);
    if (isBuilt) await builder.processes.whileHeld(subdomain, () => build(builder, subdomain, databases));
    else await timed(`database of ${subdomain}`, () => platform.ensureSchool(subdomain, databases));
  }
  return subdomains;
}

/** A machine that one school has for itself has no demo schools beside it. */
function wantedDemos({ single }: Place): string[] {
  return Object.keys(DEMO_SCHOOLS).filter((subdomain) => !single || single.subdomain === subdomain);
}

/** Builds the demo schools anew, so that what visitors did in them is gone. Who signs in keeps their password; the app’s secrets are new. */
export async function renewDemoSchools(builder: DemoBuilder): Promise<void> {
  const { platform, place, logins, processes } = builder;
  for (const subdomain of wantedDemos(place)) {
    const kept = logins.all().filter((login) => login.school === subdomain);
    await processes.whileReplaced(subdomain, async () => {
      // Cut off from here on, the next start builds it.
      logins.replace(subdomain, []);
      await build(builder, subdomain, await platform.databases(), kept);
    });
  }
}

async function build(
  { platform, place, logins, register, say }: DemoBuilder,
  subdomain: string,
  databases: ReadonlySet<string>,
  kept: readonly Login[] = [],
): Promise<void> {
  const unfinished = platform.find(subdomain);
  if (unfinished) await platform.dropSchool(unfinished);
  const others = new Set([...databases].filter((name) => name !== databaseOf(subdomain)));
  const school = await timed(`database of ${subdomain}`, () => platform.ensureSchool(subdomain, others));
  await register.enter({ ...DEMO_SCHOOLS[subdomain]!, id: school.id });
  const env = platform.schoolEnvironment(process.env, place, school);
  const made = await timed(`demo ${subdomain}`, () =>
    runCommand(['demo', subdomain], kept.length > 0 ? { ...env, [KEPT_PASSWORDS]: passwordsOf(kept) } : env, (step) =>
      say(`  ${subdomain}: ${step} …`),
    ),
  );
  logins.replace(subdomain, loginsIn(made, subdomain, schoolUrl(place, subdomain)));
}

function passwordsOf(kept: readonly Login[]): string {
  return JSON.stringify(Object.fromEntries(kept.map(({ email, password }) => [email, password])));
}

function databaseOf(subdomain: string): string {
  return `${subdomain.replaceAll('-', '_')}_db`;
}

/** The command's last line is the list of sign-ins. */
function loginsIn(output: string, school: string, url: string): Login[] {
  const last = output.trim().split('\n').at(-1) ?? '';
  try {
    const list = JSON.parse(last) as Omit<Login, 'school' | 'url'>[];
    return list.map(({ role, email, password, totp_secret }) => ({
      school,
      role,
      url,
      email,
      password,
      ...(totp_secret ? { totp_secret } : {}),
    }));
  } catch {
    throw new StopReason(`The demo school ${school} was built, but its sign-ins could not be read.`);
  }
}
