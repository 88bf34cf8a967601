import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  chargesFor,
  demandClear,
  demandFrequency,
  movedToYear,
  narrowness,
  raisedBy,
  totalsByTerm,
  type Audience,
  type FeeStructure,
  type Learner,
} from '../../../../src/modules/fees/structures/structure.rules.js';
import type { VoteHead } from '../../../../src/modules/fees/structures/vote-head.rules.js';

const everybody: Audience = { classIds: [], streamIds: [], boarding: null };
const learner: Learner = { classId: 'g7', streamId: 'g7e', boarding: 'boarder' };
let made = 0;
const structure = (
  audience: Partial<Audience>,
  lines: [head: string, term: string, amount: number][],
  given: Partial<FeeStructure> = {},
): FeeStructure => ({
  id: `s${++made}`,
  yearId: 'y',
  name: `S${made}`,
  audience: { ...everybody, ...audience },
  state: 'published',
  edition: 1,
  replacesId: null,
  publishedAt: null,
  publishedBy: null,
  version: 1,
  lines: lines.map(([headId, termId, amountMinor]) => ({ headId, termId, amountMinor })),
  ...given,
});
const amounts = (all: FeeStructure[], who: Learner = learner) =>
  Object.fromEntries(chargesFor(who, all).map((charge) => [`${charge.headId} ${charge.termId}`, charge.amountMinor]));

describe('what a learner is charged', () => {
  const school = structure({}, [
    ['tuition', 't1', 100],
    ['lunch', 't1', 30],
  ]);
  const grade7 = structure({ classIds: ['g7'] }, [['tuition', 't1', 120]]);
  const boarders = structure({ boarding: 'boarder' }, [
    ['tuition', 't1', 110],
    ['boarding', 't1', 200],
  ]);
  const grade7Boarders = structure({ classIds: ['g7'], boarding: 'boarder' }, [['boarding', 't1', 220]]);
  const east = structure({ streamIds: ['g7e'] }, [['tuition', 't1', 90]]);

  for (const [what, all, expected] of [
    ['the whole school’s, where nothing is narrower', [school], { 'tuition t1': 100, 'lunch t1': 30 }],
    ['a class before the whole school, head by head', [school, grade7], { 'tuition t1': 120, 'lunch t1': 30 }],
    ['a class before day and boarding', [boarders, grade7], { 'tuition t1': 120, 'boarding t1': 200 }],
    ['of two alike the one that names boarding', [grade7, grade7Boarders, boarders], { 'tuition t1': 120, 'boarding t1': 220 }],
    ['a stream before its class', [school, grade7, east], { 'tuition t1': 90, 'lunch t1': 30 }],
  ] as const) {
    it(`comes from ${what}`, () => assert.deepEqual(amounts([...all]), expected));
  }

  it('does not depend on the order in which structures are listed', () => {
    const all = [school, grade7, boarders, grade7Boarders, east];
    const expected = amounts(all);
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (list) => assert.deepEqual(amounts(list), expected)),
    );
  });
  it('leaves out drafts, replaced editions and structures for others', () => {
    const others = [
      structure({}, [['x', 't1', 1]], { state: 'draft' }),
      structure({}, [['x', 't1', 2]], { state: 'replaced' }),
      structure({ classIds: ['g8'] }, [['x', 't1', 3]]),
      structure({ boarding: 'day' }, [['x', 't1', 4]]),
    ];
    assert.deepEqual(amounts(others), {});
  });
  it('is never more than one amount for a head and term', () => {
    const audience = fc.record({
      classIds: fc.subarray(['g7', 'g8']),
      streamIds: fc.subarray(['g7e', 'g7w']),
      boarding: fc.constantFrom(null, 'day' as const, 'boarder' as const),
    });
    fc.assert(
      fc.property(fc.array(audience, { maxLength: 8 }), (audiences) => {
        const all = audiences.map((one, n) => structure(one, [['tuition', 't1', n + 1]]));
        const charged = chargesFor(learner, all);
        assert.ok(charged.length <= 1);
        const fitting = all.filter(
          (one) =>
            charged[0] && narrowness(one.audience) > narrowness(all.find((two) => two.id === charged[0]!.structureId)!.audience),
        );
        assert.ok(
          fitting.every((one) => chargesFor(learner, [one]).length === 0),
          'nothing narrower was for them',
        );
      }),
    );
  });
});

describe('what can’t be published', () => {
  const words = { head: (id: string) => id };
  const draft = structure({ classIds: ['g7', 'g8'] }, [['tuition', 't1', 1]], { state: 'draft' });
  it('charges the same students for the same thing as another that is as narrow', () => {
    const other = structure({ classIds: ['g8', 'g9'] }, [['tuition', 't1', 5]]);
    assert.throws(() => demandClear(draft, [other], words), {
      code: 'charged-twice',
      message: /“S\d+” already charges the same students for tuition/,
    });
  });
  it('but may stand beside other classes, other terms, another narrowness, another year, and the one that it replaces', () => {
    const beside = [
      structure({ classIds: ['g9'] }, [['tuition', 't1', 5]]),
      structure({ classIds: ['g7'] }, [['tuition', 't2', 5]]),
      structure({}, [['tuition', 't1', 5]]),
      structure({ classIds: ['g7'] }, [['tuition', 't1', 5]], { yearId: 'z' }),
    ];
    demandClear(draft, beside, words);
    const old = structure({ classIds: ['g7'] }, [['tuition', 't1', 5]]);
    demandClear({ ...draft, replacesId: old.id }, [old], words);
  });
  it('charges a yearly head in two terms', () => {
    const head = { id: 'h', frequency: 'year' } as VoteHead;
    const lines = [
      { headId: 'h', termId: 't1', amountMinor: 1 },
      { headId: 'h', termId: 't2', amountMinor: 1 },
    ];
    assert.throws(
      () => demandFrequency(lines, [head]),
      (error: { problems: { field: string }[] }) => error.problems[0]!.field === 'amounts.h.t2',
    );
    demandFrequency(lines, [{ ...head, frequency: 'term' }]);
  });
});

describe('a copy', () => {
  const lines = [
    { headId: 'h', termId: 't1', amountMinor: 1_234_500 },
    { headId: 'h', termId: 't3', amountMinor: 100 },
  ];
  it('raises by a share, to whole units and never to nothing', () => {
    assert.deepEqual(
      raisedBy(lines, 750, 100).map((line) => line.amountMinor),
      [1_327_100, 100],
    );
    assert.deepEqual(
      raisedBy(lines, -5000, 100).map((line) => line.amountMinor),
      [617_300, 100],
    );
    assert.deepEqual(
      raisedBy(lines, 0, 1).map((line) => line.amountMinor),
      [1_234_500, 100],
    );
  });
  it('goes to the terms of another year in their order; a term too many is left out', () => {
    assert.deepEqual(
      movedToYear(lines, ['t1', 't2', 't3'], ['a', 'b']).map((line) => line.termId),
      ['a'],
    );
    assert.deepEqual(
      movedToYear(lines, ['t1', 't2', 't3'], ['a', 'b', 'c']).map((line) => line.termId),
      ['a', 'c'],
    );
  });
  it('has the sums of its terms', () =>
    assert.deepEqual(
      [...totalsByTerm([...lines, { headId: 'i', termId: 't1', amountMinor: 1 }])],
      [
        ['t1', 1_234_501],
        ['t3', 100],
      ],
    ));
});
