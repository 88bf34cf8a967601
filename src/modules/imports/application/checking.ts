import { systemActor, type Actor } from '../../../kernel/actor.js';
import type { Clock } from '../../../kernel/clock.js';
import { RuleBroken } from '../../../kernel/errors.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { FilesApi } from '../../files/index.js';
import type { SchoolApi } from '../../school/index.js';
import { readingAs } from '../domain/replacement.js';
import type {
  CheckedLine, Column, Import, ImportContext, ImportKind, ImportStore, KindRun, Line, Look, Mapping, RawRow, Remark, RowStore, SheetReader, StagedRow,
} from '../ports.js';

/** Rows that are read before others get their turn: a few milliseconds' work. */
const SLICE = 50;
/** Rows that are held at once, twice: one lot is read while the database has the one before. */
const BATCH = 500;

/** The permission to open uploads belongs to this name alone. */
export const READER = systemActor('imports');

/** Where the school is: how days, phones and amounts are written there. */
type Place = Pick<ImportContext, 'country' | 'currency'>;

type Parser = ReturnType<SheetReader['parser']>;

/** Reads a file row by row into the staging table; nothing else is written. Begun again from the start when it was cut short. */
export class Checking {
  constructor(
    private readonly unit: Unit,
    private readonly clock: Clock,
    private readonly store: ImportStore,
    private readonly rows: RowStore,
    private readonly reader: SheetReader,
    private readonly files: FilesApi,
    private readonly school: SchoolApi,
    private readonly kinds: () => readonly ImportKind[],
  ) {}

  async run(id: string, signal: AbortSignal): Promise<void> {
    const found = await this.store.find(id);
    const kind = this.kinds().find((one) => one.key === found?.kind);
    if (!found || !kind || found.status !== 'checking') return;
    await this.unit(async () => {
      await kind.release?.(id);
      await this.rows.clear(id);
    });
    const columns = await kind.columns();
    const file = await this.files.open(found.fileId, READER);
    await this.reader.withFile(file.body, async (path) => {
      const pass = new Pass(this.unit, this.rows, this.store, this.reader, found, kind, columns, await this.school.today(), await this.school.profile(), path);
      try {
        await this.readInto(pass, { path, name: found.fileName }, found, kind, columns, signal);
      } finally {
        await pass.staged();
      }
    });
    await this.unit(async () => {
      await this.rows.compare(id, kind.rules);
      const counted = await this.rows.count(id);
      if (counted.rows === 0) throw new RuleBroken('no-rows', 'There are headings in the file, but no rows beneath them.');
      const counts = { ...counted, population: await kind.population() };
      await this.store.step(id, ['checking'], { status: 'checked', counts, done: counts.rows, checkedAt: this.clock.now() });
    });
  }

  private async readInto(pass: Pass, file: { path: string; name: string }, found: Import, kind: ImportKind, columns: readonly Column<never>[], signal: AbortSignal): Promise<void> {
    const onRows = (batch: RawRow[]): Promise<void> => pass.take(batch);
    if (!kind.source) return this.reader.read(file, { columns, sheets: found.wantedSheets, signal, onLook: (look) => pass.begin(look) }, onRows);
    await pass.begin({ sheets: [], headers: [...kind.source.headers], date1904: false });
    await kind.source.read(file.path, signal, onRows);
  }
}

/** One pass over one file. */
class Pass {
  private parse!: Parser;
  private work!: KindRun;
  private readAs!: ReturnType<typeof readingAs>;
  private readonly required: readonly Column<never>[];
  private n = 0;
  /** What the database is busy with. */
  private staging: Promise<void> = Promise.resolve();

  constructor(
    private readonly unit: Unit,
    private readonly rows: RowStore,
    private readonly store: ImportStore,
    private readonly reader: SheetReader,
    private readonly found: Import,
    private readonly kind: ImportKind,
    private readonly columns: readonly Column<never>[],
    private readonly today: string,
    private readonly place: Place,
    private readonly path: string,
  ) {
    this.required = columns.filter((column) => column.required);
  }

