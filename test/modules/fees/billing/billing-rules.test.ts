import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { billingUnit } from '../../../../src/kernel/money.js';
import {
  billsFor,
  shareOf,
  stepsOf,
  totalOf,
  type Bill,
  type DocumentLine,
  type Standing,
  type Tariff,
  type ToBill,
} from '../../../../src/modules/fees/billing/billing.rules.js';
import type { Stretch } from '../../../../src/modules/fees/billing/stretch.rules.js';
import { inUnits } from '../../../../src/modules/fees/structures/rounding.rules.js';
import {
  byAge,
  reductionsOf,
  siblingShare,
  type Award,
  type AwardKind,
} from '../../../../src/modules/fees/awards/discount.rules.js';
import { monthsLeft, releasedNow } from '../../../../src/modules/fees/clearance/release.rules.js';
import type { FeeStructure } from '../../../../src/modules/fees/structures/structure.rules.js';
import type { VoteHead } from '../../../../src/modules/fees/structures/vote-head.rules.js';

const head = (id: string, more: Partial<VoteHead> = {}): VoteHead => ({
  id,
  code: id.toUpperCase(),
  name: id,
  kind: 'income',
  frequency: 'term',
  mandatory: true,
  accountId: 'a',
  priority: 1,
  active: true,
  version: 1,
  ...more,
});
const HEADS = [
  head('tuition'),
  head('admission', { frequency: 'once', priority: 2 }),
  head('exams', { frequency: 'year', kind: 'for-others', priority: 3 }),
  head('caution', { frequency: 'once', kind: 'deposit', priority: 4 }),
  head('lunch', { mandatory: false, priority: 5 }),
];
const structure = (lines: [headId: string, termId: string, amountMinor: number][]): FeeStructure => ({
  id: 's',
  yearId: 'y',
  name: 'All',
  audience: { classIds: [], streamIds: [], boarding: null },
  state: 'published',
  edition: 1,
  replacesId: null,
  publishedAt: null,
  publishedBy: null,
  version: 1,
  lines: lines.map(([headId, termId, amountMinor]) => ({ headId, termId, amountMinor })),
});
const YEAR = structure([
  ['tuition', 't1', 12_000_00],
  ['tuition', 't2', 10_000_00],
  ['admission', 't1', 2_000_00],
  ['exams', 't1', 4_000_00],
  ['lunch', 't1', 5_000_00],
  ['lunch', 't2', 5_000_00],
]);
const tariff = (termId: string): Tariff => ({
  termId,
  termIds: ['t1', 't2', 't3'],
  structures: [YEAR],
  heads: HEADS,
  midTerm: { joiners: 'days', leavers: 'days' },
  unit: 1,
});
const stretch = (days: number, more: Partial<Stretch> = {}): Stretch => ({
  days,
  away: false,
  boarding: 'day',
  takes: new Set(),
  ...more,
});
/** `share` is what is left of the term when they join in it. */
const learner = ({
  share,
  takes = new Set(),
  ...more
}: Partial<ToBill> & { share?: { days: number; of: number }; takes?: ReadonlySet<string> } = {}): ToBill => ({
  studentId: 'kid',
  classId: 'c',
  streamId: '',
  joinedInTermId: null,
  awards: [],
  stretches: share ? [stretch(share.of - share.days, { away: true }), stretch(share.days, { takes })] : [stretch(65, { takes })],
  ...more,
});
const kind = (more: Partial<AwardKind> = {}): AwardKind => ({
  id: 'k',
  name: 'Award',
  method: 'percent',
  value: 1000,
  mostBasisPoints: null,
  headIds: [],
  rank: 1,
  limitMinor: null,
  askAbove: null,
  staffChildren: false,
  sponsored: false,
  active: true,
  version: 1,
  ...more,
});
const award = (more: Partial<AwardKind> = {}, value?: number): Award => ({
  id: more.id ?? 'k',
  kind: kind(more),
  sponsorId: more.sponsored ? 'trust' : null,
  value: value ?? more.value ?? 1000,
});
const amounts = (bills: Bill[]): Record<string, number> =>
  Object.fromEntries(
    bills[0]!.lines.map((line) => [`${line.headId}${line.kind === 'charge' ? '' : ` ${line.kind}`}`, line.amountMinor]),
  );

