import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeCursor, encodeCursor, toPage } from '../../src/kernel/page.js';

const cursorOf = (keys: unknown): string => Buffer.from(JSON.stringify(keys)).toString('base64url');

describe('the cursor of a list', () => {
  it('brings back the keys of the last row that was shown', () => {
    const page = toPage(
      [
        { name: 'a', n: 1 },
        { name: 'b', n: 2 },
        { name: 'c', n: 3 },
      ],
      2,
      (row) => [row.name, row.n],
    );
    assert.deepEqual(
      page.rows.map((row) => row.name),
      ['a', 'b'],
    );
    assert.deepEqual(decodeCursor(page.next!, 2), ['b', 2]);
    assert.equal(toPage([{ name: 'a' }], 1, (row) => [row.name]).next, null);
  });

  for (const [what, keys, count] of [
    ['with an empty key: nothing comes after it in SQL, so the page would be empty', [null, 'x'], 2],
    ['with all keys empty', [null, null], 2],
    ['with more keys or fewer than the list has', ['x'], 2],
    ['with what is no key', [{ a: 1 }, true], 2],
    ['that is no list', 'x', 1],
  ] as const) {
    it(`${what}, is refused with the way back`, () =>
      assert.throws(() => decodeCursor(cursorOf(keys), count), /not complete\. Go back to the start of the list/));
  }

  it('is never given out with an empty key: a list that is ordered by what may be empty is found by its first test', () => {
    assert.throws(
      () => toPage([{ at: null }, { at: null }] as unknown as { at: string }[], 1, (row) => [row.at]),
      /ordered by what may be empty/,
    );
    assert.throws(() => encodeCursor([undefined] as unknown as string[]), /ordered by what may be empty/);
  });
});
