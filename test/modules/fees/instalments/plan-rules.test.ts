import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { addDays } from '../../../../src/kernel/clock.js';
import {
  askedOverdue,
  demandInstalments,
  equalInstalments,
  planStanding,
  sumOf,
  INTERVALS,
  type PlanFacts,
} from '../../../../src/modules/fees/instalments/plan.rules.js';

const TODAY = '2026-11-24';
/** 30,000 in three: 1 November, 1 December, 1 January; a week of grace. */
const facts = (given: Partial<PlanFacts> = {}): PlanFacts => ({
  totalMinor: 3_000_000,
  graceDays: 7,
  paidMinor: 0,
  openMinor: 3_000_000,
  endedAs: null,
  instalments: [
    { dueOn: '2026-11-01', amountMinor: 1_000_000 },
    { dueOn: '2026-12-01', amountMinor: 1_000_000 },
    { dueOn: '2027-01-01', amountMinor: 1_000_000 },
  ],
  ...given,
});
const paid = (paidMinor: number): Partial<PlanFacts> => ({ paidMinor, openMinor: 3_000_000 - paidMinor });

describe('a plan', () => {
  for (const [what, given, on, state, overdueMinor, next] of [
    ['is agreed before its first day is over', paid(0), '2026-11-01', 'active', 0, '2026-11-01 1000000'],
    ['is late the day after', paid(0), '2026-11-02', 'overdue', 1_000_000, '2026-11-01 1000000'],
    ['is late by what is missing', paid(999_999), '2026-11-02', 'overdue', 1, '2026-11-01 1'],
    ['holds through the days of grace', paid(0), '2026-11-08', 'overdue', 1_000_000, '2026-11-01 1000000'],
    ['is broken when they are over', paid(0), '2026-11-09', 'broken', 1_000_000, '2026-11-01 1000000'],
    ['without grace is broken at once', { ...paid(0), graceDays: 0 }, '2026-11-02', 'broken', 1_000_000, '2026-11-01 1000000'],
    ['is kept while what was due is paid', paid(1_000_000), TODAY, 'compliant', 0, '2026-12-01 1000000'],
    ['counts what was paid ahead', paid(1_500_000), TODAY, 'compliant', 0, '2026-12-01 500000'],
    ['is late by two when two are', paid(500_000), '2026-12-02', 'broken', 1_500_000, '2026-11-01 500000'],
    ['is mended by money that comes late', paid(2_000_000), '2026-12-20', 'compliant', 0, '2027-01-01 1000000'],
    ['is paid when all has come', paid(3_000_000), TODAY, 'completed', 0, ''],
    ['is paid by more than all', { paidMinor: 3_500_000, openMinor: 0 }, TODAY, 'completed', 0, ''],
    [
      'asks for nothing that is owed no more, as after a credit note',
      { paidMinor: 0, openMinor: 1_500_000 },
      TODAY,
      'compliant',
      0,
      '2026-12-01 500000',
    ],
    [
      'is not behind because later bills came',
      { paidMinor: 1_000_000, openMinor: 7_000_000 },
      TODAY,
      'compliant',
      0,
      '2026-12-01 1000000',
    ],
    [
      'is late again when a receipt is taken back',
      { paidMinor: -500_000, openMinor: 3_500_000 },
      '2026-11-02',
      'overdue',
      1_000_000,
      '2026-11-01 1000000',
    ],
    ['that was taken back asks for nothing', { ...paid(0), endedAs: 'cancelled' }, '2027-06-01', 'cancelled', 0, ''],
    [
      'that was closed as paid stays paid',
      { ...paid(0), openMinor: 9_000_000, endedAs: 'completed' },
      '2027-06-01',
      'completed',
      0,
      '',
    ],
  ] as const) {
    it(what, () => {
      const standing = planStanding(facts(given), on);
      assert.deepEqual(
        [standing.state, standing.overdueMinor, standing.next ? `${standing.next.dueOn} ${standing.next.amountMinor}` : ''],
        [state, overdueMinor, next],
      );
    });
  }
});

