import type { Request, Response } from 'express';
import { z } from 'zod';
import { DomainError, Invalid } from '../../../../kernel/errors.js';
import { readAs } from '../../../../platform/http/routes/api.js';
import { LANGUAGE_NAMES, languagesFor } from '../../../../platform/http/language.js';
import { LANGUAGES } from '../../../../platform/i18n/i18n.js';
import type { FlatValues } from '../../../../platform/http/routes/form-data.js';
import { ownPath } from '../../../../platform/http/routes/guard.js';
import { qrPicture } from '../../../../platform/http/pages/qr.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { READING_PAUSE } from '../../../../platform/http/routes/reading.js';
import type { Accounts } from '../../accounts/accounts.js';
import type { Factors } from '../../second-factor/factors.js';
import type { Passkeys } from '../../second-factor/passkeys.js';
import type { Profile } from '../profile.js';
import type { SigningIn } from '../../sign-in/sign-in.js';
import type { HistoryReader } from '../../ports.js';
import type { WebSignIn } from '../../sign-in/adapters/sign-in.js';
import { textOf } from '../../adapters/form-text.js';
import { ownPasskeys } from '../../second-factor/adapters/passkey.routes.js';
import { mustSetUp, onwardFrom } from '../../second-factor/adapters/set-up.js';
import { withStepUp } from '../../sign-in/adapters/step-up.js';

export interface ProfileParts {
  web: WebSignIn;
  signIn: SigningIn;
  profile: Profile;
  accounts: Accounts;
  factors: Factors;
  passkeys: Passkeys;
  history: HistoryReader;
  /** Nobody of the platform has one. */
  hasPasswords: boolean;
}

const Tastes = z.object({
  language: z.enum(LANGUAGES).nullable().default(null),
  density: z.enum(['compact', 'normal']).nullable().default(null),
});
const Density = z.object({ density: z.enum(['compact', 'normal']) });
const Contact = z.object({
  email: z.string().max(254).nullable().default(null),
  phone: z.string().max(40).nullable().default(null),
});
const NewPassword = z.object({ password: z.string().max(1000), repeated: z.string().max(1000) });
const LAST_SIGN_INS = 20;

/** Everybody's own page. */
export function profileRoutes(routes: Routes, parts: ProfileParts): void {
  const { web, profile, passkeys, accounts, history } = parts;
  const guarded = withStepUp(routes);

  routes.get('/profile', 'signed-in', async (req, res) => {
    const [account, keys, sessions, signIns] = await Promise.all([
      profile.own(req.actor),
      passkeys.of(req.actor.userId!),
      profile.sessions(req.actor),
      history.signIns({ userId: req.actor.userId! }, 'UTC', null, LAST_SIGN_INS),
    ]);
    await res.page('identity/profile/show', {
      account,
      pageLanguages: languageChoices(req),
      keys,
      sessions,
      signIns: signIns.rows,
      ownSid: web.ownSidHash(req),
    });
  });

  routes.form({
    path: '/profile/tastes',
    can: 'signed-in',
    view: 'identity/profile/tastes',
    schema: Tastes,
    load: async (req) => ({ pageLanguages: languageChoices(req), values: await profile.own(req.actor) }),
    save: async ({ language, density }, req) => {
      const offered = languagesFor(req.actor.roles);
      if (language && !offered.includes(language)) throw new Invalid({ language: 'Choose one of the answers' });
      // Where there is nothing to choose, the form does not ask.
      await profile.setTastes(req.actor, {
        density,
        language: offered.length > 1 ? language : (await profile.own(req.actor)).language,
      });
      return { to: '/profile', flash: 'Saved.' };
    },
  });

  // From the switch above a list, whose page is drawn already.
  routes.post('/profile/density', 'signed-in', async (req, res) => {
    const { density } = readAs(Density, req.body ?? {});
    const { language } = await profile.own(req.actor);
    await profile.setTastes(req.actor, { language, density });
    res.status(204).end();
  });

  guarded.form({
    path: '/profile/contact',
    can: 'signed-in',
    view: 'identity/profile/contact',
    asRead: ({ values }) => values,
    schema: Contact,
    load: async (req) => {
      const { email, phone, sharedPhone } = await profile.own(req.actor);
      return { values: { email, phone: phone ?? sharedPhone } };
    },
    save: async (values, req) => {
      await accounts.setContact(req.actor, req.actor.userId!, values);
      return { to: '/profile', flash: 'Saved. Sign in with it from now on.' };
    },
  });

  if (parts.hasPasswords) ownPassword(guarded, parts);

  routes.post('/profile/sessions/:id/end', 'signed-in', async (req, res) => {
    await profile.endSession(req.actor, String(req.params.id));
    res.done('/profile', req.t('The session was ended.'));
  });
  routes.post('/profile/sessions/end-others', 'signed-in', async (req, res) => {
    const ended = await profile.endOtherSessions(req.actor, web.ownSidHash(req));
    res.done('/profile', req.t('{{n}} other sessions were ended.', { n: ended }));
  });

  factorRoutes(guarded, parts);
  ownPasskeys(routes, guarded, parts);
  confirmRoutes(routes, parts);
}

