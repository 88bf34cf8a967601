import { systemActor, type Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { RuleBroken } from '../../kernel/errors.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import type { FilesApi } from '../files/index.js';
import type { SchoolApi } from '../school/index.js';
import { DayOrders } from './reading/day-orders.js';
import { ENCODING } from './imports.js';
import { listsBeside, otherLists, type KnownList } from './other-lists.js';
import { readingAs } from './replacement.rules.js';
import type {
  CellContext,
  CheckedLine,
  Column,
  Import,
  ImportContext,
  ImportKind,
  ImportStore,
  KindRun,
  Line,
  Look,
  Mapping,
  Question,
  RawRow,
  Remark,
  RowStore,
  SheetReader,
  StagedRow,
} from './ports.js';

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
    const questions: Question[] = [];
    const file = await this.files.open(found.fileId, READER);
    await this.reader.withFile(file.body, async (path) => {
      const today = await this.school.today();
      const place = await this.school.profile();
      const days = await this.survey({ path, name: found.fileName }, found, kind, columns, signal);
      const others = await listsBeside(this.kinds(), kind);
      const pass = new Pass(
        this.unit,
        this.rows,
        this.store,
        this.reader,
        found,
        kind,
        columns,
        others,
        today,
        place,
        days?.orders(found.answers, place.country) ?? {},
        path,
      );
      try {
        await this.readInto(pass, { path, name: found.fileName }, found, kind, columns, signal);
      } finally {
        await pass.staged();
      }
      questions.push(...(days?.questions(found.answers, place.country, today) ?? []), ...pass.questions());
    });
    await this.unit(async () => {
      await this.rows.compare(id, kind.rules);
      const counted = await this.rows.count(id);
      if (counted.rows === 0) throw new RuleBroken('no-rows', 'The file has headings but no rows below them.');
      const counts = { ...counted, population: await kind.population() };
      await this.store.step(id, ['checking'], {
        status: 'checked',
        counts,
        questions,
        done: counts.rows,
        checkedAt: this.clock.now(),
      });
    });
  }

  /** One look at all rows before they are read, where there are days in them: a column is judged as a whole. */
  private async survey(
    file: { path: string; name: string },
    found: Import,
    kind: ImportKind,
    columns: readonly Column<never>[],
    signal: AbortSignal,
  ): Promise<DayOrders | null> {
    if (kind.source) return null;
    const seen: { days: DayOrders | null; read: ReturnType<typeof readingAs> } = { days: null, read: (cells) => cells };
    const onLook = ({ headers }: Look): void => {
      const mapping = mappingOf(found, headers, columns, this.reader);
      seen.days = new DayOrders(this.reader, columns, mapping, headers);
      seen.read = readingAs(found.replacements, mapping);
    };
    const onRows = async (rows: RawRow[]): Promise<void> => {
      if (!seen.days?.needed) throw NO_DAYS;
      for (const row of rows) seen.days.look(seen.read(row.cells));
      await this.reader.turn();
    };
    try {
      await this.reader.read(
        file,
        { columns, sheets: found.wantedSheets, encoding: found.answers[ENCODING] ?? null, signal, onLook },
        onRows,
      );
    } catch (error) {
      if (error !== NO_DAYS) throw error;
    }
    return seen.days;
  }

  private async readInto(
    pass: Pass,
    file: { path: string; name: string },
    found: Import,
    kind: ImportKind,
    columns: readonly Column<never>[],
    signal: AbortSignal,
  ): Promise<void> {
    const onRows = (batch: RawRow[]): Promise<void> => pass.take(batch);
    if (!kind.source)
      return this.reader.read(
        file,
        {
          columns,
          sheets: found.wantedSheets,
          encoding: found.answers[ENCODING] ?? null,
          signal,
          onLook: (look) => pass.begin(look),
        },
        onRows,
      );
    await pass.begin({ sheets: [], headers: [...kind.source.headers], date1904: false, encoding: null, readings: [] });
    await kind.source.read(file.path, signal, onRows);
  }
}

/** Ends a survey that has nothing to look for. */
const NO_DAYS = new Error('no days');

/** A mapping that a person chose stays; one for other sheets is guessed anew. */
function mappingOf(found: Import, headers: readonly string[], columns: readonly Column<never>[], reader: SheetReader): Mapping {
  const same = headers.join('\n') === found.headers.join('\n') && found.mapping.length === headers.length;
  return same ? found.mapping : reader.guess(headers, columns);
}

const ENCODING_WORDS: Record<string, string> = {
  'windows-1252': 'Windows encoding',
  macintosh: 'Old Mac encoding',
  cp850: 'DOS encoding',
};

