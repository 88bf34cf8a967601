import 'express-session';
import type { Actor } from '../../kernel/actor.js';
import type { AnyCommand, Command } from '../../kernel/shapes/command.js';
import type { Log } from '../log.js';
import type { Lock, SchoolFacts, SignedIn } from './ports.js';
import type { FlashInput } from './pages/flash.js';
import type { T } from '../i18n/i18n.js';

declare module 'express-serve-static-core' {
  interface Request {
    /** One id per request, in every log line, audit entry and error page. */
    id: string;
    log: Log;
    /** The path as it may be written down: without the parts that are keys to what they show. */
    readonly shownPath: string;
    /** Who asks; on a public route without a session this is `nobody`. */
    actor: Actor;
    signedIn: SignedIn | null;
    school: SchoolFacts | null;
    /** Why nothing may be changed here for now; for the banner. */
    lock: Lock | null;
    language: string;
    t: T;
    /** Carries out a command for whoever asks. */
    run<Input, Result>(command: Command<Input, Result>, input: Input): Promise<Result>;
    /** Whether this request has carried it out. */
    hasRun(command: AnyCommand): boolean;
  }
  interface Response {
    /** Draws a view inside its layout; an htmx request gets the page's content alone. */
    page(view: string, model?: object, options?: { status?: number }): Promise<void>;
    /** Draws a part without a layout, for an update of one region. */
    part(view: string, model?: object, options?: { status?: number }): Promise<void>;
    /** 303 to one of our own paths, with a sentence that the next page shows. */
    done(to: string, flash?: FlashInput): void;
  }
}

declare module 'express-session' {
  interface SessionData {
    userId?: string;
  }
}