/** What the profile offers; nothing where there is only one. */
function languageChoices(req: Request): { value: string; label: string }[] {
  const offered = languagesFor(req.actor.roles);
  return offered.length > 1 ? offered.map((code) => ({ value: code, label: LANGUAGE_NAMES[code] })) : [];
}

function ownPassword(guarded: Routes, { profile, web }: ProfileParts): void {
  guarded.form({
    path: '/profile/password',
    can: 'signed-in',
    view: 'identity/profile/password',
    schema: NewPassword,
    load: async (req) => ({ must: (await profile.own(req.actor)).mustSetPassword }),
    save: async ({ password, repeated }, req) => {
      await profile.setPassword(req.actor, password, repeated, web.ownSidHash(req));
      return { to: '/profile', flash: 'Your password has been changed. All other sessions were ended.' };
    },
  });
}

function factorRoutes(guarded: Routes, { factors, profile, web }: ProfileParts): void {
  const drawNew = async (req: Request, res: Response, problems: { field: string; message: string }[] = []): Promise<void> => {
    if (typeof req.query.next === 'string') req.session.setUpFor = ownPath(req.query.next);
    const account = await profile.own(req.actor);
    const { secret, address, sealed } = await factors.begin(account.id, req.session.factorSecret ?? null);
    req.session.factorSecret = sealed;
    const qr = await qrPicture(address);
    const spaced = secret.replace(/(.{4})/g, '$1 ').trim();
    await res.page(
      'identity/profile/factor',
      { qr, secret: spaced, moves: account.hasTotp, must: mustSetUp(req), problems },
      { status: problems.length ? 422 : 200 },
    );
  };

  guarded.get('/profile/factors/new', 'signed-in', (req, res) => drawNew(req, res));
  guarded.post('/profile/factors/new', 'signed-in', async (req, res) => {
    try {
      const codes = await factors.confirm(req.actor, req.actor.userId!, req.session.factorSecret ?? null, textOf(req, 'code'));
      delete req.session.factorSecret;
      // Whoever signed in with the password alone has never shown this factor.
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
  guarded.post('/profile/factors/recovery-codes', 'signed-in', async (req, res) => {
    const { hasFactor, id } = await profile.own(req.actor);
    if (!hasFactor) return res.done('/profile');
    await res.page('identity/profile/recovery-codes', { codes: await factors.newRecoveryCodes(req.actor, id), fresh: false });
  });
  guarded.post('/profile/factors/remove', 'signed-in', async (req, res) => {
    await factors.remove(req.actor, req.actor.userId!);
    await profile.endOtherSessions(req.actor, web.ownSidHash(req));
    res.done('/profile', req.t('The second step has been removed.'));
  });
}

/**
 * `Is it still you?`: the second factor where there is one, else the password, else a code would have to be sent anew.
 * Whoever asked for a file gets a page that sends it off and leads back, since a file leaves the page where it is.
 */
function confirmRoutes(routes: Routes, { web, signIn, profile }: ProfileParts): void {
  const draw = async (
    req: Request,
    res: Response,
    problems: { field: string; message: string }[],
    status: number,
  ): Promise<void> => {
    const account = await profile.own(req.actor);
    const asked = { next: nextOf(req), file: fileOf(req) };
    await res.page(
      'identity/login/confirm',
      {
        ...asked,
        problems,
        factor: account.hasFactor,
        passkey: account.passkeys > 0,
        hasPassword: account.passwordHash !== null,
      },
      { status },
    );
  };
  routes.get('/confirm', 'signed-in', async (req, res) => {
    const back = fileOf(req);
    if (back === null || !req.actor.proven || req.signedIn?.doubted) return draw(req, res, [], 200);
    res.set('Refresh', `1; url=${nextOf(req)}`);
    await res.page('identity/login/confirmed', { next: nextOf(req), back });
  });
  routes.post('/confirm', 'signed-in', async (req, res) => {
    if (req.signedIn?.paused) return draw(req, res, [{ field: 'password', message: req.t(READING_PAUSE) }], 429);
    const account = await profile.own(req.actor);
    const browser = web.browser(req, res);
    const by = textOf(req, 'response') ? 'passkey' : account.hasFactor ? 'code' : 'password';
    try {
      if (by === 'passkey') await signIn.confirmPasskey(account, textOf(req, 'response'), browser);
      else if (by === 'code') await signIn.checkFactor(account, textOf(req, 'code'), browser);
      else await signIn.confirmPassword(account, textOf(req, 'password'), browser);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return draw(req, res, [{ field: account.hasFactor ? 'code' : 'password', message: req.t(error.message) }], error.status);
    }
    const [next, back] = [nextOf(req), fileOf(req)];
    await profile.noteProof(req.actor, by, next);
    web.prove(req);
    res.redirect(303, back === null ? next : `/confirm?${new URLSearchParams({ next, file: back })}`);
  });
}

function nextOf(req: Request): string {
  return ownPath(sent(req, 'next'), '/profile');
}

/** Where the person stood when they asked for a file; null when what comes next is a page. */
function fileOf(req: Request): string | null {
  const back = sent(req, 'file');
  return back ? ownPath(back, '/profile') : null;
}

function sent(req: Request, name: string): unknown {
  return ((req.body as FlatValues | undefined) ?? {})[name] ?? req.query[name];
}
