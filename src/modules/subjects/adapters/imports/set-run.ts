import { RuleBroken } from '../../../../kernel/errors.js';
import { changed } from '../../../../platform/db/index.js';
import type { Row } from '../../../../platform/db/rows.js';
import { changedSince, deleteRows, updateRows, writersOf } from '../../../../platform/db/row-sets.js';
import type { Base, CheckedLine, KindRun, Line, LineToWrite, RestoredOf, WrittenLine } from '../../../imports/index.js';

/** A list whose rows are rows of one table: how it is taken back is the same for all of them. */
export abstract class SetRun implements KindRun {
  protected constructor(
    private readonly table: string,
    private readonly cacheKeys: readonly string[],
  ) {}

  abstract check(lines: readonly Line[]): Promise<CheckedLine[]>;
  abstract write(lines: readonly LineToWrite[]): Promise<WrittenLine[]>;
  /** What a line has made beside its own row, taken back after it. */
  protected undoRest(_lines: readonly WrittenLine[]): Promise<void> {
    return Promise.resolve();
  }

  async finishWriting(): Promise<void> {
    for (const key of this.cacheKeys) await changed(key);
  }

  finishUndoing(): Promise<void> {
    return this.finishWriting();
  }

  /** Who had written the rows that these lines change, so that an earlier import can be taken back after this one. */
  protected async basesOf(lines: readonly LineToWrite[]): Promise<Map<string, Base[]>> {
    const writers = await writersOf(
      this.table,
      lines.flatMap((line) => (line.action === 'update' ? line.entityId! : [])),
    );
    return new Map([...writers].map(([id, xid]) => [id, [{ id, xids: [xid] }]]));
  }

  async obstacles(lines: readonly WrittenLine[], writtenIn: string, restored: RestoredOf = async () => []): Promise<string[]> {
    const some = await changedSince(
      this.table,
      lines.map((line) => line.entityId),
      writtenIn,
    );
    const back = some.length === 0 ? [] : await restored(some);
    const since = back.length === 0 ? some : await changedSince(this.table, some, writtenIn, back);
    return since.length === 0 ? [] : [`${since.length} of its rows have been changed since.`];
  }

  async undo(lines: readonly WrittenLine[]): Promise<void> {
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

export const textOf = (line: Line, column: string): string | null =>
  line.values[column] == null ? null : String(line.values[column]);
