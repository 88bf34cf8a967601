import { randomUUID } from 'node:crypto';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import helmet, { type HelmetOptions } from 'helmet';
import { systemActor } from '../../kernel/actor.js';
import type { AnyCommand, Run } from '../../kernel/shapes/command.js';
import { Locked, Shut, Unavailable } from '../../kernel/errors.js';
import { PAGE_PATIENCE_MS, runWith, type Database } from '../db/index.js';
import type { Log } from '../log.js';
import type { Texts } from '../i18n/i18n.js';
import type { DayTurn } from './day-turn.js';
import { CSP_REPORTS } from './figures/csp-reports.js';
import type { Metrics } from './figures/metrics.js';
import { checkHost, checkOrigin, isApi, isSafe, placeOf } from './routes/guard.js';
import { languagesFor, pickedLanguage } from './language.js';
import type { OwnNames } from './own-names.js';
import { hasBody, slowBodies } from './patience.js';
import { watchPeopleShown } from './routes/reading.js';
import type { SchoolSource, SignIn, StandingSource } from './ports.js';
import { SecretPaths } from './secret-paths.js';
import './types.js';
import './routes/zod-texts.js';

export interface ServerParts {
  log: Log;
  database: Database;
  texts: Texts;
  metrics: Metrics | null;
  /** What of an address must not be written down. */
  secrets?: SecretPaths;
  /** Scheme and authority that people type. */
  publicUrl: string;
  /** Set when every name of the machine leads here. */
  ownNames?: OwnNames | null;
  signIn: SignIn | null;
  school: SchoolSource | null;
  /** What the modules do at the turn of the school's day. */
  turn?: DayTurn;
  /** Carries out commands; none where no module has any. */
  run?: Run;
  /** Whether the platform lets this school work; none where nobody says otherwise. */
  standing?: StandingSource | null;
  /** Proxies that a request passes before it is here; one when left out. */
  proxyHops?: number;
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
  trustProxies(app, parts.proxyHops ?? 1);
  lazyLog(app, parts.log);
  shownPaths(app, parts.secrets ?? new SecretPaths());
  if (parts.run) runsCommands(app, parts.run);
  // A last resort that no answer should come to: without this it would show where in the code it happened.
  app.set('env', 'production');
  app.use(identify(parts.log), ...(parts.metrics ? [parts.metrics.measure] : []), securityHeaders(parts.publicUrl), slowBodies());
  return app;
}

/**
 * The address of a client is what the outermost of our own proxies saw. Only as many entries of X-Forwarded-For count
 * as there are proxies, and only from a proxy in the private network: whatever the client wrote there itself is not read.
 */
function trustProxies(app: Express, hops: number): void {
  app.set('trust proxy', 'loopback, linklocal, uniquelocal');
  const isPrivate = app.get('trust proxy fn') as (address: string, hop: number) => boolean;
  app.set('trust proxy', (address: string, hop: number) => hop < hops && (hop > 0 || isPrivate(address, hop)));
}

/** What comes after static files and health: host, origin, database, person, school, language. */
export function requestContext(parts: ServerParts): RequestHandler[] {
  const place = placeOf(parts.publicUrl, parts.ownNames ?? null);
  return [
    checkHost(place),
    checkOrigin(place),
    bound(parts.mostAtOnce),
    (_req, _res, next) => runWith(parts.database, () => next(), PAGE_PATIENCE_MS),
    sessionFor(parts.signIn),
    person(parts),
    watchPeopleShown,
    ...(parts.standing ? [standing(parts.standing)] : []),
  ];
}

/** A line for each answer; its fields are ids, a path and figures, so that nothing in it has to be hidden. */
function identify(log: Log): RequestHandler {
  const lines = log.child({}, { redact: [] });
  return (req, res, next) => {
    const given = req.headers['x-request-id'];
    req.id = typeof given === 'string' && /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
    res.setHeader('X-Request-Id', req.id);
    const started = performance.now();
    res.on('finish', () => {
      const ms = Math.round((performance.now() - started) * 10) / 10;
      lines.info(
        {
          request: req.id,
          method: req.method,
          path: req.shownPath,
          status: res.statusCode,
          ms,
          user: req.actor?.userId ?? undefined,
        },
        'request',
      );
    });
    next();
  };
}

/** The address as it may stand in a log or in the audit. */
function shownPaths(app: Express, secrets: SecretPaths): void {
  Object.defineProperty(app.request, 'shownPath', {
    configurable: true,
    get(this: Request): string {
      return secrets.hide(this.path);
    },
  });
}

/** Whoever asks starts a command; which ones were is known at the end, since a route says which it is for. */
function runsCommands(app: Express, run: Run): void {
  const ran = new WeakMap<Request, Set<AnyCommand>>();
  app.request.run = async function (command, input) {
    const result = await run(this.actor, command, input);
    ran.set(this, (ran.get(this) ?? new Set()).add(command));
    return result;
  };
  app.request.hasRun = function (command) {
    return ran.get(this)?.has(command) ?? false;
  };
}

