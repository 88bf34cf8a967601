import type { Clock } from '../../kernel/clock.js';
import { DomainError, Unavailable } from '../../kernel/errors.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import type { FilesApi } from '../files/index.js';
import type { ImportStatus } from './import.rules.js';
import type { ImportKind, ImportStore, RowStore } from './ports.js';
import { READER, type Checking } from './checking.js';
import type { Writing } from './writing.js';

const DAY = 86_400_000;
/** What nobody has written for a month is thrown away; what was written can be taken back for half a year. */
const KEPT = { unwritten: 30 * DAY, written: 180 * DAY };

/** So much is worked through in a second, which is what another process needs to start. */
const FEW = { rows: 1000, bytes: 100_000 };

export interface Attempt {
  signal: AbortSignal;
  last: boolean;
}

interface Then {
  during: ImportStatus;
  refused: ImportStatus;
  broken: ImportStatus;
}

/** Nothing is in the register when a check or a writing fails; everything still is when a taking back does. */
const STEPS = {
  check: { during: 'checking', refused: 'refused', broken: 'failed' },
  write: { during: 'writing', refused: 'failed', broken: 'failed' },
  undo: { during: 'undoing', refused: 'done', broken: 'done' },
} as const satisfies Record<string, Then>;

/** The three long steps as jobs: what a person must know becomes the import's sentence, what passes is tried again. */
export class ImportJobs {
  constructor(
    private readonly unit: Unit,
    private readonly clock: Clock,
    private readonly store: ImportStore,
    private readonly rows: RowStore,
    private readonly files: FilesApi,
    private readonly checking: Checking,
    private readonly writing: Writing,
    private readonly kinds: () => readonly ImportKind[],
  ) {}

  check(id: string, attempt: Attempt): Promise<void> {
    return this.settled(id, attempt, STEPS.check, () => this.checking.run(id, attempt.signal));
  }

  write(id: string, attempt: Attempt): Promise<void> {
    return this.settled(id, attempt, STEPS.write, () => this.writing.write(id));
  }

  undo(id: string, attempt: Attempt): Promise<void> {
    return this.settled(id, attempt, STEPS.undo, () => this.writing.undo(id));
  }

  /** For a step whose process died at the last try. */
  async lost(id: string, step: keyof typeof STEPS): Promise<void> {
    await this.broken(id, STEPS[step]);
  }

  /** Whether the pages would feel it. */
  async long(id: string): Promise<boolean> {
    const found = await this.store.find(id);
    if (!found) return false;
    if (found.counts.rows > 0) return found.counts.rows > FEW.rows;
    return (await this.files.open(found.fileId, READER)).size > FEW.bytes;
  }

  async sweep(): Promise<void> {
    const now = this.clock.now().getTime();
    for (const old of await this.store.stale({
      unwritten: new Date(now - KEPT.unwritten),
      written: new Date(now - KEPT.written),
    })) {
      await this.unit(async () => {
        await this.files.remove(old.fileId);
        if (old.status === 'done' || old.status === 'undone') await this.rows.clear(old.id);
        else {
          await this.kinds()
            .find((kind) => kind.key === old.kind)
            ?.release?.(old.id);
          await this.store.remove(old.id);
        }
      });
    }
  }

  private async settled(id: string, attempt: Attempt, then: Then, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const told = error instanceof DomainError && !(error instanceof Unavailable);
      if (told) {
        await this.unit(() => this.store.step(id, [then.during], { status: then.refused, sentence: error.message }));
        return;
      }
      if (attempt.last && !attempt.signal.aborted) await this.broken(id, then);
      throw error;
    }
  }

  private async broken(id: string, { during, broken }: Then): Promise<void> {
    await this.unit(() => this.store.step(id, [during], { status: broken, sentence: BROKEN }));
  }
}

const BROKEN = 'Something went wrong on our side. Nothing was changed; please try again.';
