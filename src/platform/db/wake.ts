import { afterCommit, currentDatabase, runWith } from './context.js';
import type { Database } from './database.js';

const WAIT_MS = 500;
const LONGEST_WAIT_MS = 60_000;

/**
 * Does something a moment after a commit, however many commits come meanwhile: writers never wait for it. What fails is tried
 * again, what still waits when the process stops is done before. A process that is killed leaves it undone, so somebody must
 * also look by the clock.
 */
export class Wake {
  private readonly due = new WeakSet<Database>();

  constructor(
    /** For the log, where it fails. */
    private readonly what: string,
    private readonly work: () => Promise<unknown>,
    private readonly waitMs = WAIT_MS,
  ) {}

  afterThis(): void {
    afterCommit(() => this.schedule(currentDatabase(), this.waitMs));
  }

  private schedule(database: Database, waitMs: number): void {
    if (this.due.has(database)) return;
    this.due.add(database);
    const begin = async (): Promise<void> => {
      clearTimeout(timer);
      database.atClose.delete(begin);
      this.due.delete(database);
      try {
        await runWith(database, () => this.work());
      } catch (error) {
        database.onError(error, this.what);
        if (!database.closing) this.schedule(database, Math.min(waitMs * 2, LONGEST_WAIT_MS));
      }
    };
    const timer = setTimeout(() => void begin(), waitMs);
    timer.unref();
    database.atClose.add(begin);
  }
}
