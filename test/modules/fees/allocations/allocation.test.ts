import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  allocate,
  ALLOCATION_ORDERS,
  lessened,
  type OpenItem,
} from '../../../../src/modules/fees/allocations/allocation.rules.js';
import { levelShares, type Sharer } from '../../../../src/modules/fees/allocations/split.rules.js';

const item = (invoiceId: string, headId: string, openMinor: number, given: Partial<OpenItem> = {}): OpenItem => ({
  invoiceId,
  headId,
  studentId: 's',
  payerId: 's',
  opening: false,
  dueOn: '2026-09-01',
  number: invoiceId,
  termId: 't3',
  priority: 1,
  headCode: headId,
  headName: headId,
  openMinor,
  ...given,
});
const settled = (
  amount: number,
  items: OpenItem[],
  ...more: [instructions?: { invoiceId: string; headId: string; amountMinor: number }[], order?: 'priority' | 'pro-rata']
) => {
  const { allocations, restMinor } = allocate(amount, items, ...more);
  return {
    ...Object.fromEntries(allocations.map((one) => [`${one.invoiceId} ${one.headId}`, one.amountMinor])),
    rest: restMinor,
  };
};

const tuition = item('term3', 'tuition', 720_000, { priority: 1 });
const boarding = item('term3', 'boarding', 875_000, { priority: 2 });
const lunch = item('term3', 'lunch', 149_000, { priority: 3 });
const lastTerm = item('term2', 'boarding', 400_000, { dueOn: '2026-05-01', priority: 2 });
const brought = item('old', 'tuition', 50_000, { opening: true, dueOn: '2026-12-01' });

describe('a payment settles', () => {
  it('inside one invoice the head of the lower number first', () => {
    assert.deepEqual(settled(1_200_000, [boarding, lunch, tuition]), {
      'term3 tuition': 720_000,
      'term3 boarding': 480_000,
      rest: 0,
    });
  });
  it('the oldest due first, and the balance brought from the old books before everything', () => {
    assert.deepEqual(settled(500_000, [tuition, lastTerm, brought]), {
      'old tuition': 50_000,
      'term2 boarding': 400_000,
      'term3 tuition': 50_000,
      rest: 0,
    });
  });
  it('of two due on one day the lower number', () => {
    assert.deepEqual(settled(100, [item('b', 'x', 100), item('a', 'x', 100)]), { 'a x': 100, rest: 0 });
  });
  it('what the payer named first, and the rest by the usual order', () => {
    assert.deepEqual(
      settled(500_000, [tuition, boarding, lunch], [{ invoiceId: 'term3', headId: 'lunch', amountMinor: 149_000 }]),
      { 'term3 lunch': 149_000, 'term3 tuition': 351_000, rest: 0 },
    );
  });
  it('no more than is open: what is left over is credit', () => {
    assert.deepEqual(settled(150_000, [lunch]), { 'term3 lunch': 149_000, rest: 1_000 });
    assert.deepEqual(settled(150_000, []), { rest: 150_000 });
  });
  it('nothing that was corrected below zero', () => {
    assert.deepEqual(settled(100, [item('a', 'x', -500), item('a', 'y', 60)]), { 'a y': 60, rest: 40 });
  });
  it('all heads of an invoice alike where the school wants that, to the cent', () => {
    assert.deepEqual(settled(100, [item('a', 'x', 100), item('a', 'y', 100), item('a', 'z', 100)], [], 'pro-rata'), {
      'a x': 34,
      'a y': 33,
      'a z': 33,
      rest: 0,
    });
    assert.deepEqual(settled(1_000, [item('a', 'x', 1), item('a', 'y', 2_999)], [], 'pro-rata'), { 'a y': 1_000, rest: 0 });
  });
  it('refuses to give a head more than is open on it, or to give more than was paid', () => {
    assert.throws(
      () => allocate(900_000, [tuition], [{ invoiceId: 'term3', headId: 'tuition', amountMinor: 720_001 }]),
      /more.*than is owed/i,
    );
    assert.throws(
      () => allocate(100, [tuition], [{ invoiceId: 'term3', headId: 'tuition', amountMinor: 101 }]),
      /more than was paid/,
    );
    assert.throws(() => allocate(100, [tuition], [{ invoiceId: 'term9', headId: 'tuition', amountMinor: 1 }]), /than is owed/);
  });
});

const items = fc
  .uniqueArray(
    fc.record({
      invoice: fc.integer({ min: 1, max: 4 }),
      head: fc.integer({ min: 1, max: 4 }),
      open: fc.integer({ min: -50, max: 5_000_000 }),
      priority: fc.integer({ min: 1, max: 3 }),
    }),
    { selector: ({ invoice, head }) => `${invoice} ${head}`, maxLength: 12 },
  )
  .map((all) =>
    all.map(({ invoice, head, open, priority }) =>
      item(`i${invoice}`, `h${head}`, open, { dueOn: `2026-0${1 + (invoice % 3)}-01`, opening: invoice === 4, priority }),
    ),
  );
