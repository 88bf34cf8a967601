import type { SchoolEntry } from '../../modules/schools/index.js';
import { schoolUrl, type Place } from './environment.js';
import type { LocalPlatform } from './local-platform.js';
import type { Login, Logins } from './logins.js';
import { runCommand } from './one-shot.js';
import type { Register } from './school-register.js';
import { StopReason } from './stop-reason.js';
import { timed } from './timings.js';

const DEMO_SCHOOLS: Record<string, Omit<SchoolEntry, 'id'>> = {
  kilimani: { subdomain: 'kilimani', name: 'Kilimani Academy', country: 'KE', town: 'Nairobi' },
  'accra-demo': { subdomain: 'accra-demo', name: 'Accra Demo School', country: 'GH', town: 'Accra' },
};

/**
 * Brings every local school to the newest schema and builds the demo schools that are not finished yet: one
 * whose sign-ins were never written down is begun anew. Returns the subdomains of all schools.
 */
export async function prepareDemoSchools(platform: LocalPlatform, place: Place, logins: Logins, register: Register): Promise<string[]> {
  const databases = await platform.databases();
  logins.readdress((school) => schoolUrl(place, school));
  for (const subdomain of Object.keys(DEMO_SCHOOLS)) {
    if (!logins.has(subdomain) && platform.find(subdomain)) {
      await platform.dropSchool(subdomain);
      databases.delete(databaseOf(subdomain));
    }
  }
  const subdomains = [...new Set([...platform.schools().map((school) => school.subdomain), ...Object.keys(DEMO_SCHOOLS)])];
  for (const subdomain of subdomains) {
    const school = await timed(`database of ${subdomain}`, () => platform.ensureSchool(subdomain, databases));
    const demo = DEMO_SCHOOLS[subdomain];
    if (!demo || logins.has(subdomain)) continue;
    await register.enter({ ...demo, id: school.id });
    const env = platform.schoolEnvironment(process.env, place, school);
    const made = await timed(`demo ${subdomain}`, () => runCommand(['demo', subdomain], env));
    logins.replace(subdomain, loginsIn(made, subdomain, schoolUrl(place, subdomain)));
  }
  return subdomains;
}

function databaseOf(subdomain: string): string {
  return `${subdomain.replaceAll('-', '_')}_db`;
}

/** The command's last line is the list of sign-ins. */
function loginsIn(output: string, school: string, url: string): Login[] {
  const last = output.trim().split('\n').at(-1) ?? '';
  try {
    const list = JSON.parse(last) as Omit<Login, 'school' | 'url'>[];
    return list.map(({ role, email, password, totp_secret }) => ({ school, role, url, email, password, ...(totp_secret ? { totp_secret } : {}) }));
  } catch {
    throw new StopReason(`The demo school ${school} was built, but its sign-ins could not be read.`);
  }
}
