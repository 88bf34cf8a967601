import { RuleBroken } from '../../kernel/errors.js';
import { changed } from '../db/index.js';
import type { Row } from '../db/rows/rows.js';
import { changedSince, deleteRows, updateRows, writersOf } from '../db/rows/row-sets.js';

/** A line of an import whose entity is one row of the table. */
interface Line {
  action: string;
  entityId: string | null;
}
interface Written extends Line {
  entityId: string;
  before: object | null;
}
/** Who wrote a row last. */
interface Writer {
  id: string;
  xids: string[];
}

/** Which rows another import that was undone has put back, and in which transaction. */
type Restored = (ids: readonly string[]) => Promise<readonly { id: string; xid: string }[]>;

/** A list whose rows are rows of one table: how it is taken back is the same for all of them. */
export abstract class SetRun {
  protected constructor(
    private readonly table: string,
    private readonly cacheKeys: readonly string[],
  ) {}

  /** What a line has made beside its own row, taken back after it. */
  protected undoRest(_lines: readonly Written[]): Promise<void> {
    return Promise.resolve();
  }

  async finishWriting(): Promise<void> {
    for (const key of this.cacheKeys) await changed(key);
  }

  finishUndoing(): Promise<void> {
    return this.finishWriting();
  }

  /** Who had written the rows that these lines change, so that an earlier import can be taken back after this one. */
  protected async basesOf(lines: readonly Line[]): Promise<Map<string, Writer[]>> {
    const writers = await writersOf(
      this.table,
      lines.flatMap((line) => (line.action === 'update' ? line.entityId! : [])),
    );
    return new Map([...writers].map(([id, xid]) => [id, [{ id, xids: [xid] }]]));
  }

  async obstacles(lines: readonly Written[], writtenIn: string, restored: Restored = async () => []): Promise<string[]> {
    const some = await changedSince(
      this.table,
      lines.map((line) => line.entityId),
      writtenIn,
    );
    const back = some.length === 0 ? [] : await restored(some);
    const since = back.length === 0 ? some : await changedSince(this.table, some, writtenIn, back);
    return since.length === 0 ? [] : this.changedSentences(since);
  }

  /** Says which of its rows others have changed. */
  protected changedSentences(ids: readonly string[]): Promise<string[]> {
    return Promise.resolve([`${ids.length} of its rows have been changed since.`]);
  }

  async undo(lines: readonly Written[]): Promise<void> {
    await updateRows(
      this.table,
      lines.filter((line) => line.action === 'update').map((line) => line.before as Row),
    );
    try {
      await deleteRows(
        this.table,
        lines.filter((line) => line.action === 'create').map((line) => line.entityId),
      );
      await this.undoRest(lines);
    } catch (error) {
      if ((error as { code?: string }).code !== '23503') throw error;
      throw new RuleBroken('depends', 'It can no longer be undone: other records now depend on it.');
    }
  }
}

export const textOf = (line: { values: Readonly<Record<string, unknown>> }, column: string): string | null =>
  line.values[column] == null ? null : String(line.values[column] as string | number);
