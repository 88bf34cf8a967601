import { systemClock } from '../../kernel/clock.js';
import type { Clock } from '../../kernel/clock.js';
import { afterCommit, changedKeys, currentDatabase, inSnapshot, inTransaction, isReadingAfresh, query } from './context.js';
import type { Database } from './database.js';

/** How long a value may be trusted while nobody tells us about changes. */
const DEAF_MS = 2_000;

interface Slot<Value> {
  value: Promise<Value> | null;
  loadedAt: number;
  /** Grows with every change: a load that began before a change must not be kept after it. */
  version: number;
}

/**
 * A value of the school that is read on every page and changes rarely. `changed(key)` in the transaction
 * that changes it drops it in every process.
 */
export class Cached<Value> {
  private readonly slots = new WeakMap<Database, Slot<Value>>();
  /** By what a transaction has for itself. */
  private readonly inSnapshots = new WeakMap<Set<string>, Promise<Value>>();

  constructor(
    private readonly key: string,
    private readonly load: () => Promise<Value>,
    private readonly clock: Clock = systemClock,
  ) {}

  async get(): Promise<Value> {
    const database = currentDatabase();
    const slot = this.slotOf(database);
    if (isReadingAfresh() || changedKeys()?.has(this.key)) return this.load();
    // What is seen there may be out of date already, and belongs to nobody else.
    if (inSnapshot()) return this.loadInSnapshot();
    if (slot.value && this.isFresh(slot, database)) return slot.value;
    return inTransaction() ? this.loadInTransaction(slot) : this.loadShared(slot);
  }

  private isFresh(slot: Slot<Value>, database: Database): boolean {
    return database.changes.up || this.clock.now().getTime() - slot.loadedAt < DEAF_MS;
  }

  /** One load for all who ask meanwhile. */
  private loadShared(slot: Slot<Value>): Promise<Value> {
    const loading = this.load();
    this.keep(slot, loading);
    loading.catch(() => {
      if (slot.value === loading) slot.value = null;
    });
    return loading;
  }

  /** Once for each snapshot: within it the value can't change. */
  private loadInSnapshot(): Promise<Value> {
    const snapshot = changedKeys()!;
    const known = this.inSnapshots.get(snapshot) ?? this.load();
    this.inSnapshots.set(snapshot, known);
    return known;
  }

  /** What a transaction reads may still be rolled back: it is kept only after the commit. */
  private async loadInTransaction(slot: Slot<Value>): Promise<Value> {
    const { version } = slot;
    const changed = changedKeys();
    const value = await this.load();
    const readAt = this.clock.now().getTime();
    afterCommit(() => {
      if (slot.version !== version || changed?.has(this.key)) return;
      this.keep(slot, Promise.resolve(value), readAt);
    });
    return value;
  }

  private keep(slot: Slot<Value>, value: Promise<Value>, loadedAt = this.clock.now().getTime()): void {
    slot.value = value;
    slot.loadedAt = loadedAt;
  }

  private slotOf(database: Database): Slot<Value> {
    const known = this.slots.get(database);
    if (known) return known;
    const slot: Slot<Value> = { value: null, loadedAt: 0, version: 0 };
    this.slots.set(database, slot);
    database.changes.on((key) => {
      if (key !== null && key !== this.key) return;
      slot.version += 1;
      slot.value = null;
    });
    return slot;
  }
}

/** Announces, with the commit of the current transaction, that what is kept under `key` is out of date everywhere. */
export async function changed(key: string): Promise<void> {
  const told = changedKeys();
  if (told?.has(key)) return;
  told?.add(key);
  await query('platform.changed', "select pg_notify('aims_changed', $1)", [key]);
  const { changes } = currentDatabase();
  afterCommit(() => changes.tell(key));
}

/** Hears every key that was announced; `null` when some may have been missed. Returns the end of it. */
export function onChanged(database: Database, handler: (key: string | null) => void): () => void {
  return database.changes.on(handler);
}
