import assert from 'node:assert/strict';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import ExcelJS from 'exceljs';
import fc from 'fast-check';
import type { ColumnKind, RawRow } from '../../../src/platform/sheets/columns.js';
import { saysNothing } from '../../../src/platform/sheets/reading/nothing.js';
import { guessMapping } from '../../../src/platform/sheets/reading/mapping.js';
import { rowParser } from '../../../src/platform/sheets/reading/parse.js';
import { readSheet } from '../../../src/platform/sheets/reading/read.js';
import { cleanLine, cleanText } from '../../../src/platform/sheets/text.js';
import { writeCsv, writeRejects, writeTemplate, writeXlsx } from '../../../src/platform/sheets/writing/write.js';
import { column, register, type Person } from '../../support/sheets/columns.js';
import { withFile } from '../../support/sheets/read.js';

const meta = { title: 'Students', author: 'Kilimani Academy', currency: 'KES' };
const context = { country: 'KE', today: '2026-11-24', currency: 'KES' };
type Format = 'csv' | 'xlsx';
const formats: Format[] = ['csv', 'xlsx'];

/** Writes to a file by `write`, and gives its bytes and its path to `work`. */
function written<Result>(
  write: (stream: NodeJS.WritableStream & import('node:stream').Writable) => Promise<unknown>,
  work: (path: string) => Promise<Result>,
): Promise<Result> {
  return withFile('', 'x', async (path) => {
    await write(createWriteStream(path));
    return work(path);
  });
}

async function rowsOf(path: string, columns = register): Promise<{ rows: RawRow[]; headers: string[] }> {
  const rows: RawRow[] = [];
  const { headers } = await readSheet({ path, name: 'list' }, { columns }, async (batch) => void rows.push(...batch));
  return { rows, headers };
}

const exportAs = (format: Format, stream: import('node:stream').Writable, rows: Iterable<Person>, columns = register) =>
  format === 'csv' ? writeCsv(stream, columns, rows, meta) : writeXlsx(stream, columns, rows, meta);

const LETTERS = [
  ...'abcXYZ',
  ' ',
  ' ',
  "'",
  '"',
  ',',
  ';',
  '=',
  '+',
  '-',
  '@',
  '\t',
  '\n',
  '<',
  '&',
  '>',
  '_',
  'x',
  '0',
  '4',
  '1',
  '#',
  '|',
  'Ọ',
  'ọ́',
  'ẹ̀',
  'Ṣ',
  'ɓ',
  'ɗ',
  'ƙ',
  'ƴ',
  'ị',
  'ṅ',
  'ɛ',
  'ɔ',
  'አ',
  'በ',
  'ገ',
  '😀',
  '\u00a0',
  '\u200b',
  '\r',
];
const NAMES = [
  'Adébáyọ̀ Ọlátúnjí',
  'Ƙasimu Ɗanladi',
  'Chịdị Nwáńkwọ́',
  'Kɔfi Ɛsi',
  'አበበ በቂላ',
  '=HYPERLINK("http://x","y")',
  '+cmd|calc',
  '-Ann',
  '@SUM(A1)',
  "'=1",
  "O'Brien",
  '_x0041_',
  'true',
  '007',
  '1E5',
  '14/03/2014',
  '#REF',
  'N/A',
];
const anyText = fc.oneof(
  fc.constantFrom(...NAMES),
  fc.array(fc.constantFrom(...LETTERS), { maxLength: 25 }).map((letters) => letters.join('')),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
);
const ERRORS = /^#(?:N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NUM!|NULL!)$/;
/** What can be in the database: text that came through the same cleaning. */
const text = (clean: (raw: string) => string, kind: ColumnKind) =>
  fc.option(
    anyText.map(clean).filter((each) => each !== '' && !ERRORS.test(each) && !saysNothing(kind, each)),
    { nil: null },
  );
const day = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2100-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

