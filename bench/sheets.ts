import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Child } from '../src/bin/launcher/child.js';
import type { LocalSchool } from '../src/bin/launcher/local-platform.js';
import { LIST_ROW } from './floor/bare-statements.js';
import { Bystander } from './bystander.js';
import { median, type BenchLine } from './lines.js';
import { emptySchool, type Account } from './school.js';
import type { Stage } from './stage.js';
import { Visitor } from './load/visitor.js';
import { BareWriter } from './floor/writer.js';

const ROWS = 100_000;
const WORKBOOK_ROWS = 50_000;
const LIMITS = { seconds: 60, waitMs: 100, grownMb: 64 };
const ROUNDS = 3;
const HEADINGS = [
  'Admission number',
  'Surname',
  'First name',
  'Middle name',
  'Sex',
  'Date of birth',
  'Class',
  'Joined on',
  'Guardian 1 name',
  'Guardian 1 phone',
  'Guardian 1 relationship',
];

/** A list of 100,000 comes in and half of it goes out again, beside COPY and writers that decide nothing. */
export async function benchSheets(stage: Stage): Promise<BenchLine[]> {
  const { school, registrar, places } = await emptySchool(stage, 'bench-sheets');
  const rows = listOf(places, ROWS);
  const csv: SheetFile = {
    name: 'list.csv',
    type: 'text/csv',
    bytes: Buffer.from(`${[HEADINGS, ...rows].map((row) => row.join(',')).join('\n')}\n`),
    rows: ROWS,
  };
  const child = await stage.start(school);
  const writer = BareWriter.start();
  try {
    const watch = await imported(child, stage.originOf(school), registrar, csv);
    const limit = await copied(stage, school);
    // Whoever has just taken so many rows is asked who they are before they take more: each time somebody who has just come in.
    const comeIn = async (): Promise<Visitor> => {
      const visitor = new Visitor(child.port, stage.originOf(school));
      await visitor.signIn(registrar.email, registrar.password);
      return visitor;
    };
    const product = ROWS / watch.seconds;
    return [
      {
        id: 'sheet.import',
        unit: 'rows/s',
        product,
        limit: ROWS / limit,
        ratio: product / (ROWS / limit),
        bytes: csv.bytes.length,
      },
      ...watchLines('csv', watch),
      ...watchLines('xlsx', await importedWorkbook(stage)),
      await exportedAsCsv(stage, school, comeIn),
      await exportedAsXlsx(comeIn, writer),
    ];
  } finally {
    writer.stop();
    await child.stop();
  }
}

/** The longest list that a workbook may hold, into another empty school. */
async function importedWorkbook(stage: Stage): Promise<Watch> {
  const { school, registrar, places } = await emptySchool(stage, 'bench-workbook');
  const bytes = await workbookOf([HEADINGS, ...listOf(places, WORKBOOK_ROWS)]);
  const child = await stage.start(school);
  try {
    const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
    return await imported(child, stage.originOf(school), registrar, { name: 'list.xlsx', type, bytes, rows: WORKBOOK_ROWS });
  } finally {
    await child.stop();
  }
}

async function workbookOf(rows: readonly string[][]): Promise<Buffer> {
  const { default: excel } = await import('exceljs');
  const sink = new PassThrough();
  const bytes = buffer(sink);
  const book = new excel.stream.xlsx.WorkbookWriter({ stream: sink });
  const sheet = book.addWorksheet('Students');
  for (const row of rows) sheet.addRow(row).commit();
  sheet.commit();
  await book.commit();
  return bytes;
}

/** What the limits of an import are about: how long it takes, how long anybody else waits meanwhile, what it adds to the web process. */
function watchLines(format: string, { seconds, worstMs, p99Ms, grownMb }: Watch): BenchLine[] {
  const line = (what: string, unit: string, product: number, limit: number, more: Partial<BenchLine> = {}): BenchLine => ({
    id: `import.${format}.${what}`,
    unit,
    product,
    limit,
    ratio: product / limit,
    ...more,
  });
  return [
    line('time', 's', seconds, LIMITS.seconds),
    line('wait', 'ms', worstMs, LIMITS.waitMs, { p99_ms: p99Ms }),
    line('memory', 'MB', grownMb, LIMITS.grownMb),
  ];
}

/** Names of letters alone, each child another; two children share a parent. */
function listOf(places: readonly string[], count: number): string[][] {
  return Array.from({ length: count }, (_unused, at) => {
    const family = Math.floor(at / 2);
    const surname = `Family${letters(family)}`;
    const phone = `07${String(10_000_000 + family).padStart(8, '0')}`;
    const born = `${String((at % 28) + 1).padStart(2, '0')}/${String((at % 12) + 1).padStart(2, '0')}/${2010 + (at % 8)}`;
    return [
      `B/${at + 1}`,
      surname,
      `First${letters(at)}`,
      'Wanjiku',
      at % 2 ? 'M' : 'F',
      born,
      places[at % places.length]!,
      '06/01/2026',
      `Mary ${surname}`,
      phone,
      'Mother',
    ];
  });
}

function letters(count: number): string {
  return count.toString(26).replace(/[0-9a-p]/g, (sign) => String.fromCharCode(97 + parseInt(sign, 26)));
}

/** What a row of the list becomes. */
const TABLES = [
  'students',
  'students_guardians',
  'students_guardianships',
  'students_enrolments',
  'students_status_changes',
  'students_terms',
];

/**
 * All rows that the import has written, by COPY into tables with the same columns, indexes and checks: a register that
 * nobody can look anything up in would be another thing. Foreign keys and policies are left out, and nothing is read,
 * compared or noted for the way back.
 */
