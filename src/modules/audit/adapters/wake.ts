import { afterCommit, currentDatabase, runWith, type Database } from '../../../platform/db/index.js';

const WAIT_MS = 500;

/** Seals half a second after a commit, however many entries come meanwhile: writers never wait for it. */
export class Wake {
  private readonly due = new WeakSet<Database>();

  constructor(
    private readonly seal: () => Promise<unknown>,
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
      void runWith(database, () => this.seal()).catch(this.failed);
    }, WAIT_MS);
    timer.unref();
  }
}
