import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amountInWords } from '../../../src/modules/fees/domain/words.js';

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
    it(`${minor} ${currency} in ${language}: ${expected}`, () => assert.equal(amountInWords(minor, currency, language), expected));
  }
});