async function copied(stage: Stage, school: LocalSchool): Promise<number> {
  const client = new pg.Client({ ...stage.admin, database: school.connections.app.database });
  await client.connect();
  try {
    let seconds = 0;
    for (const table of TABLES) {
      const rows = await buffer(client.query(copyTo(`copy ${table} to stdout`)));
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        await client.query(`create table bench_rows (like ${table} including all)`);
        const began = performance.now();
        const stream = client.query(copyFrom('copy bench_rows from stdin'));
        stream.end(rows);
        await once(stream, 'finish');
        times.push((performance.now() - began) / 1000);
        await client.query('drop table bench_rows');
      }
      seconds += median(times);
    }
    return seconds;
  } finally {
    await client.end();
  }
}

interface SheetFile {
  name: string;
  type: string;
  bytes: Buffer;
  rows: number;
}

interface Watch {
  seconds: number;
  /** The longest that a request of somebody else took, sent fifty times a second. */
  worstMs: number;
  p99Ms: number;
  /** Resident memory of the web process above what it had before. */
  grownMb: number;
}

interface ImportState {
  status: string;
  valid: number;
  created: number;
  message: string | null;
  errors: { row: number; message: string }[];
}

/** Sent, checked and written through the API, as another system would; the seconds from the first byte to `done`. */
async function imported(child: Child, origin: string, account: Account, file: SheetFile): Promise<Watch> {
  const visitor = new Visitor(child.port, origin);
  const authorization = `Bearer ${await visitor.token(account.email, account.password)}`;
  const bystander = new Bystander(child, visitor.host);
  await bystander.warmUp();
  const began = performance.now();
  await send(visitor, authorization, file);
  const seconds = (performance.now() - began) / 1000;
  return { seconds, ...(await bystander.stop()) };
}

async function send(visitor: Visitor, authorization: string, file: SheetFile): Promise<void> {
  const boundary = 'aims-bench-part';
  const field = (name: string, value: string): string =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const head = `${field('kind', 'students')}${field('mode', 'create')}--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${file.name}"\r\nContent-Type: ${file.type}\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(head), file.bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  const taken = await visitor.send('POST', '/api/v1/imports', body, {
    authorization,
    'content-type': `multipart/form-data; boundary=${boundary}`,
  });
  if (taken.status !== 202) throw new Error(`The import was answered ${taken.status}: ${taken.text.slice(0, 300)}`);
  const { id } = JSON.parse(taken.text) as { id: string };
  const until = async (wanted: string): Promise<ImportState> => {
    for (;;) {
      const state = JSON.parse((await visitor.get(`/api/v1/imports/${id}`, { authorization })).text) as ImportState;
      if (state.status === wanted) return state;
      if (['refused', 'failed'].includes(state.status))
        throw new Error(`The import is ${state.status}: ${state.message} ${JSON.stringify(state.errors.slice(0, 3))}`);
      await sleep(100);
    }
  };
  const checked = await until('checked');
  if (checked.valid !== file.rows)
    throw new Error(`Only ${checked.valid} rows are valid: ${JSON.stringify(checked.errors.slice(0, 3))}`);
  await visitor.send('POST', `/api/v1/imports/${id}/commit`, JSON.stringify({ rows: 'all' }), {
    authorization,
    'content-type': 'application/json',
  });
  await until('done');
}

const GIRLS = "s.put_aside_at is null and s.sex = 'F'";

/** The girls, half of all, as the database itself writes them, read by the statement of the list. */
async function exportedAsCsv(stage: Stage, school: LocalSchool, comeIn: () => Promise<Visitor>): Promise<BenchLine> {
  const client = new pg.Client({ ...stage.admin, database: school.connections.app.database });
  await client.connect();
  try {
    const copy = (): Promise<string> =>
      text(client.query(copyTo(`copy (${LIST_ROW} where ${GIRLS} order by s.sort_name, s.id) to stdout (format csv)`)));
    const count = (await copy()).split('\n').length - 1;
    if (count !== ROWS / 2) throw new Error(`The list has ${count} rows instead of ${ROWS / 2}.`);
    return await compared('csv', count, comeIn, async () => void (await copy()));
  } finally {
    await client.end();
  }
}

/** The same beside exceljs with rows that lie in memory. */
async function exportedAsXlsx(comeIn: () => Promise<Visitor>, writer: BareWriter): Promise<BenchLine> {
  const rows = parse((await (await comeIn()).get('/students?format=csv&sex=F')).text, {
    bom: true,
    relax_column_count: true,
  }) as string[][];
  if (rows.length - 1 !== ROWS / 2) throw new Error(`The export has ${rows.length - 1} rows instead of ${ROWS / 2}.`);
  return compared('xlsx', rows.length - 1, comeIn, async () => (await writer.run({ kind: 'xlsx', rows })).seconds);
}

/** @param bare resolves with its own seconds, or nothing when it shall be timed from here */
async function compared(
  format: 'csv' | 'xlsx',
  count: number,
  comeIn: () => Promise<Visitor>,
  bare: () => Promise<number | void>,
): Promise<BenchLine> {
  const product: number[] = [];
  const limit: number[] = [];
  let bytes = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = performance.now();
    limit.push((await bare()) ?? (performance.now() - before) / 1000);
    const visitor = await comeIn();
    const began = performance.now();
    bytes = await visitor.weigh(`/students?format=${format}&sex=F`);
    product.push((performance.now() - began) / 1000);
  }
  return {
    id: `sheet.export.${format}`,
    unit: 'rows/s',
    product: count / median(product),
    limit: count / median(limit),
    ratio: median(limit) / median(product),
    bytes,
  };
}