const amounts = fc.integer({ min: 1, max: 20_000_000 });

describe('whatever is open and whatever is paid', () => {
  it('no cent is lost and no head gets more than it lacks', () => {
    fc.assert(
      fc.property(amounts, items, fc.constantFrom(...ALLOCATION_ORDERS), (amount, all, order) => {
        const { allocations, restMinor } = allocate(amount, all, [], order);
        assert.equal(
          allocations.reduce((sum, one) => sum + one.amountMinor, restMinor),
          amount,
        );
        const lack = all.reduce((sum, one) => sum + Math.max(0, one.openMinor), 0);
        assert.equal(restMinor, Math.max(0, amount - lack));
        for (const one of allocations)
          assert.ok(
            one.amountMinor > 0 &&
              one.amountMinor <= all.find((other) => other.invoiceId === one.invoiceId && other.headId === one.headId)!.openMinor,
          );
      }),
    );
  });
  it('the order of the list changes nothing', () => {
    fc.assert(
      fc.property(
        amounts,
        items.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        fc.constantFrom(...ALLOCATION_ORDERS),
        (amount, [one, other], order) => {
          assert.deepEqual(allocate(amount, one, [], order), allocate(amount, other, [], order));
        },
      ),
    );
  });
  it('taking the allocations back leaves what was open before', () => {
    fc.assert(
      fc.property(amounts, items, (amount, all) => {
        const { allocations } = allocate(amount, all);
        const back = allocations.map((one) => ({ ...one, amountMinor: -one.amountMinor }));
        assert.deepEqual(lessened(lessened(all, allocations), back), all);
      }),
    );
  });
});

const sharer = (id: string, owingMinor: number, given: Partial<Sharer> = {}): Sharer => ({
  id,
  owingMinor,
  bornOn: null,
  admissionNo: id,
  ...given,
});
const shares = (amount: number, all: Sharer[]) => Object.fromEntries(levelShares(amount, all));

describe('one sum for brothers and sisters', () => {
  const a = sharer('a', 500_000);
  const b = sharer('b', 2_000_000);
  const c = sharer('c', 1_200_000);
  it('is shared level, and who owes less is cleared: 5,000, 13,000 and 12,000 in any order', () => {
    for (const all of [
      [a, b, c],
      [a, c, b],
      [b, a, c],
      [b, c, a],
      [c, a, b],
      [c, b, a],
    ])
      assert.deepEqual(shares(3_000_000, all), { a: 500_000, b: 1_300_000, c: 1_200_000 });
  });
  it('gives the cent that can’t be shared to the eldest, of twins to the lower admission number', () => {
    const born = (id: string, bornOn: string | null, admissionNo: string) => sharer(id, 9_000_000, { bornOn, admissionNo });
    assert.deepEqual(
      shares(1_000_000, [born('young', '2014-01-01', '1'), born('old', '2010-05-05', '9'), born('none', null, '0')]),
      { old: 333_334, young: 333_333, none: 333_333 },
    );
    assert.deepEqual(
      shares(1_000_000, [born('x', '2012-03-03', 'B2'), born('y', '2012-03-03', 'B1'), born('z', '2014-03-03', 'A')]),
      { y: 333_334, x: 333_333, z: 333_333 },
    );
  });
  it('is shared alike where more is paid than all owe', () => {
    assert.deepEqual(shares(1_000, [sharer('a', 100), sharer('b', 0), sharer('c', -50)]), { a: 400, b: 300, c: 300 });
  });
  const families = fc
    .array(
      fc.record({ owing: fc.integer({ min: -100, max: 3_000_000 }), born: fc.constantFrom('2010-01-01', '2012-01-01', null) }),
      { minLength: 1, maxLength: 7 },
    )
    .map((all) => all.map(({ owing, born }, n) => sharer(`c${n}`, owing, { bornOn: born })));
  it('loses no cent, clears nobody beyond what is owed while others owe, and heeds no order', () => {
    fc.assert(
      fc.property(
        amounts,
        families.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        (amount, [all, shuffled]) => {
          const given = levelShares(amount, all);
          assert.equal(
            [...given.values()].reduce((sum, minor) => sum + minor, 0),
            amount,
          );
          assert.deepEqual(given, levelShares(amount, shuffled));
          const owed = all.reduce((sum, one) => sum + Math.max(0, one.owingMinor), 0);
          if (amount <= owed) for (const one of all) assert.ok((given.get(one.id) ?? 0) <= Math.max(0, one.owingMinor));
        },
      ),
    );
  });
});
