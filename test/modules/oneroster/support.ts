import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { readManifest, Validation, idsOf, type Problem } from '../../../src/modules/oneroster/format/validate.rules.js';
import {
  fieldsOf,
  rosterFiles,
  type RosterFile,
  type RosterRow,
  type Version,
} from '../../../src/modules/oneroster/format/spec.rules.js';
import { csvLine, headerLine, rowLine } from '../../../src/modules/oneroster/format/csv.rules.js';
import { manifestRows } from '../../../src/modules/oneroster/roster/compose.rules.js';
import { zip } from '../../../src/platform/zip/write.js';
import { readAll } from '../../support/sheets/read.js';

export type Bundle = Partial<Record<RosterFile, RosterRow[]>>;

/** A bundle as another system would send it. `files` adds or replaces whole files as text. */
export function zipOf(
  version: Version,
  rows: Bundle,
  files: Record<string, string | Buffer | null> = {},
  source = { name: 'Skuli', code: 'skuli-7' },
): Promise<Buffer> {
  const named = new Map<string, string | Buffer>();
  const manifest = manifestRows(version, source).map(([name, value]): [string, string] => {
    const file = /^file\.(.*)$/.exec(name)?.[1];
    return file && value === 'bulk' && !rows[file as RosterFile] ? [name, 'absent'] : [name, value];
  });
  named.set('manifest.csv', [['propertyName', 'value'], ...manifest].map(csvLine).join(''));
  for (const file of rosterFiles(version)) {
    const fields = fieldsOf(version, file);
    if (rows[file]) named.set(`${file}.csv`, headerLine(fields) + rows[file].map((row) => rowLine(fields, row)).join(''));
  }
  for (const [name, text] of Object.entries(files)) {
    if (text === null) named.delete(name);
    else named.set(name, text);
  }
  return archive([...named]);
}

export function archive(files: readonly (readonly [string, string | Buffer])[]): Promise<Buffer> {
  return buffer(Readable.from(zip(files.map(([name, text]) => ({ name, body: [text] })))));
}

export interface ReadBundle {
  version: Version;
  rows: Record<RosterFile, RosterRow[]>;
  problems: Problem[];
}

/** Reads a bundle by the product's own reader and judges every cell of it. */
export async function judge(bytes: Buffer): Promise<ReadBundle> {
  const names = ['manifest.csv', ...rosterFiles('1.2').map((file) => `${file}.csv`)];
  const { headers, rows } = await readAll(bytes, { bundle: names }, 'bundle.zip');
  const manifest = readManifest(rows.filter((row) => row.sheet === 'manifest.csv').map((row) => row.cells as string[]));
  if ('sentence' in manifest) throw new Error(manifest.sentence);
  const problems: Problem[] = [];
  const validation = new Validation(manifest.version, (problem) => problems.push(problem));
  const taken = {} as Record<RosterFile, RosterRow[]>;
  for (const file of rosterFiles(manifest.version)) {
    taken[file] = [];
    const header = headers.find((one) => one.sheet === `${file}.csv`);
    if (!header || !validation.begin(file, header.headers, manifest.files.get(file) === 'bulk')) continue;
    const own = fieldsOf(manifest.version, file).filter((field) => field.to === file);
    const pending: { row: number; column: string; id: string }[] = [];
    for (const raw of rows.filter((one) => one.sheet === `${file}.csv`)) {
      if (raw.problem) problems.push({ file, row: raw.row, column: null, severity: 'error', text: raw.problem });
      const row = validation.row(file, raw.row, raw.cells as string[]);
      if (!row) continue;
      taken[file].push(row);
      for (const field of own) for (const id of idsOf(row[field.name])) pending.push({ row: raw.row, column: field.name, id });
    }
    validation.end(file, pending);
  }
  return { version: manifest.version, rows: taken, problems };
}
