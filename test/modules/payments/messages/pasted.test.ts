import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readPasted } from '../../../../src/modules/payments/messages/pasted.rules.js';

describe('what somebody shows', () => {
  for (const [what, written, numbers, amountMinor, paidOn] of [
    ['a code', ' sff6xyz123 ', ['SFF6XYZ123'], null, null],
    ['a code that was typed with spaces', 'sff 6xyz 123', ['SFF6XYZ123'], null, null],
    ['the number of a cheque', '000 123', ['000123'], null, null],
    ['a slip', 'SLIP/991-A', ['SLIP991A'], null, null],
    [
      'a message to a paybill',
      'SFF6XYZ123 Confirmed. Ksh1,500.00 sent to KILIMANI ACADEMY for account KA20260034 on 15/6/26 at 2:15 PM New M-PESA balance is Ksh12,345.67. Transaction cost, Ksh23.00.',
      ['SFF6XYZ123', 'KA20260034'],
      150_000,
      '2026-06-15',
    ],
    [
      'a message on two lines',
      'SKL4T7QX2M Confirmed.\nKsh 700 paid to KILIMANI ACADEMY. on 5/11/2026',
      ['SKL4T7QX2M'],
      70_000,
      '2026-11-05',
    ],
    [
      'a message in Kiswahili',
      'SKL4T7QX2M Imethibitishwa. Ksh2,000.50 zimetumwa kwa KILIMANI tarehe 1/12/26 saa 9:00 AM',
      ['SKL4T7QX2M'],
      200_050,
      '2026-12-01',
    ],
    [
      'a message of a bank',
      'Dear customer, KES 12,000.00 was deposited, ref FT261234ABC, by 0722481903 on 31/02/2026',
      ['FT261234ABC'],
      1_200_000,
      null,
    ],
    ['words', 'I paid yesterday at noon, please believe me', [], null, null],
    ['nothing', '   ', [], null, null],
  ] as const) {
    it(`${what}: the code, the sum and the day are found in it`, () =>
      assert.deepEqual(readPasted(written), { numbers, amountMinor, paidOn }));
  }
});
