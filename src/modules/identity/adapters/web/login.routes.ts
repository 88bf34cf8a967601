import { z } from 'zod';
import type { Request, Response } from 'express';
import { DomainError, Invalid, TooMany, Unavailable } from '../../../../kernel/errors.js';
import type { FlatValues } from '../../../../platform/http/form-data.js';
import { ownPath } from '../../../../platform/http/guard.js';
import type { Routes } from '../../../../platform/http/routes.js';
import type { LinkKind, Links } from '../../application/links.js';
import type { Progress, SigningIn } from '../../application/sign-in.js';
import type { WebSignIn } from './sign-in.js';
import { where } from './sign-in.js';

export interface LoginParts {
  web: WebSignIn;
  signIn: SigningIn;
  links: Links;
}

const typed = z.object({
  login: z.string().max(254).catch(''),
  password: z.string().max(1000).catch(''),
  code: z.string().max(40).catch(''),
  user: z.string().max(40).catch(''),
  token: z.string().max(100).catch(''),
});

/** The pages before one is signed in. What was refused is drawn again with the sentence on top and the login kept. */
export function loginRoutes(routes: Routes, parts: LoginParts): void {
  const { web, signIn, links } = parts;

  routes.get('/login', 'public', async (req, res) => {
    if (req.signedIn) return res.redirect(303, nextOf(req));
    await draw(req, res, 'identity/login/index');
  });
  routes.get('/login/password', 'public', (req, res) => draw(req, res, 'identity/login/password'));

  routes.post('/login', 'public', async (req, res) => {
    const { login, password } = typed.parse(bodyOf(req));
    await attempt(req, res, 'identity/login/password', async () => {
      await goOn(req, res, await signIn.byPassword(login, password, web.browser(req, res)));
    });
  });

  routes.post('/login/code', 'public', async (req, res) => {
    const { login } = typed.parse(bodyOf(req));
    await attempt(req, res, 'identity/login/index', async () => {
      if (login.trim() === '') throw new Invalid({ login: 'Write your phone number or email address.' });
      await signIn.askForCode(login, web.browser(req, res));
      res.redirect(303, withNext('/login/code', req));
    });
  });
  routes.get('/login/code', 'public', (req, res) => draw(req, res, 'identity/login/code'));
  routes.post('/login/code/check', 'public', async (req, res) => {
    const { code } = typed.parse(bodyOf(req));
    await attempt(req, res, 'identity/login/code', async () => goOn(req, res, await signIn.byCode(code, web.browser(req, res))));
  });

  routes.get('/login/choose', 'public', async (req, res) => {
    const people = await signIn.choices(web.browser(req, res));
    if (people.length === 0) return res.redirect(303, '/login');
    await draw(req, res, 'identity/login/choose', { people });
  });
  routes.post('/login/choose', 'public', async (req, res) => {
    const { user } = typed.parse(bodyOf(req));
    await attempt(req, res, 'identity/login/index', async () => goOn(req, res, await signIn.choose(user, web.browser(req, res))));
  });

  routes.get('/login/factor', 'public', async (req, res) => {
    if (!(await signIn.waitsForFactor(web.browser(req, res)))) return res.redirect(303, '/login');
    await draw(req, res, 'identity/login/factor');
  });
  routes.post('/login/factor', 'public', async (req, res) => {
    const { code } = typed.parse(bodyOf(req));
    await attempt(req, res, 'identity/login/factor', async () => goOn(req, res, await signIn.byFactor(code, web.browser(req, res))));
  });

  routes.get('/login/forgotten', 'public', (req, res) => draw(req, res, 'identity/login/forgotten'));
  routes.post('/login/forgotten', 'public', async (req, res) => {
    const { login } = typed.parse(bodyOf(req));
    await attempt(req, res, 'identity/login/forgotten', async () => {
      await links.askForReset(login, where(req).ip);
      await draw(req, res, 'identity/login/forgotten', { sent: true });
    });
  });

  for (const kind of ['reset', 'invitation'] as const) linkRoutes(routes, parts, kind);

  routes.post('/sign-out', 'signed-in', async (req, res) => {
    await web.end(req, res);
    res.done('/login', req.t('You are signed out.'));
  });

  async function goOn(req: Request, res: Response, progress: Progress): Promise<void> {
    if (progress.next === 'factor') return res.redirect(303, withNext('/login/factor', req));
    if (progress.next === 'choose') return res.redirect(303, withNext('/login/choose', req));
    await web.start(req, res, progress.account);
    res.redirect(303, nextOf(req));
  }
}

/** A link from a message: look who it is for, then set a password. */
function linkRoutes(routes: Routes, { links }: LoginParts, kind: LinkKind): void {
  const view = 'identity/login/set-password';
  routes.get(`/login/${kind}`, 'public', async (req, res) => {
    const token = typeof req.query.token === 'string' ? req.query.token.slice(0, 100) : '';
    const holder = await links.holder(kind, token);
    if (!holder) return draw(req, res, 'identity/login/link-over', { kind }, 410);
    await draw(req, res, view, { kind, token, name: holder.name });
  });
  routes.post(`/login/${kind}`, 'public', async (req, res) => {
    const { token, password } = typed.parse(bodyOf(req));
    await attempt(
      req,
      res,
      view,
      async () => {
        await links.follow(kind, token, password, where(req), req.id);
        res.done('/login/password', req.t('Your password is set. Sign in with it now.'));
      },
      { kind, token, name: (await links.holder(kind, token))?.name ?? '' },
    );
  });
}

function draw(req: Request, res: Response, view: string, model: object = {}, status = 200): Promise<void> {
  const login = typed.parse(bodyOf(req)).login;
  return res.page(view, { login, next: nextOf(req), problems: [], ...model }, { status });
}

async function attempt(req: Request, res: Response, view: string, work: () => Promise<void>, model: object = {}): Promise<void> {
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

function bodyOf(req: Request): FlatValues {
  return (req.body as FlatValues | undefined) ?? {};
}

/** Where one wanted to go, from the form or the address; only paths of our own. */
function nextOf(req: Request): string {
  const wanted = ownPath(bodyOf(req).next ?? req.query.next);
  return wanted.startsWith('/login') || wanted.startsWith('/sign-out') ? '/' : wanted;
}

function withNext(path: string, req: Request): string {
  const next = nextOf(req);
  return next === '/' ? path : `${path}?next=${encodeURIComponent(next)}`;
}
