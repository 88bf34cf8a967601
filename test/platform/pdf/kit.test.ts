import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pdfDocument } from '../../../src/platform/pdf/document.js';
import { fontsOf, type ParsedFont } from '../../../src/platform/pdf/fonts.js';
import { report, type ReportKit } from '../../../src/platform/pdf/kit.js';
import type { Pen } from '../../../src/platform/pdf/pen.js';
import { readableOn } from '../../../src/platform/pdf/pictures.js';
import { pdfText } from '../../../src/platform/pdf/text.js';
import { drawWideTable } from '../../../src/platform/pdf/wide-table.js';
import { context, pagesOf, plain } from './samples.js';

const options = { context: context(), title: 'Report' };

async function draw(fill: (kit: ReportKit) => void): Promise<string[]> {
  return pagesOf(await report(options, fill));
}

async function withPen(fill: (pen: Pen) => void): Promise<string[]> {
  const facts = { page: 'A5', title: 'Pen', author: 'AIMS', language: 'en', madeAt: new Date(0) } as const;
  return pagesOf(await pdfDocument(facts, fill));
}

describe('text on paper', () => {
  it('a word with raised marks does not change the letters of later words', async () => {
    // In a document of its own and before anything else: the first use of a glyph decides what it is called.
    const [page] = await withPen((pen) => {
      pen.text('Adébáyọ̀ Chị́dịébéré', { x: 5, y: 5, width: 100 });
      pen.text('for the month of October, no idle children', { x: 5, y: 15, width: 100 });
    });
    const text = plain(page!);
    assert.ok(text.includes(plain('Adébáyọ̀ Chị́dịébéré')));
    assert.ok(text.includes('for the month of October, no idle children'));
  });

  it('letters keep their names in a document after one that has them with marks', async () => {
    await withPen((pen) => void pen.text('áàâäãåāăą ẹẽèé ṣşš ńǹñ', { x: 5, y: 5, width: 100, face: 'heading' }));
    const [page] = await withPen((pen) => void pen.text('a sensation', { x: 5, y: 5, width: 100, face: 'heading' }));
    assert.equal(plain(page!), 'a sensation');
  });

  it('decomposed text comes out composed, invisible characters not at all', () => {
    assert.equal(pdfText('Ade\u0301ba\u0301yo\u0323\u0300'), 'Adébáyọ̀'.normalize('NFC'));
    assert.equal(pdfText('a\u200bb\u202ec\ufeff\u00add\u0007'), 'abcd');
  });

  it('scripts may be mixed in a line; one without a font is printed as replacement marks', async () => {
    const [page] = await draw((kit) => kit.paragraph('Abebe አበበ, 学校 \u{1f600} ⵣⵉⵖ end'));
    assert.match(page!, /Abebe አበበ, \ufffd\ufffd \ufffd ⵣⵉⵖ end/);
  });

  it('Arabic names are joined and stand from right to left', async () => {
    const [page] = await draw((kit) => kit.paragraph('Name: محمد عبد الرحمن.'));
    assert.ok(page!.replace(/[\u202a-\u202e]/g, '').includes('محمد عبد الرحمن'), page);
  });

  it('Adlam names are joined and stand from right to left', async () => {
    const [page] = await draw((kit) => kit.paragraph('Name: 𞤀𞤣𞤤𞤢𞤥 𞤆𞤵𞤤𞤢𞤪.'));
    assert.match(page!, /Name: 𞤆𞤵𞤤𞤢𞤪 𞤀𞤣𞤤𞤢𞤥\./u);
    let font: ParsedFont | undefined;
    await withPen((pen) => {
      pen.text('𞤀', { x: 5, y: 5, width: 50 });
      font = fontsOf(pen.document, 'regular').find((one) => one.font.hasGlyphForCodePoint(0x1e900))!.font;
    });
    const forms = (text: string): string[] =>
      (font!.layout(text) as { glyphs: { name: string }[] }).glyphs.map((glyph) => glyph.name);
    assert.deepEqual(forms('𞤀𞤣𞤤'), ['u1E924.fina', 'u1E923.medi', 'u1E900.init']);
    assert.deepEqual(forms('𞤀𞤣𞥄'), ['u1E944', 'u1E923.fina', 'u1E900.init']);
    assert.deepEqual(forms('𞥑𞥒 𞤀'), ['u1E900', 'space', 'u1E952', 'u1E951']);
  });

  it('what does not fit ends in an ellipsis, smaller type comes first', async () => {
    const [page] = await withPen((pen) => {
      const long = 'Wilhelmina Nyambura Kariuki-Oduya';
      assert.equal(pen.set(long, { width: 50, size: 12, lines: 1, shrinkTo: 7 }).lines.length, 1);
      assert.ok(pen.set(long, { width: 50, size: 12, lines: 1, shrinkTo: 7 }).style.size < 12);
      assert.equal(pen.set(long, { width: 50, size: 12, lines: 3, prefer: { lines: 1, downTo: 11 } }).lines.length, 2);
      pen.text(long, { x: 5, y: 5, width: 30, size: 12, lines: 1 });
      pen.text('Supercalifragilistic', { x: 5, y: 20, width: 15, size: 12 });
    });
    assert.match(page!, /Wilhelmina N?.*…/);
    assert.equal(
      plain(page!).replace(/ /g, '').includes('Supercalifragilistic'),
      true,
      'a word that is too wide goes on in the next line',
    );
  });

  it('a line never breaks inside a phone number or a date', async () => {
    const [page] = await draw((kit) =>
      kit.paragraph(`${'word '.repeat(19)}${kit.words.dateLong('2026-11-24')} on 0712\u00a0300\u00a0400`),
    );
    assert.match(page!, /24 November 2026/);
    assert.match(page!, /0712 300 400/);
  });

  it('an address is broken at its @ only where no line has room for all of it', async () => {
    const [page] = await withPen((pen) => {
      pen.text('Kindaruma Road · office@kilimani.example', { x: 5, y: 5, width: 50 });
      pen.text('headteacher.secretary@kilimani-academy.example', { x: 5, y: 25, width: 50 });
    });
    assert.match(page!, /office@kilimani\.example/);
    assert.match(page!, /headteacher\.secretary@$/m);
  });
});

