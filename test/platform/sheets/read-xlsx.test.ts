import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReadOptions } from '../../../src/platform/sheets/reading/read.js';
import { readAll, refusalOf } from '../../support/sheets/read.js';
import { register as columns } from '../../support/sheets/columns.js';
import { partsOf, row, shared, styled, workbookOf, type BookSpec } from '../../support/sheets/workbook.js';
import { zipOf, type ZipPart } from '../../support/sheets/zip.js';

const read = (book: BookSpec, options: ReadOptions = {}) => readAll(workbookOf(book), { columns, ...options }, 'list.xlsx');
const simple: BookSpec = { sheets: [{ name: 'Pupils', rows: row(1, ['Surname', 'First name']) + row(2, ['Doe', 'Jane']) }] };

describe('a workbook is read as a person sees it', () => {
  it('titles above, a heading of two rows with merged cells, blank rows, repeated headings', async () => {
    const rows = [
      row(1, ['Kilimani Academy']),
      row(2, ['Class list', null, null, null, null, 2026]),
      row(4, ['Adm no', 'Surname', 'Mother', null, 'Father', null]),
      row(5, [null, null, 'Name', 'Tel', 'Name', 'Tel']),
      row(6, [7, 'Doe', 'Jane', 722481903, 'Joe', null]),
      '<row r="7" s="1" customFormat="1"/>' + row(8, [null, ' ']),
      row(40, [8, 'Roe', 'Ann', null, null, 733481903]),
    ];
    const merges = ['A1:F1', 'C4:D4', 'E4:F4', 'A4:A5', 'B4:B5'];
    const { headers, rows: found, cells } = await read({ sheets: [{ name: 'Pupils', rows: rows.join(''), merges }] });
    assert.equal(headers[0]?.headerRow, 5);
    assert.deepEqual(headers[0]?.headers, ['Adm no', 'Surname', 'Mother Name', 'Mother Tel', 'Father Name', 'Father Tel']);
    assert.deepEqual(
      found.map((each) => each.row),
      [6, 40],
    );
    assert.deepEqual(cells[1], [8, 'Roe', 'Ann', null, null, 733481903]);
  });

  it('a merged title right above complete headings is no part of them', async () => {
    const rows =
      row(1, ['Class list']) +
      row(2, ['Surname', 'First name', 'House']) +
      row(3, ['Doe', 'Jane', 'Red']) +
      row(4, ['Surname', 'First name', 'House']) +
      row(5, ['Roe', 'Ann', 'Blue']);
    const { summary, rows: found } = await read({ sheets: [{ name: 'Pupils', rows, merges: ['A1:C1'] }] });
    assert.deepEqual(summary.headers, ['Surname', 'First name', 'House']);
    assert.deepEqual(
      found.map((each) => each.row),
      [3, 5],
    );
  });

  it('days by format in both date systems, text with leading zeros by format, numbers as they are', async () => {
    const rows =
      row(1, ['Date of birth', 'Admission number', 'Phone', 'Weight', 'Remarks']) +
      row(2, [styled(41712, 1), styled(42, 2), styled(722481903, 3), styled(40.5, 4), styled(41712, 5)]);
    const formats = [14, '0000', '0000\\ 000\\ 000', '0.00', 'dd"th" mmm yyyy;@'];
    const [first] = (await read({ sheets: [{ name: 'S', rows }], formats })).cells;
    assert.deepEqual(first, [new Date('2014-03-14T00:00:00Z'), '0042', '0722 481 903', 40.5, new Date('2014-03-14T00:00:00Z')]);
    const mac = await read({ sheets: [{ name: 'S', rows }], formats, date1904: true });
    assert.deepEqual(mac.cells[0]?.[0], new Date('2018-03-15T00:00:00Z'));
    assert.equal(mac.summary.date1904, true);
  });

  it('rich text, phonetic hints, formulas, links, booleans, errors, entities and escaped characters', async () => {
    const strings = [
      '<r><t xml:space="preserve">Ade </t></r><r><rPr><b/></rPr><t>Bọla</t></r><rPh sb="0" eb="1"><t>kana</t></rPh>',
      '<t>O&apos;Neil &amp; S&#246;ns _x0041_</t>',
      '<t><![CDATA[<b>]]></t>',
    ];
    const formula = { xml: '<c t="str"><f>A1&amp;"x"</f><v>Jane Doe</v></c>' };
    const cells = [
      shared(0),
      shared(1),
      shared(2),
      formula,
      { xml: '<c><f>1+1</f><v>2</v></c>' },
      true,
      { xml: '<c t="e"><v>#N/A</v></c>' },
      { xml: '<c><f>SUM(A1)</f></c>' },
      { xml: '<c t="d"><v>2014-03-14</v></c>' },
      { xml: '<c t="inlineStr"><is><t>山田</t><rPh sb="0" eb="2"><t>ヤマダ</t></rPh></is></c>' },
      shared(99),
    ];
    const rows =
      row(1, [
        'Surname',
        'First name',
        'House',
        'Name',
        'Siblings',
        'Boarder',
        'Sex',
        'Weight',
        'Date of birth',
        'Remarks',
        'Stream',
      ]) + row(2, cells);
    const { cells: found } = await read({ sheets: [{ name: 'S', rows }], strings });
    assert.deepEqual(found[0], [
      'Ade Bọla',
      "O'Neil & Söns A",
      '<b>',
      'Jane Doe',
      2,
      true,
      '#N/A',
      '#CALC!',
      new Date('2014-03-14T00:00:00Z'),
      '山田',
      null,
    ]);
  });

  it('sheets with the same headings are joined in whatever order these stand; hidden and other sheets are listed', async () => {
    const { found, rows, headers } = await read({
      sheets: [
        { name: 'Notes', rows: row(1, ['Fill in one row for each pupil.']) + row(2, ['Then send it.']) },
        { name: 'Grade 1', rows: row(1, ['Surname', 'First name']) + row(2, ['Doe', 'Jane']) },
        { name: 'Grade 2', rows: row(1, ['Class of 2026']) + row(3, ['First name', 'SURNAME ']) + row(4, ['Ann', 'Roe']) },
        { name: 'Old', rows: row(1, ['Surname', 'First name']) + row(2, ['Gone', 'Long']), state: 'veryHidden' },
        { name: 'Empty', rows: '' },
      ],
    });
    assert.deepEqual(
      found.sheets.map(({ name, hidden, chosen, rows: count }) => [name, hidden, chosen, count]),
      [
        ['Notes', false, false, 1],
        ['Grade 1', false, true, 1],
        ['Grade 2', false, true, 1],
        ['Old', true, false, 1],
        ['Empty', false, false, 0],
      ],
    );
    assert.deepEqual(rows, [
      { sheet: 'Grade 1', row: 2, cells: ['Doe', 'Jane'] },
      { sheet: 'Grade 2', row: 4, cells: ['Roe', 'Ann'] },
    ]);
    assert.deepEqual(
      headers.map(({ sheet, headerRow }) => [sheet, headerRow]),
      [
        ['Grade 1', 1],
        ['Grade 2', 3],
      ],
    );
  });

  it('chosen sheets are read, also hidden ones and such with other headings', async () => {
    const sheets = [
      { name: 'A', rows: row(1, ['Surname', 'House']) + row(2, ['Doe', 'Red']) },
      { name: 'B', rows: row(1, ['Sex', 'Surname']) + row(2, ['F', 'Roe']), state: 'hidden' as const },
    ];
    const { cells, summary } = await read({ sheets }, { sheets: ['A', 'B'] });
    assert.deepEqual(summary.headers, ['Surname', 'House', 'Sex']);
    assert.deepEqual(cells, [
      ['Doe', 'Red', null],
      ['Roe', null, 'F'],
    ]);
  });

  it('parts with a prefix, without references, in UTF-16, under another name', async () => {
    const xml =
      '<?xml version="1.0"?><x:worksheet xmlns:x="m"><!-- > --><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>Surname</x:t></x:is></x:c></x:row><x:row><x:c t=\'inlineStr\'><x:is><x:t>Doe</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>';
    const parts = partsOf(simple).map((part): ZipPart => {
      if (part.name.endsWith('sheet1.xml'))
        return {
          name: 'xl/worksheets/Tabelle.xml',
          data: Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(xml, 'utf16le')]),
        };
      if (part.name === 'xl/_rels/workbook.xml.rels')
        return { ...part, data: String(part.data).replace('worksheets/sheet1.xml', '/xl/worksheets/Tabelle.xml') };
      return { ...part, name: part.name === 'xl/styles.xml' ? 'xl\\styles.xml' : part.name };
    });
    const { cells } = await readAll(zipOf(parts), { columns }, 'list.xlsx');
    assert.deepEqual(cells, [['Doe']]);
  });
});

