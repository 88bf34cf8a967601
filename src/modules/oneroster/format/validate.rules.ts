import { bare, dayOf, flagOf, isEssential, wordOf, yearOf } from './tolerance.rules.js';
import { fieldsOf, otherFiles, rosterFiles, type Field, type RosterFile, type RosterRow, type Version } from './spec.rules.js';

export type Severity = 'error' | 'warning';

/** What is wrong, where. `text` is an English sentence with `{{places}}`. */
export interface Problem {
  file: string;
  /** As a spreadsheet program counts; null for the file as a whole. */
  row: number | null;
  column: string | null;
  severity: Severity;
  text: string;
  vars?: Record<string, string | number>;
}

const LONGEST = 255;
/** Cells of lists and descriptions. */
const LONGEST_LIST = 4000;

/**
 * Judges a bundle row by row, in the order of `rosterFiles`, so that what is pointed at has been read before. A row
 * with an error is left out, and so is what points at it; of what need not be there only the cell is left out.
 */
export class Validation {
  private readonly ids = new Map<RosterFile, Set<string>>();
  private readonly leftOut = new Map<RosterFile, Set<string>>();
  private readonly bulk = new Map<RosterFile, boolean>();
  private readonly filled = new Set<RosterFile>();
  private columns: { file: RosterFile; fields: (Field | null)[] } | null = null;

  /** @param known sourcedIds of the same system from earlier bundles: a file of changes may point at them */
  constructor(
    private version: Version,
    private readonly tell: (problem: Problem) => void,
    private readonly known: (file: RosterFile, id: string) => boolean = () => false,
  ) {}

  /** From here on by the columns of another version. */
  readAs(version: Version): void {
    this.version = version;
  }

  /** Begins a file. @returns false when its headings are not those of the standard */
  begin(file: RosterFile, headers: readonly string[], bulk: boolean): boolean {
    this.bulk.set(file, bulk);
    this.ids.set(file, new Set());
    this.leftOut.set(file, new Set());
    const fields = fieldsOf(this.version, file);
    const named = this.match(file, headers, fields);
    const missing = fields.filter((field) => !named.includes(field));
    const refuse = (text: string, vars: Problem['vars']): false => {
      this.tell({ file, row: 1, column: null, severity: 'error', text, ...(vars && { vars }) });
      return false;
    };
    const needed = missing.filter((field) => isEssential(file, field));
    if (needed.length > 0)
      return refuse('The headings {{names}} are missing.', { names: needed.map((field) => field.name).join(', ') });
    if (missing.length > 0)
      this.warn(file, 'The headings {{names}} are missing; they are treated as empty.', {
        names: missing.map((field) => field.name).join(', '),
      });
    else if (fields.some((field, at) => field !== named[at]))
      this.warn(file, 'The headings are not in the order of the standard.');
    this.columns = { file, fields: named };
    return true;
  }

  /** The field of each heading. What is spelt otherwise, stands twice or is no heading of the standard is told, and the rest is read. */
  private match(file: RosterFile, headers: readonly string[], fields: readonly Field[]): (Field | null)[] {
    const taken = new Set<Field>();
    return headers.map((header) => {
      const found =
        fields.find((field) => field.name === header) ?? fields.find((field) => bare(field.name) === bare(header)) ?? null;
      const vars = { heading: header.slice(0, 60), right: found?.name ?? '' };
      if (!found) {
        if (header !== '' && !header.startsWith('metadata.'))
          this.warn(file, 'The standard has no heading "{{heading}}" here; its column is ignored.', vars);
        return null;
      }
      if (taken.has(found)) {
        this.warn(file, 'The heading "{{heading}}" appears twice; the first one is used.', vars);
        return null;
      }
      taken.add(found);
      if (found.name !== header) this.warn(file, 'The heading "{{heading}}" should be written "{{right}}".', vars);
      return found;
    });
  }

