import { createHash } from 'node:crypto';
import connectPgSimple from 'connect-pg-simple';
import type { Request } from 'express';
import session, { type SessionData } from 'express-session';
import type { Database } from '../../../../platform/db/index.js';
import type { LivePeople, LiveSession } from '../../ports.js';

const PgStore = connectPgSimple(session);
type Done = (error?: unknown) => void;

/** The table knows a session by this; the id itself is only in the cookie. */
export function sidHash(sid: string): string {
  return createHash('sha256').update(sid).digest('base64url');
}

/**
 * connect-pg-simple over the short memory of `LivePeople`. Sessions begin in one place only (`startSession`), so
 * `set` changes what is there and never brings back what a sign-out has removed in the meantime.
 */
export class SessionStore extends PgStore {
  private readonly bySess = new WeakMap<object, LiveSession>();
  private readonly byRequest = new WeakMap<object, LiveSession>();
  /** Sessions whose row was written a moment ago, as it was written. */
  private readonly begun = new WeakMap<object, string>();

  constructor(
    database: Database,
    private readonly people: LivePeople,
    private readonly isAlive: (live: LiveSession) => Promise<boolean>,
    private readonly announce: () => Promise<void>,
  ) {
    super({ pool: database.pool, tableName: 'identity_sessions', createTableIfMissing: false, pruneSessionInterval: false });
  }

  /** Whose session the request carries. */
  liveOf(req: Request): LiveSession | null {
    return this.byRequest.get(req) ?? null;
  }

  override get(sid: string, done: (error: unknown, sess?: SessionData | null) => void): void {
    this.read(sid).then(
      (sess) => done(null, sess),
      (error: unknown) => done(error),
    );
  }

  private async read(sid: string): Promise<SessionData | null> {
    const live = await this.people.bySession(sidHash(sid));
    if (!live || !(await this.isAlive(live))) return null;
    // express-session writes on what it is given.
    const sess = Object.assign({ cookie: { originalMaxAge: null } }, live.sess) as SessionData;
    this.bySess.set(sess, live);
    return sess;
  }

  override createSession(req: Request, sess: SessionData): session.Session & SessionData {
    const live = this.bySess.get(sess);
    if (live) this.byRequest.set(req, live);
    return super.createSession(req, sess);
  }

  /** This session stands in the table with these values: the end of the request need not write them again. */
  begin(session: object, values: object): void {
    this.begun.set(session, JSON.stringify(values));
  }

  override set(sid: string, sess: SessionData, done: Done = () => undefined): void {
    const { cookie: _cookie, ...kept } = sess;
    if (this.begun.get(sess) === JSON.stringify(kept)) return done();
    finish(this.people.save(sidHash(sid), kept), done);
  }

  /** Answers at once where nothing is written: express-session else cuts the page in two and sends its last byte alone. */
  override touch(sid: string, _sess: SessionData, done: () => void = () => undefined): void {
    const writing = this.people.touch(sidHash(sid));
    if (writing) finish(writing, done);
    else done();
  }

  override destroy(sid: string, done: Done = () => undefined): void {
    super.destroy(sidHash(sid), (error?: unknown) => {
      if (error) done(error);
      else finish(this.announce(), done);
    });
  }
}

function finish(work: Promise<void>, done: Done): void {
  work.then(
    () => done(),
    (error: unknown) => done(error),
  );
}
