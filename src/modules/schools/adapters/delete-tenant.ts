import { createHash, timingSafeEqual } from 'node:crypto';
import express, { type Request, type Response } from 'express';
import { z } from 'zod';
import { systemActor } from '../../../kernel/actor.js';
import { DomainError } from '../../../kernel/errors.js';
import { networkOf, RateLimit } from '../../../platform/rate-limits.js';
import type { Routes } from '../../../platform/http/routes/routes.js';
import type { Desk } from '../desk.js';

const Body = z.object({ subdomain: z.string().min(3).max(40) });
const readJson = express.json({ limit: '4kb', strict: true });
const wrongKeys = new RateLimit('schools.wrong-admin-keys', { points: 20, duration: 600 });

/**
 * `POST /api/admin/delete-tenant/`, for the platform's own programs. The key is asked for before a byte of the body is
 * read; without one set, nobody has it. It never touches a school that isn't closing.
 */
export function deleteTenantRoute(r: Routes, desk: Desk, adminKey: string | null): void {
  r.post('/api/admin/delete-tenant', 'public', async (req, res) => {
    res.set('Cache-Control', 'no-store');
    if (!isKey(req.get('x-admin-api-key'), adminKey)) {
      const patient = await wrongKeys.allows(networkOf(req.ip ?? null));
      req.log.warn({ ip: req.ip }, 'a wrong admin key');
      return patient
        ? problem(res, 401, 'Unauthorized', 'unauthorized')
        : problem(res.set('Retry-After', '600'), 429, 'Too many wrong keys', 'too-many');
    }
    const body = Body.safeParse(await jsonOf(req, res));
    if (!body.success) return problem(res, 422, 'Send {"subdomain": "…"}', 'invalid');
    try {
      const state = await desk.removeByKey(
        { ...systemActor('admin-api'), ip: req.ip ?? null, requestId: req.id },
        body.data.subdomain,
      );
      res.status(state === 'deleted' ? 200 : 202).json({ subdomain: body.data.subdomain, state });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      problem(res, error.code === 'schools.not-closed' ? 409 : error.status, error.message, error.code);
    }
  });
}

/** Of equal length by hashing, so that the comparison takes the same time whatever was sent. */
function isKey(sent: string | undefined, key: string | null): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  const same = timingSafeEqual(hash(sent ?? ''), hash(key ?? ''));
  return same && key !== null && key !== '';
}

/** What can't be read counts as nothing said. */
function jsonOf(req: Request, res: Response): Promise<unknown> {
  return new Promise((resolve) => readJson(req, res, (error?: unknown) => resolve(error ? null : req.body)));
}

function problem(res: Response, status: number, title: string, code: string): void {
  res
    .status(status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title, status, code }));
}
