import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RuleBroken } from '../../../../kernel/errors.js';
import type { RawRow } from '../../../../platform/sheets/columns.js';
import { readSheet } from '../../../../platform/sheets/reading/read.js';
import { keptCells, type Content } from '../../format/content.rules.js';
import { NOT_SAID, withRolesOfClasses } from '../../roster/roleless.rules.js';
import { withOwnSchool, withSchools } from '../../roster/schools.rules.js';
import { fieldsOf, otherFiles, ROSTER_FILES, rosterFiles, type RosterFile, type Version } from '../../format/spec.rules.js';
import {
  idsOf,
  inferredManifest,
  manifestMistakes,
  readManifest,
  Validation,
  type Manifest,
  type Problem,
} from '../../format/validate.rules.js';
import type { BundleReader } from '../../ports.js';

const MANIFEST = 'manifest.csv';
/** Read in this order, whatever their order in the archive. */
const WANTED = [
  MANIFEST,
  ...ROSTER_FILES.map((file) => `${file}.csv`),
  ...new Set([...otherFiles('1.1'), ...otherFiles('1.2')].map((file) => `${file}.csv`)),
];
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
          bundle: WANTED,
          signal: options.signal,
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
  private hasManifest = true;
  /** People's roles are said neither beside them nor in a file of their own. */
  private roleless = false;
  /** Files that could not be read: whatever points into them is taken for right. */
  private readonly unread = new Set<RosterFile>();
  private manifestRows: string[][] = [];
  private manifest: Manifest | null = null;
  private validation: Validation | null = null;
  private current: { file: RosterFile | null; sound: boolean; pending: { row: number; column: string; id: string }[] } = {
    file: null,
    sound: false,
    pending: [],
  };
  private readonly content: Pick<Content, 'rows' | 'counted'> = {
    rows: Object.fromEntries(ROSTER_FILES.map((file) => [file, []])) as unknown as Content['rows'],
    counted: {},
  };
  private kept = 0;

  constructor(private readonly options: Options) {}

  found(names: readonly string[]): void {
    this.present = new Set(
      names
        .map((name) => name.replace(/\.csv$/i, ''))
        .map((name) => [...ROSTER_FILES, ...otherFiles('1.2')].find((file) => file.toLowerCase() === name.toLowerCase()) ?? name),
    );
    this.hasManifest = names.some((name) => name.toLowerCase() === MANIFEST);
  }

  async begin(sheet: string, headers: readonly string[]): Promise<void> {
    if (sheet === MANIFEST) {
      if (
        headers
          .slice(0, 2)
          .map((header) => header.toLowerCase())
          .join() !== 'propertyname,value'
      )
        throw new RuleBroken('no-manifest', 'manifest.csv must begin with the headings propertyName,value.');
      return;
    }
    await this.readManifest();
    this.close();
    const file = sheet.replace(/\.csv$/, '');
    this.content.counted[file] = 0;
    const read = file === 'users' ? this.withRoles(headers) : headers;
    const wanted = rosterFiles(this.manifest!.version).find((one) => one === file);
    this.current = { file: wanted ?? null, sound: false, pending: [] };
    if (!wanted) return;
    this.current.sound = this.validation!.begin(wanted, read, this.manifest!.files.get(file) !== 'delta');
    if (!this.current.sound) this.unread.add(wanted);
  }

  /** Some systems say one version and have people's roles where the other has them, or nowhere. @returns the headings to read by */
  private withRoles(headers: readonly string[]): readonly string[] {
    const inUsers = headers.some((header) => header.toLowerCase() === 'role');
    const inFile = this.present.has('roles');
    if (inFile && !inUsers && this.manifest!.version === '1.1') {
      this.readAs('1.2', 'This bundle says it is OneRoster 1.1 but has a roles.csv; roles are read from it, as in 1.2.');
    }
    if (inFile) return headers;
    if (this.manifest!.version === '1.2') {
      this.readAs(
        '1.1',
        `This bundle says it is OneRoster 1.2 but has no roles.csv; ${inUsers ? 'roles are read from users.csv' : 'it is read'}, as in 1.1.`,
      );
    }
    this.roleless = !inUsers;
    return this.roleless ? [...headers, 'role'] : headers;
  }

  private readAs(version: Version, remark: string): void {
    this.manifest = { ...this.manifest!, version, remarks: [...(this.manifest!.remarks ?? []), remark] };
    this.validation!.readAs(version);
  }

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
      const cells = raw.cells as string[];
      const row = this.validation!.row(file, raw.row, file === 'users' && this.roleless ? [...cells, NOT_SAID] : cells);
      if (!row) continue;
      for (const field of own) for (const id of idsOf(row[field.name])) pending.push({ row: raw.row, column: field.name, id });
      this.content.rows[file].push({ n: raw.row, row: keptCells(file, row) });
      this.kept += 1;
      if (this.kept > MOST_ROWS)
        throw new RuleBroken(
          'too-many',
          `The bundle has more than ${MOST_ROWS.toLocaleString('en-GB')} rows. Export one school at a time.`,
        );
    }
  }

  async end(): Promise<Content> {
    await this.readManifest();
    this.close();
    for (const text of [...(this.manifest!.remarks ?? []), ...this.lacking()]) this.say('manifest', text);
    for (const text of manifestMistakes(this.manifest!, this.present)) this.say('manifest', text);
    return withSchools(this.withWhatIsLacking({ manifest: this.manifest!, ...this.content }));
  }

  /** What a school can't do without elsewhere, and what becomes of the rest. */
  private lacking(): string[] {
    const why = (file: RosterFile): string =>
      this.present.has(file) ? `${file}.csv can’t be read` : `There is no ${file}.csv in the archive`;
    return [
      ...(this.isRead('orgs') ? [] : [`${why('orgs')}: everything in it is read as belonging to this school.`]),
      ...(this.isRead('users') ? [] : [`${why('users')}: no people are imported, only years, classes and courses.`]),
      ...(this.roleless
        ? [
            'Neither users.csv nor a roles.csv says who is a student. Anyone who teaches a class is read as a teacher, and anyone in a class or with a grade as a student.',
          ]
        : []),
    ];
  }

  private isRead(file: RosterFile): boolean {
    return this.present.has(file) && !this.unread.has(file);
  }

  private withWhatIsLacking(content: Content): Content {
    let made = content;
    if (this.roleless) {
      const { content: told, unknown } = withRolesOfClasses(made);
      made = told;
      for (const { n } of unknown)
        this.options.tell({
          file: 'users',
          row: n,
          column: 'role',
          severity: 'error',
          text: 'The row doesn’t say whether this is a student or a member of staff.',
        });
    }
    if (this.isRead('orgs')) return made;
    const { content: own, named } = withOwnSchool(made);
    if (named > 1)
      this.say(
        'manifest',
        `Its rows name ${named} schools or departments. All of them are read as this school. If that is wrong, export one school at a time.`,
      );
    return own;
  }

  private say(file: string, text: string): void {
    this.options.tell({ file, row: null, column: null, severity: 'warning', text });
  }

  private close(): void {
    const { file, sound, pending } = this.current;
    if (file && sound) this.validation!.end(file, pending);
    this.current = { file: null, sound: false, pending: [] };
  }

  private async readManifest(): Promise<void> {
    if (this.manifest) return;
    const read = this.hasManifest ? readManifest(this.manifestRows, this.present) : inferredManifest(this.present);
    if ('sentence' in read) throw new RuleBroken('manifest', read.sentence);
    this.manifest = read;
    const known = await this.options.known(read.source.code);
    const delta = (file: RosterFile): boolean => read.files.get(file) === 'delta';
    this.validation = new Validation(
      read.version,
      (problem: Problem) => this.options.tell(problem),
      (file, id) => this.isLost(file) || (delta(file) && known.has(id)),
    );
  }

  /** What people or schools are pointed at can't be told where there is no list of them. */
  private isLost(file: RosterFile): boolean {
    return (file === 'orgs' || file === 'users') && !this.isRead(file);
  }
}
