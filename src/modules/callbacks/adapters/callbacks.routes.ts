import express, { type Request, type Response } from 'express';
import { networkOf, RateLimit } from '../../../platform/rate-limits.js';
import type { Routes } from '../../../platform/http/routes/routes.js';
import type { Inbox } from '../inbox.js';
import { MESSAGE_KINDS, type Address, type MessageKind } from '../ports.js';

/** Whoever guesses addresses is soon asked to wait. */
const guesses = new RateLimit('callbacks.wrong-addresses', { points: 60, duration: 600 });
const readText = express.text({ type: () => true, limit: '64kb' });
const TAKEN = { ResultCode: 0, ResultDesc: 'Accepted' };

/** `POST /api/callbacks/{token}/{kind}`: nobody is believed for knowing it, but nobody is heard without. */
export function callbackRoutes(r: Routes, inbox: Inbox): void {
  const heard =
    (work: (address: Address, body: string, req: Request) => Promise<object>) => async (req: Request, res: Response) => {
      res.set('Cache-Control', 'no-store');
      const { token } = req.params;
      const address = typeof token === 'string' && /^[0-9a-f]{64}$/.test(token) ? await inbox.addressOf(token) : null;
      if (!address)
        return (await guesses.allows(networkOf(req.ip ?? null)))
          ? problem(res, 404, 'Nothing was found at this address.', 'not-found')
          : problem(res.set('Retry-After', '600'), 429, 'Too many wrong addresses', 'too-many');
      const body = await textOf(req, res);
      if (body === null) return problem(res, 413, 'This request can’t be read.', 'unreadable');
      res.json(await work(address, body, req));
    };
  const keep = (kind: MessageKind) =>
    heard(async (address, body, req) => {
      await inbox.keep(address, kind, body, req.ip ?? null);
      return TAKEN;
    });

  r.post(
    '/api/callbacks/:token/validation',
    'public',
    heard((address, body) => inbox.validate(address, body)),
  );
  for (const kind of MESSAGE_KINDS) r.post(`/api/callbacks/:token/${kind}`, 'public', keep(kind));
}

/** Null for what is too large; whatever else it is, it is kept. PostgreSQL keeps no zero bytes. */
function textOf(req: Request, res: Response): Promise<string | null> {
  return new Promise((resolve) =>
    readText(req, res, (error?: unknown) =>
      resolve(error ? null : typeof req.body === 'string' ? req.body.replaceAll('\0', '�') : ''),
    ),
  );
}

function problem(res: Response, status: number, title: string, code: string): void {
  res
    .status(status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title, status, code }));
}
