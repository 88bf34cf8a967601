import { randomBytes } from 'node:crypto';
import type { Clock } from '../../../kernel/clock.js';
import { callHeaders } from '../../../platform/link/call.js';
import type { SchoolKey } from '../../../platform/link/keys.js';
import { post } from '../../../platform/link/post.js';
import type { Usage } from '../usage.rules.js';
import type { PlatformDoor } from '../ports.js';

const TIMEOUT_MS = 10_000;

/** `POST /api/auth/tenant-bootstrap-ready/` and `POST /api/tenants/usage-report/`, signed with this school's key. */
export class HttpPlatformDoor implements PlatformDoor {
  constructor(
    private readonly parts: {
      url: string;
      key: SchoolKey;
      schoolId: string;
      boot: string;
      schemaHead: string;
      version: string;
      clock: Clock;
    },
  ) {}

  async tell({ ready }: { ready: boolean }): Promise<void> {
    const { url, boot, schemaHead } = this.parts;
    await this.call(new URL(url), { boot, schema_head: schemaHead, ready });
  }

  async report(usage: Usage): Promise<void> {
    const { url, schemaHead, version, clock } = this.parts;
    await this.call(new URL('/api/tenants/usage-report/', url), {
      taken_at: clock.now(),
      version,
      schema_head: schemaHead,
      ...usage,
    });
  }

  private async call(url: URL, said: object): Promise<void> {
    const { key, schoolId, clock } = this.parts;
    const body = JSON.stringify({ school_id: schoolId, ...said });
    const headers = {
      'content-type': 'application/json',
      ...callHeaders(key, body, randomBytes(16).toString('base64url'), clock.now()),
    };
    const status = await post(url, headers, body, TIMEOUT_MS);
    if (status !== 200) throw new Error(`The platform answered the call of this school with ${status}.`);
  }
}