  /** A mapping that a person chose stays; one for other sheets is guessed anew. */
  async begin(look: Look): Promise<void> {
    const same = look.headers.join('\n') === this.found.headers.join('\n') && this.found.mapping.length === look.headers.length;
    const mapping = same ? this.found.mapping : this.reader.guess(look.headers, this.columns);
    await this.store.change(this.found.id, { sheets: look.sheets, headers: look.headers, mapping });
    this.readAs = readingAs(this.found.replacements, mapping);
    // Whether a column is needed depends on what the row is about: an update needs its key alone. Those that the file
    // hasn't got say nothing, and a list knows more than a hundred.
    const columns = this.columns.filter(({ key }) => mapping.includes(key)).map((column) => ({ ...column, required: false }));
    this.parse = this.reader.parser(columns, mapping, { country: this.place.country, currency: this.place.currency, today: this.today, date1904: look.date1904 });
    this.work = await this.kind.open({ ...contextOf(this.found, mapping, look.headers, this.today, this.place), path: this.path });
  }

  async take(batch: RawRow[]): Promise<void> {
    for (let at = 0; at < batch.length; at += BATCH) {
      const staged = await this.readAll(batch.slice(at, at + BATCH));
      await this.staging;
      this.staging = this.stage(staged);
      // Whoever waits next is told.
      this.staging.catch(() => undefined);
    }
  }

  /** Resolves when all that was taken is in the staging table. */
  async staged(): Promise<void> {
    await this.staging;
  }

  private async stage(staged: StagedRow[]): Promise<void> {
    if (staged.length === 0) return;
    const lines: Line[] = staged.map(({ n, values }) => ({ n, values }));
    await this.unit(async () => {
      await this.store.byIndex();
      const checked = await this.work.check(lines);
      staged.forEach((row, at) => this.settle(row, checked[at]!));
      await this.rows.add(this.found.id, staged);
      await this.store.change(this.found.id, { done: staged.at(-1)!.n });
    });
  }

  private async readAll(batch: readonly RawRow[]): Promise<StagedRow[]> {
    const staged: StagedRow[] = [];
    for (let at = 0; at < batch.length; at += SLICE) {
      staged.push(...this.read(batch.slice(at, at + SLICE)));
      await this.reader.turn();
    }
    return staged;
  }

  private read(slice: readonly RawRow[]): StagedRow[] {
    const staged: StagedRow[] = [];
    for (const given of slice) {
      const raw = { ...given, cells: this.readAs(given.cells) };
      const { values, problems, example } = this.parse(raw);
      if (example) continue;
      const remarks: Remark[] = problems.map(({ column, text, vars }) => ({ column, severity: 'error', text, vars }));
      this.n += 1;
      staged.push({
        n: this.n, sheet: raw.sheet, rowNo: raw.row, cells: raw.cells, values, state: 'ready', action: 'create', remarks, marks: [], entityId: null, version: null,
      });
    }
    return staged;
  }

  private settle(row: StagedRow, checked: CheckedLine): void {
    const said = new Set(row.remarks.map((remark) => remark.column));
    // A cell that can't be read is one mistake, not two.
    row.remarks.push(...checked.remarks.filter((remark) => remark.column === null || !said.has(remark.column)));
    if (checked.action === 'create') row.remarks.push(...this.missing(row, said));
    row.state = row.remarks.some((remark) => remark.severity === 'error') ? 'error' : row.remarks.length > 0 ? 'warning' : 'ready';
    row.action = checked.action;
    row.entityId = checked.entityId;
    row.version = checked.version;
    row.marks = checked.marks;
    if (checked.ready) row.values = { ...row.values, ...checked.ready };
  }

  private missing(row: StagedRow, said: ReadonlySet<string | null>): Remark[] {
    return this.required
      .filter(({ key }) => (row.values[key] ?? null) === null && !said.has(key))
      .map(({ key, head }) => ({ column: key, severity: 'error', text: '{{head}} is missing.', vars: { head } }));
  }
}

export function contextOf(found: Import, mapping: Mapping, headers: readonly string[], today: string, { country, currency }: Place): ImportContext {
  return {
    importId: found.id,
    actor: actorOf(found),
    mode: found.mode,
    today,
    country,
    currency,
    headings: new Map(mapping.flatMap((key, at) => (key === null ? [] : [[key, headers[at] ?? ''] as const]))),
  };
}

/** Whoever sent it, with the rights of then. */
export function actorOf(found: Import): Actor {
  return { ...found.actor, permissions: new Set(found.actor.permissions) };
}
