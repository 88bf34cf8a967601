import path from 'node:path';
import { Secret, TOTP } from 'otpauth';
import { Logins } from '../launcher/logins.js';
import { StopReason } from '../launcher/stop-reason.js';

export const summary = 'the one-time code of a demo sign-in, as an app on a phone would show it now';
export const usage = 'code <email>';

export function run([email]: string[]): void {
  if (!email) throw new StopReason(`usage: aims ${usage}`);
  const login = new Logins(path.resolve(process.env.AIMS_DATA || 'data')).all().find((one) => one.email === email);
  if (!login) throw new StopReason(`data/demo-logins.json has no ${email}.`);
  if (!login.totp_secret) throw new StopReason(`${email} signs in without a code.`);
  console.log(new TOTP({ secret: Secret.fromBase32(login.totp_secret) }).generate());
}
