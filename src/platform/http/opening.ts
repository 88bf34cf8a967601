import { Router, type Request, type RequestHandler, type Response } from 'express';
import {
  db,
  pendingMigrations,
  PAGE_PATIENCE_MS,
  query,
  runWith,
  skipsRowSecurity,
  type Database,
  type DatabaseKind,
} from '../db/index.js';
import { isApi } from './routes/guard.js';

/** How long `/healthz` waits for what the modules have to say: it is there to tell that the process answers. */
const REMARKS_PATIENCE_MS = 300;
/** Not asked more often, however many requests wait. */
const LOOK_MS = 1_000;

/**
 * Whether this process may serve: its database has the schema that it was written for, and what its modules do once
 * after that is done. A process never migrates by itself; it waits until somebody has, and then opens by itself.
 */
export class Opening {
  private opened = false;
  private opening: Promise<void> | null = null;
  private lookedAt = -LOOK_MS;
  private reason: Error | null = null;
  draining = false;

  constructor(
    private readonly database: Database,
    private readonly kind: DatabaseKind,
    private readonly atOpening: readonly (() => Promise<void>)[],
    private readonly remarks: readonly (() => Promise<string | null>)[],
  ) {}

  /** @throws Error with a sentence when it can't be served yet */
  async demand(): Promise<void> {
    if (this.opened) return;
    if (performance.now() - this.lookedAt > LOOK_MS || this.opening) {
      this.lookedAt = performance.now();
      this.opening ??= this.open().finally(() => (this.opening = null));
      await this.opening;
    } else if (this.reason) throw this.reason;
  }

  private async open(): Promise<void> {
    try {
      await runWith(this.database, () => demandSchema(this.kind), PAGE_PATIENCE_MS);
      for (const work of this.atOpening) await runWith(this.database, work).catch(asNotServed);
      this.opened = true;
    } catch (error) {
      this.reason = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  }

  /** `/healthz`: the process answers, with what its modules remark. `/readyz`: it can serve. */
  health(): Router {
    const router = Router();
    router.get('/healthz', async (_req, res) => {
      const lines = this.opened ? await Promise.all(this.remarks.map((remark) => this.remark(remark))) : [];
      res.type('text').send(['ok', ...lines.filter((line) => line !== null), ''].join('\n'));
    });
    router.get('/readyz', async (_req, res) => {
      try {
        if (this.draining) throw new Error('draining');
        if (this.opened) await runWith(this.database, () => query('platform.ready', 'select 1'), PAGE_PATIENCE_MS);
        else await this.demand();
        res.type('text').send('ready\n');
      } catch {
        res.status(503).set('Retry-After', '5').type('text').send('not ready\n');
      }
    });
    return router;
  }

  /** A database that is away is no reason to end the process. */
  private remark(remark: () => Promise<string | null>): Promise<string | null> {
    return runWith(this.database, remark, REMARKS_PATIENCE_MS).catch(() => null);
  }

  /** Until then every page says that it takes a moment. */
  gate(): RequestHandler {
    return (req, res, next) => {
      if (this.opened) return next();
      this.demand().then(
        () => next(),
        (error: unknown) => (error instanceof NotServed ? closed(req, res) : next()),
      );
    };
  }
}

/** Its schema is older than this version needs, or its database is not filled yet. */
export class NotServed extends Error {}

async function demandSchema(kind: DatabaseKind): Promise<void> {
  if (await skipsRowSecurity()) throw new Error('The database role skips row-level security.');
  const pending = await pendingMigrations(db(), kind);
  if (pending.length === 0) return;
  throw new NotServed(`The database is too old for this version of AIMS: ${pending.join(', ')} is missing. Run "aims migrate".`);
}

function asNotServed(cause: unknown): never {
  throw new NotServed(cause instanceof Error ? cause.message : String(cause), { cause });
}

const SENTENCE = 'AIMS is being updated. Nothing is lost. Reload the page in a few minutes.';

function closed(req: Request, res: Response): void {
  res.status(503).set('Retry-After', '30').set('Cache-Control', 'no-store');
  if (isApi(req))
    return void res
      .type('application/problem+json')
      .send(JSON.stringify({ type: 'about:blank', title: SENTENCE, status: 503, code: 'unavailable' }));
  res
    .type('html')
    .send(
      `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>Back in a moment</title><main><h1>Back in a moment</h1><p>${SENTENCE}</p></main></html>`,
    );
}
