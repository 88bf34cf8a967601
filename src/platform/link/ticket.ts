import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { isSigned, sign, type SchoolKey } from './keys.js';

/** From the platform's page to the school's: long enough for a slow phone, too short to be found and used. */
export const TICKET_MS = 2 * 60_000;
const USE = 'aims-ticket-1';

const Claims = z.object({
  school: z.uuid(),
  email: z.string().min(3).max(254),
  nonce: z.string().regex(/^[\w-]{22}$/),
  until: z.number().int(),
});
export type TicketClaims = z.infer<typeof Claims>;

/** Lets the owner, whose address the platform has proven, into their own school: once, and soon. */
export function makeTicket(key: SchoolKey, school: string, email: string, now: Date): string {
  const claims: TicketClaims = { school, email, nonce: randomBytes(16).toString('base64url'), until: now.getTime() + TICKET_MS };
  const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${body}.${sign(key, USE, body)}`;
}

/** Null when it is forged, of another school or too old. That it is used once is for the caller to keep. */
export function readTicket(key: SchoolKey, school: string, ticket: string, now: Date): TicketClaims | null {
  const [body = '', signature = ''] = ticket.split('.', 2);
  if (ticket.length > 2000 || !isSigned(key, signature, USE, body)) return null;
  const claims = Claims.safeParse(parsed(body)).data;
  return claims &&
    claims.school === school &&
    claims.until >= now.getTime() &&
    claims.until <= now.getTime() + TICKET_MS + 5 * 60_000
    ? claims
    : null;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
