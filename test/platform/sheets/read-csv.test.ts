import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse as csvParse } from 'csv-parse/sync';
import fc from 'fast-check';
import { parseCsv } from '../../../src/platform/sheets/csv.js';
import { readAll, refusalOf } from '../../support/sheets/read.js';
import { register } from '../../support/sheets/columns.js';

const columns = register;

describe('a CSV file is read whatever program wrote it', () => {
  for (const [name, delimiter] of [
    ['commas', ','],
    ['semicolons', ';'],
    ['tabs', '\t'],
    ['bars', '|'],
  ] as const) {
    it(`with ${name}`, async () => {
      const text = [
        ['Surname', 'Remarks', 'Weight'],
        ['Doe', '"1, 2; 3"', '40,5'.replace(',', delimiter === ',' ? '.' : ',')],
      ];
      const { cells, found } = await readAll(text.map((line) => line.join(delimiter)).join('\n'), { columns });
      assert.equal(found.delimiter, delimiter);
      assert.equal(cells[0]?.[1], '1, 2; 3');
    });
  }

  const text = 'Surname,First name\r\nAdébáyọ̀,Ọlá\r\n';
  const utf16 = Buffer.from(text, 'utf16le');
  const encodings: [string, Buffer, string][] = [
    ['UTF-8', Buffer.from(text), 'utf-8'],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`), 'utf-8'],
    ['UTF-16 LE with a mark', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]), 'utf-16le'],
    ['UTF-16 BE with a mark', Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(utf16).swap16()]), 'utf-16be'],
    ['UTF-16 LE without a mark', utf16, 'utf-16le'],
    ['UTF-16 BE without a mark', Buffer.from(utf16).swap16(), 'utf-16be'],
  ];
  for (const [name, bytes, encoding] of encodings) {
    it(`in ${name}`, async () => {
      const { cells, found, summary } = await readAll(bytes, { columns });
      assert.deepEqual(cells, [['Adébáyọ̀', 'Ọlá']]);
      assert.deepEqual(summary.headers, ['Surname', 'First name']);
      assert.equal(found.encoding, encoding);
    });
  }

  it('in Windows-1252', async () => {
    const { cells, found } = await readAll(Buffer.from('Surname,First name\nN\xe9,Ren\xe9e \x80\n', 'latin1'), { columns });
    assert.deepEqual(cells, [['Né', 'Renée €']]);
    assert.equal(found.encoding, 'windows-1252');
  });

  it('with sep= in the first line, which is not counted out of the rows that a person sees', async () => {
    const { cells, rows, headers } = await readAll('sep=;\r\nSurname;First name\r\nDoe, Jr;Jane\r\n', { columns });
    assert.deepEqual(cells, [['Doe, Jr', 'Jane']]);
    assert.equal(headers[0]?.headerRow, 1);
    assert.equal(rows[0]?.row, 2);
  });

  it('with line breaks inside quotes, blank rows, and rows that are too short or too long', async () => {
    const { rows } = await readAll(
      'Surname,Remarks,Weight\n\nDoe,"two\nlines ""here""",40\n,,\nRoe\nPoe,Street 1, Nairobi,40\n',
      { columns },
    );
    assert.deepEqual(
      rows.map((row) => row.row),
      [3, 5, 6],
    );
    assert.deepEqual(
      rows.map((row) => row.cells),
      [
        ['Doe', 'two\nlines "here"', '40'],
        ['Roe', '', ''],
        ['Poe', 'Street 1', ' Nairobi'],
      ],
    );
    assert.deepEqual(
      rows.map((row) => Boolean(row.problem)),
      [false, false, true],
    );
    assert.match(rows[2]?.problem ?? '', /more cells than there are headings/);
  });

  it('with titles above the headings and two rows of headings', async () => {
    const file =
      'Kilimani Academy\nClass list 2026,,,,\n\nAdm no,Surname,Mother,,Father,\n,,Name,Tel,Name,Tel\n7,Doe,Jane,0722481903,Joe,\n';
    const { summary, headers, cells } = await readAll(file, { columns });
    assert.equal(headers[0]?.headerRow, 5);
    assert.deepEqual(summary.headers, ['Adm no', 'Surname', 'Mother Name', 'Mother Tel', 'Father Name', 'Father Tel']);
    assert.deepEqual(cells, [['7', 'Doe', 'Jane', '0722481903', 'Joe', '']]);
  });

  it('with quotes in the middle of a cell', async () => {
    const { cells } = await readAll('Surname,Remarks\nDoe,5" pipe\nRoe,"a" b\n', { columns });
    assert.deepEqual(cells, [
      ['Doe', '5" pipe'],
      ['Roe', 'a b'],
    ]);
  });

  it('up to the rows that were asked for', async () => {
    const { rows } = await readAll(`Surname\n${'Doe\n'.repeat(5000)}`, { columns, take: 3 });
    assert.equal(rows.length, 3);
  });

  it('the records are those of csv-parse for any quoted text', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', 'é', '\t') });
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 }), (rows) => {
        const text = rows.map((row) => row.map((each) => `"${each.replaceAll('"', '""')}"`).join(',')).join('\r\n');
        const ours = [...parseCsv(text, { delimiter: ',', start: 0, recordChars: 1e6, columns: 500 })].map(
          (record) => record.cells,
        );
        assert.deepEqual(ours, csvParse(text, { relax_column_count: true, relax_quotes: true }));
      }),
    );
  });
});

