import express, { type Request, type Response } from 'express';
import type { Clock } from '../../../../kernel/clock.js';
import { readCall } from '../../../../platform/link/call.js';
import type { SchoolKey } from '../../../../platform/link/keys.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';

const readText = express.text({ type: () => true, limit: '4kb' });

export interface InboxCallParts {
  /** Null where the platform gave the school no key. */
  key: SchoolKey | null;
  clock: Clock;
  /** Takes what waits at the platform; nothing when there is nothing. */
  take(): Promise<unknown>;
}

/**
 * `POST /api/payments/inbox-calls`: the platform has something for this school. All that a call does is to look there,
 * so one that is sent again does no harm.
 */
export function inboxCalls(r: Routes, { key, clock, take }: InboxCallParts): void {
  r.post('/api/payments/inbox-calls', 'public', async (req, res) => {
    const body = await textOf(req, res);
    const call = readCall((name) => req.get(name));
    res.set('Cache-Control', 'no-store');
    if (!key || !call?.isBy(key, body, clock.now())) {
      res
        .status(401)
        .type('application/problem+json')
        .send(
          JSON.stringify({ type: 'about:blank', title: 'This call could not be verified.', status: 401, code: 'unauthorized' }),
        );
      return;
    }
    await take();
    res.json({ status: 'ok' });
  });
}

function textOf(req: Request, res: Response): Promise<string> {
  return new Promise((resolve) => readText(req, res, () => resolve(typeof req.body === 'string' ? req.body : '')));
}
