import { randomBytes } from 'node:crypto';
import type { Request, Response, RequestHandler } from 'express';
import session, { type SessionData } from 'express-session';
import type { Actor } from '../../../../kernel/actor.js';
import type { Clock } from '../../../../kernel/clock.js';
import { readCookie } from '../../../../platform/http/pages/flash.js';
import type { SignedIn, SignIn } from '../../../../platform/http/ports.js';
import { READING_PAUSE_MINUTES } from '../../../../platform/http/routes/reading.js';
import type { RoleMatrix } from '../../roles/matrix.js';
import type { Browser } from '../sign-in.js';
import { endsIn, isAlive, isConfirmed } from '../session.rules.js';
import type { Account, LivePeople, LivePerson, LiveSession, Secrets, Sessions } from '../../ports.js';
import { sidHash, type SessionStore } from './session-store.js';

declare module 'express-session' {
  interface SessionData {
    /** When the person last proved who they are, in ms since 1970. */
    confirmedAt?: number;
    /** The sealed secret of a second factor that is being set up in this session. */
    factorSecret?: string;
    /** What the person wanted to open when they were asked to set one up. */
    setUpFor?: string;
  }
}

export interface TokenReader {
  /** @returns `provenAt`: when its person signed in with password and second factor, in ms since 1970 */
  read(token: string): Promise<{ userId: string; version: number; provenAt: number } | null>;
}

const SET_UP = '/profile/factors/new';
const HALF_A_YEAR = 180 * 86_400_000;
const A_SIGN_IN = 20 * 60_000;

/** Sessions, bearer tokens and the cookies around them. */
export class WebSignIn implements SignIn {
  readonly session: RequestHandler;
  private readonly cookie: { trial: string; device: string };

  constructor(
    private readonly parts: {
      store: SessionStore;
      people: LivePeople;
      matrix: RoleMatrix;
      tokens: TokenReader;
      sessions: Sessions;
      secrets: Secrets;
      clock: Clock;
      /** People of the platform set their second step up before anything else opens. */
      mayPutOff: boolean;
      secure: boolean;
      cookieKey: string;
    },
  ) {
    const prefix = parts.secure ? '__Host-' : '';
    this.cookie = { trial: `${prefix}aims-trial`, device: `${prefix}aims-device` };
    this.session = session({
      name: `${prefix}aims`,
      secret: parts.cookieKey,
      store: parts.store,
      resave: false,
      saveUninitialized: false,
      proxy: true,
      cookie: { httpOnly: true, sameSite: 'lax', secure: parts.secure, path: '/' },
    });
  }

  async actorOf(req: Request): Promise<SignedIn | null> {
    if (req.path.startsWith('/api/')) return this.byToken(req);
    const live = this.parts.store.liveOf(req);
    if (!live) return null;
    const signedIn = await this.signedIn(req, live.person, 'session', (live.sess as Partial<SessionData>).confirmedAt);
    const { matrix } = await this.parts.matrix.at(live.person.matrixVersion);
    return { ...signedIn, endsIn: endsIn(live.age, matrix.held(live.person.roles).guarded) };
  }

  private async byToken(req: Request): Promise<SignedIn | null> {
    const bearer = /^Bearer ([\w.-]{20,2000})$/i.exec(req.headers.authorization ?? '')?.[1];
    const claims = bearer ? await this.parts.tokens.read(bearer) : null;
    const person = claims ? await this.parts.people.byId(claims.userId) : null;
    if (!person || person.version !== claims?.version) return null;
    const signedIn = await this.signedIn(req, person, 'token', claims.provenAt);
    // A program can't go and set a password or a factor, so it waits outside until its person has.
    return signedIn.mustVisit || signedIn.heldBack ? null : signedIn;
  }

