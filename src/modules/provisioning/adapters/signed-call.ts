import { z } from 'zod';
import type { SignedCall } from '../../../platform/http/signed-call.js';
import { readCall, type HeaderSource } from '../../../platform/link/call.js';
import { keyFor, type MasterKeys, type SchoolKey } from '../../../platform/link/keys.js';

const Claim = z.looseObject({ school_id: z.uuid() });

/** Compared with when there is nothing to compare with, so that the time it takes tells nothing. */
const NOBODY: SchoolKey = { id: '', key: Buffer.alloc(32) };
const NOTHING = { keyId: '', nonce: '', isBy: () => false };

/** What was signed by the school that it speaks of, or null. `claimed` is the school that it says it is, believed or not. */
export function readSchoolCall(
  masters: MasterKeys,
  header: HeaderSource,
  body: string,
  now: Date,
): { call: SignedCall | null; claimed: string | null } {
  const read = readCall(header) ?? NOTHING;
  const said = Claim.safeParse(parsed(body)).data;
  const claimed = said?.school_id ?? null;
  const key = (said && keyFor(masters, read.keyId, said.school_id)) ?? NOBODY;
  const right = read.isBy(key, body, now);
  if (!right || !said || key === NOBODY) return { call: null, claimed };
  return { call: { schoolId: said.school_id, nonce: read.nonce, said }, claimed };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
