import { csrfToken, KEPT_FORMS, ownPath } from '../../../../platform/http/routes/guard.js';
import type { FlatValues } from '../../../../platform/http/routes/form-data.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { bodyOf, draw } from './login-pages.js';

/** For pages that outlive a session: who is signed in now, and a form that came when nobody was. */
export function sessionRoutes(routes: Routes, firstPage: string): void {
  routes.get('/session', 'public', (req, res) => {
    res.set('Cache-Control', 'no-store');
    if (!req.signedIn) return void res.status(401).json({});
    res.json({ user: req.actor.userId, csrf: csrfToken(req), endsIn: req.signedIn.endsIn ?? 0 });
  });
  // Where a sign-in in another tab ends.
  routes.get('/session/done', 'signed-in', (_req, res) => res.page('identity/login/again'));
  // Without a script the browser brings the whole form here (307). It is kept in the pages of the sign-in, nowhere else.
  routes.post(KEPT_FORMS, 'public', async (req, res) => {
    if (req.signedIn) return res.redirect(303, '/');
    await draw(req, res, firstPage, { kept: keptOf(bodyOf(req)), to: ownPath(req.query.to), login: '' }, 401);
  });
}

/** What was typed, without the marks of the page it was typed on. */
function keptOf(body: FlatValues): string {
  return JSON.stringify(Object.fromEntries(Object.entries(body).filter(([name]) => !name.startsWith('_') || name === '_add')));
}