  /** One row; null when it is left out. `cells` follow the headings of `begin`. */
  row(file: RosterFile, n: number, cells: readonly string[]): RosterRow | null {
    const problem = (column: string | null, severity: Severity, text: string, vars?: Problem['vars']): void =>
      this.tell({ file, row: n, column, severity, text, ...(vars && { vars }) });
    const row: Record<string, string> = {};
    let sound = true;
    for (const [at, field] of this.columns!.fields.entries()) {
      const written = (cells[at] ?? '').trim();
      if (!field || written === '') {
        if (field && isEssential(file, field)) {
          problem(field.name, 'error', '{{column}} is missing.', { column: field.name });
          sound = false;
        }
        continue;
      }
      const answer = this.cell(file, field, written, problem);
      if (answer === false) sound = false;
      else if (answer !== null) row[field.name] = answer;
    }
    return this.settle(file, n, row, sound) ? row : null;
  }

  /** Cells that point inside their own file can be judged when all of it has been read. @returns those that point nowhere */
  end(file: RosterFile, pending: readonly { row: number; column: string; id: string }[]): void {
    for (const { row, column, id } of pending) {
      if (this.resolves(file, id)) continue;
      this.tell({
        file,
        row,
        column,
        severity: 'warning',
        text: '{{column}} refers to {{id}}, which is not in {{to}}.csv. It is left empty.',
        vars: { column, id: id.slice(0, 60), to: file },
      });
    }
    if (this.filled.has(file))
      this.warn(file, 'status and dateLastModified are filled in; in a bulk file the standard leaves them empty.');
  }

  resolves(file: RosterFile, id: string): boolean {
    return this.ids.get(file)?.has(id) || this.known(file, id);
  }

  private settle(file: RosterFile, n: number, row: Record<string, string>, sound: boolean): boolean {
    const id = row.sourcedId;
    if (id !== undefined && (this.ids.get(file)!.has(id) || this.leftOut.get(file)!.has(id))) {
      this.tell({ file, row: n, column: 'sourcedId', severity: 'error', text: 'Another row has the same sourcedId.' });
      return false;
    }
    if (id !== undefined) (sound ? this.ids : this.leftOut).get(file)!.add(id);
    if (this.bulk.get(file) && (row.status || row.dateLastModified)) this.filled.add(file);
    return sound;
  }

  private warn(file: RosterFile, text: string, vars?: Problem['vars']): void {
    this.tell({ file, row: null, column: null, severity: 'warning', text, ...(vars && { vars }) });
  }

  /** The value, null for an empty one, false for one with which the row can't be taken. */
  private cell(
    file: RosterFile,
    field: Field,
    written: string,
    problem: (column: string, severity: Severity, text: string, vars?: Problem['vars']) => void,
  ): string | null | false {
    const wrong = (text: string, vars: Problem['vars'] = {}): null | false => {
      const essential = isEssential(file, field);
      problem(field.name, essential ? 'error' : 'warning', text, { column: field.name, value: written.slice(0, 60), ...vars });
      return essential ? false : null;
    };
    const long = field.kind === 'list' || field.kind === 'refs' ? LONGEST_LIST : LONGEST;
    if (written.length > long) return wrong('{{column}} is too long: at most {{most}} characters.', { most: long });
    switch (field.kind) {
      case 'words':
        return (
          wordOf(field, written) ??
          wrong('{{column}} "{{value}}" is not one of {{values}}.', { values: field.values!.join(', ') })
        );
      case 'flag':
        return flagOf(written) ?? wrong('{{column}} "{{value}}" must be true or false.');
      case 'day':
        return dayOf(written) ?? wrong('{{column}} "{{value}}" is not a date such as 2026-01-31.');
      case 'year':
        return yearOf(written) ?? wrong('{{column}} "{{value}}" is not a year such as 2026.');
      case 'ref':
      case 'refs':
        return this.reference(file, field, written, wrong);
      default:
        return written;
    }
  }