describe('a file that is no CSV list is refused with one sentence', () => {
  const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(500, 7)]);
  const files: [string, string | Buffer, RegExp][] = [
    ['nothing.csv', '', /^"nothing\.csv" is empty\.$/],
    ['blank.csv', '\n\n , \n', /is empty/],
    ['numbers.csv', '1,2\n3,4\n', /no row of headings/],
    ['heads.csv', 'Surname,First name\n', /no rows below/],
    ['photo.csv', png, /is a picture \(PNG\)/],
    ['paper.csv', '%PDF-1.7\n%âãÏÓ', /is a PDF document/],
    ['list.xls', '<html xmlns:o="urn"><table><tr><td>x</td></tr></table></html>', /is a web page that is named like a sheet/],
    ['list.xls', '\ufeff  <!-- x --> <table><tr></tr></table>', /is a web page/],
    ['list.xls', '<?xml version="1.0"?><Workbook></Workbook>', /is an XML file/],
    ['old.xls', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]), /old Excel format/],
    [
      'secret.xlsx',
      Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.from('EncryptedPackage', 'utf16le')]),
      /protected by a password/,
    ],
    ['data.csv', Buffer.from(Array.from({ length: 4000 }, (_unused, i) => (i * 37) % 256)), /is not a sheet/],
    ['open.csv', `Surname,Remarks\nDoe,"never closed\n${'x,y\n'.repeat(400_000)}`, /^Row 2 has no end: a quotation mark/],
    ['long.csv', `Surname\n${'x'.repeat(1_100_000)}\n`, /^Row 2 is too long/],
    ['wide.csv', Array.from({ length: 100_000 }, (_unused, i) => `c${i}`).join(',') + '\n1,2\n', /more than 500 columns/],
    ['quoted.csv', `Surname,x\n${'"",'.repeat(300_000)}"z"\n`, /more than 500 columns/],
  ];
  for (const [name, content, sentence] of files) {
    it(`${name}: ${sentence.source}`, async () => {
      const refusal = await refusalOf(content, name, { columns });
      assert.match(refusal.sentence, sentence);
      assert.equal(refusal.rows, 0);
      assert.ok(refusal.milliseconds < 10_000);
    });
  }

  it('a file with more rows than allowed, before any row is handed out', async () => {
    const refusal = await refusalOf(`Surname\n${'Doe\n'.repeat(1100)}`, 'many.csv', { columns, limits: { csvRows: 1000 } });
    assert.match(refusal.sentence, /more than 1,000 rows/);
    assert.equal(refusal.rows, 0);
  });

  it('a file that is too large', async () => {
    const refusal = await refusalOf('Surname\nDoe\n'.repeat(100), 'large.csv', { limits: { fileBytes: 500 } });
    assert.match(refusal.sentence, /larger than/);
  });

  it('a huge cell is handed on as too long, so that its row and column can be named', async () => {
    const { cells } = await readAll(`Surname,Remarks\nDoe,${'x'.repeat(90_000)}\n`, { columns });
    assert.ok(String(cells[0]?.[1]).length > 5000 && String(cells[0]?.[1]).length < 6000);
  });
});