describe('a bill', () => {
  it('charges what is paid once to those who are new only, and what is optional to those who take it', () => {
    assert.deepEqual(amounts(billsFor(learner(), tariff('t1'))), { tuition: 12_000_00, exams: 4_000_00 });
    assert.deepEqual(amounts(billsFor(learner({ joinedInTermId: 't1', takes: new Set(['lunch']) }), tariff('t1'))), {
      tuition: 12_000_00,
      admission: 2_000_00,
      exams: 4_000_00,
      lunch: 5_000_00,
    });
  });

  it('asks who joins later for what is paid once or for the year on joining, and never twice', () => {
    const late = learner({ joinedInTermId: 't2' });
    assert.deepEqual(amounts(billsFor(late, tariff('t2'))), { tuition: 10_000_00, admission: 2_000_00, exams: 4_000_00 });
    assert.deepEqual(
      billsFor(learner({ joinedInTermId: 't1' }), tariff('t2'))[0]!.lines.map((line) => line.headId),
      ['tuition'],
    );
  });

  it('is a share of the term for who joins in the middle: 12,000 for 39 of 65 school days is 7,200; what is paid once is not shared', () => {
    assert.equal(shareOf(12_000_00, { days: 39, of: 65 }, 1), 7_200_00);
    assert.deepEqual(amounts(billsFor(learner({ joinedInTermId: 't1', share: { days: 39, of: 65 } }), tariff('t1'))), {
      tuition: 7_200_00,
      admission: 2_000_00,
      exams: 4_000_00,
    });
  });

  describe('of a term in which something changes', () => {
    const both: Tariff = {
      ...tariff('t1'),
      structures: [
        {
          ...structure([
            ['tuition', 't1', 12_000_00],
            ['exams', 't1', 4_000_00],
            ['lunch', 't1', 6_500_00],
          ]),
          id: 'all',
        },
        {
          ...structure([
            ['tuition', 't1', 25_000_00],
            ['exams', 't1', 5_000_00],
          ]),
          id: 'boarders',
          audience: { classIds: [], streamIds: [], boarding: 'boarder' },
        },
      ],
    };
    const [day, boards] = [stretch(35), stretch(30, { boarding: 'boarder' as const })];
    const bill = (stretches: Stretch[], midTerm: Tariff['midTerm']): Record<string, number> =>
      amounts(billsFor(learner({ stretches }), { ...both, midTerm }));

    it('a boarder for 30 of 65 days pays 35 days as a day scholar and 30 as a boarder', () => {
      assert.deepEqual(bill([day, boards], { joiners: 'days', leavers: 'keep' }), { tuition: 18_000_00, exams: 5_000_00 });
      assert.equal(
        billsFor(learner({ stretches: [day, boards] }), both)[0]!.lines[0]!.description,
        'tuition: 35 of 65 school days as a day scholar, 30 as a boarder',
      );
    });

    it('the whole difference where those who join pay the whole term', () => {
      assert.deepEqual(bill([day, boards], { joiners: 'whole', leavers: 'keep' }), { tuition: 25_000_00, exams: 5_000_00 });
    });

    it('who stops boarding gets back the days that are left, or nothing, as leavers do', () => {
      assert.deepEqual(
        bill(
          [
            { ...boards, days: 35 },
            { ...day, days: 30 },
          ],
          { joiners: 'days', leavers: 'days' },
        ),
        { tuition: 19_000_00, exams: 5_000_00 },
      );
      assert.deepEqual(
        bill(
          [
            { ...boards, days: 35 },
            { ...day, days: 30 },
          ],
          { joiners: 'days', leavers: 'keep' },
        ),
        { tuition: 25_000_00, exams: 5_000_00 },
      );
    });

    it('what is taken from a day on is charged by the days from it', () => {
      const lunch = stretch(13, { takes: new Set(['lunch']) });
      assert.deepEqual(bill([stretch(52), lunch], { joiners: 'days', leavers: 'keep' }), {
        tuition: 12_000_00,
        exams: 4_000_00,
        lunch: 1_300_00,
      });
      assert.equal(
        billsFor(learner({ stretches: [stretch(52), lunch] }), both)[0]!.lines[2]!.description,
        'lunch: 13 of 65 school days',
      );
    });

    it('never comes to less than the cheaper nor to more than the dearer way, whatever changes how often', () => {
      const parts = fc.array(
        fc.record({ days: fc.integer({ min: 0, max: 20 }), boarding: fc.constantFrom('day' as const, 'boarder' as const) }),
        { minLength: 1, maxLength: 6 },
      );
      const rule = fc.record({
        joiners: fc.constantFrom('days' as const, 'whole' as const),
        leavers: fc.constantFrom('days' as const, 'keep' as const),
      });
      fc.assert(
        fc.property(parts, rule, (of, midTerm) => {
          const { tuition } = bill(
            of.map((one) => stretch(one.days, { boarding: one.boarding })),
            midTerm,
          );
          assert.ok(tuition! >= 12_000_00 && tuition! <= 25_000_00, String(tuition));
          if (midTerm.joiners === 'whole' && midTerm.leavers === 'keep')
            assert.equal(tuition, of.some((one) => one.boarding === 'boarder') ? 25_000_00 : 12_000_00);
        }),
      );
    });
  });

  it('of a sponsored child moves to the sponsor what the sponsor pays, and their sum stays what is charged', () => {
    const bills = billsFor(learner({ awards: [award({ sponsored: true, value: 6000 })] }), tariff('t1'));
    assert.deepEqual(
      bills.map(({ payer, lines }) => [payer.kind, totalOf(lines)]),
      [
        ['student', 6_400_00],
        ['sponsor', 9_600_00],
      ],
    );
  });

  it('leaves out heads that are switched off', () => {
    const off = HEADS.map((one) => (one.id === 'tuition' ? { ...one, active: false } : one));
    assert.deepEqual(amounts(billsFor(learner(), { ...tariff('t1'), heads: off })), { exams: 4_000_00 });
  });
});