  private async signedIn(req: Request, person: LivePerson, by: 'session' | 'token', provenAt = 0): Promise<SignedIn> {
    const { matrix, factorRoles } = await this.parts.matrix.at(person.matrixVersion);
    const now = this.parts.clock.now();
    // Entering a password again is no second proof: without a second step the doubt itself has to pass.
    const paused = !person.hasFactor && now.getTime() < person.doubtedUntil + READING_PAUSE_MINUTES * 60_000;
    const doubted = paused || provenAt <= person.doubtedUntil;
    const held = matrix.held(person.roles);
    const lacksFactor = !person.hasFactor && person.roles.some((role) => factorRoles.includes(role));
    const mayWait =
      lacksFactor && this.parts.mayPutOff && person.factorDue !== null && this.parts.clock.now().getTime() < person.factorDue;
    const actor: Actor = {
      userId: person.userId,
      name: person.name,
      person: person.person,
      roles: person.roles,
      permissions: mayWait ? without(held.permissions, held.stepped) : held.permissions,
      ip: req.ip ?? null,
      requestId: req.id,
      proven: !doubted && isConfirmed(provenAt, now),
    };
    const mustVisit = person.mustSetPassword ? '/profile/password' : lacksFactor && !mayWait ? SET_UP : null;
    const heldBack = mayWait ? { permissions: held.stepped, page: SET_UP } : null;
    return {
      actor,
      by,
      mustVisit,
      heldBack,
      language: person.language,
      density: person.density,
      provenAt,
      doubted,
      paused,
      secondStep: person.hasFactor,
    };
  }

  /** Alive by the rules for what this person may see. */
  static liveness(matrix: RoleMatrix): (live: LiveSession) => Promise<boolean> {
    return async (live) => {
      const held = (await matrix.at(live.person.matrixVersion)).matrix.held(live.person.roles);
      return isAlive(live.age, held.guarded);
    };
  }

  /** The browser that asks; `trial` is made here when this is the first step of a sign-in. */
  browser(req: Request, res: Response): Browser {
    let trial = this.read(req, this.cookie.trial);
    if (!trial) {
      trial = this.parts.secrets.token();
      this.write(res, this.cookie.trial, trial, A_SIGN_IN);
    }
    return { ...where(req), trial, device: this.read(req, this.cookie.device) };
  }

  /** Signed in from here on: a new id, whatever was before; what came before is dead. */
  async start(req: Request, res: Response, account: Account): Promise<void> {
    const { sessions, store, secrets } = this.parts;
    const device = this.read(req, this.cookie.device) ?? secrets.token();
    // Without a living session before, the id of this one was made a moment ago and nobody has seen it.
    if (store.liveOf(req)) await regenerate(req);
    const sess = {
      userId: account.id,
      csrfToken: randomBytes(32).toString('hex'),
      confirmedAt: this.parts.clock.now().getTime(),
    };
    await sessions.start({
      sidHash: sidHash(req.sessionID),
      userId: account.id,
      sess,
      deviceHash: secrets.hash(device),
      ...where(req),
    });
    store.begin(Object.assign(req.session, sess), sess);
    this.write(res, this.cookie.device, device, HALF_A_YEAR);
    res.clearCookie(this.cookie.trial, this.cookieOptions());
  }

  async end(req: Request, res: Response): Promise<void> {
    await new Promise<void>((resolve, reject) =>
      req.session.destroy((error: unknown) => (error ? reject(asError(error)) : resolve())),
    );
    res.clearCookie(`${this.parts.secure ? '__Host-' : ''}aims`, this.cookieOptions());
    res.set('Clear-Site-Data', '"cache"');
  }

  /** The person behind the session has just shown that it is them. */
  prove(req: Request): void {
    req.session.confirmedAt = this.parts.clock.now().getTime();
  }

  ownSidHash(req: Request): string {
    return sidHash(req.sessionID);
  }

  private read(req: Request, name: string): string | null {
    const value = readCookie(req, name);
    return value && /^[\w-]{43}$/.test(value) ? value : null;
  }

  private write(res: Response, name: string, value: string, maxAge: number): void {
    res.cookie(name, value, { ...this.cookieOptions(), maxAge });
  }

  private cookieOptions(): { httpOnly: boolean; sameSite: 'lax'; secure: boolean; path: string } {
    return { httpOnly: true, sameSite: 'lax', secure: this.parts.secure, path: '/' };
  }
}

export function where(req: Request): { ip: string | null; userAgent: string | null } {
  return { ip: req.ip ?? null, userAgent: req.get('user-agent')?.slice(0, 300) ?? null };
}

function without(permissions: ReadonlySet<string>, stepped: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...permissions].filter((permission) => !stepped.has(permission)));
}

function regenerate(req: Request): Promise<void> {
  return new Promise((resolve, reject) =>
    req.session.regenerate((error: unknown) => (error ? reject(asError(error)) : resolve())),
  );
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
