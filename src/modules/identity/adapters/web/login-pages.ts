import { z } from 'zod';
import type { Request, Response } from 'express';
import { DomainError, Invalid, TooMany, Unavailable } from '../../../../kernel/errors.js';
import type { FlatValues } from '../../../../platform/http/form-data.js';
import { ownPath } from '../../../../platform/http/guard.js';
import type { Links } from '../../application/links.js';
import type { Progress, SigningIn } from '../../application/sign-in.js';
import type { WebSignIn } from './sign-in.js';

export interface LoginParts {
  web: WebSignIn;
  signIn: SigningIn;
  links: Links;
  /** The page where somebody with these roles begins. */
  start(roles: readonly string[]): Promise<string>;
}

export const typed = z.object({
  login: z.string().max(254).default('').catch(''),
  password: z.string().max(1000).default('').catch(''),
  code: z.string().max(40).default('').catch(''),
  user: z.string().max(40).default('').catch(''),
  token: z.string().max(100).default('').catch(''),
});

export function draw(req: Request, res: Response, view: string, model: object = {}, status = 200): Promise<void> {
  const login = typed.parse(bodyOf(req)).login;
  return res.page(view, { login, next: wantedOf(req), problems: [], ...model }, { status });
}

export async function attempt(req: Request, res: Response, view: string, work: () => Promise<void>, model: object = {}): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error instanceof TooMany || error instanceof Unavailable) res.set('Retry-After', String(error.retryAfterSeconds));
    const problems = error instanceof Invalid ? error.problems : [{ field: '', message: error.message }];
    const translated = problems.map((problem) => ({ ...problem, message: req.t(problem.message) }));
    await draw(req, res, view, { ...model, problems: translated }, error.status);
  }
}

export function bodyOf(req: Request): FlatValues {
  return (req.body as FlatValues | undefined) ?? {};
}

/** Where one wanted to go, from the form or the address; only paths of our own. */
function wantedOf(req: Request): string {
  const wanted = ownPath(bodyOf(req).next ?? req.query.next);
  return wanted.startsWith('/login') || wanted.startsWith('/sign-out') ? '/' : wanted;
}

export function withNext(path: string, req: Request): string {
  const next = wantedOf(req);
  return next === '/' ? path : `${path}?next=${encodeURIComponent(next)}`;
}

/** Who wanted nothing in particular begins at the start, which is another page for other roles. */
export async function nextOf(req: Request, roles: readonly string[], { start }: LoginParts): Promise<string> {
  const wanted = wantedOf(req);
  return wanted === '/' ? start(roles) : wanted;
}

export async function goOn(req: Request, res: Response, parts: LoginParts, progress: Progress): Promise<void> {
  if (progress.next === 'factor') return res.redirect(303, withNext('/login/factor', req));
  if (progress.next === 'choose') return res.redirect(303, withNext('/login/choose', req));
  await parts.web.start(req, res, progress.account);
  res.redirect(303, await nextOf(req, progress.account.roles, parts));
}
