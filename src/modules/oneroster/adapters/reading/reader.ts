import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RuleBroken } from '../../../../kernel/errors.js';
import type { RawRow } from '../../../../platform/sheets/columns.js';
import { readSheet } from '../../../../platform/sheets/read.js';
import { keptCells, type Content } from '../../domain/content.js';
import { fieldsOf, NEEDED, otherFiles, ROSTER_FILES, rosterFiles, type RosterFile } from '../../domain/spec.js';
import { withSchools } from '../../domain/schools.js';
import { idsOf, manifestMistakes, readManifest, Validation, type Manifest, type Problem } from '../../domain/validate.js';
import type { BundleReader } from '../../ports.js';

const MANIFEST = 'manifest.csv';
/** Read in this order, whatever their order in the archive. */
const WANTED = [MANIFEST, ...ROSTER_FILES.map((file) => `${file}.csv`), ...new Set([...otherFiles('1.1'), ...otherFiles('1.2')].map((file) => `${file}.csv`))];
/** Rows that are kept in memory, but for those that are only counted. */
const MOST_ROWS = 400_000;

type Options = Parameters<BundleReader['read']>[2];

/** Unpacks and parses in a process of its own; here every row is judged as it comes. */
export class ChildBundleReader implements BundleReader {
  constructor(private readonly folder: string) {}

  async read(body: () => Promise<AsyncIterable<Uint8Array>>, name: string, options: Options): Promise<Content> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const target = path.join(this.folder, randomUUID());
    try {
      await pipeline(Readable.from(await body()), createWriteStream(target, { mode: 0o600 }));
      const pass = new Pass(options);
      await readSheet(
        { path: target, name },
        {
          bundle: WANTED, signal: options.signal,
          onFound: ({ sheets }) => pass.found(sheets.map((sheet) => sheet.name)),
          onHeader: ({ sheet, headers }) => pass.begin(sheet, headers),
        },
        (rows) => pass.take(rows),
      );
      return await pass.end();
    } finally {
      await rm(target, { force: true });
    }
  }
}

class Pass {
  private present = new Set<string>();
  private manifestRows: string[][] = [];
  private manifest: Manifest | null = null;
  private validation: Validation | null = null;
  private current: { file: RosterFile | null; sound: boolean; pending: { row: number; column: string; id: string }[] } = { file: null, sound: false, pending: [] };
  private readonly content: Pick<Content, 'rows' | 'counted'> = { rows: Object.fromEntries(ROSTER_FILES.map((file) => [file, []])) as unknown as Content['rows'], counted: {} };
  private kept = 0;

  constructor(private readonly options: Options) {}

  found(names: readonly string[]): void {
    this.present = new Set(names.map((name) => name.replace(/\.csv$/i, '')).map((name) => [...ROSTER_FILES, ...otherFiles('1.2')].find((file) => file.toLowerCase() === name.toLowerCase()) ?? name));
    if (!names.some((name) => name.toLowerCase() === MANIFEST)) throw new RuleBroken('no-manifest', 'There is no manifest.csv in the archive, so the OneRoster version is unknown.');
  }

  async begin(sheet: string, headers: readonly string[]): Promise<void> {
    if (sheet === MANIFEST) {
      if (headers.slice(0, 2).map((header) => header.toLowerCase()).join() !== 'propertyname,value') throw new RuleBroken('no-manifest', 'manifest.csv must begin with the headings propertyName,value.');
      return;
    }
    await this.readManifest();
    this.close();
    const file = sheet.replace(/\.csv$/, '');
    this.content.counted[file] = 0;
    if (file === 'users') this.withRolesOfUsers(headers);
    const wanted = rosterFiles(this.manifest!.version).find((one) => one === file);
    this.current = { file: wanted ?? null, sound: false, pending: [] };
    if (!wanted) return;
    this.current.sound = this.validation!.begin(wanted, headers, this.manifest!.files.get(file) !== 'delta');
    if (!this.current.sound && NEEDED.includes(wanted)) throw new RuleBroken('headings', `${sheet}: ${this.lastSentence}`);
  }

  /** Some systems say 1.2 and still have the role beside each person, and no roles.csv. */
  private withRolesOfUsers(headers: readonly string[]): void {
    if (this.manifest!.version !== '1.2' || this.present.has('roles') || !headers.some((header) => header.toLowerCase() === 'role')) return;
    const remark = 'This bundle says it is OneRoster 1.2 but has no roles.csv; roles are read from users.csv, as in 1.1.';
    this.manifest = { ...this.manifest!, version: '1.1', remarks: [...(this.manifest!.remarks ?? []), remark] };
    this.validation!.readAs('1.1');
  }

  private lastSentence = '';

  async take(rows: readonly RawRow[]): Promise<void> {
    const sheet = rows[0]?.sheet;
    if (sheet === MANIFEST) return void this.manifestRows.push(...rows.map((row) => row.cells as string[]));
    const { file, pending } = this.current;
    this.content.counted[sheet!.replace(/\.csv$/, '')]! += rows.length;
    if (!file || !this.current.sound) return;
    const own = fieldsOf(this.manifest!.version, file).filter((field) => field.to === file);
    for (const raw of rows) {
      if (raw.problem) {
        this.options.tell({ file, row: raw.row, column: null, severity: 'error', text: raw.problem });
        continue;
      }
      const row = this.validation!.row(file, raw.row, raw.cells as string[]);
      if (!row) continue;
      for (const field of own) for (const id of idsOf(row[field.name])) pending.push({ row: raw.row, column: field.name, id });
      this.content.rows[file].push({ n: raw.row, row: keptCells(file, row) });
      this.kept += 1;
      if (this.kept > MOST_ROWS) throw new RuleBroken('too-many', `The bundle has more than ${MOST_ROWS.toLocaleString('en-GB')} rows. Export one school at a time.`);
    }
  }

  async end(): Promise<Content> {
    await this.readManifest();
    this.close();
    for (const file of NEEDED) {
      if (!this.present.has(file)) throw new RuleBroken('no-file', `There is no ${file}.csv in the archive; it can’t be imported without it.`);
    }
    for (const text of this.manifest!.remarks ?? []) this.options.tell({ file: 'manifest', row: null, column: null, severity: 'warning', text });
    for (const text of manifestMistakes(this.manifest!, this.present)) this.options.tell({ file: 'manifest', row: null, column: null, severity: 'warning', text });
    return withSchools({ manifest: this.manifest!, ...this.content });
  }

  private close(): void {
    const { file, sound, pending } = this.current;
    if (file && sound) this.validation!.end(file, pending);
    this.current = { file: null, sound: false, pending: [] };
  }

  private async readManifest(): Promise<void> {
    if (this.manifest) return;
    const read = readManifest(this.manifestRows, this.present);
    if ('sentence' in read) throw new RuleBroken('manifest', read.sentence);
    this.manifest = read;
    const known = await this.options.known(read.source.code);
    const delta = (file: RosterFile): boolean => read.files.get(file) === 'delta';
    this.validation = new Validation(read.version, (problem) => this.note(problem), (file, id) => delta(file) && known.has(id));
  }

  private note(problem: Problem): void {
    this.lastSentence = problem.text.replace(/\{\{(\w+)\}\}/g, (_all, key: string) => String(problem.vars?.[key] ?? ''));
    this.options.tell(problem);
  }
}
