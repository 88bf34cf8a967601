import type { Actor } from '../../../kernel/actor.js';
import { currentDatabase, runWith, type Database } from '../../../platform/db/index.js';
import { READING_PAUSE_MINUTES, type ReadCount } from '../../../platform/http/routes/reading.js';
import type { PeopleShown } from '../../../platform/people-shown.js';
import { limitsFor, WINDOW_MINUTES } from '../alert.rules.js';
import type { AlertLimits, Noted, ReadTally } from '../ports.js';

export const FLUSH_MS = 20_000;
/** Until the first answer the school's own limits are not known: it is asked for soon. */
const FIRST_MS = 1_000;
const WINDOW_MS = WINDOW_MINUTES * 60_000;
const USUAL: AlertLimits = { mostRows: 500, mostPages: 200 };

interface Reads {
  name: string;
  roles: readonly string[];
  /** Person → when they were last shown by this process, and opened. */
  seen: Map<string, number>;
  opened: Map<string, number>;
  /** Not written down yet: person → whether a page of their own was opened. */
  fresh: Map<string, boolean>;
}

/**
 * Counts in memory, so that no page costs a statement more; what has come together is written down three times a minute,
 * where all processes' counts meet. One process by itself stops whoever is past the limit at once.
 */
export class ReadCounter implements ReadCount {
  private readonly accounts = new Map<string, Reads>();
  /** Account → when it was found past its limit: only a later proof counts. */
  private readonly stopped = new Map<string, number>();
  private limits: AlertLimits | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly note: (tallies: readonly ReadTally[], at: number) => Promise<Noted>,
    private readonly failed: (error: unknown) => void,
    private readonly everyMs = FLUSH_MS,
  ) {}

  shows(actor: Actor, people: PeopleShown, provenAt: number): boolean {
    if (!actor.userId) return true;
    const now = Date.now();
    const reads = this.readsOf(actor);
    for (const id of people.named) mark(reads, id, people.opened.has(id), now);
    const limits = limitsFor(actor.roles, this.limits ?? USUAL);
    const asked = this.stoppedAt(actor.userId, now);
    if (!isOver(reads, limits, now)) return asked === undefined || provenAt > asked;
    this.stop(actor.userId, now);
    // One page or print of more people than that: whoever was asked for it and has answered gets it, once.
    return people.named.size > limits.mostRows && asked !== undefined && provenAt > asked;
  }

  /** Undefined once the pause is over. */
  private stoppedAt(accountId: string, now: number): number | undefined {
    const at = this.stopped.get(accountId);
    if (at === undefined || now - at < READING_PAUSE_MINUTES * 60_000) return at;
    this.stopped.delete(accountId);
    return undefined;
  }

  private readsOf({ userId, name, roles }: Actor): Reads {
    let reads = this.accounts.get(userId!);
    if (!reads) this.accounts.set(userId!, (reads = { name, roles, seen: new Map(), opened: new Map(), fresh: new Map() }));
    if (!this.timer) this.schedule(currentDatabase(), this.limits ? this.everyMs : Math.min(this.everyMs, FIRST_MS));
    return reads;
  }

  /** What comes after the next proof is counted from nothing; the alert shall not wait for its turn. */
  private stop(accountId: string, now: number): void {
    this.stopped.set(accountId, now);
    const reads = this.accounts.get(accountId);
    reads?.seen.clear();
    reads?.opened.clear();
    if (this.timer) clearTimeout(this.timer);
    this.schedule(currentDatabase(), 0);
  }

  private schedule(database: Database, ms: number): void {
    this.timer = setTimeout(() => void runWith(database, () => this.flush(database)), ms);
    this.timer.unref();
  }

  private async flush(database: Database): Promise<void> {
    this.timer = null;
    const at = Date.now();
    const tallies = this.take();
    if (tallies.length === 0) return;
    try {
      const { limits, over } = await this.note(tallies, at);
      this.limits = limits;
      for (const accountId of over) this.stopAfterAll(accountId, at);
    } catch (error) {
      this.failed(error);
      for (const { accountId, people } of tallies) this.putBack(accountId, people);
      if (!this.timer) this.schedule(database, this.everyMs);
    }
  }

  /** Over all processes together it was too much. */
  private stopAfterAll(accountId: string, at: number): void {
    this.stopped.set(accountId, at);
    this.accounts.get(accountId)?.seen.clear();
    this.accounts.get(accountId)?.opened.clear();
  }

  private take(): ReadTally[] {
    const oldest = Date.now() - WINDOW_MS;
    const tallies: ReadTally[] = [];
    for (const [accountId, reads] of this.accounts) {
      if (reads.fresh.size > 0) tallies.push({ accountId, name: reads.name, roles: reads.roles, people: reads.fresh });
      reads.fresh = new Map();
      forget(reads.seen, oldest);
      forget(reads.opened, oldest);
      if (reads.seen.size === 0 && reads.opened.size === 0) this.accounts.delete(accountId);
    }
    for (const [accountId, at] of this.stopped) if (at < oldest) this.stopped.delete(accountId);
    return tallies;
  }

  private putBack(accountId: string, people: ReadonlyMap<string, boolean>): void {
    const reads = this.accounts.get(accountId);
    if (!reads) return;
    for (const [id, opened] of people) reads.fresh.set(id, opened || reads.fresh.get(id) === true);
  }
}

function mark(reads: Reads, id: string, opened: boolean, now: number): void {
  // Once more at the end: the oldest come first.
  reads.seen.delete(id);
  reads.seen.set(id, now);
  if (opened) {
    reads.opened.delete(id);
    reads.opened.set(id, now);
  }
  reads.fresh.set(id, opened || reads.fresh.get(id) === true);
}

function isOver({ seen, opened }: Reads, { mostRows, mostPages }: AlertLimits, now: number): boolean {
  if (seen.size > mostRows) forget(seen, now - WINDOW_MS);
  if (opened.size > mostPages) forget(opened, now - WINDOW_MS);
  return seen.size > mostRows || opened.size > mostPages;
}

function forget(times: Map<string, number>, oldest: number): void {
  for (const [id, at] of times) {
    if (at > oldest) return;
    times.delete(id);
  }
}
