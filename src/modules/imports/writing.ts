import { restoredBy, type Restored } from './restored.rules.js';
import type { Clock } from '../../kernel/clock.js';
import { RuleBroken } from '../../kernel/errors.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import type { AuditTrail } from '../../kernel/audit.js';
import type { SchoolApi } from '../school/index.js';
import type { Import, ImportKind, ImportStore, KindRun, LineToWrite, RestoredOf, RowStore } from './ports.js';
import { actorOf, contextOf } from './checking.js';

/** Rows that are held at once. */
const BATCH = 500;
/** Milliseconds between two notes of how far it has come. */
const PROGRESS = 500;
/** So many reasons tell a person enough. */
const REASONS = 5;

/** Writes a checked file, or takes a written one back: each in one transaction, so that a crash leaves nothing half-done. */
export class Writing {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    private readonly store: ImportStore,
    private readonly rows: RowStore,
    private readonly school: SchoolApi,
    private readonly kinds: () => readonly ImportKind[],
  ) {}

  async write(id: string): Promise<void> {
    await this.unit(async () => {
      const held = await this.holdOne(id, 'writing');
      if (!held) return;
      const { found, kind, work } = held;
      const written = { create: 0, update: 0 };
      const progress = this.progressOf(id);
      let batches = 0;
      for await (const lines of this.forwards(id)) {
        await this.rows.keep(id, await work.write(lines));
        batches += 1;
        // By then at least one batch lies in each of them.
        if (batches === 2) await this.store.learnSizes(kind.tables);
        for (const line of lines) written[line.action] += 1;
        await progress(written.create + written.update);
      }
      await work.finishWriting();
      await this.audit.record(actorOf(found), {
        action: `${kind.key}.import`,
        entity: 'import',
        entityId: id,
        label: found.fileName,
        after: {
          mode: found.mode,
          rows: found.counts.rows,
          new: written.create,
          changed: written.update,
          leftOut: found.counts.errors,
          ...(found.replacements.length > 0 && { readAs: found.replacements }),
        },
      });
      await this.store.change(id, {
        status: 'done',
        writtenAt: this.clock.now(),
        writtenIn: await this.store.transaction(),
        counts: { ...found.counts, ...written },
      });
    });
  }

  async undo(id: string): Promise<void> {
    await this.unit(async () => {
      const held = await this.holdOne(id, 'undoing');
      if (!held) return;
      const { found, kind, work } = held;
      await this.demandFree(id, found, work);
      let gone = 0;
      const progress = this.progressOf(id);
      for await (const lines of this.backwards(id)) {
        await work.undo(lines);
        gone += lines.length;
        await progress(gone);
      }
      await work.finishUndoing();
      await this.audit.record(actorOf(found), {
        action: `${kind.key}.import-undo`,
        entity: 'import',
        entityId: id,
        label: found.fileName,
        before: { new: found.counts.create, changed: found.counts.update },
      });
      await this.store.change(id, {
        status: 'undone',
        undoneAt: this.clock.now(),
        undoneBy: found.actor.name,
        undoneIn: await this.store.transaction(),
      });
    });
  }

  /** Each note is a transaction of its own that somebody may look at twice a second at most. */
  private progressOf(id: string): (done: number) => Promise<void> {
    let last = 0;
    return async (done) => {
      const now = this.clock.now().getTime();
      if (now - last < PROGRESS) return;
      last = now;
      await this.store.progress(id, done);
    };
  }

  private async holdOne(
    id: string,
    status: Import['status'],
  ): Promise<{ found: Import; kind: ImportKind; work: KindRun } | null> {
    await this.store.hold(id);
    await this.store.byIndex();
    const found = await this.store.find(id);
    const kind = this.kinds().find((one) => one.key === found?.kind);
    if (!found || !kind || found.status !== status) return null;
    const work = await kind.open(
      contextOf(found, found.mapping, found.headers, await this.school.today(), await this.school.profile()),
    );
    return { found, kind, work };
  }

  private async demandFree(id: string, found: Import, work: KindRun): Promise<void> {
    // Many rows may share one.
    const reasons = new Set<string>();
    let kept = 0;
    const restored = this.restoredOf(found);
    for await (const lines of this.backwards(id)) {
      kept += lines.length;
      for (const reason of await work.obstacles(lines, found.writtenIn!, restored)) reasons.add(reason);
      if (reasons.size >= REASONS) break;
    }
    if (kept === 0)
      throw new RuleBroken('forgotten', 'The details needed to undo this import are no longer kept, so it can’t be undone.');
    if (reasons.size > 0)
      throw new RuleBroken('depends', `It can’t be undone because of later changes. ${[...reasons].slice(0, REASONS).join(' ')}`);
  }

  /** Asked for once, and only when something isn't as it was written. */
  private restoredOf(found: Import): RestoredOf {
    let all: Promise<Map<string, Restored[]>> | null = null;
    const load = async (): Promise<Map<string, Restored[]>> => {
      const byId = new Map<string, Restored[]>();
      for (const one of restoredBy(await this.store.restoredBases(found.writtenAt!), found.writtenIn!))
        byId.set(one.id, [...(byId.get(one.id) ?? []), one]);
      return byId;
    };
    return async (ids) => {
      const known = await (all ??= load());
      return ids.flatMap((id) => known.get(id) ?? []);
    };
  }

  /** The next rows are asked for before the last ones are worked on. */
  private async *forwards(id: string): AsyncGenerator<LineToWrite[]> {
    let lines = await this.rows.toWrite(id, 0, BATCH);
    while (lines.length > 0) {
      const next = this.rows.toWrite(id, lines.at(-1)!.n, BATCH);
      next.catch(() => undefined);
      yield lines;
      lines = await next;
    }
  }

  private async *backwards(id: string): AsyncGenerator<Awaited<ReturnType<RowStore['written']>>> {
    for (let before = 2 ** 31 - 1; ;) {
      const lines = await this.rows.written(id, before, BATCH);
      if (lines.length === 0) return;
      yield lines;
      before = lines.at(-1)!.n;
    }
  }
}
