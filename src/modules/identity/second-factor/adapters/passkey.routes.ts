import type { Request, Response } from 'express';
import { z } from 'zod';
import { Invalid, NotFound } from '../../../../kernel/errors.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { Passkeys } from '../passkeys.js';
import type { Profile } from '../../profile/profile.js';
import { attempt, goOn, type LoginParts } from '../../sign-in/adapters/login-pages.js';
import { textOf } from '../../adapters/form-text.js';
import { mustSetUp, onwardFrom } from './set-up.js';
import type { WebSignIn } from '../../sign-in/adapters/sign-in.js';

/** Signing in with a passkey. The script of the page asks for the options, the form sends what was signed. */
export function passkeySignIn(routes: Routes, parts: LoginParts): void {
  const { web, signIn } = parts;
  routes.post('/login/passkey/options', 'public', async (req, res) => {
    res.set('Cache-Control', 'no-store').json(await signIn.askForPasskey(web.browser(req, res)));
  });
  routes.post('/login/passkey', 'public', async (req, res) => {
    await attempt(req, res, 'identity/login/index', async () =>
      goOn(req, res, parts, await signIn.byPasskey(textOf(req, 'response'), web.browser(req, res))),
    );
  });
}

/** One's own passkeys. Their address begins like that of the app's set-up: whoever must set up a second step may choose either. */
export function ownPasskeys(
  routes: Routes,
  guarded: Routes,
  { passkeys, profile, web }: { passkeys: Passkeys; profile: Profile; web: WebSignIn },
): void {
  const drawNew = (req: Request, res: Response, problems: { field: string; message: string }[] = []): Promise<void> =>
    res.page(
      'identity/profile/passkey',
      { name: textOf(req, 'name'), must: mustSetUp(req), problems },
      { status: problems.length ? 422 : 200 },
    );

  guarded.get('/profile/factors/new-passkey', 'signed-in', (req, res) => drawNew(req, res));
  guarded.post('/profile/factors/new-passkey/options', 'signed-in', async (req, res) => {
    res.set('Cache-Control', 'no-store').json(await passkeys.beginEnrolment(req.actor.userId!));
  });
  guarded.post('/profile/factors/new-passkey', 'signed-in', async (req, res) => {
    try {
      const codes = await passkeys.enrol(req.actor, req.actor.userId!, textOf(req, 'name'), textOf(req, 'response'));
      if (!codes) return res.done('/profile', req.t('The passkey has been added.'));
      // Whoever signed in with one step alone has never shown this one.
      await profile.endOtherSessions(req.actor, web.ownSidHash(req));
      await res.page('identity/profile/recovery-codes', { codes, fresh: true, onward: onwardFrom(req) });
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      await drawNew(
        req,
        res,
        error.problems.map((problem) => ({ ...problem, message: req.t(problem.message) })),
      );
    }
  });
  guarded.form({
    path: '/profile/factors/passkeys/:id/name',
    can: 'signed-in',
    view: 'identity/profile/passkey-name',
    schema: z.object({ name: z.string().default('') }),
    load: async (req) => {
      const key = (await passkeys.of(req.actor.userId!)).find(({ id }) => id === req.params.id);
      if (!key) throw new NotFound('This passkey has already been removed.');
      return { values: { name: key.name } };
    },
    save: async ({ name }, req) => {
      await passkeys.rename(req.actor, req.actor.userId!, String(req.params.id), name);
      return { to: '/profile', flash: req.t('The passkey has been renamed.') };
    },
  });
  guarded.post('/profile/factors/passkeys/:id/remove', 'signed-in', async (req, res) => {
    await passkeys.remove(req.actor, req.actor.userId!, String(req.params.id));
    await profile.endOtherSessions(req.actor, web.ownSidHash(req));
    res.done('/profile', req.t('The passkey has been removed.'));
  });
  routes.post('/confirm/passkey/options', 'signed-in', async (req, res) => {
    const userId = req.actor.userId!;
    res.set('Cache-Control', 'no-store').json(await passkeys.beginUse('confirm', userId, userId));
  });
}
