import type { Actor } from '../../../kernel/actor.js';
import { currentDatabase, runWith, type Database } from '../../../platform/db/index.js';
import type { ReadCount } from '../../../platform/http/reading.js';
import type { ReadTally } from '../ports.js';

export const FLUSH_MS = 20_000;

interface Reads {
  name: string;
  opened: Set<string>;
  rows: number;
}

/**
 * Counts in memory, so that no page costs a statement more; what has come together is written down three times a
 * minute. Somebody whose page is opened again and again within that time counts once.
 */
export class ReadCounter implements ReadCount {
  private accounts = new Map<string, Reads>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly note: (tallies: readonly ReadTally[]) => Promise<void>,
    private readonly failed: (error: unknown) => void,
    private readonly everyMs = FLUSH_MS,
  ) {}

  opened(actor: Actor, id: string): void {
    if (actor.userId) this.readsOf(actor.userId, actor.name).opened.add(id);
  }

  listed(actor: Actor, rows: number): void {
    if (actor.userId && rows > 0) this.readsOf(actor.userId, actor.name).rows += rows;
  }

  private readsOf(accountId: string, name: string): Reads {
    let reads = this.accounts.get(accountId);
    if (!reads) this.accounts.set(accountId, (reads = { name, opened: new Set(), rows: 0 }));
    if (!this.timer) this.schedule(currentDatabase());
    return reads;
  }

  private schedule(database: Database): void {
    this.timer = setTimeout(() => void runWith(database, () => this.flush(database)), this.everyMs);
    this.timer.unref();
  }

  private async flush(database: Database): Promise<void> {
    this.timer = null;
    const counted = this.accounts;
    this.accounts = new Map();
    try {
      await this.note([...counted].map(([accountId, { name, opened, rows }]) => ({ accountId, name, pages: opened.size, rows })));
    } catch (error) {
      this.failed(error);
      this.putBack(counted);
      if (!this.timer) this.schedule(database);
    }
  }

  private putBack(counted: Map<string, Reads>): void {
    for (const [accountId, { name, opened, rows }] of counted) {
      const reads = this.accounts.get(accountId) ?? { name, opened: new Set<string>(), rows: 0 };
      for (const id of opened) reads.opened.add(id);
      reads.rows += rows;
      this.accounts.set(accountId, reads);
    }
  }
}
