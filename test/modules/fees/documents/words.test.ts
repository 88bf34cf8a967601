import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dueWords } from '../../../../src/modules/fees/documents/adapters/method-words.js';
import { ageingOf, duesOf } from '../../../../src/modules/fees/statements/ageing.rules.js';
import { amountInWords } from '../../../../src/modules/fees/documents/words.rules.js';

describe('a sum in words', () => {
  for (const [minor, currency, language, expected] of [
    [1_200_000, 'KES', 'en', 'Twelve thousand shillings only'],
    [1_845_000, 'KES', 'en', 'Eighteen thousand four hundred and fifty shillings only'],
    [100_500_550, 'KES', 'en', 'One million five thousand and five shillings and fifty cents only'],
    [50, 'KES', 'en', 'Fifty cents only'],
    [350_000, 'UGX', 'en', 'Three hundred and fifty thousand shillings only'],
    [125_050, 'GHS', 'en', 'One thousand two hundred and fifty cedis and fifty pesewas only'],
    [2_100, 'NGN', 'en', 'Twenty-one naira only'],
    [25_000, 'XOF', 'fr', 'Vingt-cinq mille XOF seulement'],
    [8_000, 'KES', 'fr', 'Quatre-vingts shillings seulement'],
    [7_100, 'KES', 'fr', 'Soixante et onze shillings seulement'],
    [9_900, 'KES', 'fr', 'Quatre-vingt-dix-neuf shillings seulement'],
    [20_000_000, 'KES', 'fr', 'Deux cent mille shillings seulement'],
    [100_000, 'KES', 'fr', 'Mille shillings seulement'],
    [20_000, 'KES', 'fr', 'Deux cents shillings seulement'],
    [1_200_000, 'KES', 'sw', 'Shilingi elfu kumi na mbili tu'],
    [1_845_000, 'KES', 'sw', 'Shilingi elfu kumi na nane, mia nne na hamsini tu'],
    [125_050, 'KES', 'sw', 'Shilingi elfu moja, mia mbili na hamsini na senti hamsini tu'],
  ] as const) {
    it(`${minor} ${currency} in ${language}: ${expected}`, () =>
      assert.equal(amountInWords(minor, currency, language), expected));
  }
});

describe('what of a family’s statement is late', () => {
  const said = (items: readonly { dueOn: string; openMinor: number }[], owedMinor?: number): string =>
    dueWords(
      { ageing: ageingOf(items, '2026-11-24'), dues: duesOf(items), owedMinor },
      {
        amount: String,
        dateLong: (day) => day,
        t: (text, values = {}) => text.replace(/{{(\w+)}}/g, (_, name: string) => String(values[name])),
      },
    );
  const late = { dueOn: '2026-09-01', openMinor: 106_480 };
  const coming = { dueOn: '2026-12-11', openMinor: 20_000 };

  it('is all that is past its day', () => {
    assert.equal(said([late]), '106480 overdue');
    assert.equal(said([late, coming]), '106480 overdue, 20000 not due yet');
  });

  it('is never more than is owed, where a brother or sister has paid ahead', () => {
    assert.equal(said([late], 102_820), '102820 overdue');
    assert.equal(said([late, coming], 110_480), '106480 overdue, 4000 not due yet');
    assert.equal(said([late, coming], 100_000), '100000 overdue');
  });
});