const VALUES: Record<ColumnKind, fc.Arbitrary<string | number | boolean | null>> = {
  text: text(cleanText, 'text'),
  name: text(cleanLine, 'name'),
  id: text(cleanLine, 'id').map((value) => (value !== null && /^\d(?:[.,]\d+)?E\+?\d+$/i.test(value) ? 'A1' : value)),
  date: fc.option(day, { nil: null }),
  number: fc.option(
    fc.oneof(
      fc.integer(),
      fc.integer({ min: -1e9, max: 1e9 }).map((n) => n / 1000),
      fc
        .double({ min: -1e12, max: 1e12, noNaN: true })
        .filter((n) => n === 0 || Math.abs(n) > 1e-4)
        .map((n) => Number(n.toPrecision(15)) + 0),
    ),
    { nil: null },
  ),
  integer: fc.option(fc.integer(), { nil: null }),
  money: fc.option(fc.integer({ min: -1e12, max: 1e12 }), { nil: null }),
  phone: fc.option(
    fc.oneof(
      fc.integer({ min: 700_000_000, max: 799_999_999 }).map((n) => `+254${n}`),
      fc.constant('+447911123456'),
    ),
    { nil: null },
  ),
  email: fc.option(fc.constantFrom('jane@example.org', '-x@example.org', '+a@b.co'), { nil: null }),
  choice: fc.option(fc.constantFrom('F', 'M', 'U'), { nil: null }),
  flag: fc.option(fc.boolean(), { nil: null }),
};
const kinds = Object.keys(VALUES) as ColumnKind[];
const choices = [
  { value: 'F', label: 'Female' },
  { value: 'M', label: '-Male, "x"' },
  { value: 'U', label: '=Unknown' },
];
const everyKind = kinds.map((kind) => column(kind, `The ${kind}`, { key: kind, ...(kind === 'choice' && { choices }) }));
const person = fc.record(VALUES) as fc.Arbitrary<Person>;

describe('what is exported imports equal', () => {
  for (const format of formats) {
    it(`every kind of column as ${format}, whatever stands in it`, { timeout: 120_000 }, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(person, { minLength: 40, maxLength: 80 }), async (people) => {
          const kept = people.filter((each) => Object.values(each).some((value) => value !== null));
          const { rows, headers } = await written(
            (stream) => exportAs(format, stream, kept, everyKind),
            (path) => rowsOf(path, everyKind),
          );
          const parse = rowParser(everyKind, guessMapping(headers, everyKind), context);
          assert.deepEqual(
            rows.map((raw) => parse(raw).problems),
            kept.map(() => []),
          );
          assert.deepEqual(
            rows.map((raw) => parse(raw).values),
            kept.map((each) => ({ ...each })),
          );
        }),
        { numRuns: 12 },
      );
    });
  }
});

describe('an export is safe to open', () => {
  const nasty: Person[] = [
    {
      admission_number: '0042',
      surname: '=cmd|calc',
      first_name: '-2+3',
      remarks: '@SUM(1)',
      guardian_1_phone: '+254722481903',
      weight: -12.5,
      balance: -50_000,
      date_of_birth: '2014-03-14',
    },
  ];

  it('in CSV a text is no formula, and numbers, phones and leading zeros stay what they are', async () => {
    const text = await written(
      (stream) => exportAs('csv', stream, nasty),
      (path) => readFile(path, 'utf8'),
    );
    const [, line] = text.split('\r\n');
    assert.ok(text.startsWith('\ufeffAdmission number,'));
    assert.equal(
      line,
      "0042,'=cmd|calc,'-2+3,2014-03-14,,,,-12.5,-500,'@SUM(1),,+254722481903,,,,".replace("'=cmd|calc", '"\'=cmd|calc"'),
    );
  });

  it('only a phone column may begin with a plus', async () => {
    const columns = [column('name', 'Surname'), column('phone', 'Phone')];
    const text = await written(
      (stream) => writeCsv(stream, columns, [{ surname: '+254722481903', phone: '+cmd()' }]),
      (path) => readFile(path, 'utf8'),
    );
    assert.equal(text.split('\r\n')[1], "'+254722481903,'+cmd()");
  });

  it('in XLSX cells are texts, numbers and days, the headings are bold and stay in sight', async () => {
    const book = new ExcelJS.Workbook();
    await written(
      (stream) => exportAs('xlsx', stream, nasty),
      (path) => book.xlsx.readFile(path),
    );
    const sheet = book.getWorksheet('Students')!;
    const cell = (at: string) => sheet.getCell(at);
    assert.equal(cell('B2').type, ExcelJS.ValueType.String);
    assert.equal(cell('B2').value, '=cmd|calc');
    assert.equal(cell('A2').value, '0042');
    assert.equal(cell('A2').numFmt, '@');
    assert.equal(cell('L2').value, '+254722481903');
    assert.deepEqual(cell('D2').value, new Date('2014-03-14T00:00:00Z'));
    assert.equal(cell('I2').value, -500);
    assert.equal(cell('A1').font.bold, true);
    assert.equal((sheet.views[0] as { ySplit?: number }).ySplit, 1);
    for (const row of [1, 2]) sheet.getRow(row).eachCell((each) => assert.notEqual(each.type, ExcelJS.ValueType.Formula));
  });

  it('a failure before the first row leaves the stream alone, a later one cuts it', async () => {
    async function* failing(after: number): AsyncGenerator<Person> {
      for (let i = 0; i < after; i += 1) yield { surname: 'Doe'.repeat(100) };
      throw new Error('the database went away');
    }
    for (const write of [writeCsv, writeXlsx] as (typeof writeXlsx)[]) {
      const early = new PassThrough();
      await assert.rejects(write(early, register, failing(0), meta), /database went away/);
      assert.equal(early.destroyed, false);
      const late = new PassThrough();
      late.on('error', () => undefined).resume();
      await assert.rejects(write(late, register, failing(3000), meta), /database went away/);
      assert.equal(late.destroyed, true);
      assert.equal(late.writableFinished, false);
    }
  });

  it('a receiver that goes away ends the writing', { timeout: 20_000 }, async () => {
    for (const write of [writeCsv, writeXlsx] as (typeof writeXlsx)[]) {
      let made = 0;
      async function* endless(): AsyncGenerator<Person> {
        for (;;) yield { surname: `Doe ${(made += 1)}`.repeat(20) };
      }
      const gone = new PassThrough({ highWaterMark: 1000 });
      gone.on('error', () => undefined);
      const writing = assert.rejects(write(gone, register, endless(), meta));
      await sleep(300);
      gone.destroy();
      await writing;
    }
  });

  it('rows are made no faster than they are taken', async () => {
    for (const write of [writeCsv, writeXlsx] as (typeof writeXlsx)[]) {
      let made = 0;
      async function* many(): AsyncGenerator<Person> {
        for (; made < 60_000; made += 1)
          yield { surname: `Doe ${Math.sin(made)} ${Math.cos(made)}`, remarks: String(Math.tan(made)) };
      }
      const slow = new PassThrough();
      const writing = write(slow, register, many(), meta);
      await sleep(1500);
      const before = made;
      await sleep(300);
      assert.equal(made, before);
      assert.ok(made < 60_000);
      slow.resume();
      assert.equal(await writing, 60_000);
    }
  });
});

