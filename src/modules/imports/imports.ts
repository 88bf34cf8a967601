import { can, demand, type Actor } from '../../kernel/actor.js';
import { Missing } from '../../kernel/missing.js';
import type { Clock } from '../../kernel/clock.js';
import { Conflict, Invalid, NotFound, RuleBroken } from '../../kernel/errors.js';
import { newId } from '../../kernel/id.js';
import type { Page } from '../../kernel/page.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import type { AuditTrail } from '../../kernel/audit.js';
import type { FilesApi } from '../files/index.js';
import { demandCommit, DISCARDABLE, NO_COUNTS, RECHECKABLE, type CommitRows, type Mode } from './import.rules.js';
import { openQuestions, withAnswers, type Answers } from './question.rules.js';
import { withReplacements, type Misread, type Replacement } from './replacement.rules.js';
import { listsBeside, otherLists, type OtherList } from './other-lists.js';
import type {
  Enqueue,
  Import,
  ImportKind,
  ImportStore,
  Mapping,
  RowsShown,
  RowSource,
  RowStore,
  SheetReader,
  ShownRow,
} from './ports.js';

export const USE = 'imports.use';
export const FILE_PURPOSE = 'imports.upload';
export const MOST_BYTES = 50 * 1024 * 1024;
/** The question about the letters of a CSV file. */
export const ENCODING = 'encoding';
export const MOST_OF_ANY = 100 * 1024 * 1024;
/** Whatever can hold a list; what else is in the file, the reader finds out and says in words. */
export const FILE_TYPES = [
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'text/csv',
  'application/zip',
  'text/html',
  'application/xml',
  'image/svg+xml',
] as const;

export interface Sent {
  kind: string;
  mode: Mode;
  file: { path: string; name: string };
  /** Heading → column, for those that shall not be guessed. */
  mapping: Record<string, string | null> | null;
  /** To questions that this file is known to ask. */
  answers: Answers | null;
}

