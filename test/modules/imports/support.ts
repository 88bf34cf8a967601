import assert from 'node:assert/strict';
import { row, styled, workbookOf, type Cell } from '../../support/sheets/workbook.js';
import { hiddenValue, type Answer, type Browser } from '../../support/browser.js';
import type { SchoolUnderTest } from '../../support/app.js';

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export interface Sending {
  name: string;
  body: Buffer | string;
  kind?: string;
  mode?: string;
}

/** Sends a file through the page; returns the answer of the post. */
export async function send(person: Browser, { name, body, kind = 'students', mode = 'create' }: Sending) {
  const page = await person.get(`/imports/new?kind=${kind}`);
  return person.upload(
    '/imports',
    [{ field: 'file', name, type: 'application/octet-stream', body: Buffer.from(body as string) }],
    { _csrf: hiddenValue(page.html, '_csrf') ?? '', kind, mode },
  );
}

/** The same over the API. */
export function sendFile(
  api: Browser,
  fields: Record<string, string>,
  file: { name: string; body: Buffer },
  auth: Record<string, string>,
): Promise<Answer> {
  const boundary = '----aims-api';
  const parts = Object.entries(fields).map(
    ([key, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`,
  );
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${file.name}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(parts.join('') + head), file.body, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return api.send('POST', '/api/v1/imports', body, { ...auth, 'content-type': `multipart/form-data; boundary=${boundary}` });
}

const AT_REST = /data-status="(checked|refused|failed|done|undone)"/;

/** The import's page as soon as nothing is under way. */
export async function settled(
  person: Browser,
  path: string,
  seconds = 60,
): Promise<{ status: string; html: string; text: string }> {
  for (let tries = 0; tries < seconds * 10; tries += 1) {
    const { html } = await person.get(path);
    const status = AT_REST.exec(html)?.[1];
    if (status) return { status, html, text: textOf(html) };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${path} did not come to rest`);
}

export function textOf(html: string): string {
  return html
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&#34;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');
}

/** Sends, waits for the check, and gives the page. */
export async function check(
  person: Browser,
  sending: Sending,
): Promise<{ path: string; status: string; text: string; html: string }> {
  const sent = await send(person, sending);
  assert.equal(sent.status, 303, textOf(sent.html).slice(0, 500));
  return { path: sent.location!, ...(await settled(person, sent.location!)) };
}

export async function write(person: Browser, path: string, fields: Record<string, string> = {}) {
  const answer = await person.submit(`${path}/commit`, { rows: 'valid', ...fields }, path);
  assert.equal(answer.status, 303, textOf(answer.html).slice(0, 800));
  return settled(person, path);
}

export async function undo(person: Browser, path: string) {
  const answer = await person.submit(`${path}/undo`, {}, path);
  assert.equal(answer.status, 303, textOf(answer.html).slice(0, 800));
  return settled(person, path);
}

export function counts(text: string): {
  ready: number;
  warnings: number;
  errors: number;
  fresh: number;
  changed: number;
  same: number;
} {
  const read = (pattern: RegExp): number => Number((pattern.exec(text)?.[1] ?? 'NaN').replaceAll(',', ''));
  return {
    ready: read(/([\d,]+) ready to import/),
    warnings: read(/([\d,]+) ready, with a warning/),
    errors: read(/([\d,]+) with errors/),
    fresh: read(/([\d,]+) are new/),
    changed: read(/([\d,]+) update someone/),
    same: read(/([\d,]+) change nothing/),
  };
}

/** Rows and a digest of everything that people have entered: students, guardians, staff. */
export async function registerDigest(school: SchoolUnderTest): Promise<Record<string, string>> {
  const admin = await school.database.admin();
  try {
    const { rows: tables } = await admin.query<{ name: string }>(
      "select tablename as name from pg_tables where schemaname = 'public' and (tablename ~ '^students' or tablename ~ '^hr_' or tablename ~ '^subjects') order by 1",
    );
    const digests: Record<string, string> = {};
    for (const { name } of tables) {
      const { rows } = await admin.query<{ digest: string }>(
        `select count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') as digest from "${name}" t`,
      );
      digests[name] = rows[0]!.digest;
    }
    return digests;
  } finally {
    await admin.end();
  }
}

export async function countOf(school: SchoolUnderTest, table: string, where = 'true'): Promise<number> {
  const admin = await school.database.admin();
  try {
    return (await admin.query<{ n: number }>(`select count(*)::int as n from ${table} where ${where}`)).rows[0]!.n;
  } finally {
    await admin.end();
  }
}

const SURNAMES = [
  'Ọláńrewájú',
  'Adébáyọ̀',
  'Hassan',
  'Wanjikũ',
  "Ochieng'",
  'Kiptoo',
  'Mutua',
  'Nyambura-Oduya',
  'Ɗanjuma',
  'Agyemang',
];
const FIRST = [
  'Khadija',
  'Ọlá',
  'Joel',
  'Ṣadé',
  'Grace',
  'Chidi',
  'Amina',
  'Brian',
  'Zawadi',
  'Kwabena',
  'Faith',
  'Musa',
  'Esther',
  'Juma',
];
const MIDDLE = ['Njoki', '', 'Abdi', 'Ayọ̀', 'Achieng', '', 'Nekesa'];

export interface Messy {
  book: Buffer;
  /** Row in the sheet → words of what is wrong with it. */
  wrong: Map<number, RegExp>;
  rows: number;
}

/** A register as schools have it: titles, a heading over two rows, dates in three spellings, phones as numbers, and mistakes. */
export function messyWorkbook(rows: number): Messy {
  const wrong = new Map<number, RegExp>();
  const xml: string[] = [
    row(1, ['MWANGAZA HILLS SCHOOL']),
    row(2, ['Register of learners, printed 12/01/2026']),
    row(4, [
      'ADM NO.',
      'SURNAME',
      'First',
      'Other names',
      'Gender',
      'D.O.B',
      'Stream',
      'Remarks',
      'Mother',
      null,
      'Father',
      null,
    ]),
    row(5, [null, null, null, null, null, null, null, null, 'Name', 'Tel', 'Name', 'Tel']),
  ];
  for (let i = 0; i < rows; i += 1) xml.push(row(6 + i, messyCells(i, wrong)));
  xml.push(row(8 + rows, [null, null, null, null, null, null, null, null]));
  const book = workbookOf({
    sheets: [
      { name: 'Notes', rows: row(1, ['Ask the bursar about the fees']) },
      { name: 'Learners', rows: xml.join(''), merges: ['A1:L1', 'I4:J4', 'K4:L4'] },
      { name: 'Old', rows: row(1, ['ADM NO.', 'SURNAME', 'First']) + row(2, ['1', 'Gone', 'Long']), state: 'hidden' },
    ],
    formats: ['dd/mm/yyyy'],
  });
  return { book, wrong, rows };
}

function messyCells(i: number, wrong: Map<number, RegExp>): Cell[] {
  const at = 6 + i;
  const surname = SURNAMES[i % SURNAMES.length]!;
  const first = FIRST[Math.floor(i / 10) % FIRST.length]!;
  const middle = MIDDLE[Math.floor(i / 140) % MIDDLE.length]!;
  const day = 1 + (i % 28);
  const month = 1 + (i % 12);
  const year = 2008 + Math.floor(i / 980) + (i % 5);
  const birthday: Cell = [
    styled(serialOf(year, month, day), 1),
    `${String(day).padStart(2, '0')}/${String(month).padStart(2, '0')}/${year}`,
    `${day} ${['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][month - 1]!} ${year}`,
  ][i % 3]!;
  const cells: Cell[] = [
    `MH/${String(i + 1).padStart(4, '0')}`,
    surname,
    first,
    middle,
    ['F', 'Male', 'girl', 'M'][i % 4]!,
    birthday,
    ['Grade 7 East', '7 West', 'G8E', 'grade 8 west'][i % 4]!,
    i % 9 === 0 ? 'ok' : null,
    `Mama ${first} ${surname}`,
    722_000_000 + Math.floor(i / 2) * 10,
    i % 3 === 0 ? `Baba ${surname}` : null,
    i % 3 === 0 ? `0733 ${String(100_000 + i)}` : null,
  ];
  const spoil = (column: number, value: Cell, words: RegExp): void => {
    cells[column] = value;
    wrong.set(at, words);
  };
  if (i % 200 === 17) spoil(5, '31/02/2014', /is not a date/);
  if (i % 200 === 42) spoil(6, 'Grade 7 North', /There is no class "Grade 7 North"\. There are Grade 7 East, Grade 7 West/);
  if (i % 200 === 88) spoil(2, null, /First name is missing/);
  if (i % 200 === 131) spoil(9, '722 45', /is not a phone number/);
  if (i % 200 === 150) spoil(0, `MH/${String(i).padStart(4, '0')}`, /has the same admission number/);
  if (i % 200 === 166) spoil(4, 'X', /Sex "X" is not one of/);
  return cells;
}

function serialOf(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / 86_400_000 + 25_569;
}