describe('report', () => {
  it('names the school, who printed it and when in the school’s zone, and where it can be checked', async () => {
    const file = await report({ ...options, subtitle: 'Term 3', checkUrl: 'https://a.example/c/1' }, (kit) =>
      kit.paragraph('Body'),
    );
    const text = plain((await pagesOf(file))[0]!);
    for (const part of [
      'Mwangaza Hills School',
      'Report',
      'Term 3',
      'Printed by Joseph Kiptoo Rono, 24 November 2026, 10:46',
      'Check at a.example/c/1',
      'Page 1 of 1',
    ]) {
      assert.ok(text.includes(part), part);
    }
  });

  it('a table repeats its head and the group that goes on, keeps rows whole, a group’s name with its first row and the totals with the last one', async () => {
    const rows = Array.from({ length: 120 }, (_, index) => [
      ...(index % 10 === 0 ? [{ group: `Group ${index / 10}` }] : []),
      { cells: [`Row ${index}`, `first-${index}\nsecond-${index}`] },
    ]).flat();
    const pages = await draw((kit) =>
      kit.table({ columns: [{ head: 'Name' }, { head: 'What' }], rows, totals: [['Total', '120']] }),
    );
    assert.ok(pages.length > 3);
    for (const page of pages) {
      assert.match(page, /Name/);
      for (const [, index] of page.matchAll(/first-(\d+)/g)) assert.match(page, new RegExp(`second-${index}\\b`));
      const groups = [...page.matchAll(/Group (\d+)/g)].map(([, group]) => Number(group));
      const groupsOfRows = [...page.matchAll(/Row (\d+)/g)].map(([, index]) => Math.floor(Number(index) / 10));
      assert.deepEqual(groups, [...new Set(groupsOfRows)], 'each name once, above a row of its own');
    }
    assert.match(pages.at(-1)!, /Row 119[\s\S]*Total/);
  });

  it('a long table says at the foot of a page what it comes to so far, and again at the top of the next', async () => {
    const amounts = Array.from({ length: 100 }, (_, n) => n + 1);
    const upTo = (done: number): string => String(amounts.slice(0, done).reduce((sum, one) => sum + one, 0));
    const pages = await draw((kit) =>
      kit.table({
        columns: [{ head: 'What' }, { head: 'Amount', align: 'right' }],
        rows: amounts.map((one) => ({ cells: [`Line ${one}`, String(one)] })),
        totals: [['Total', '5050']],
        carry: (done, label) => [label, upTo(done)],
      }),
    );
    assert.ok(pages.length > 2, `${pages.length} pages`);
    pages.forEach((page, n) => {
      const lines = [...page.matchAll(/Line (\d+)/g)].map((match) => Number(match[1]));
      const [first, last] = [Math.min(...lines), Math.max(...lines)];
      if (n > 0) assert.match(plain(page), new RegExp(`Brought forward ${upTo(first - 1)} Line ${first}`));
      if (n < pages.length - 1)
        assert.match(plain(page), new RegExp(`Line ${last} ${last} Carried forward .*\\b${upTo(last)}\\b`));
      else assert.doesNotMatch(page, /Carried forward/);
    });
  });

  it('a table that is too wide goes on to further sheets beside the same names, with no column lost', async () => {
    const heads = Array.from({ length: 17 }, (_, n) => `Head${n + 1}`);
    const pages = await draw((kit) =>
      drawWideTable(kit, {
        fixed: [{ head: 'Name' }],
        columns: heads.map((head) => ({ head, width: 20 })),
        rows: [{ fixed: ['Achieng'], cells: heads.map((_, n) => `a${n + 1}`) }],
        totals: [{ fixed: ['Total'], cells: heads.map((_, n) => `t${n + 1}`) }],
      }),
    );
    assert.equal(pages.length, 3, 'seventeen columns of 20 mm beside one of 38');
    const said = plain(pages.join(' '));
    for (const word of heads.flatMap((head, n) => [head, `a${n + 1}`, `t${n + 1}`]))
      assert.equal([...said.matchAll(new RegExp(`\\b${word}\\b`, 'g'))].length, 1, word);
    for (const page of pages) assert.match(plain(page), /Sheet \d of 3.*Achieng/);
  });

  it('a row that is higher than a page is cut, not lost', async () => {
    const pages = await draw((kit) =>
      kit.table({ columns: [{ head: 'A' }], rows: [{ cells: ['line\n'.repeat(200)] }, { cells: ['next'] }] }),
    );
    assert.ok(pages.length <= 3);
    assert.match(pages.join(' '), /next/);
  });

  it('is written in the language of the school', async () => {
    const file = await report({ context: context({ language: 'fr' }), title: 'Liste' }, (kit) =>
      kit.paragraph(kit.words.dateLong('2026-11-24')),
    );
    assert.match((await pagesOf(file))[0]!, /24 novembre 2026/);
  });

  it('words on a colour can be read', () => {
    assert.equal(readableOn('#0f5c43'), '#ffffff');
    assert.equal(readableOn('#f5c518'), '#141b18');
  });
});