function encodingQuestion({ encoding, readings }: Look): Question[] {
  if (readings.length < 2) return [];
  return [
    {
      key: ENCODING,
      text: 'The letters in this file can be read in more than one way. Which words are right?',
      needed: true,
      standing: encoding ?? '',
      choices: readings.map((one) => ({
        value: one.encoding,
        label: ENCODING_WORDS[one.encoding]!,
        examples: one.words.map((to) => ({ from: null, to })),
      })),
    },
  ];
}

/** One pass over one file. */
class Pass {
  private parse!: Parser;
  private work!: KindRun;
  private readAs!: ReturnType<typeof readingAs>;
  private required: readonly Column<never>[] = [];
  private asked: Question[] = [];
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
    private readonly others: readonly KnownList[],
    private readonly today: string,
    private readonly place: Place,
    private readonly orders: NonNullable<CellContext['orders']>,
    private readonly path: string,
  ) {}

  async begin(look: Look): Promise<void> {
    const mapping = mappingOf(this.found, look.headers, this.columns, this.reader);
    this.asked = encodingQuestion(look);
    await this.store.change(this.found.id, { sheets: look.sheets, headers: look.headers, mapping });
    this.required = this.columns.filter(
      ({ key, required, unless = [] }) => required && (mapping.includes(key) || !unless.some((other) => mapping.includes(other))),
    );
    this.readAs = readingAs(this.found.replacements, mapping);
    // Whether a column is needed depends on what the row is about: an update needs its key alone. Those that the file
    // hasn't got say nothing, and a list knows more than a hundred; but for those that take a second number out of a cell.
    const heard = new Set(this.columns.flatMap(({ key, second }) => (mapping.includes(key) ? [key, second] : [])));
    const columns = this.columns.filter(({ key }) => heard.has(key)).map((column) => ({ ...column, required: false }));
    this.parse = this.reader.parser(columns, mapping, {
      country: this.place.country,
      currency: this.place.currency,
      today: this.today,
      date1904: look.date1904,
      orders: this.orders,
    });
    const context = contextOf(this.found, mapping, look.headers, this.today, this.place);
    const elsewhere = new Set(otherLists(look.headers, mapping, this.others, this.reader).flatMap((one) => one.headings));
    this.work = await this.kind.open({
      ...context,
      leftOut: context.leftOut.filter((heading) => !elsewhere.has(heading)),
      path: this.path,
    });
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

  /** What the file leaves open, once all its rows are staged. */
  questions(): Question[] {
    return [...this.asked, ...(this.work.questions?.() ?? [])];
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
      const remarks: Remark[] = problems.map(({ column, text, vars, severity }) => ({
        column,
        severity: severity ?? 'error',
        text,
        vars,
      }));
      this.n += 1;
      staged.push({
        n: this.n,
        sheet: raw.sheet,
        rowNo: raw.row,
        cells: raw.cells,
        values,
        state: 'ready',
        action: 'create',
        remarks,
        marks: [],
        entityId: null,
        version: null,
      });
    }
    return staged;
  }

  private settle(row: StagedRow, checked: CheckedLine): void {
    const said = new Set(row.remarks.filter((remark) => remark.severity === 'error').map((remark) => remark.column));
    if (checked.ready) row.values = { ...row.values, ...checked.ready };
    const missing = checked.action === 'create' ? this.missing(row, said) : [];
    for (const { column } of missing) said.add(column);
    // A cell that can't be read, or has nothing in it, is one mistake, not two.
    row.remarks.push(...checked.remarks.filter((remark) => remark.column === null || !said.has(remark.column)), ...missing);
    row.state = row.remarks.some((remark) => remark.severity === 'error')
      ? 'error'
      : row.remarks.length > 0
        ? 'warning'
        : 'ready';
    row.action = checked.action;
    row.entityId = checked.entityId;
    row.version = checked.version;
    row.marks = checked.marks;
  }

  private missing(row: StagedRow, said: ReadonlySet<string | null>): Remark[] {
    return this.required
      .filter(({ key }) => (row.values[key] ?? null) === null && !said.has(key))
      .map(({ key, head }) => ({ column: key, severity: 'error', text: '{{head}} is missing.', vars: { head } }));
  }
}

export function contextOf(
  found: Import,
  mapping: Mapping,
  headers: readonly string[],
  today: string,
  { country, currency }: Place,
): ImportContext {
  return {
    importId: found.id,
    actor: actorOf(found),
    mode: found.mode,
    today,
    country,
    currency,
    answers: found.answers,
    leftOut: mapping.flatMap((key, at) => (key === null ? [headers[at] ?? ''] : [])),
    headings: new Map(mapping.flatMap((key, at) => (key === null ? [] : [[key, headers[at] ?? ''] as const]))),
  };
}

/** Whoever sent it, with the rights of then. */
export function actorOf(found: Import): Actor {
  return { ...found.actor, permissions: new Set(found.actor.permissions) };
}
