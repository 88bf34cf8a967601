import { afterCommit, currentDatabase, runWith } from './context.js';
import type { Database } from './database.js';

const WAIT_MS = 500;

/** Does something half a second after a commit, however many commits come meanwhile: writers never wait for it. */
export class Wake {
  private readonly due = new WeakSet<Database>();

  constructor(
    private readonly work: () => Promise<unknown>,
    private readonly failed: (error: unknown) => void,
  ) {}

  afterThis(): void {
    afterCommit(() => this.schedule(currentDatabase()));
  }

  private schedule(database: Database): void {
    if (this.due.has(database)) return;
    this.due.add(database);
    const timer = setTimeout(() => {
      this.due.delete(database);
      void runWith(database, () => this.work()).catch(this.failed);
    }, WAIT_MS);
    timer.unref();
  }
}
