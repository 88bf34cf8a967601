import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keptFrom, pseudonymOf, ruleOf } from '../../../src/modules/privacy/retention.rules.js';

for (const [today, months, first] of [
  ['2026-11-25', 12, '2025-11-25'],
  ['2026-03-31', 1, '2026-02-28'],
  ['2024-02-29', 12, '2023-02-28'],
  ['2026-01-15', 13, '2024-12-15'],
  ['2026-11-25', 120, '2016-11-25'],
] as const) {
  test(`on ${today}, ${months} months keep what is from ${first} on`, () => assert.equal(keptFrom(today, months), first));
}

test('a kind that the school has not settled follows its module; a settled one is never kept shorter than its least', () => {
  const kind = { key: 'students.former', on: false, months: 120, least: 12 } as const;
  assert.deepEqual(ruleOf(kind, []), { key: 'students.former', on: false, months: 120 });
  assert.deepEqual(ruleOf(kind, [{ key: 'students.former', on: true, months: 6 }]), {
    key: 'students.former',
    on: true,
    months: 12,
  });
});

test('a pseudonym has eight letters that nobody misreads', () => {
  assert.match(pseudonymOf(new Uint8Array([0, 31, 255, 7, 9, 200, 3, 64])), /^[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}$/);
});
