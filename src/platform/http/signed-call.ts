import express, { type Request, type Response } from 'express';
import type { HeaderSource } from '../link/call.js';
import { token } from '../tokens.js';
import type { Routes } from './routes/routes.js';

/** What a school signed with its own key. */
export interface SignedCall {
  schoolId: string;
  nonce: string;
  /** The body, read; what it means is for the hearer to check. */
  said: unknown;
}

/** Who is believed, and how often. */
export interface SignedCalls {
  /** Null when it can't be believed. `claimed` is the school that it says it is, believed or not. */
  read(header: HeaderSource, body: string): { call: SignedCall | null; claimed: string | null };
  /** Counts a call that was right; false when this school calls without end. */
  mayCall(schoolId: string): Promise<boolean>;
  /** Joins the caller's transaction; false when this nonce was used before. */
  use(schoolId: string, nonce: string): Promise<boolean>;
  /** Counts a call that was refused and writes it down; false when there have been too many from there. */
  refuse(req: Request, claimed: string | null): Promise<boolean>;
}

/** Bound by the module that knows the keys. */
export const SIGNED_CALLS = token<SignedCalls>('SignedCalls');

export interface SignedCallRoute {
  path: string;
  /** Of the body, as `4kb`. */
  limit: string;
  /** False for what can't be believed after all. */
  hear(call: SignedCall): Promise<boolean>;
}

/** A call of a school to the platform: every refusal has the same answer, whatever was wrong. */
export function signedCall(routes: Routes, calls: SignedCalls, { path, limit, hear }: SignedCallRoute): void {
  const readText = express.text({ type: () => true, limit });
  routes.post(path, 'public', async (req, res) => {
    const body = await textOf(readText, req, res);
    const { call, claimed } = calls.read((name) => req.get(name), body);
    if (call && !(await calls.mayCall(call.schoolId))) return tooMany(res);
    if (call && (await hear(call))) return void res.set('Cache-Control', 'no-store').json({ status: 'ok' });
    req.log.warn({ claimed, ip: req.ip }, 'a call of a school was refused');
    if (!(await calls.refuse(req, claimed))) return tooMany(res);
    problem(res, 401, 'This call could not be verified.', 'unauthorized');
  });
}

/** Whatever can't be read counts as nothing said. */
function textOf(readText: ReturnType<typeof express.text>, req: Request, res: Response): Promise<string> {
  return new Promise((resolve) => readText(req, res, () => resolve(typeof req.body === 'string' ? req.body : '')));
}

function tooMany(res: Response): void {
  res.set('Retry-After', '60');
  problem(res, 429, 'Too many calls. Wait a minute.', 'too-many');
}

function problem(res: Response, status: number, title: string, code: string): void {
  res.status(status).set('Cache-Control', 'no-store').type('application/problem+json');
  res.send(JSON.stringify({ type: 'about:blank', title, status, code }));
}
