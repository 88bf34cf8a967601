import path from 'node:path';
import { LocalMailbox, type Letter } from '../../platform/mail/index.js';
import { StopReason } from '../launcher/stop-reason.js';
import { openOperator } from '../operator.js';

export const summary = 'show the newest messages that were kept on this machine because no mail service is set up';
export const usage = "mail [school] [--last N]   (the platform's own without a school; 5 messages unless you say otherwise)";

const USUAL = 5;
const MOST = 100;

/** For the machine that a school has for itself: there a browser must not show codes and links, and who sits at the terminal may. */
export async function run(args: string[]): Promise<void> {
  const at = args.indexOf('--last');
  const last = at < 0 ? USUAL : Number(args[at + 1]);
  const [school, ...more] = args.filter((_, index) => at < 0 || (index !== at && index !== at + 1));
  if (!Number.isInteger(last) || last < 1 || last > MOST || more.length > 0) throw new StopReason(`usage: aims ${usage}`);
  const schoolId = school ? openOperator().school(school).schoolId : null;
  console.log(await keptMessages(path.resolve(process.env.AIMS_DATA || 'data'), schoolId, last));
}

/** Newest first. */
export async function keptMessages(dataFolder: string, schoolId: string | null, last: number): Promise<string> {
  const letters = (await LocalMailbox.of(dataFolder, schoolId).list()).slice(0, last);
  return letters.length > 0 ? letters.map(asText).join('\n') : 'No messages here.';
}

function asText({ sentAt, channel, to, subject, text }: Letter): string {
  return `${sentAt}  ${channel === 'sms' ? 'SMS' : 'Mail'} to ${to}\n${subject ? `${subject}\n` : ''}\n${text.trim()}\n`;
}
