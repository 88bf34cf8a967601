import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unprintable } from '../../../src/platform/pdf/coverage.js';
import { pdfDocument } from '../../../src/platform/pdf/document.js';
import { fontsOf, type Face } from '../../../src/platform/pdf/fonts.js';
import { NAMES } from './samples.js';

describe('what can be printed', () => {
  it('names of schools in Africa: Latin with all its marks, Ge’ez, Arabic, N’Ko, Tifinagh, Adlam', () => {
    for (const { surname, otherNames } of NAMES) assert.equal(unprintable(`${surname} ${otherNames}`), '');
    for (const name of ['محمد', 'ߒߞߏ', 'ⵣⵉⵖ', '𞤀𞤣𞤤𞤢𞤥', "Ng'ang’a – N°"]) assert.equal(unprintable(name), '', name);
  });

  it('each letter that no font has is named once', () => {
    assert.equal(unprintable('李 Amina 李明'), '李 明');
    assert.equal(unprintable('ꕉ Vai'), 'ꕉ');
  });

  it('is what the fonts of every face have, letter by letter', async () => {
    const missing = new Map<Face, number[]>();
    const codes = Array.from({ length: 0x3000 }, (_, code) => code).filter(
      (code) =>
        /[\p{L}\p{N}\p{P}]/u.test(String.fromCodePoint(code)) &&
        String.fromCodePoint(code).normalize('NFC') === String.fromCodePoint(code),
    );
    await pdfDocument({ page: 'A5', title: 'x', author: 'x', language: 'en', madeAt: new Date(0) }, (pen) => {
      for (const face of ['regular', 'strong', 'heading'] as const) {
        const fonts = fontsOf(pen.document, face);
        missing.set(
          face,
          codes.filter((code) => !fonts.some(({ font }) => font.hasGlyphForCodePoint(code))),
        );
      }
    });
    const any = new Set([...missing.values()].flat());
    const wrong = codes.filter((code) => (unprintable(String.fromCodePoint(code)) !== '') !== any.has(code) && code !== 0x2011);
    assert.deepEqual(
      wrong.map((code) => code.toString(16)),
      [],
    );
  });
});
