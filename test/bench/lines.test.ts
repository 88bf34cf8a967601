import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { median, tableOf, verdictOf, type BenchLine } from '../../bench/lines.js';

const line = (over: Partial<BenchLine>): BenchLine => ({
  id: 'page.list',
  unit: 'req/s',
  product: 900,
  limit: 2000,
  ratio: 0.45,
  ...over,
});

describe('the lines of the bench', () => {
  it('take the middle of what was measured', () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([4, 1, 2, 3]), 2.5);
  });

  const cases: [string, Partial<BenchLine>, string][] = [
    ['a ratio at the aim is good', { ratio: 0.45 }, 'good'],
    ['a ratio between floor and aim is fair', { ratio: 0.44 }, 'fair'],
    ['a ratio under the floor is below', { ratio: 0.29 }, 'BELOW'],
    ['of the slowest answers less is better', { id: 'p99.list', p99_ratio: 2.5 }, 'good'],
    ['and more than the floor is below', { id: 'p99.list', p99_ratio: 4.1 }, 'BELOW'],
    ['seconds count by themselves', { id: 'start.school', product: 0.5, ratio: 0.3 }, 'fair'],
    ['of the database’s own time less is better', { id: 'sql.list', product: 0.9 }, 'fair'],
    ['with 10,000 students it may be twice as long', { id: 'sql.list.10k', product: 1.2 }, 'good'],
    [
      'a search counts by what Express answers with a session: more is better',
      { id: 'page.search', ratio: 0.2, hello: 0.8 },
      'good',
    ],
    ['and under six tenths of that is below', { id: 'page.search', ratio: 0.4, hello: 0.59 }, 'BELOW'],
    ['a line without a goal has no verdict', { id: 'something' }, ''],
  ];
  for (const [name, over, expected] of cases) it(name, () => assert.equal(verdictOf(line(over)), expected));

  it('stand in a table with aim and floor', () => {
    const table = tableOf([line({ p50_ms: 9.08, p99_ms: 17.2, p99_ratio: 2.4, bytes: 56_022, hello: 0.31 })]);
    assert.match(
      table.split('\n')[1]!,
      /^page\.list +900 req\/s +2000 +0\.45 +9\.08 +17\.2 +2\.40 +56022 +0\.31 +6\.98 +0\.45 +0\.30 +good$/,
    );
  });
});