describe('what is taken off', () => {
  const charges = new Map([
    ['tuition', 20_000_00],
    ['exams', 4_000_00],
  ]);
  const taken = (awards: Award[]): [string, string, number][] =>
    reductionsOf(charges, awards, HEADS, 1).map((one) => [one.awardId, one.headId, one.amountMinor]);

  it('for brothers and sisters grows by the rank among the enrolled and ends at the most: 0, 5, 10, 15, 20, 20 per cent', () => {
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6].map((rank) => siblingShare(rank, 500, 2000)),
      [0, 500, 1000, 1500, 2000, 2000],
    );
    assert.deepEqual(taken([award({ value: 1000 })]), [['k', 'tuition', 2_000_00]], 'tuition 20,000, third child: 2,000 off');
  });

  it('counts the eldest first, and twins by admission number', () => {
    const kids = [
      { id: 'c', bornOn: '2015-01-01', admissionNo: '9' },
      { id: 'b', bornOn: '2013-05-05', admissionNo: '7' },
      { id: 'a', bornOn: '2013-05-05', admissionNo: '6' },
      { id: 'd', bornOn: null, admissionNo: '1' },
    ];
    assert.deepEqual(
      kids.sort(byAge).map((one) => one.id),
      ['a', 'b', 'c', 'd'],
    );
  });

  it('never touches what goes on to others unless a sponsor pays it', () => {
    assert.deepEqual(taken([award({ value: 10_000 })]), [['k', 'tuition', 20_000_00]]);
    assert.deepEqual(taken([award({ value: 10_000, sponsored: true })]), [
      ['k', 'tuition', 20_000_00],
      ['k', 'exams', 4_000_00],
    ]);
  });

  it('stacks by rank, each per cent of what is left, and ends at zero and at its limit', () => {
    assert.deepEqual(taken([award({ id: 'b', rank: 2, value: 5000 }), award({ id: 'a', rank: 1, value: 1000 })]), [
      ['a', 'tuition', 2_000_00],
      ['b', 'tuition', 9_000_00],
    ]);
    assert.deepEqual(
      taken([
        award({ id: 'a', method: 'fixed', value: 18_000_00 }),
        award({ id: 'b', rank: 2, method: 'fixed', value: 18_000_00 }),
      ]),
      [
        ['a', 'tuition', 18_000_00],
        ['b', 'tuition', 2_000_00],
      ],
    );
    assert.deepEqual(taken([award({ value: 5000, limitMinor: 3_000_00 })]), [['k', 'tuition', 3_000_00]]);
  });

  it('keeps every sum to the cent, whatever the order in which awards are listed', () => {
    const awards = fc.array(
      fc.record({
        id: fc.uuid(),
        rank: fc.integer({ min: 1, max: 9 }),
        value: fc.integer({ min: 1, max: 10_000 }),
        method: fc.constantFrom('percent' as const, 'fixed' as const),
        sponsored: fc.boolean(),
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(awards, fc.integer({ min: 1, max: 90_000_00 }), fc.boolean(), (given, tuition, reverse) => {
        const list = given.map((one) => award({ ...one, name: one.id }));
        const bill = (of: Award[]): Bill[] =>
          billsFor(learner({ awards: of }), {
            ...tariff('t1'),
            structures: [
              structure([
                ['tuition', 't1', tuition],
                ['exams', 't1', 4_000_00],
              ]),
            ],
          });
        const bills = bill(list);
        const discounts = bills[0]!.lines.filter((line) => line.kind === 'discount');
        assert.equal(
          bills.reduce((sum, one) => sum + totalOf(one.lines), 0),
          tuition + 4_000_00 + totalOf(discounts),
          'what the payers owe is what is charged less discounts',
        );
        for (const one of bills) assert.ok(totalOf(one.lines) >= 0);
        assert.deepEqual(bill(reverse ? [...list].reverse() : list.slice(1).concat(list.slice(0, 1))), bills);
      }),
    );
  });
});