/** Few requests write anything of their own: their log is made when it is asked for. */
function lazyLog(app: Express, log: Log): void {
  Object.defineProperty(app.request, 'log', {
    configurable: true,
    get(this: Request): Log {
      const own = log.child({ request: this.id });
      Object.defineProperty(this, 'log', { value: own });
      return own;
    },
  });
}

/** The headers are the same on every answer: helmet is asked once what they are, and each answer gets the list. */
function securityHeaders(publicUrl: string): RequestHandler {
  const headers: [string, string][] = [
    ...headersOf(helmet(policyFor(publicUrl.startsWith('https:')))),
    [
      'Permissions-Policy',
      [...UNUSED.map((feature) => `${feature}=()`), ...OWN.map((feature) => `${feature}=(self)`)].join(', '),
    ],
    ['Reporting-Endpoints', `csp="${CSP_REPORTS}"`],
  ];
  return (_req, res, next) => {
    for (const [name, value] of headers) res.setHeader(name, value);
    next();
  };
}

/** What of a device no page asks for, and no script that somebody slipped in may. */
const UNUSED = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'serial',
  'usb',
  'xr-spatial-tracking',
];
/** Passkeys. */
const OWN = ['publickey-credentials-create', 'publickey-credentials-get'];

function headersOf(
  middleware: (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void,
): [string, string][] {
  const req = new IncomingMessage(new Socket());
  const res = new ServerResponse(req);
  middleware(req, res, (error) => {
    if (error) throw error instanceof Error ? error : new Error(String(error));
  });
  return Object.entries(res.getHeaders()).map(([name, value]) => [spelt(name), String(value)]);
}

/** `content-security-policy` → `Content-Security-Policy`. */
function spelt(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

function policyFor(secure: boolean): HelmetOptions {
  return {
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
        reportUri: [CSP_REPORTS],
        reportTo: ['csp'],
      },
    },
    strictTransportSecurity: secure ? { maxAge: 31_536_000, includeSubDomains: true } : false,
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'same-origin' },
    // Read by Internet Explorer and Flash alone; each of them would be sent with each of a list's fifty thumbnails.
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
  };
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
    if (inWork >= most) return next(new Unavailable('The site is very busy. Try again in a few seconds.', 3));
    if (hasBody(req)) req.once('end', () => begin(res));
    else begin(res);
    next();
  };
}

/** The API never looks at cookies, so it has no session; nor has somebody who only looks and brings no cookie, unless a ticket lets them in. */
function sessionFor(signIn: SignIn | null): RequestHandler {
  return (req, res, next) => {
    if (!signIn || isApi(req) || (req.method === 'GET' && req.headers.cookie === undefined && req.path !== '/login/ticket'))
      return next();
    signIn.session(req, res, next);
  };
}

function person(parts: ServerParts): RequestHandler {
  const secure = parts.publicUrl.startsWith('https:');
  return async (req, res, next) => {
    req.signedIn = (await parts.signIn?.actorOf(req)) ?? null;
    req.actor = req.signedIn?.actor ?? { ...nobody, ip: req.ip ?? null, requestId: req.id };
    req.school = (await parts.school?.facts()) ?? null;
    if (req.school) await parts.turn?.reach(req.school.today);
    const setsUp = req.signedIn?.heldBack && req.path.startsWith(req.signedIn.heldBack.page);
    const isSettingUp = req.school?.setupPending === true && req.actor.roles.includes('owner');
    if (req.signedIn && !req.signedIn.mustVisit && !setsUp && isSettingUp) req.signedIn.mustVisit = '/school/setup';
    const picked = pickedLanguage(req, res, secure);
    const offered: readonly string[] = languagesFor(req.signedIn ? req.actor.roles : [], isSettingUp);
    const wishes = [req.signedIn?.language, picked, req.school?.language, ...req.acceptsLanguages()].filter((wish) =>
      offered.includes(wish?.slice(0, 2).toLowerCase() ?? ''),
    );
    req.language = parts.texts.choose(req.query.lang === picked ? picked : null, ...wishes);
    req.t = parts.texts.in(req.language, req.school?.country);
    next();
  };
}

/** A school that is suspended looks, takes its data along, and changes nothing; one that is closed has no pages any more. */
function standing(source: StandingSource): RequestHandler {
  return async (req, _res, next) => {
    req.lock = await source.lock(!isSafe(req.method), req.path);
    if (!req.lock?.refuses) return next();
    const facts = { why: req.t(req.lock.why), ask: req.lock.ask };
    next(
      req.lock.shut
        ? new Shut(req.t('{{why}} No one can sign in any more. Write to {{ask}}.', facts))
        : new Locked(req.t('{{why}} Nothing can be changed. Write to {{ask}}.', facts)),
    );
  };
}