/** The first place of a text in the bytes, replaced by one of the same length. */
function changed(bytes: Buffer, from: string, to: string): Buffer {
  bytes.write(to, bytes.indexOf(from));
  return bytes;
}

describe('a workbook that is no list, or a weapon, is refused with one sentence and no row of it is read', () => {
  const rows = (count: number) =>
    row(1, ['Surname']) + Array.from({ length: count }, (_unused, i) => row(i + 2, ['Doe'])).join('');
  const entity = '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>';
  const withPart = (extra: ZipPart) => workbookOf({ ...simple, extra: [extra] });
  const lying = (declared: number) =>
    zipOf(
      partsOf(simple).map((part) =>
        part.name.endsWith('sheet1.xml') ? { ...part, data: part.data + ' '.repeat(3_000_000), declared } : part,
      ),
    );

  const files: [string, () => Buffer, RegExp, ReadOptions?][] = [
    [
      'a bomb with honest sizes',
      () => withPart({ name: 'xl/media/a.xml', data: Buffer.alloc(96_000_000) }),
      /unpacks to far more/,
    ],
    ['a bomb that lies about its size', () => lying(2000), /unpacks to far more/],
    ['a part that ends early', () => lying(4_000_000), /is damaged/],
    [
      'a bomb of many parts',
      () =>
        workbookOf({
          ...simple,
          extra: Array.from({ length: 45 }, (_unused, i) => ({ name: `xl/${i}.bin`, data: '', declared: 10_000_000 })),
        }),
      /unpacks to far more/,
    ],
    [
      'a bomb of overlapping parts',
      () =>
        workbookOf({
          ...simple,
          extra: [
            { name: 'xl/a.bin', data: Buffer.from(Array.from({ length: 90_000 }, (_unused, i) => (i * i * 7) % 251)) },
            ...Array.from({ length: 200 }, (_unused, i): ZipPart => ({ name: `xl/${i}.bin`, data: '', overlap: true })),
          ],
        }),
      /unpacks to far more/,
    ],
    [
      'too many parts',
      () => workbookOf({ ...simple, extra: Array.from({ length: 2500 }, (_unused, i) => ({ name: `xl/${i}.txt`, data: '' })) }),
      /too many parts/,
    ],
    ['entities in a sheet', () => workbookOf({ sheets: [{ ...simple.sheets[0]!, head: entity }] }), /XML declarations/],
    [
      'entities in a part that is not read',
      () => withPart({ name: 'docProps/core.xml', data: `${entity}<x>&b;</x>` }),
      /XML declarations/,
    ],
    [
      'entities further down than one looks',
      () => workbookOf({ sheets: [{ ...simple.sheets[0]!, head: ' '.repeat(20_000) + entity }] }),
      /XML declarations/,
    ],
    ['macros', () => withPart({ name: 'xl/vbaProject.bin', data: 'x' }), /contains macros/],
    ['an encrypted part', () => withPart({ name: 'xl/x.bin', data: 'x', flags: 1 }), /protected by a password/],
    [
      'an OpenDocument file',
      () =>
        zipOf([
          { name: 'mimetype', data: 'application/vnd.oasis.opendocument.spreadsheet', method: 0 },
          { name: 'content.xml', data: '<x/>' },
        ]),
      /OpenDocument/,
    ],
    ['a binary workbook', () => withPart({ name: 'xl/workbook.bin', data: 'x' }), /binary workbook/],
    [
      'a text document',
      () =>
        zipOf([
          { name: '[Content_Types].xml', data: '<x/>' },
          { name: 'word/document.xml', data: '<x/>' },
        ]),
      /not a workbook/,
    ],
    ['a zip with a workbook inside', () => zipOf([{ name: 'list.xlsx', data: workbookOf(simple) }]), /is a zip archive/],
    ['names that lead outside', () => withPart({ name: '../../etc/x.xml', data: '<x/>' }), /is damaged/],
    ['two parts of one name', () => withPart({ name: 'xl/styles.xml', data: '<x/>' }), /is damaged/],
    [
      'bytes changed on the way',
      () => changed(zipOf(partsOf(simple).map((part) => ({ ...part, method: 0 }))), 'Jane', 'Jade'),
      /is damaged/,
    ],
    ['half a file', () => workbookOf(simple).subarray(0, 900), /is damaged/],
    ['nothing but the mark of a zip', () => Buffer.from('PK\x03\x04'), /is damaged/],
    ['no sheet', () => workbookOf({ sheets: [] }), /no sheets in the workbook/],
    ['no visible rows', () => workbookOf({ sheets: [{ ...simple.sheets[0]!, state: 'hidden' }] }), /no visible sheet/],
    ['a sheet that is not there', () => workbookOf(simple), /not in the workbook/, { sheets: ['Nope'] }],
    [
      'more rows than allowed',
      () => workbookOf({ sheets: [{ name: 'S', rows: rows(300) }] }),
      /Save the sheet as CSV/,
      { limits: { xlsxRows: 200 } },
    ],
    [
      'more rows than allowed over several sheets',
      () => workbookOf({ sheets: ['A', 'B', 'C'].map((name) => ({ name, rows: rows(90) })) }),
      /Save the sheet as CSV/,
      { limits: { xlsxRows: 200 } },
    ],
    [
      'a million columns',
      () =>
        workbookOf({
          sheets: [
            {
              name: 'S',
              rows: `<row r="1">${Array.from({ length: 1_000_000 }, (_unused, i) => `<c t="str"><v>${i}</v></c>`).join('')}</row>`,
            },
          ],
        }),
      /more than 500 columns/,
    ],
    [
      'a cell far to the right',
      () => workbookOf({ sheets: [{ name: 'S', rows: `${row(1, ['Surname'])}<row r="2"><c r="XFD2"><v>1</v></c></row>` }] }),
      /more than 500 columns/,
    ],
    [
      'rows out of order',
      () => workbookOf({ sheets: [{ name: 'S', rows: row(1, ['Surname']) + row(9, ['Doe']) + row(3, ['Roe']) }] }),
      /out of order/,
    ],
    ['a tag without end', () => workbookOf({ sheets: [{ name: 'S', rows: `<row a="${'>'.repeat(900_000)}` }] }), /is damaged/],
  ];
  for (const [name, make, sentence, options] of files) {
    it(name, async () => {
      const refusal = await refusalOf(make(), 'list.xlsx', { columns, ...options });
      assert.match(refusal.sentence, sentence);
      assert.equal(refusal.rows, 0);
      assert.ok(refusal.milliseconds < 10_000, `${refusal.milliseconds} ms`);
    });
  }

  it('merged ranges over the whole sheet and a million formatted empty rows cost nothing', async () => {
    const empty = Array.from({ length: 1_000_000 }, (_unused, i) => `<row r="${i + 3}" s="1"/>`).join('');
    const { cells, summary } = await read({
      sheets: [{ name: 'S', rows: simple.sheets[0]!.rows + empty, merges: Array<string>(500).fill('A1:XFD1048576') }],
    });
    assert.deepEqual(cells, [['Doe', 'Jane']]);
    assert.ok(summary.peakBytes < 300e6, `${summary.peakBytes / 1e6} MB`);
  });

  it('a huge cell is handed on as too long', async () => {
    const big = 'y'.repeat(2_000_000);
    const { cells } = await read({
      sheets: [{ name: 'S', rows: row(1, ['Surname', 'Remarks']) + row(2, [shared(0), big]) }],
      strings: [`<t>${big}</t>`],
    });
    for (const cell of cells[0]!) assert.ok(String(cell).length > 5000 && String(cell).length < 80_000);
  });
});
