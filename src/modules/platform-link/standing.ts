import type { Clock } from '../../kernel/clock.js';
import type { PlatformRow, Standing, StandingStore } from './ports.js';

export interface StandingParts {
  row: PlatformRow;
  store: StandingStore;
  clock: Clock;
  onError(error: unknown): void;
}

/** Nobody may change anything for longer than this after the platform has said so. */
const FRESH_MS = 1_000;
/** A page is drawn by what is known unless it is older than this, as after a quiet night. */
const GOOD_ENOUGH_MS = 10_000;
/** While the platform's database is away nobody waits for it at each request. */
const AWAY_MS = 5_000;

/**
 * Where the school stands, kept for a second. It is asked only while somebody works: a connection that listens would
 * cost the platform one for each school. What was known last holds while the platform is away, over a restart too.
 */
export class LiveStanding {
  private known: Standing | null = null;
  private loaded: Promise<void> | null = null;
  private asking: Promise<void> | null = null;
  private askAt = 0;
  private askedAt = 0;

  constructor(private readonly parts: StandingParts) {}

  /** @param exact waits for what is true now; else what was true a few seconds ago is good enough */
  async now(exact: boolean): Promise<Standing | null> {
    await (this.loaded ??= this.load());
    const now = this.parts.clock.now().getTime();
    if (now >= this.askAt) this.asking ??= this.ask().finally(() => (this.asking = null));
    if (this.asking && (exact || now - this.askedAt > GOOD_ENOUGH_MS)) await this.asking;
    return this.known;
  }

  private async load(): Promise<void> {
    this.known = await this.parts.store.last();
  }

  private async ask(): Promise<void> {
    const { row, store, clock, onError } = this.parts;
    try {
      const found = await row.standing();
      this.askAt = clock.now().getTime() + FRESH_MS;
      if (!found || isSame(found, this.known)) return;
      this.known = found;
      await store.keep(found);
    } catch (error) {
      this.askAt = clock.now().getTime() + AWAY_MS;
      onError(error);
    } finally {
      this.askedAt = clock.now().getTime();
    }
  }
}

function isSame(one: Standing, other: Standing | null): boolean {
  return one.state === other?.state && one.reason === other.reason && one.until?.getTime() === other.until?.getTime();
}