/** What people do with an import. The long steps run as jobs, see checking.ts, writing.ts and undoing.ts. */
export class Imports {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    private readonly store: ImportStore,
    private readonly rows: RowStore,
    private readonly reader: SheetReader,
    private readonly files: FilesApi,
    private readonly enqueue: Enqueue,
    private readonly kinds: () => readonly ImportKind[],
  ) {}

  kindsFor(actor: Actor): ImportKind[] {
    return this.kinds().filter((kind) => can(actor, kind.can));
  }

  /** @throws NotFound for one that isn't there, Forbidden for one that isn't theirs */
  kind(actor: Actor, key: string): ImportKind {
    const kind = this.kinds().find((one) => one.key === key);
    if (!kind) throw new NotFound('This kind of list can’t be imported.');
    demand(actor, kind.can);
    return kind;
  }

  async list(actor: Actor, cursor: string | null, limit: number): Promise<Page<Import>> {
    demand(actor, USE);
    return this.store.list(
      this.kindsFor(actor).map((kind) => kind.key),
      cursor,
      limit,
    );
  }

  async find(actor: Actor, id: string): Promise<{ found: Import; kind: ImportKind }> {
    demand(actor, USE);
    const found = await this.store.find(id);
    if (!found || !this.kindsFor(actor).some((kind) => kind.key === found.kind)) throw new Missing('import');
    return { found, kind: this.kind(actor, found.kind) };
  }

  /** Lists that the same file makes too. */
  async alsoMakes({ headers, mapping }: Pick<Import, 'headers' | 'mapping'>, kind: ImportKind): Promise<OtherList[]> {
    return kind.source ? [] : otherLists(headers, mapping, await listsBeside(this.kinds(), kind), this.reader);
  }

  page(id: string, shown: RowsShown, after: number, limit: number): Promise<ShownRow[]> {
    return this.rows.page(id, shown, after, limit);
  }

  /**
   * Takes a file: a first look refuses what is no list at once, the check goes on in the background.
   * @throws SheetRefused with one sentence
   */
  async take(actor: Actor, sent: Sent): Promise<string> {
    demand(actor, USE);
    const kind = this.kind(actor, sent.kind);
    if (!kind.modes.includes(sent.mode)) throw new Invalid({ mode: 'Choose what the import may do' });
    const { sheets, headers, mapping } = kind.source
      ? await this.lookInto(kind.source, kind, sent)
      : await this.lookAt(kind, sent);
    const id = newId();
    await this.unit(async () => {
      const file = await this.files.save(
        actor,
        { path: sent.file.path },
        {
          purpose: FILE_PURPOSE,
          owner: { kind: 'import', id },
          name: sent.file.name,
          ...(kind.source ?? { maxBytes: MOST_BYTES, types: FILE_TYPES }),
        },
      );
      await this.store.insert({
        id,
        kind: kind.key,
        mode: sent.mode,
        status: 'checking',
        fileId: file.id,
        fileName: file.name,
        sheets,
        wantedSheets: null,
        headers,
        mapping,
        replacements: [],
        questions: [],
        answers: sent.answers ?? {},
        counts: NO_COUNTS,
        done: 0,
        commitRows: null,
        sentence: null,
        actor: { ...actor, permissions: [...actor.permissions] },
        byUserId: actor.userId,
        byName: actor.name,
        writtenIn: null,
        createdAt: this.clock.now(),
        checkedAt: null,
        writtenAt: null,
        undoneAt: null,
        undoneBy: null,
        undoneIn: null,
      });
      await this.enqueue('imports.check', id);
    });
    return id;
  }

  private async lookAt(
    kind: ImportKind,
    { file, mapping, answers }: Sent,
  ): Promise<Pick<Import, 'sheets' | 'headers' | 'mapping'>> {
    const columns = await kind.columns();
    const { sheets, headers } = await this.reader.look(file, columns, null, answers?.[ENCODING] ?? null);
    return {
      sheets,
      headers,
      mapping: named(
        this.reader.guess(headers, columns),
        headers,
        mapping,
        columns.map((column) => column.key),
      ),
    };
  }

  /** An archive has the columns that its kind says; nobody has to match them. */
  private async lookInto(
    source: RowSource,
    kind: ImportKind,
    { file }: Sent,
  ): Promise<Pick<Import, 'sheets' | 'headers' | 'mapping'>> {
    await source.look(file.path);
    return { sheets: [], headers: [...source.headers], mapping: (await kind.columns()).map((column) => column.key) };
  }

  /** What could be put right at once for all rows that have it. */
  async misread(found: Import, kind: ImportKind): Promise<Misread[]> {
    if (found.status !== 'checked' || found.counts.errors === 0 || kind.source) return [];
    return this.rows.misread(
      found.id,
      found.mapping,
      Object.values(kind.rules).map((rule) => rule.text),
    );
  }

  /** Reads the file again with these values in place of what is written there. @throws Invalid */
  async readAs(actor: Actor, id: string, wanted: readonly Replacement[]): Promise<void> {
    const { found } = await this.find(actor, id);
    await this.checkAgain(actor, id, { replacements: withReplacements(found.replacements, wanted, found.mapping) });
  }

  /** Reads the file again by what a person knows of it. @throws Invalid */
  async answer(actor: Actor, id: string, given: Answers): Promise<void> {
    const { found, kind } = await this.find(actor, id);
    const answers = withAnswers(found.questions, found.answers, given);
    await this.unit(async () => {
      const before = this.reader.guess(found.headers, await kind.columns());
      for (const question of found.questions) {
        const answer = given[question.key];
        if (answer !== undefined) await kind.settle?.(actor, question, answer);
      }
      await this.checkAgain(actor, id, {
        answers,
        mapping: filledUp(found.mapping, before, this.reader.guess(found.headers, await kind.columns())),
      });
    });
  }

  /** Looks again: with other columns, other sheets, other values, or because the register has changed. */
  async checkAgain(
    actor: Actor,
    id: string,
    chosen: { mapping?: Mapping; sheets?: string[]; replacements?: Replacement[]; answers?: Answers } = {},
  ): Promise<void> {
    const { found, kind } = await this.find(actor, id);
    const keys = (await kind.columns()).map((column) => column.key);
    const mapping = chosen.mapping ?? found.mapping;
    demandMapping(mapping, keys);
    const sheets = chosen.sheets ?? found.wantedSheets;
    const others = sheets && found.wantedSheets?.join() !== sheets.join() && chosen.sheets;
    await this.unit(async () => {
      const taken = await this.store.step(id, RECHECKABLE, {
        status: 'checking',
        mapping: others ? [] : mapping,
        wantedSheets: sheets,
        replacements: chosen.replacements ?? found.replacements,
        answers: chosen.answers ?? found.answers,
        questions: [],
        sentence: null,
        done: 0,
        counts: NO_COUNTS,
        actor: { ...actor, permissions: [...actor.permissions] },
      });
      if (!taken) throw stale();
      await this.enqueue('imports.check', id);
    });
  }

  async commit(actor: Actor, id: string, wanted: { rows: CommitRows; confirm: number | null }): Promise<void> {
    const { found } = await this.find(actor, id);
    demandCommit(found.status, found.counts, wanted.rows, wanted.confirm);
    if (openQuestions(found.questions, found.answers).length > 0)
      throw new RuleBroken('open-questions', 'First answer the questions about this file.', 'answers');
    await this.unit(async () => {
      const taken = await this.store.step(id, ['checked'], {
        status: 'writing',
        commitRows: wanted.rows,
        done: 0,
        sentence: null,
        actor: { ...actor, permissions: [...actor.permissions] },
      });
      if (!taken) throw stale();
      await this.enqueue('imports.write', id);
    });
  }

  async undo(actor: Actor, id: string): Promise<void> {
    const { found } = await this.find(actor, id);
    if (found.status !== 'done') throw new RuleBroken('not-written', 'Only a completed import can be undone.');
    await this.unit(async () => {
      const taken = await this.store.step(id, ['done'], {
        status: 'undoing',
        done: 0,
        sentence: null,
        actor: { ...actor, permissions: [...actor.permissions] },
      });
      if (!taken) throw stale();
      await this.enqueue('imports.undo', id);
    });
  }

  /** Throws away what was never written, with the file. */
  async discard(actor: Actor, id: string): Promise<void> {
    const { found, kind } = await this.find(actor, id);
    if (!DISCARDABLE.includes(found.status) || found.status === 'undone')
      throw new RuleBroken('written', 'A completed import can’t be discarded.');
    await this.unit(async () => {
      if (!(await this.store.step(id, DISCARDABLE, { status: 'failed' }))) throw stale();
      await this.files.remove(found.fileId);
      await kind.release?.(id);
      await this.store.remove(id);
      await this.audit.record(actor, {
        action: `${kind.key}.import-discard`,
        entity: 'import',
        entityId: id,
        label: found.fileName,
      });
    });
  }

  /** All rows that can't be written, a page at a time. */
  async *rejects(id: string): AsyncGenerator<ShownRow> {
    let after = 0;
    for (;;) {
      const page = await this.rows.page(id, 'errors', after, 500);
      yield* page;
      if (page.length < 500) return;
      after = page.at(-1)!.n;
    }
  }
}