  private reference(
    file: RosterFile,
    field: Field,
    written: string,
    wrong: (text: string, vars?: Problem['vars']) => null | false,
  ): string | null | false {
    // Of its own file the rest is still to come.
    if (field.to === file) return written;
    const ids = field.kind === 'ref' ? [written] : idsOf(written);
    const lost = ids.filter((id) => !this.resolves(field.to!, id));
    if (lost.length === 0) return ids.join(',');
    const text = this.leftOut.get(field.to!)?.has(lost[0]!)
      ? '{{column}} refers to {{id}}, a row of {{to}}.csv that can’t be imported.'
      : '{{column}} refers to {{id}}, which is not in {{to}}.csv.';
    if (lost.length === ids.length) return wrong(text, { id: lost[0]!.slice(0, 60), to: field.to! });
    wrong(text, { id: lost[0]!.slice(0, 60), to: field.to! });
    return ids.filter((id) => !lost.includes(id)).join(',');
  }
}

/** A list in one cell; ids have neither a comma nor what other systems put between them. */
export function idsOf(cell: string | undefined): string[] {
  return (cell ?? '')
    .split(/[,;|]/)
    .map((id) => id.trim())
    .filter(Boolean);
}

export interface Manifest {
  version: Version;
  source: { name: string; code: string };
  /** File → how it is sent. */
  files: ReadonlyMap<string, 'bulk' | 'delta' | 'absent'>;
  /** What in it was read otherwise than it stands, as sentences. */
  remarks?: readonly string[];
}

/**
 * An empty value says nothing: then what lies in the archive decides.
 * @returns a sentence when the manifest is none that we can read
 */
export function readManifest(
  rows: readonly (readonly string[])[],
  present: ReadonlySet<string> = new Set(),
): Manifest | { sentence: string } {
  const said = new Map(rows.map(([name = '', value = '']) => [name.trim(), value.trim()]));
  const told = said
    .get('oneroster.version')
    ?.replace(/^v/i, '')
    .replace(/^(\d)[p.](\d)(?:\.0)?$/i, '$1.$2');
  const version = told || (present.has('roles') ? '1.2' : '1.1');
  if (version !== '1.1' && version !== '1.2') {
    return { sentence: `This bundle says it is OneRoster ${version.slice(0, 20)}. Only versions 1.1 and 1.2 can be imported.` };
  }
  const files = new Map<string, 'bulk' | 'delta' | 'absent'>();
  const remarks: string[] = [];
  for (const [name, value] of said) {
    if (!name.startsWith('file.')) continue;
    const file = name.slice('file.'.length);
    const way = (['bulk', 'delta', 'absent'] as const).find((one) => one === value.toLowerCase());
    if (!way && value !== '')
      remarks.push(
        `manifest.csv says "${value.slice(0, 40)}" of ${name.slice(0, 60)}; it may be absent, bulk or delta. The file is read as it is in the archive.`,
      );
    files.set(file, way ?? (present.has(file) ? 'bulk' : 'absent'));
  }
  const code = said.get('source.systemCode') || said.get('source.systemName') || 'unknown';
  return {
    version,
    files,
    remarks,
    source: { name: (said.get('source.systemName') || code).slice(0, 80), code: code.slice(0, 120) },
  };
}

/** Where there is no manifest.csv: the files themselves say what the bundle is. */
export function inferredManifest(present: ReadonlySet<string>): Manifest {
  const version: Version = present.has('roles') ? '1.2' : '1.1';
  return {
    version,
    source: { name: 'Another system', code: 'unknown' },
    files: new Map([...present].map((file) => [file, 'bulk' as const])),
    remarks: [
      `There is no manifest.csv in the archive. It is read as a full OneRoster ${version} bundle, from the files it contains.`,
    ],
  };
}

/** What the manifest promises and the archive lacks, and the other way round, as sentences. */
export function manifestMistakes({ version, files }: Manifest, present: ReadonlySet<string>): string[] {
  const known = [...rosterFiles(version), ...otherFiles(version)];
  return known.flatMap((file): string[] => {
    const said = files.get(file) ?? 'absent';
    if (said !== 'absent' && !present.has(file))
      return [`manifest.csv says that there is a ${file}.csv (${said}), but it is not in the archive.`];
    return [];
  });
}