describe('what is behind a plan', () => {
  for (const [what, given, behindMinor] of [
    ['is nothing while money comes', paid(500_000), 0],
    ['is what was reversed of the time before it', { paidMinor: -500_000, openMinor: 3_500_000 }, 500_000],
    ['is a refund whose cheque came back, though no bill is open for it', { paidMinor: -500_000, openMinor: 3_000_000 }, 500_000],
    ['is less by what a credit note took off', { paidMinor: -500_000, openMinor: 2_800_000 }, 300_000],
    ['is nothing once the plan is over', { paidMinor: -500_000, openMinor: 3_500_000, endedAs: 'cancelled' }, 0],
  ] as const) {
    it(what, () => assert.equal(planStanding(facts(given), TODAY).behindMinor, behindMinor));
  }
});

describe('what is asked for of an overdue account', () => {
  const owes = { overdueMinor: 2_500_000, sinceMinor: 500_000, openMinor: 3_500_000 };
  for (const [what, plan, asked] of [
    ['without a plan is all that is overdue', null, 2_500_000],
    ['under a plan that is kept is only what came after it', { state: 'compliant', overdueMinor: 0, behindMinor: 0 }, 500_000],
    [
      'under one with a late instalment is exactly that besides',
      { state: 'overdue', overdueMinor: 700_000, behindMinor: 0 },
      1_200_000,
    ],
    [
      'under one from which earlier money was reversed is that besides',
      { state: 'compliant', overdueMinor: 0, behindMinor: 300_000 },
      800_000,
    ],
    ['under a broken one is everything', { state: 'broken', overdueMinor: 700_000, behindMinor: 0 }, 2_500_000],
    ['under one that is paid is what is overdue', { state: 'completed', overdueMinor: 0, behindMinor: 0 }, 2_500_000],
  ] as const) {
    it(what, () => assert.equal(askedOverdue(owes, plan), asked));
  }
  it('is never more than is open', () =>
    assert.equal(
      askedOverdue({ overdueMinor: 0, sinceMinor: 0, openMinor: 300 }, { state: 'overdue', overdueMinor: 400, behindMinor: 0 }),
      300,
    ));
});

describe('equal parts', () => {
  it('leave the cents that are over to the last: 10,000.00 in 3', () => {
    assert.deepEqual(
      equalInstalments(1_000_000, 3, '2026-12-01', 'week', 1).map((one) => one.amountMinor),
      [333_333, 333_333, 333_334],
    );
  });
  it('and where bills are in whole shillings, the shillings: 10,000 in 3', () => {
    assert.deepEqual(
      equalInstalments(1_000_000, 3, '2026-12-01', 'week', 100).map((one) => one.amountMinor),
      [333_300, 333_300, 333_400],
    );
    assert.deepEqual(
      equalInstalments(1_000_050, 3, '2026-12-01', 'week', 100).map((one) => one.amountMinor),
      [333_300, 333_300, 333_450],
      'the cents that are owed are owed still',
    );
  });
  it('keep the day of the month, or its last', () => {
    assert.deepEqual(
      equalInstalments(500, 5, '2026-12-31', 'month', 1).map((one) => one.dueOn),
      ['2026-12-31', '2027-01-31', '2027-02-28', '2027-03-31', '2027-04-30'],
    );
    assert.deepEqual(
      equalInstalments(300, 3, '2026-12-25', 'fortnight', 1).map((one) => one.dueOn),
      ['2026-12-25', '2027-01-08', '2027-01-22'],
    );
  });
});

