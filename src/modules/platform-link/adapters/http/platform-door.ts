import { randomBytes } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import type { Clock } from '../../../../kernel/clock.js';
import { callHeaders } from '../../../../platform/link/call.js';
import type { SchoolKey } from '../../../../platform/link/keys.js';
import type { PlatformDoor } from '../../ports.js';

const TIMEOUT_MS = 10_000;

/** `POST /api/auth/tenant-bootstrap-ready/`, signed with this school's key. */
export class HttpPlatformDoor implements PlatformDoor {
  constructor(
    private readonly parts: { url: string; key: SchoolKey; schoolId: string; boot: string; schemaHead: string; clock: Clock },
  ) {}

  async tell({ ready }: { ready: boolean }): Promise<void> {
    const { url, key, schoolId, boot, schemaHead, clock } = this.parts;
    const body = JSON.stringify({ school_id: schoolId, boot, schema_head: schemaHead, ready });
    const headers = { 'content-type': 'application/json', ...callHeaders(key, body, randomBytes(16).toString('base64url'), clock.now()) };
    const status = await post(new URL(url), headers, body);
    if (status !== 200) throw new Error(`The platform answered the call of this school with ${status}.`);
  }
}

/** Not by `fetch`, whose machinery a process that calls once would keep in memory. A redirect is not followed. */
function post(url: URL, headers: http.OutgoingHttpHeaders, body: string): Promise<number> {
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent: false, timeout: TIMEOUT_MS, headers: { ...headers, 'content-length': Buffer.byteLength(body) } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.once('timeout', () => sent.destroy(new Error('The platform did not answer the call of this school in time.')));
    sent.once('error', reject);
    sent.end(body);
  });
}
