import { Invalid } from '../../../../kernel/errors.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { attempt, bodyOf, draw, factorWays, goOn, nextOf, typed, withNext, type LoginParts } from './login-pages.js';

/** The pages before one is signed in. What was refused is drawn again with the sentence on top and the login kept. */
export function loginRoutes(routes: Routes, parts: LoginParts): void {
  const { web, signIn } = parts;

  routes.get('/login', 'public', async (req, res) => {
    if (req.signedIn) return res.redirect(303, await nextOf(req, req.actor.roles, parts));
    await draw(req, res, 'identity/login/index');
  });

  routes.post('/login/code', 'public', async (req, res) => {
    const { login, kept } = typed.parse(bodyOf(req));
    await attempt(req, res, 'identity/login/index', async () => {
      if (login.trim() === '') throw new Invalid({ login: 'Enter your phone number or email address.' });
      await signIn.askForCode(login, web.browser(req, res));
      if (kept) await draw(req, res, 'identity/login/code');
      else res.redirect(303, withNext('/login/code', req));
    });
  });
  routes.get('/login/code', 'public', (req, res) => draw(req, res, 'identity/login/code'));
  routes.post('/login/code/check', 'public', async (req, res) => {
    const { code } = typed.parse(bodyOf(req));
    await attempt(req, res, 'identity/login/code', async () =>
      goOn(req, res, parts, await signIn.byCode(code, web.browser(req, res))),
    );
  });

  routes.get('/login/choose', 'public', async (req, res) => {
    const people = await signIn.choices(web.browser(req, res));
    if (people.length === 0) return res.redirect(303, '/login');
    await draw(req, res, 'identity/login/choose', { people });
  });
  routes.post('/login/choose', 'public', async (req, res) => {
    const { user } = typed.parse(bodyOf(req));
    await attempt(req, res, 'identity/login/index', async () =>
      goOn(req, res, parts, await signIn.choose(user, web.browser(req, res))),
    );
  });

  routes.get('/login/factor', 'public', async (req, res) => {
    const account = await signIn.waitsForFactor(web.browser(req, res));
    if (!account) return res.redirect(303, '/login');
    await draw(req, res, 'identity/login/factor', factorWays(account));
  });
  routes.post('/login/factor', 'public', async (req, res) => {
    const { code } = typed.parse(bodyOf(req));
    const account = await signIn.waitsForFactor(web.browser(req, res));
    await attempt(
      req,
      res,
      'identity/login/factor',
      async () => goOn(req, res, parts, await signIn.byFactor(code, web.browser(req, res))),
      factorWays(account),
    );
  });

  routes.post('/sign-out', 'signed-in', async (req, res) => {
    await web.end(req, res);
    res.done('/login', req.t('You have signed out.'));
  });
}
