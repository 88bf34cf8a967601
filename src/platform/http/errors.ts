import type { ErrorRequestHandler, Request, Response } from 'express';
import {
  Conflict,
  DomainError,
  Forbidden,
  Invalid,
  NotFound,
  ProofNeeded,
  RuleBroken,
  TooMany,
  Unavailable,
} from '../../kernel/errors.js';
import { Missing } from '../../kernel/missing.js';
import { ZodError } from 'zod';
import { databaseFailure } from '../db/index.js';
import { problemsOf } from './routes/form-data.js';
import { isApi, isSafe, ownPath } from './routes/guard.js';
import { askForProof } from './routes/proof.js';

interface Answer {
  status: number;
  code: string;
  sentence: string;
  retryAfter?: number;
  /** The sentence itself says what to do. */
  missing?: boolean;
  problems?: { field: string; message: string }[];
}

/** The one place that turns what went wrong into an answer: a page, or `application/problem+json` for the API. */
export function errorAnswers(): ErrorRequestHandler {
  return async (error: unknown, req, res, _next) => {
    const answer = answerFor(error);
    if (answer.status >= 500) req.log.error({ err: error }, 'failed');
    else if (answer.code === 'unreadable') req.log.warn({ err: error }, 'a value that the database could not read');
    if (res.headersSent) {
      res.destroy(error instanceof Error ? error : undefined);
      return;
    }
    if (answer.retryAfter) res.set('Retry-After', String(answer.retryAfter));
    res.set('Cache-Control', 'no-store');
    if (isApi(req)) sendProblem(req, res, answer);
    else if (error instanceof ProofNeeded && req.signedIn) askForProof(req, res, error);
    else if (isHeldBack(error, req)) askToSetUp(req, res);
    else await sendPage(req, res, answer);
  };
}

/** They will have it once they have set up their second step. */
export function isHeldBack(error: unknown, req: Request): boolean {
  return (
    error instanceof Forbidden && error.permission !== null && req.signedIn?.heldBack?.permissions.has(error.permission) === true
  );
}

/** The first thing that a person does which needs the second step: they set it up, and come back. */
function askToSetUp(req: Request, res: Response): void {
  const back = isSafe(req.method) ? `?${new URLSearchParams({ next: ownPath(req.originalUrl) })}` : '';
  const target = `${req.signedIn!.heldBack!.page}${back}`;
  if (req.get('hx-request')) res.set('HX-Redirect', target).status(200).end();
  else res.redirect(303, target);
}

/** Values in an address or a form that are no number, day, id or text at all: whoever wrote them by hand is to blame. */
const UNREADABLE = new Set(['22003', '22007', '22008', '22021', '22P02', '22P05']);

function answerFor(error: unknown): Answer {
  const known = error instanceof DomainError ? error : databaseFailure(error);
  if (known) return domainAnswer(known);
  if (error instanceof ZodError) return domainAnswer(new Invalid(problemsOf(error)));
  const failure = error as { status?: number; statusCode?: number; code?: unknown } | null | undefined;
  // Errors of the platform itself have numbers for codes.
  const code = typeof failure?.code === 'string' ? failure.code : '';
  if (code === 'LIMIT_FILE_SIZE') return { status: 413, code: 'too-large', sentence: 'This file is too large.' };
  if (code.startsWith('LIMIT_')) return { status: 400, code: 'bad-upload', sentence: 'This form has too many parts.' };
  if (code === 'ENOSPC') return away('There is no space left to store this. Nothing was changed; the operator has been told.');
  if (code === '23505')
    return {
      status: 409,
      code: 'conflict',
      sentence: 'Someone saved the same thing a moment ago. Check it before you try again.',
    };
  if (UNREADABLE.has(code)) return { status: 400, code: 'unreadable', sentence: 'This request can’t be read.' };
  const status = failure?.status ?? failure?.statusCode;
  if (status === 413) return { status, code: 'too-large', sentence: 'This is too large.' };
  if (status !== undefined && status >= 400 && status < 500)
    return { status, code: 'bad-request', sentence: 'This request can’t be read.' };
  return { status: 500, code: 'failed', sentence: 'Something went wrong on our side. It was nothing you typed.' };
}

function domainAnswer(error: DomainError): Answer {
  const answer: Answer = { status: error.status, code: error.code, sentence: error.message };
  if (error instanceof Missing) answer.missing = true;
  if (error instanceof Invalid) answer.problems = error.problems;
  if (error instanceof RuleBroken && error.field) answer.problems = [{ field: error.field, message: error.message }];
  if (error instanceof TooMany || error instanceof Unavailable || (error instanceof Conflict && error.retryAfterSeconds))
    answer.retryAfter = error.retryAfterSeconds;
  return answer;
}

function away(sentence: string): Answer {
  return { status: 503, code: 'unavailable', sentence, retryAfter: 5 };
}

function sendProblem(req: Request, res: Response, answer: Answer): void {
  const body = {
    type: 'about:blank',
    title: answer.sentence,
    status: answer.status,
    code: answer.code,
    ...(answer.problems ? { errors: answer.problems } : {}),
    reference: req.id,
  };
  res.status(answer.status).type('application/problem+json').send(JSON.stringify(body));
}

const TITLES: Record<number, string> = {
  400: 'The request was incomplete',
  403: 'You don’t have access to this',
  404: 'Page not found',
  409: 'Someone was faster',
  413: 'Too large',
  422: 'That can’t be done',
  410: 'Closed',
  423: 'Read only',
  429: 'Too many attempts',
  503: 'Temporarily unavailable',
};

async function sendPage(req: Request, res: Response, answer: Answer): Promise<void> {
  const model = {
    title: answer.missing ? 'Not found' : (TITLES[answer.status] ?? 'Something went wrong'),
    answer,
    reference: req.id,
  };
  // Refused before it was known which school and language this is about.
  if (typeof req.t !== 'function') return void plainly(res, answer, req.id);
  try {
    await res.page('errors/error', model, { status: answer.status });
  } catch (error) {
    req.log.error({ err: error }, 'the error page failed');
    plainly(res, answer, req.id);
  }
}

function plainly(res: Response, answer: Answer, reference: string): void {
  res.status(answer.status).type('text/plain').send(`${answer.sentence}\nReference: ${reference}\n`);
}

/** What is served when no route matches. */
export function nothingHere(): (req: Request) => never {
  return () => {
    throw new NotFound('There is no page at this address.');
  };
}