describe('parts that were typed', () => {
  const two = [
    { dueOn: '2026-12-01', amountMinor: 400 },
    { dueOn: '2027-01-01', amountMinor: 600 },
  ];
  it('are taken when they are what is open, in order and from today on', () => {
    demandInstalments(two, 1_000, TODAY);
    demandInstalments([{ ...two[0]!, dueOn: TODAY }, two[1]!], 1_000, TODAY);
  });
  for (const [what, parts, message] of [
    ['that come to less are refused', [two[0]!, { ...two[1]!, amountMinor: 599 }], /add up/],
    ['that come to more are refused', [two[0]!, { ...two[1]!, amountMinor: 601 }], /add up/],
    ['that begin yesterday are refused', [{ ...two[0]!, dueOn: '2026-11-23' }, two[1]!], /today or later/],
    ['on the same day twice are refused', [two[0]!, { ...two[1]!, dueOn: two[0]!.dueOn }], /after the one before/],
    ['that are one only are refused', [{ ...two[0]!, amountMinor: 1_000 }], /2 to 24/],
    [
      'of nothing are refused',
      [
        { ...two[0]!, amountMinor: 0 },
        { ...two[1]!, amountMinor: 1_000 },
      ],
      /above zero/,
    ],
    ['in three years are refused', [two[0]!, { ...two[1]!, dueOn: '2029-11-24' }], /two years/],
  ] as const) {
    it(what, () => assert.throws(() => demandInstalments(parts, 1_000, TODAY), message));
  }
});

const plans = fc.record({
  total: fc.integer({ min: 48, max: 90_000_000 }),
  parts: fc.integer({ min: 2, max: 24 }),
  days: fc.integer({ min: 0, max: 60 }),
  interval: fc.constantFrom(...INTERVALS),
  paid: fc.integer({ min: -1_000, max: 100_000_000 }),
  on: fc.integer({ min: 0, max: 900 }),
  grace: fc.integer({ min: 0, max: 60 }),
});
const planOf = ({
  total,
  parts,
  days,
  interval,
  paid: paidMinor,
  grace,
}: {
  total: number;
  parts: number;
  days: number;
  interval: (typeof INTERVALS)[number];
  paid: number;
  grace: number;
}): PlanFacts => ({
  totalMinor: total,
  graceDays: grace,
  paidMinor,
  openMinor: Math.max(0, total - paidMinor),
  endedAs: null,
  instalments: equalInstalments(total, parts, addDays(TODAY, days), interval, 1),
});

describe('whatever was agreed and whatever is paid', () => {
  it('equal parts come to the whole, in order, and may be agreed on', () => {
    fc.assert(
      fc.property(plans, (given) => {
        const { instalments, totalMinor } = planOf(given);
        assert.equal(sumOf(instalments), totalMinor);
        if (instalments.at(-1)!.dueOn <= addDays(TODAY, 731)) demandInstalments(instalments, totalMinor, TODAY);
      }),
    );
  });
  it('what is settled and what is left come to the total, part by part, and no more is late than was due', () => {
    fc.assert(
      fc.property(plans, (given) => {
        const plan = planOf(given);
        const today = addDays(TODAY, given.on);
        const { settledMinor, leftMinor, overdueMinor, leftOf, next, state } = planStanding(plan, today);
        assert.equal(settledMinor + leftMinor, plan.totalMinor);
        assert.equal(
          leftOf.reduce((sum, one) => sum + one, 0),
          leftMinor,
        );
        const due = sumOf(plan.instalments.filter((one) => one.dueOn < today));
        assert.equal(overdueMinor, Math.max(0, due - settledMinor));
        assert.equal(next === null, leftMinor === 0);
        assert.equal(state === 'completed', leftMinor === 0);
        assert.equal(state === 'overdue' || state === 'broken', overdueMinor > 0);
      }),
    );
  });
  it('more money never makes it worse, and another day never better', () => {
    const rank = ['completed', 'active', 'compliant', 'overdue', 'broken'];
    fc.assert(
      fc.property(plans, fc.integer({ min: 0, max: 5_000_000 }), fc.integer({ min: 0, max: 40 }), (given, more, days) => {
        const today = addDays(TODAY, given.on);
        const at = (plan: PlanFacts, on: string): number => rank.indexOf(planStanding(plan, on).state);
        assert.ok(at(planOf({ ...given, paid: given.paid + more }), today) <= at(planOf(given), today));
        assert.ok(at(planOf(given), addDays(today, days)) >= at(planOf(given), today));
      }),
    );
  });
});