describe('what a run writes', () => {
  const line = (headId: string, amountMinor: number, more: Partial<DocumentLine> = {}): DocumentLine => ({
    headId,
    kind: 'charge',
    description: headId,
    amountMinor,
    structureId: null,
    awardId: null,
    ...more,
  });
  const family = { kind: 'student' as const, id: 'kid' };
  const applied = (standing: Standing[], wanted: Bill[]): Standing[] => {
    const after = standing.map((one) => ({ ...one, lines: [...one.lines] }));
    for (const step of stepsOf(wanted, standing, 1)) {
      if (step.kind === 'invoice') after.push({ invoiceId: `new ${step.payer.id}`, payer: step.payer, lines: [...step.lines] });
      else after.find((one) => one.invoiceId === step.invoiceId)!.lines.push(...step.lines);
    }
    return after;
  };

  it('is an invoice first, then a note for the difference alone, then nothing', () => {
    const wanted = [{ payer: family, lines: [line('tuition', 12_000_00), line('lunch', 5_000_00)] }];
    assert.deepEqual(
      stepsOf(wanted, [], 1).map((step) => step.kind),
      ['invoice'],
    );
    const standing = [{ invoiceId: 'i', payer: family, lines: [line('tuition', 11_000_00), line('lunch', 6_000_00)] }];
    assert.deepEqual(
      stepsOf(wanted, standing, 1).map((step) => [step.kind, totalOf(step.lines)]),
      [
        ['debit-note', 1_000_00],
        ['credit-note', -1_000_00],
      ],
    );
    assert.deepEqual(stepsOf(wanted, applied(standing, wanted), 1), []);
    assert.deepEqual(
      stepsOf([], standing, 1).map((step) => [step.kind, totalOf(step.lines)]),
      [['credit-note', -17_000_00]],
    );
  });

  it('a second time is nothing, from whatever stood before', () => {
    const lines = fc
      .uniqueArray(
        fc.record({ headId: fc.constantFrom('a', 'b', 'c', 'd'), amountMinor: fc.integer({ min: 1, max: 9_999_999 }) }),
        { selector: (one) => one.headId },
      )
      .map((list) => list.map((one) => line(one.headId, one.amountMinor)));
    fc.assert(
      fc.property(lines, lines, (before, then) => {
        const standing = before.length > 0 ? [{ invoiceId: 'i', payer: family, lines: before }] : [];
        const wanted = then.length > 0 ? [{ payer: family, lines: then }] : [];
        const after = applied(standing, wanted);
        assert.deepEqual(stepsOf(wanted, after, 1), []);
        assert.equal(
          after.reduce((sum, one) => sum + totalOf(one.lines), 0),
          totalOf(then),
        );
      }),
    );
  });

  it('rounds a note as it rounds the charge, so that one takes back exactly what the other brought', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e9, max: 1e9 }),
        fc.integer({ min: 1, max: 90 }),
        fc.constantFrom(1, 100),
        (amount, days, unit) =>
          assert.equal(shareOf(-amount, { days, of: 91 }, unit) + shareOf(amount, { days, of: 91 }, unit), 0),
      ),
    );
    assert.deepEqual(
      [inUnits(2.5, 1), inUnits(-2.5, 1), inUnits(250, 100), inUnits(-250, 100), inUnits(249, 100)],
      [3, -3, 300, -300, 200],
    );
  });
});

