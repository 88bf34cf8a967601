import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { boardingOn, boardingSince, type Boarding, type Stay } from '../../src/kernel/people/boarding.js';

const stay = (boarding: Boarding, ...boardingChanges: string[]): Stay => ({ boarding, boardingChanges });

describe('since when a child boards', () => {
  const cases: [what: string, before: Stay, to: Boarding, on: string, after: Stay][] = [
    ['begins on a day', stay('day'), 'boarder', '2026-05-12', stay('boarder', '2026-05-12')],
    ['ends on a day', stay('boarder', '2026-05-12'), 'day', '2026-06-20', stay('day', '2026-05-12', '2026-06-20')],
    [
      'that was a mistake from the first day on is as if it had never been',
      stay('boarder', '2026-05-12'),
      'day',
      '2026-05-12',
      stay('day', '2026-05-12', '2026-05-12'),
    ],
    [
      'that was no mistake after all',
      stay('day', '2026-05-12', '2026-05-12'),
      'boarder',
      '2026-05-12',
      stay('boarder', '2026-05-12'),
    ],
    [
      'ended on a later day than was said',
      stay('day', '2026-05-12', '2026-05-12'),
      'day',
      '2026-05-18',
      stay('day', '2026-05-12', '2026-05-18'),
    ],
    ['was another day', stay('boarder', '2026-05-12'), 'boarder', '2026-05-18', stay('boarder', '2026-05-18')],
    ['was an earlier day', stay('boarder', '2026-05-12'), 'boarder', '2026-05-04', stay('boarder', '2026-05-04')],
    ['is said for the first time', stay('boarder'), 'boarder', '2026-05-12', stay('boarder', '2026-05-12')],
    [
      'is said of a day before all that was known',
      stay('boarder', '2026-05-12', '2026-06-20', '2026-07-01'),
      'day',
      '2026-05-01',
      stay('day', '2026-05-01', '2026-05-01'),
    ],
  ];
  for (const [what, before, to, on, after] of cases) it(what, () => assert.deepEqual(boardingSince(before, to, on), after));

  it('is read back for each day', () => {
    const one = stay('day', '2026-05-12', '2026-06-20');
    assert.deepEqual(
      ['2026-05-11', '2026-05-12', '2026-06-19', '2026-06-20'].map((day) => boardingOn(one, day)),
      ['day', 'boarder', 'boarder', 'day'],
    );
  });

  it('holds from the day that was said, whatever was known, and days stay in order', () => {
    const day = fc.integer({ min: 1, max: 28 }).map((n) => `2026-05-${String(n).padStart(2, '0')}`);
    const way = fc.constantFrom<Boarding>('day', 'boarder');
    fc.assert(
      fc.property(way, fc.array(fc.tuple(way, day), { maxLength: 8 }), (first, steps) => {
        let now = stay(first);
        for (const [to, on] of steps) {
          now = boardingSince(now, to, on);
          assert.equal(now.boarding, to);
          assert.equal(boardingOn(now, on), to);
          assert.deepEqual([...now.boardingChanges].sort(), now.boardingChanges);
          assert.deepEqual(boardingSince(now, to, on), now, 'said twice it is the same');
        }
      }),
    );
  });
});
