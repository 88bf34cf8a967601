import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { idSeries, isId, newId, timeOf } from '../../src/kernel/id.js';

describe('ids', () => {
  it('no two of many are alike, and each is a UUID of version 7', () => {
    const ids = Array.from({ length: 5_000 }, () => newId());
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('the random part of one tells nothing of the next: not a bit of it stands still', () => {
    const tails = Array.from({ length: 1_000 }, () => newId(0).slice(15).replaceAll('-', ''));
    const steady = [...tails[0]!].map((digit, place) => tails.every((tail) => tail[place] === digit));
    assert.deepEqual(steady.slice(0, 3), [false, false, false]);
    assert.ok(!steady.slice(4).includes(true), 'a digit is the same in all');
  });

  it('an id says when it was made, and those of later are greater', () => {
    const [earlier, later] = [newId(1_700_000_000_000), newId(1_700_000_000_001)];
    assert.equal(timeOf(earlier), 1_700_000_000_000);
    assert.ok(earlier < later);
  });

  it('a series follows itself in order', () => {
    const next = idSeries();
    const ids = [next(), next(), next()];
    assert.deepEqual([...ids].sort(), ids);
    assert.ok(ids.every(isId));
  });
});