describe('income that was billed in advance', () => {
  it('is released month by month to the last cent, and at once after the term', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 1, max: 5 }), (amount, months) => {
        let left = amount;
        for (let month = months; month >= 1; month -= 1) left -= releasedNow(left, month);
        assert.equal(left + 0, 0);
      }),
    );
    assert.deepEqual(
      [monthsLeft('2026-04-02', '2026-01-07'), monthsLeft('2026-04-02', '2026-04-01'), monthsLeft('2026-04-02', '2026-09-01')],
      [4, 1, 1],
    );
  });
});

describe('the smallest amount that a bill works out', () => {
  for (const [currency, unit] of [
    ['KES', 100],
    ['TZS', 100],
    ['NGN', 100],
    ['UGX', 1],
    ['GHS', 1],
    ['ZAR', 1],
  ] as const) {
    it(`${currency}: ${unit} minor units`, () => assert.equal(billingUnit(currency), unit));
  }

  it('a percentage and a part of a term come to whole units, what was entered stays to the cent', () => {
    const odd = { ...tariff('t1'), structures: [structure([['tuition', 't1', 8_788_24]])], unit: 100 };
    assert.deepEqual(amounts(billsFor(learner(), odd)), { tuition: 8_788_24 });
    assert.deepEqual(amounts(billsFor(learner({ share: { days: 39, of: 65 } }), odd)), { tuition: 5_273_00 });
    assert.equal(totalOf(billsFor(learner({ awards: [award({ value: 1_250 })] }), odd)[0]!.lines), 8_788_24 - 1_099_00);
    assert.equal(totalOf(billsFor(learner({ awards: [award({ value: 10_000 })] }), odd)[0]!.lines), 0, 'all of it is all of it');
    assert.equal(shareOf(12_000_00, { days: 39, of: 65 }, 100), 7_200_00);
  });

  it('a part of a term says on its line why', () => {
    const [line] = billsFor(learner({ share: { days: 39, of: 65 } }), { ...tariff('t1'), unit: 100 })[0]!.lines;
    assert.match(line!.description, /: 39 of 65 school days$/);
  });

  it('a bill from before is left alone where only cents differ', () => {
    const bill: Bill = {
      payer: { kind: 'student', id: 's1' },
      lines: [{ headId: 'tuition', kind: 'charge', description: '', amountMinor: 8_788_00, structureId: null, awardId: null }],
    };
    const standing = (amountMinor: number): Standing => ({
      ...bill,
      invoiceId: 'i1',
      lines: [{ ...bill.lines[0]!, amountMinor }],
    });
    assert.deepEqual(stepsOf([bill], [standing(8_788_24)], 100), []);
    assert.deepEqual(
      stepsOf([bill], [standing(8_790_24)], 100).map((step) => totalOf(step.lines)),
      [-2_24],
    );
  });
});
