import { randomBytes } from 'node:crypto';
import type { Clock } from '../../../kernel/clock.js';
import { callHeaders } from '../../../platform/link/call.js';
import type { SchoolKey } from '../../../platform/link/keys.js';
import { post } from '../../../platform/link/post.js';
import type { SchoolBell } from '../ports.js';

/** A school that sleeps is started by this very call. */
const PATIENCE_MS = 20_000;

/** `POST /api/payments/inbox-calls` of the school, signed with its key. */
export class HttpSchoolBell implements SchoolBell {
  constructor(private readonly parts: { publicUrl: string; keyOf(schoolId: string): SchoolKey; clock: Clock }) {}

  async ring({ id, subdomain }: { id: string; subdomain: string }): Promise<void> {
    const { publicUrl, keyOf, clock } = this.parts;
    const platform = new URL(publicUrl);
    const body = JSON.stringify({ school_id: id, waiting: true });
    const headers = {
      'content-type': 'application/json',
      ...callHeaders(keyOf(id), body, randomBytes(16).toString('base64url'), clock.now()),
    };
    const url = new URL(`${platform.protocol}//${subdomain}.${platform.host}/api/payments/inbox-calls`);
    const status = await post(url, headers, body, PATIENCE_MS);
    if (status !== 200) throw new Error(`The school answered ${status} when it was called to its inbox.`);
  }
}
