import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Child } from '../launcher/child.js';
import type { LocalSchool } from '../launcher/local-platform.js';
import { median, type BenchLine } from './lines.js';
import { emptySchool, type Account } from './school.js';
import type { Stage } from './stage.js';
import { Visitor } from './visitor.js';
import { BareWriter } from './writer.js';

const ROWS = 100_000;
const ROUNDS = 3;
const HEADINGS = ['Admission number', 'Surname', 'First name', 'Middle name', 'Sex', 'Date of birth', 'Class', 'Joined on', 'Guardian 1 name', 'Guardian 1 phone', 'Guardian 1 relationship'];

/** A list of 100,000 comes in and half of it goes out again, beside COPY and writers that decide nothing. */
export async function benchSheets(stage: Stage): Promise<BenchLine[]> {
  const { school, registrar, places } = await emptySchool(stage, 'bench-sheets');
  const csv = Buffer.from(listOf(places));
  const child = await stage.start(school);
  const writer = BareWriter.start();
  try {
    const seconds = await imported(child, stage.originOf(school), registrar, csv);
    const limit = await copied(stage, school);
    const visitor = new Visitor(child.port, stage.originOf(school));
    await visitor.signIn(registrar.email, registrar.password);
    const product = ROWS / seconds;
    return [
      { id: 'sheet.import', unit: 'rows/s', product, limit: ROWS / limit, ratio: product / (ROWS / limit), bytes: csv.length },
      await exported(visitor, writer, 'csv'),
      await exported(visitor, writer, 'xlsx'),
    ];
  } finally {
    writer.stop();
    await child.stop();
  }
}

/** Names of letters alone, each child another; two children share a parent. */
function listOf(places: readonly string[]): string {
  const lines = [HEADINGS.join(',')];
  for (let at = 0; at < ROWS; at += 1) {
    const family = Math.floor(at / 2);
    const surname = `Family${letters(family)}`;
    const phone = `07${String(10_000_000 + family).padStart(8, '0')}`;
    const born = `${String((at % 28) + 1).padStart(2, '0')}/${String((at % 12) + 1).padStart(2, '0')}/${2010 + (at % 8)}`;
    lines.push([`B/${at + 1}`, surname, `First${letters(at)}`, 'Wanjiku', at % 2 ? 'M' : 'F', born, places[at % places.length], '06/01/2026', `Mary ${surname}`, phone, 'Mother'].join(','));
  }
  return `${lines.join('\n')}\n`;
}

function letters(count: number): string {
  return count.toString(26).replace(/[0-9a-p]/g, (sign) => String.fromCharCode(97 + parseInt(sign, 26)));
}

/** What a row of the list becomes. */
const TABLES = ['students', 'students_guardians', 'students_guardianships', 'students_enrolments', 'students_status_changes', 'students_terms'];

/** All rows that the import has written, by COPY into tables of the same columns, without an index, a check or a policy. */
async function copied(stage: Stage, school: LocalSchool): Promise<number> {
  const client = new pg.Client({ ...stage.admin, database: school.connections.app.database });
  await client.connect();
  try {
    let seconds = 0;
    for (const table of TABLES) {
      const rows = await buffer(client.query(copyTo(`copy ${table} to stdout`)));
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        await client.query(`create table bench_rows (like ${table})`);
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

interface ImportState {
  status: string;
  valid: number;
  created: number;
  message: string | null;
  errors: { row: number; message: string }[];
}

/** Sent, checked and written through the API, as another system would; the seconds from the first byte to `done`. */
async function imported(child: Child, origin: string, account: Account, csv: Buffer): Promise<number> {
  const visitor = new Visitor(child.port, origin);
  const authorization = `Bearer ${await visitor.token(account.email, account.password)}`;
  const began = performance.now();
  const boundary = 'aims-bench-part';
  const field = (name: string, value: string): string => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const head = `${field('kind', 'students')}${field('mode', 'create')}--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="list.csv"\r\nContent-Type: text/csv\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(head), csv, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  const taken = await visitor.send('POST', '/api/v1/imports', body, { authorization, 'content-type': `multipart/form-data; boundary=${boundary}` });
  if (taken.status !== 202) throw new Error(`The import was answered ${taken.status}: ${taken.text.slice(0, 300)}`);
  const { id } = JSON.parse(taken.text) as { id: string };
  const until = async (wanted: string): Promise<ImportState> => {
    for (;;) {
      const state = JSON.parse((await visitor.get(`/api/v1/imports/${id}`, { authorization })).text) as ImportState;
      if (state.status === wanted) return state;
      if (['refused', 'failed', 'checked'].includes(state.status)) throw new Error(`The import is ${state.status}: ${state.message} ${JSON.stringify(state.errors.slice(0, 3))}`);
      await sleep(100);
    }
  };
  const checked = await until('checked');
  if (checked.valid !== ROWS) throw new Error(`Only ${checked.valid} rows are valid: ${JSON.stringify(checked.errors.slice(0, 3))}`);
  await visitor.send('POST', `/api/v1/imports/${id}/commit`, JSON.stringify({ rows: 'all' }), { authorization, 'content-type': 'application/json' });
  for (;;) {
    const state = JSON.parse((await visitor.get(`/api/v1/imports/${id}`, { authorization })).text) as ImportState;
    if (state.status === 'done') break;
    if (['refused', 'failed'].includes(state.status)) throw new Error(`The import is ${state.status}: ${state.message}`);
    await sleep(100);
  }
  return (performance.now() - began) / 1000;
}

/** The girls: half of all. */
async function exported(visitor: Visitor, writer: BareWriter, format: 'csv' | 'xlsx'): Promise<BenchLine> {
  const rows = parse((await visitor.get('/students?format=csv&sex=F')).text, { bom: true, relax_column_count: true }) as string[][];
  const count = rows.length - 1;
  if (count < ROWS / 2 - 1) throw new Error(`The export has ${count} rows instead of ${ROWS / 2}.`);
  const product: number[] = [];
  const limit: number[] = [];
  let bytes = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    limit.push((await writer.run({ kind: format, rows })).seconds);
    const began = performance.now();
    bytes = await visitor.weigh(`/students?format=${format}&sex=F`);
    product.push((performance.now() - began) / 1000);
  }
  return { id: `sheet.export.${format}`, unit: 'rows/s', product: count / median(product), limit: count / median(limit), ratio: median(limit) / median(product), bytes };
}
