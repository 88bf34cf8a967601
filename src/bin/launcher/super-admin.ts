import { coreUrl, type Place } from './environment.js';
import type { LocalPlatform } from './local-platform.js';
import type { Logins } from './logins.js';
import { runCommand } from './one-shot.js';
import { StopReason } from './stop-reason.js';

const EMAIL = 'operator@aims.example';

/** The first start makes somebody who runs this machine's platform; codes by mail are read at /dev/mail, or by `aims mail`. */
export async function prepareSuperAdmin({
  platform,
  place,
  logins,
}: {
  platform: LocalPlatform;
  place: Place;
  logins: Logins;
}): Promise<void> {
  const url = `${coreUrl(place)}/login`;
  if (logins.has(null)) return;
  const printed = await runCommand(
    ['platform-admin', 'add', EMAIL, '--name', 'Local Operator', '--with-secret'],
    platform.coreEnvironment(process.env, place),
  );
  logins.replace(null, [{ school: null, role: 'super-admin', url, ...madeBy(printed) }]);
}

function madeBy(output: string): { email: string; totp_secret: string } {
  try {
    return JSON.parse(output.trim().split('\n').at(-1) ?? '') as { email: string; totp_secret: string };
  } catch {
    throw new StopReason('The super-admin was made, but the sign-in could not be read.');
  }
}
