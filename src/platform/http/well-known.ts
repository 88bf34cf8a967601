import type { Clock } from '../../kernel/clock.js';
import type { Config } from '../settings.js';
import type { Routes } from './routes/routes.js';

const GOOD_FOR_DAYS = 180;
const DAY = 86_400_000;

/** Whom to tell about a hole, in the form that RFC 9116 gives it; good for half a year from each day on. */
export function wellKnown(r: Routes, { publicUrl, support }: Pick<Config, 'publicUrl' | 'support'>, clock: Clock): void {
  const path = '/.well-known/security.txt';
  r.get(path, 'public', (_req, res) => {
    const expires = new Date(Math.floor(clock.now().getTime() / DAY) * DAY + GOOD_FOR_DAYS * DAY);
    const lines = [
      `Contact: mailto:${support}`,
      `Expires: ${expires.toISOString()}`,
      'Preferred-Languages: en, fr, sw',
      `Canonical: ${publicUrl}${path}`,
    ];
    res
      .set('Cache-Control', 'public, max-age=86400')
      .type('text/plain')
      .send(`${lines.join('\n')}\n`);
  });
}
