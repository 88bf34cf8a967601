import express, { type Request, type Response } from 'express';
import type { Clock } from '../../../../kernel/clock.js';
import type { MasterKeys } from '../../../../platform/link/keys.js';
import type { Routes } from '../../../../platform/http/routes.js';
import type { Answers } from '../../application/answers.js';
import { readSchoolCall } from './signed-call.js';

export interface CallLimits {
  /** Counts a call that was refused; false when there have been too many from there. */
  refused(ip: string | null): Promise<boolean>;
  /** Counts a call that was right; false when this school calls without end. */
  believed(schoolId: string): Promise<boolean>;
}

const readText = express.text({ type: () => true, limit: '4kb' });

/** `POST /api/auth/tenant-bootstrap-ready/`: every refusal has the same answer, whatever was wrong. */
export function answerRoutes(routes: Routes, answers: Answers, parts: { masters: MasterKeys; limits: CallLimits; clock: Clock }): void {
  const { masters, limits, clock } = parts;
  routes.post('/api/auth/tenant-bootstrap-ready', 'public', async (req, res) => {
    const body = await textOf(req, res);
    const { call, claimed } = readSchoolCall(masters, (name) => req.get(name), body, clock.now());
    if (call && !(await limits.believed(call.schoolId))) return tooMany(res);
    if (call && (await answers.hear(call))) return void res.set('Cache-Control', 'no-store').json({ status: 'ok' });
    req.log.warn({ claimed, ip: req.ip }, 'a call of a school was refused');
    if (!(await limits.refused(req.ip ?? null))) return tooMany(res);
    await answers.noteRefused(req.actor, claimed);
    problem(res, 401, 'This call can’t be believed.', 'unauthorized');
  });
}

/** Whatever can't be read counts as nothing said. */
function textOf(req: Request, res: Response): Promise<string> {
  return new Promise((resolve) => readText(req, res, () => resolve(typeof req.body === 'string' ? req.body : '')));
}

function tooMany(res: Response): void {
  res.set('Retry-After', '60');
  problem(res, 429, 'There were too many calls. Wait a minute.', 'too-many');
}

function problem(res: Response, status: number, title: string, code: string): void {
  res.status(status).set('Cache-Control', 'no-store').type('application/problem+json');
  res.send(JSON.stringify({ type: 'about:blank', title, status, code }));
}
