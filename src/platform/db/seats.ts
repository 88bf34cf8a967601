const PATIENCE_MS = 20_000;

/**
 * Units of work take all connections of a process but one: while many wait for a lock that somebody keeps for long, such as a
 * billing run, pages that only look are still answered. Who comes first is served first.
 */
export class Seats {
  private readonly waiting: (() => void)[] = [];
  private free: number;

  constructor(connections: number) {
    this.free = connections > 2 ? connections - 1 : connections;
  }

  /** @throws Error as the pool does when no connection comes free in time */
  take(): Promise<void> | null {
    if (this.free === 0) return this.turn();
    this.free -= 1;
    return null;
  }

  leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free += 1;
  }

  private turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const mine = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(mine), 1);
        reject(new Error('timeout exceeded when trying to connect: every connection of this process is at work'));
      }, PATIENCE_MS);
      this.waiting.push(mine);
    });
  }
}