describe('the template', () => {
  const template = <Result>(work: (path: string) => Promise<Result>, columns = register) =>
    written((stream) => writeTemplate(stream, columns, meta), work);

  it('imports as one example row, which is left out', async () => {
    const { rows, headers } = await template(rowsOf);
    const mapping = guessMapping(headers, register);
    assert.deepEqual(
      mapping,
      register.map((each) => each.key),
    );
    assert.equal(rows.length, 1);
    assert.equal(rowParser(register, mapping, context)(rows[0]!).example, true);
  });

  it('offers choices, short ones in the rule and long ones from a hidden sheet, and explains each column', async () => {
    const long = Array.from({ length: 60 }, (_unused, i) => ({ value: `s${i}`, label: `Stream ${i}` }));
    const columns = [
      ...register,
      column('choice', 'Stream', { choices: long, note: 'The stream of this year.', required: true }),
    ];
    const book = new ExcelJS.Workbook();
    await template((path) => book.xlsx.readFile(path), columns);
    const sheet = book.getWorksheet('Students')!;
    assert.deepEqual(sheet.getCell('E9').dataValidation.formulae, ['"Female,Male"']);
    assert.deepEqual(sheet.getCell('F9').dataValidation.formulae, ['"Yes,No"']);
    assert.deepEqual(sheet.getCell('Q5000').dataValidation.formulae, ['Lists!$A$1:$A$60']);
    assert.equal(book.getWorksheet('Lists')?.state, 'hidden');
    assert.equal(book.getWorksheet('Lists')?.getCell('A60').value, 'Stream 59');
    const notes = book.getWorksheet('Notes')!;
    assert.equal(notes.getCell('A18').value, 'Stream');
    assert.match(String(notes.getCell('D18').value), /^The stream of this year\. One of: Stream 0, /);
  });
});

describe('the reject file', () => {
  for (const format of formats) {
    it(`as ${format} carries the cells as they came, is corrected and sent again as it is`, async () => {
      const headers = ['Adm no', 'Last name', 'First name', 'Born', 'House'];
      const raw: RawRow = { sheet: 'Grade 1', row: 17, cells: ['=0042', 'Doe', '+Jane', new Date('2014-03-14'), 'Red'] };
      const rejected = [{ raw, reasons: ['Surname is missing.', 'House "Red" is not one of Blue.'] }];
      const { rows, headers: found } = await written(
        (stream) => writeRejects(stream, format, headers, rejected, meta),
        (path) => rowsOf(path),
      );
      assert.deepEqual(found, [...headers, 'What to correct', 'Row in the first file']);
      const mapping = guessMapping(found, register);
      assert.deepEqual(mapping, ['admission_number', 'surname', 'first_name', 'date_of_birth', null, null, null]);
      const { values, problems } = rowParser(register, mapping, context)(rows[0]!);
      assert.deepEqual(
        [values.admission_number, values.surname, values.first_name, values.date_of_birth],
        ['=0042', 'Doe', '+Jane', '2014-03-14'],
      );
      assert.deepEqual(problems, []);
      assert.deepEqual(rows[0]?.cells.slice(5), ['Surname is missing. House "Red" is not one of Blue.', 'Grade 1 17']);
    });
  }
});
