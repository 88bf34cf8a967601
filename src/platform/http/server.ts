import { randomUUID } from 'node:crypto';
import express, { type Express, type RequestHandler, type Response } from 'express';
import helmet from 'helmet';
import { systemActor } from '../../kernel/actor.js';
import { Unavailable } from '../../kernel/errors.js';
import { runWith, type Database } from '../db/index.js';
import type { Log } from '../log.js';
import type { Texts } from '../i18n/i18n.js';
import type { Metrics } from './metrics.js';
import { checkHost, checkOrigin, isApi } from './guard.js';
import { hasBody, slowBodies } from './patience.js';
import type { SchoolSource, SignIn } from './ports.js';
import './types.js';
import './zod-texts.js';

export interface ServerParts {
  log: Log;
  database: Database;
  texts: Texts;
  metrics: Metrics;
  /** Scheme and authority that people type. */
  publicUrl: string;
  signIn: SignIn | null;
  school: SchoolSource | null;
  /** Requests in work at once before new ones are turned away. */
  mostAtOnce: number;
}

const nobody = systemActor('nobody');

/** The chain that every request passes before it meets a route. */
export function createServer(parts: ServerParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.set('trust proxy', 'loopback, linklocal, uniquelocal');
  // A last resort that no answer should come to: without this it would show where in the code it happened.
  app.set('env', 'production');
  app.use(identify(parts.log), parts.metrics.measure, securityHeaders(parts.publicUrl), slowBodies());
  return app;
}

/** What comes after static files and health: host, origin, database, person, school, language. */
export function requestContext(parts: ServerParts): RequestHandler[] {
  const url = new URL(parts.publicUrl);
  return [
    checkHost(url.host),
    checkOrigin(url.origin),
    bound(parts.mostAtOnce),
    (_req, _res, next) => runWith(parts.database, () => next()),
    sessionFor(parts.signIn),
    person(parts),
  ];
}

function identify(log: Log): RequestHandler {
  return (req, res, next) => {
    const given = req.get('x-request-id');
    req.id = given && /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
    req.log = log.child({ request: req.id });
    res.set('X-Request-Id', req.id);
    const started = process.hrtime.bigint();
    res.on('finish', () => {
      const ms = Number(process.hrtime.bigint() - started) / 1e6;
      req.log.info({ method: req.method, path: req.path, status: res.statusCode, ms: Math.round(ms * 10) / 10, user: req.actor?.userId ?? undefined }, 'request');
    });
    next();
  };
}

function securityHeaders(publicUrl: string): RequestHandler {
  const secure = publicUrl.startsWith('https:');
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
      },
    },
    strictTransportSecurity: secure ? { maxAge: 31_536_000, includeSubDomains: true } : false,
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'same-origin' },
  });
}

/**
 * More in work buys little and doubles the wait of all: the surplus is told to come again. A request counts from when
 * it is here whole, so that a crowd which sends its bodies slowly takes nobody's place.
 */
function bound(most: number): RequestHandler {
  let inWork = 0;
  const begin = (res: Response): void => {
    if (res.closed) return;
    inWork += 1;
    res.once('close', () => {
      inWork -= 1;
    });
  };
  return (req, res, next) => {
    if (inWork >= most) return next(new Unavailable('Very many people are asking at once. Try again in a few seconds.', 3));
    if (hasBody(req)) req.once('end', () => begin(res));
    else begin(res);
    next();
  };
}

/** The API never looks at cookies, so it has no session. */
function sessionFor(signIn: SignIn | null): RequestHandler {
  return (req, res, next) => {
    if (!signIn || isApi(req)) return next();
    signIn.session(req, res, next);
  };
}

function person(parts: ServerParts): RequestHandler {
  return async (req, _res, next) => {
    req.signedIn = (await parts.signIn?.actorOf(req)) ?? null;
    req.actor = req.signedIn?.actor ?? { ...nobody, ip: req.ip ?? null, requestId: req.id };
    req.school = (await parts.school?.facts()) ?? null;
    if (req.signedIn && !req.signedIn.mustVisit && req.school?.setupPending && req.actor.roles.includes('owner')) req.signedIn.mustVisit = '/school/setup';
    req.language = parts.texts.choose(req.signedIn?.language, req.school?.language, req.acceptsLanguages()[0]);
    req.t = parts.texts.in(req.language);
    next();
  };
}
