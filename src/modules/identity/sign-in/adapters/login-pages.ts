import { z } from 'zod';
import type { Request, Response } from 'express';
import { DomainError, Invalid, TooMany, Unavailable } from '../../../../kernel/errors.js';
import type { FlatValues } from '../../../../platform/http/routes/form-data.js';
import { ownPath } from '../../../../platform/http/routes/guard.js';
import type { Links } from '../../accounts/links.js';
import type { Progress, SigningIn } from '../sign-in.js';
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
  /** What was typed before the session ended, and where it goes. */
  kept: z.string().max(60_000).default('').catch(''),
  to: z.string().max(2000).default('').catch(''),
});

export function draw(req: Request, res: Response, view: string, model: object = {}, status = 200): Promise<void> {
  const { login, kept, to } = typed.parse(bodyOf(req));
  return res.page(view, { login, kept, to, next: wantedOf(req), problems: [], ...model }, { status });
}

export async function attempt(
  req: Request,
  res: Response,
  view: string,
  work: () => Promise<void>,
  model: object = {},
): Promise<void> {
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
  const { kept, to } = typed.parse(bodyOf(req));
  // What is kept lies in the page alone, so that the next step is drawn where it else would be led to.
  if (progress.next === 'factor')
    return kept
      ? draw(req, res, 'identity/login/factor', factorWays(progress.account))
      : res.redirect(303, withNext('/login/factor', req));
  if (progress.next === 'choose')
    return kept
      ? draw(req, res, 'identity/login/choose', { people: progress.people })
      : res.redirect(303, withNext('/login/choose', req));
  await parts.web.start(req, res, progress.account);
  if (kept) return res.page('identity/login/kept', { fields: fieldsOf(kept), to: ownPath(to) });
  res.redirect(303, await nextOf(req, progress.account.roles, parts));
}

/** Which second steps the page offers; the app's code where nobody is known, as for everybody. */
export function factorWays(account: { hasTotp: boolean; passkeys: number } | null): { app: boolean; passkey: boolean } {
  return { app: account?.hasTotp ?? true, passkey: (account?.passkeys ?? 0) > 0 };
}

function fieldsOf(kept: string): { name: string; value: string }[] {
  try {
    const values = z.record(z.string(), z.union([z.string(), z.array(z.string())])).parse(JSON.parse(kept));
    return Object.entries(values).flatMap(([name, value]) => [value].flat().map((one) => ({ name, value: one })));
  } catch {
    return [];
  }
}
