import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { LinkKind } from '../links.js';
import { attempt, bodyOf, draw, goOn, typed, type LoginParts } from '../../sign-in/adapters/login-pages.js';
import { where } from '../../sign-in/adapters/sign-in.js';

/** Signing in with a password, and the links that set one. Not on the platform, where nobody has any. */
export function passwordRoutes(routes: Routes, parts: LoginParts): void {
  const { web, signIn, links } = parts;

  routes.get('/login/password', 'public', (req, res) => draw(req, res, 'identity/login/password'));
  routes.post('/login', 'public', async (req, res) => {
    const { login, password } = typed.parse(bodyOf(req));
    await attempt(req, res, 'identity/login/password', async () => {
      await goOn(req, res, parts, await signIn.byPassword(login, password, web.browser(req, res)));
    });
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
        res.done('/login/password', req.t('Your password has been set. Sign in with it now.'));
      },
      { kind, token, name: (await links.holder(kind, token))?.name ?? '' },
    );
  });
}
