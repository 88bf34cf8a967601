import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSplitLines } from '../../../../src/modules/fees/awards/adapters/split-lines.js';
import { namesInBrief, numbersInBrief } from '../../../../src/modules/fees/documents/brief.rules.js';
import { balancesAfter } from '../../../../src/modules/fees/receiving/payment.rules.js';
import { checkLines, partsOf, sharesOf } from '../../../../src/modules/fees/awards/sponsor-split.rules.js';

const read = (text: string) => readSplitLines(text, 'KES').map(({ number, amountMinor }) => [number, amountMinor]);

describe('the lines of a sponsor’s list', () => {
  it('are a number and an amount, however somebody divides them', () => {
    for (const line of [
      'MH220417, 12,000',
      'MH220417,12000',
      'MH220417\t12,000',
      'MH220417;12000.00',
      'MH220417 12,000',
      'MH220417, KES 12,000, Amina Noor',
      'MH220417,Amina Noor,12000',
      '"MH220417","12,000"',
    ]) {
      assert.deepEqual(read(line), [['MH220417', 12_000_00]], line);
    }
    assert.deepEqual(read('KA/2019/034\t500\tNoor Amina'), [['KA/2019/034', 500_00]]);
  });

  it('keep their number in the text: empty lines and a heading are left out', () => {
    const lines = readSplitLines('Admission number, Amount\n\nMH1, 5\n', 'KES');
    assert.deepEqual(
      lines.map(({ n, text }) => [n, text]),
      [[3, 'MH1, 5']],
    );
  });

  it('have no amount where none, two, zero or less can be read', () => {
    for (const line of ['MH1', 'MH1,', 'MH1, Amina', 'MH1, 0', 'MH1\t-5', 'MH1\t5\t7', 'MH1, 5.001'])
      assert.deepEqual(
        read(line).map(([, minor]) => minor),
        [null],
        line,
      );
  });
});

describe('whom a line is about', () => {
  const students = [
    { id: 'a', admissionNo: 'MH/001', paymentNo: '9001' },
    { id: 'b', admissionNo: 'MH002', paymentNo: '9002' },
    { id: 'c', admissionNo: 'MH-002', paymentNo: '9003' },
  ];
  const check = (...given: [string, number | null][]) =>
    checkLines(
      given.map(([number, amountMinor], n) => ({ n: n + 1, text: number, number, amountMinor })),
      students,
    ).map(({ student, problem }) => problem ?? student?.id);

  it('is known by the admission or the payment number, whatever signs are in it', () => {
    assert.deepEqual(check(['mh 001', 5], ['9003', 5]), ['a', 'c']);
  });

  it('is said where there is nobody, more than one, or somebody who was named before', () => {
    assert.deepEqual(check(['', 5], ['X9', 5], ['MH002', 5], ['9001', 5], ['MH/001', 5], ['9002', null]), [
      'no-number',
      'unknown',
      'ambiguous',
      'a',
      'repeated',
      'no-amount',
    ]);
  });
});

describe('what a part of a sponsor’s payment settles', () => {
  for (const [purpose, open, expected] of [
    ['bills-first', 80, { billsMinor: 80, familyMinor: 20 }],
    ['bills-first', 200, { billsMinor: 100, familyMinor: 0 }],
    ['bills-first', 0, { billsMinor: 0, familyMinor: 100 }],
    ['bills-first', -30, { billsMinor: 0, familyMinor: 100 }],
    ['bills', 80, { billsMinor: 100, familyMinor: 0 }],
    ['families', 80, { billsMinor: 0, familyMinor: 100 }],
  ] as const) {
    it(`${purpose}, of 100 with ${open} open`, () => assert.deepEqual(partsOf(100, open, purpose), expected));
  }

  it('has a receipt for each account that gets something', () => {
    assert.deepEqual(sharesOf('child', 'trust', { billsMinor: 80, familyMinor: 20 }), [
      { studentId: 'child', payer: { kind: 'sponsor', id: 'trust' }, amountMinor: 80 },
      { studentId: 'child', payer: { kind: 'student', id: 'child' }, amountMinor: 20 },
    ]);
    assert.equal(sharesOf('child', 'trust', { billsMinor: 0, familyMinor: 20 }).length, 1);
  });

  it('leaves the sponsor’s account one receipt after the other', () => {
    const trust = { kind: 'sponsor', id: 'trust' } as const;
    const child = { kind: 'student', id: 'child' } as const;
    const shares = [
      { payer: trust, amountMinor: 30 },
      { payer: child, amountMinor: 5 },
      { payer: trust, amountMinor: 20 },
    ];
    assert.deepEqual(
      balancesAfter(
        shares,
        new Map([
          ['trust', 50],
          ['child', 7],
        ]),
      ),
      [70, 7, 50],
    );
  });
});

it('many numbers and names are said in brief', () => {
  assert.equal(numbersInBrief(['R-1', 'R-2', 'R-3']), 'R-1, R-2, R-3');
  assert.equal(numbersInBrief(['R-1', 'R-2', 'R-3', 'R-4']), 'R-1 – R-4 (4)');
  assert.equal(namesInBrief(['A', 'B', 'C']), 'A, B, C');
  assert.equal(namesInBrief(['A', 'B', 'C', 'D']), 'A, B +2');
});
