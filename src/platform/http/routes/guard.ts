import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { csrfSync } from 'csrf-sync';
import { can as holds } from '../../../kernel/actor.js';
import type { AnyCommand } from '../../../kernel/shapes/command.js';
import { Forbidden, NotFound } from '../../../kernel/errors.js';
import type { FlatValues } from './form-data.js';
import type { OwnNames } from '../own-names.js';
import { isHere, isOff, type Has } from '../ports.js';

/** Who may use a route. Everything that isn't on the short public list needs a person; most need a permission. */
export type Can = 'public' | 'signed-in' | `${string}.${string}`;

/** Who may use a route: said in itself, or by the command that it is for. */
export type Starts = { command: AnyCommand; can?: never } | { can: Can; command?: undefined };

export const whoMay = (route: Starts): Can => (route.command ? route.command.can : route.can);

/** @throws Error when a route did without the command that it declares */
export function demandRun(req: Request, command: AnyCommand | undefined): void {
  if (command && !req.hasRun(command)) throw new Error(`${req.method} ${req.shownPath} has not run ${command.key}.`);
}

/** Where a form goes that comes when nobody is signed in. Identity has the page. */
export const KEPT_FORMS = '/login/kept';
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether requests of this method only look. */
export const isSafe = (method: string): boolean => SAFE.has(method);

export const isApi = (req: Request): boolean => req.path.startsWith('/api/');

/** Where this process is reached: at one address, or at any name of the machine (a school on a machine of its own). */
export interface Place {
  owns(host: string | undefined): boolean;
  originFor(req: Request): string;
}

export function placeOf(publicUrl: string, names: OwnNames | null): Place {
  const { host, origin, protocol } = new URL(publicUrl);
  const isOurs = (asked: string | undefined): boolean => asked?.toLowerCase() === host;
  if (!names) return { owns: isOurs, originFor: () => origin };
  return {
    owns: (asked) => isOurs(asked) || names.owns(asked),
    originFor: (req) => `${protocol}//${req.headers.host?.toLowerCase()}`,
  };
}

/** Only our own address is served, in whatever case it is written: a wrong Host never reaches a link, a cookie or a log of another school. */
export function checkHost(place: Place): RequestHandler {
  return (req, _res, next) => {
    if (place.owns(req.headers.host)) return next();
    next(new NotFound('This address does not belong to this school.'));
  };
}

/**
 * A change that a browser sends must come from a page of this very site. A sister school is another site:
 * `same-site` is refused. The API is outside, as it never looks at cookies.
 */
export function checkOrigin(place: Place): RequestHandler {
  return (req, _res, next) => {
    if (SAFE.has(req.method) || isApi(req)) return next();
    if (comesFrom(req, place.originFor(req))) return next();
    next(new Forbidden('This form came from another site. Open the page again and send it from there.'));
  };
}

function comesFrom(req: Request, origin: string): boolean {
  const site = req.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  if (req.headers.origin !== undefined) return req.headers.origin === origin;
  if (site === 'same-origin') return true;
  return req.headers.referer?.startsWith(`${origin}/`) ?? false;
}

const csrf = csrfSync({
  // Never from the address, which stays in histories and in what is handed on.
  getTokenFromRequest: (req) => req.get('x-csrf-token') ?? (req.body as FlatValues | undefined)?._csrf?.toString(),
});

/** The token of the session, made when there is none; signed-out pages have no session and need none. */
export function csrfToken(req: Request): string {
  return req.session?.userId ? csrf.generateToken(req) : '';
}

/** What is wrong with the token, or null. In a form with a file it is asked once the fields before the file are read. */
export function tokenProblem(req: Request): Forbidden | null {
  if (SAFE.has(req.method) || !req.session?.userId || csrf.isRequestValid(req)) return null;
  return new Forbidden('This page was open for too long. Open it again and send the form once more.');
}

export const checkToken: RequestHandler = (req, _res, next) => {
  next(tokenProblem(req) ?? undefined);
};

/** @param module whose route it is: pages of a part that the school has switched off are closed; what anybody may open stays, such as the check of a receipt */
export function guard(who: Can, module: string, has?: Has): RequestHandler {
  if (who === 'public') return (_req, _res, next) => next();
  return (req, res, next) => {
    if (!req.signedIn) return askToSignIn(req, res, next);
    if (who !== 'signed-in' && !holds(req.actor, who)) {
      req.log.warn({ denied: who, path: req.shownPath }, 'denied');
      return next(new Forbidden(undefined, who));
    }
    if (isOff(req.school, module)) return next(new NotFound('The school has switched this module off.'));
    if (!isHere(req.school, has)) return next(new NotFound());
    if (mustGoElsewhere(req)) return leadTo(req, res, req.signedIn.mustVisit!);
    next();
  };
}

/** A part of a page that is fetched alone must not be filled with another page: the whole window goes there. */
function leadTo(req: Request, res: Response, target: string): void {
  if (req.get('hx-request')) res.set('HX-Redirect', target).status(200).end();
  else res.redirect(303, target);
}

function mustGoElsewhere(req: Request): boolean {
  const wanted = req.signedIn?.mustVisit;
  if (!wanted || isApi(req)) return false;
  return !req.path.startsWith(wanted.split('?')[0]!) && req.path !== '/sign-out';
}

function askToSignIn(req: Request, res: Response, next: NextFunction): void {
  if (isApi(req)) {
    res.status(401).set('WWW-Authenticate', 'Bearer').type('application/problem+json');
    res.send(JSON.stringify({ type: 'about:blank', title: 'Sign in first', status: 401, code: 'unauthorized' }));
    return;
  }
  // A form that is sent after the session has ended: the sign-in takes it along. A file does not travel twice.
  if (isPlainForm(req)) return res.redirect(307, `${KEPT_FORMS}?to=${encodeURIComponent(req.originalUrl)}`);
  if (!SAFE.has(req.method)) return next(new Forbidden('You have been signed out. Sign in and try again.'));
  const target = `/login?next=${encodeURIComponent(req.originalUrl)}`;
  if (req.get('hx-request')) res.set('HX-Redirect', target).status(200).end();
  else res.redirect(302, target);
}

/** As a browser sends it by itself, from a page that somebody had open. */
function isPlainForm(req: Request): boolean {
  const hadSession = /(?:^|;\s*)(?:__Host-)?aims=/.test(req.headers.cookie ?? '');
  return (
    hadSession &&
    req.method === 'POST' &&
    Boolean(req.is('application/x-www-form-urlencoded')) &&
    !req.get('hx-request') &&
    req.get('sec-fetch-mode') !== 'cors' &&
    req.path !== '/sign-out'
  );
}

/** Only paths of our own: `next=` and the like never lead to another site. */
export function ownPath(value: unknown, otherwise = '/'): string {
  return typeof value === 'string' && /^\/(?![/\\])[^\s\\]*$/.test(value) ? value : otherwise;
}
