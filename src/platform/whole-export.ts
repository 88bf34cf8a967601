import type { Actor } from '../kernel/actor.js';
import type { Page } from '../kernel/page.js';
import type { Column } from './sheets/columns.js';
import { csvBody, type SheetMeta } from './sheets/writing/write.js';
import type { ZipSource } from './zip/write.js';

/** What one module puts into the file with which a school takes everything along. */
export interface WholeExportPart {
  /** How many files it will be, about: for the progress. */
  count(): Promise<number>;
  files(actor: Actor): AsyncIterable<ZipSource> | Iterable<ZipSource>;
}

/** A list as it is exported from its page, under `sheets/`. */
export function wholeSheet<Row>(
  name: string,
  sheet: (
    actor: Actor,
  ) => Promise<{ columns: readonly Column<Row>[]; rows: Iterable<Row> | AsyncIterable<Row>; meta?: Partial<SheetMeta> }>,
): WholeExportPart {
  return {
    count: () => Promise.resolve(1),
    files: async function* (actor) {
      const { columns, rows, meta } = await sheet(actor);
      yield { name: `sheets/${name}.csv`, body: csvBody(columns, rows, meta) };
    },
  };
}

/** All rows of a list that is read a page at a time. */
export async function* everyRow<Row>(load: (cursor: string | null) => Promise<Page<Row>>): AsyncGenerator<Row> {
  let cursor: string | null = null;
  do {
    const page: Page<Row> = await load(cursor);
    yield* page.rows;
    cursor = page.next;
  } while (cursor !== null);
}