function stale(): Conflict {
  return new Conflict('This import has changed since you opened it. Open it again.');
}

/** Headings that stood for nothing get the column that has been made for them; what a person left out stays so. */
function filledUp(mapping: Mapping, before: Mapping, now: Mapping): Mapping {
  return mapping.map((key, at) => {
    const made = before[at] === null ? (now[at] ?? null) : null;
    return key ?? (made !== null && mapping.includes(made) ? null : made);
  });
}

/** What was named wins over what was guessed; a column is filled by one heading only. */
function named(guessed: Mapping, headers: readonly string[], wanted: Sent['mapping'], keys: readonly string[]): Mapping {
  if (!wanted) return guessed;
  const taken = new Set(Object.values(wanted));
  const mapping = headers.map((header, at) => {
    const named = wanted[header];
    if (named !== undefined) return named;
    const guess = guessed[at] ?? null;
    return guess !== null && taken.has(guess) ? null : guess;
  });
  demandMapping(mapping, keys);
  return mapping;
}

function demandMapping(mapping: Mapping, keys: readonly string[]): void {
  const used = mapping.filter((key): key is string => key !== null);
  const unknown = used.find((key) => !keys.includes(key));
  if (unknown !== undefined) throw new Invalid({ mapping: `There is no column ${unknown}` });
  const twice = used.find((key, at) => used.indexOf(key) !== at);
  if (twice !== undefined) throw new Invalid({ mapping: `Two headings can’t both be ${twice}` });
}
