import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LONGEST_DESCRIPTION, LONGEST_REFERENCE } from '../../../../src/modules/payments/daraja/daraja.rules.js';
import { readMessage, samePhone } from '../../../../src/modules/payments/messages/message.rules.js';
import {
  answered,
  isLate,
  mayBecome,
  sameShares,
  sharesOf,
  type Prompt,
} from '../../../../src/modules/payments/prompts/prompt.rules.js';
import { meaningOf } from '../../../../src/modules/payments/daraja/results.rules.js';

const CONFIRMATION = {
  TransactionType: 'Pay Bill',
  TransID: 'RKTQDM7W6S',
  TransTime: '20261125063845',
  TransAmount: '10.00',
  BusinessShortCode: '600638',
  BillRefNumber: 'KA/2026/0034',
  InvoiceNumber: '',
  OrgAccountBalance: '',
  ThirdPartyTransID: '',
  MSISDN: '2547*****126',
  FirstName: 'John',
  MiddleName: '',
  LastName: 'Doe',
};

describe('a payment to the number, as Safaricom writes it', () => {
  it('is read with its phone hidden in the middle, its amount as decimal text and its time as Nairobi’s', () => {
    const read = readMessage('confirmation', JSON.stringify(CONFIRMATION));
    assert.deepEqual(
      [read.transId, read.amountMinor, read.billRef, read.payerName, read.payerPhone],
      ['RKTQDM7W6S', 1000, 'KA/2026/0034', 'John Doe', '2547*****126'],
    );
    assert.equal(read.paidAt?.toISOString(), '2026-11-25T03:38:45.000Z');
    assert.equal(readMessage('confirmation', JSON.stringify({ ...CONFIRMATION, TransAmount: '5' })).amountMinor, 500);
    for (const wrong of [{ TransAmount: '1e3' }, { TransAmount: '10.005' }, { TransAmount: -5 }, { TransID: { $ne: 1 } }]) {
      const { transId, amountMinor } = readMessage('confirmation', JSON.stringify({ ...CONFIRMATION, ...wrong }));
      assert.ok(transId === null || amountMinor === null, JSON.stringify(wrong));
    }
  });

  it('a phone without its middle may be the one that was asked, and another start or end is not', () => {
    for (const shown of ['2547*****126', '254722000126', '722000126', '+254722000126'])
      assert.ok(samePhone(shown, '+254722000126'), shown);
    for (const shown of ['2547*****127', '2541*****126', '254722000127', '126', ''])
      assert.ok(!samePhone(shown, '+254722000126'), shown);
  });
});

describe('how a prompt ended', () => {
  it('every code has a sentence of its own, but for two of the operator’s side', () => {
    const failed = ['1', '2', '3', '4', '8', '17', '26', '1001', '1019', '1025', '1032', '1037', '2001'];
    assert.ok(failed.every((code) => meaningOf(code).kind === 'failed'));
    assert.deepEqual([meaningOf('0').kind, meaningOf('4999').kind], ['paid', 'busy']);
    const sentences = failed.map((code) => meaningOf(code).sentence);
    assert.equal(new Set(sentences).size, failed.length - 1);
    for (const code of ['17', '26', '9999', 'x']) assert.match(meaningOf(code).sentence, /could not complete this payment/, code);
  });

  it('failed may still become paid, paid nothing else; what was paid after it had failed is late', () => {
    assert.deepEqual(
      [
        mayBecome('failed', 'paid'),
        mayBecome('paid', 'failed'),
        mayBecome('receipt-awaited', 'failed'),
        mayBecome('receipt-awaited', 'paid'),
      ],
      [true, false, false, true],
    );
    const late = (state: Prompt['state'], resultCode: string | null): boolean => isLate({ state, resultCode });
    assert.deepEqual(
      [late('paid', '1032'), late('paid', '0'), late('paid', null), late('failed', '1032')],
      [true, false, false, false],
    );
  });

  it('what a prompt shows fits: twelve letters of reference, thirteen of description', () => {
    assert.deepEqual([LONGEST_REFERENCE, LONGEST_DESCRIPTION], [12, 13]);
    assert.ok('School fees'.length <= LONGEST_DESCRIPTION);
  });

  it('a payment without its number answers the newest prompt of its reference and sum, within half an hour', () => {
    const at = new Date('2026-11-25T06:00:00Z');
    const prompt = (minutes: number, given: Partial<Prompt> = {}): Prompt =>
      ({
        id: String(minutes),
        reference: 'KA0034',
        amountMinor: 100,
        transId: null,
        paymentId: null,
        askedAt: new Date(at.getTime() + minutes * 60_000),
        ...given,
      }) as Prompt;
    const paid = { billRef: 'KA0034', amountMinor: 100, paidAt: new Date(at.getTime() + 20 * 60_000) };
    assert.equal(answered([prompt(0), prompt(5)], paid)?.id, '5');
    for (const other of [
      prompt(-15),
      prompt(30),
      prompt(5, { amountMinor: 101 }),
      prompt(5, { reference: 'KA0035' }),
      prompt(5, { transId: 'SK1' }),
    ])
      assert.equal(answered([other], paid), null);
  });
});

describe('a prompt for several children', () => {
  const shares = [
    { studentId: 'one', amountMinor: 100 },
    { studentId: 'two', amountMinor: 200 },
  ];

  it('gives each its part of the whole sum, and nobody a part of another', () => {
    assert.deepEqual(sharesOf({ studentId: 'one', shares: [] }, 250), [{ studentId: 'one', amountMinor: 250 }]);
    assert.deepEqual(sharesOf({ studentId: 'one', shares }, 300), shares);
    assert.equal(sharesOf({ studentId: 'one', shares }, 299), null);
  });

  it('of whom two became one record since then, gives that one both parts', () => {
    assert.deepEqual(sharesOf({ studentId: 'one', shares: [...shares, { studentId: 'one', amountMinor: 50 }] }, 350), [
      { studentId: 'one', amountMinor: 150 },
      { studentId: 'two', amountMinor: 200 },
    ]);
  });

  it('is the same as another only with the same parts', () => {
    assert.ok(sameShares(shares, [...shares]));
    for (const other of [[], shares.slice(1), [shares[1]!, shares[0]!], [{ ...shares[0]!, amountMinor: 99 }, shares[1]!]])
      assert.ok(!sameShares(shares, other));
  });
});
