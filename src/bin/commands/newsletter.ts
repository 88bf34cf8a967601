import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { buildApp } from '../../app.js';
import { readConfig } from '../../config.js';
import { Newsletter } from '../../modules/website/operations.js';
import { StopReason } from '../launcher/stop-reason.js';

export const summary =
  'send an issue of the newsletter to everybody who has confirmed; the same file again reaches only who is missing';
export const usage = 'newsletter <file>   (subject in the first line, then plain text; with the settings of core)';

export async function run([file]: string[]): Promise<void> {
  if (!file || !existsSync(file)) throw new StopReason(`usage: aims ${usage}`);
  const [first = '', ...rest] = readFileSync(file, 'utf8').split(/\r?\n/);
  const issue = { subject: first.replace(/^#+\s*/, '').trim(), text: rest.join('\n').trim() };
  if (issue.subject === '' || issue.text === '')
    throw new StopReason('The first line is the subject, what follows is the letter. One of them is missing.');
  const app = await buildApp(readConfig({ ...process.env, AIMS_ROLE: 'core', LOG_LEVEL: 'silent' }));
  try {
    const sent = await app.run(() => app.container.get(Newsletter).sendIssue(path.basename(file), issue));
    console.log(`${sent} letters are on their way.`);
  } finally {
    await app.stop();
  }
}
