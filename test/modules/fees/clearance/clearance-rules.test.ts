import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { CLEARANCE_USES } from '../../../../src/kernel/packs/types.js';
import { PACKS } from '../../../../src/kernel/packs/index.js';
import { blockable, limitOf, outcomeOf } from '../../../../src/modules/fees/clearance/clearance.rules.js';
import { PLAN_STATES } from '../../../../src/modules/fees/instalments/plan.rules.js';

describe('what may be open', () => {
  it('is an amount, whatever was billed', () => assert.equal(limitOf({ thresholdKind: 'amount', threshold: 50_000 }, 1), 50_000));
  it('or a share of the term’s bill, rounded down', () => {
    assert.equal(limitOf({ thresholdKind: 'percent', threshold: 2_500 }, 999_99), 249_99);
    assert.equal(limitOf({ thresholdKind: 'percent', threshold: 10_000 }, 26_777_00), 26_777_00);
    assert.equal(limitOf({ thresholdKind: 'percent', threshold: 2_500 }, -500), 0);
  });
});

describe('a child is cleared', () => {
  const owes = { countedMinor: 1_001, limitMinor: 1_000, plan: null, excepted: false };
  for (const [what, given, plansCount, outcome] of [
    ['by what was paid: just as much may be open', { countedMinor: 1_000 }, true, 'paid'],
    ['not by a cent more', {}, true, 'held'],
    ['by a plan that is kept', { plan: 'compliant' }, true, 'plan'],
    ['not by a plan where plans don’t count', { plan: 'compliant' }, false, 'held'],
    ['not by a plan with a late instalment', { plan: 'overdue' }, true, 'held'],
    ['not by a broken plan', { plan: 'broken' }, true, 'held'],
    ['by an exception', { excepted: true }, true, 'exception'],
    ['by what was paid rather than by an exception', { countedMinor: 0, excepted: true, plan: 'active' }, true, 'paid'],
  ] as const) {
    it(what, () => assert.equal(outcomeOf({ ...owes, ...given }, plansCount), outcome));
  }
  it('never less for paying more', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.nat(),
        fc.nat(),
        fc.constantFrom(null, ...PLAN_STATES),
        fc.boolean(),
        fc.boolean(),
        (counted, limit, paid, plan, excepted, plansCount) => {
          const at = (countedMinor: number) =>
            outcomeOf({ countedMinor, limitMinor: limit, plan, excepted }, plansCount) !== 'held';
          assert.ok(!at(counted) || at(Math.max(0, counted - paid)));
        },
      ),
    );
  });
});

describe('the law of the country says what may wait for fees', () => {
  for (const [country, may, certificates, cited] of [
    ['kenya', CLEARANCE_USES, false, /Examinations Council Act, 2012, section 10\(1\)\(b\)/],
    ['south-africa', [], false, /Schools Act 84 of 1996, section 41\(7\)/],
    ['nigeria', CLEARANCE_USES, true, null],
    ['ghana', CLEARANCE_USES, true, null],
    ['uganda', CLEARANCE_USES, true, null],
  ] as const) {
    it(country, () => {
      const law = blockable(PACKS[country].law);
      assert.deepEqual([law.may, law.certificates], [may, certificates]);
      if (cited) assert.match(law.rules.join(' '), cited);
      else assert.deepEqual(law.rules, []);
      // Whoever forbids it says by which rule.
      assert.ok(law.certificates || law.rules.length > 0);
      assert.ok(!(law.may as readonly string[]).includes('results'));
    });
  }
});
