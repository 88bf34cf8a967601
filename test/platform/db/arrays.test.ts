import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { arrayOf } from '../../../src/platform/db/rows/arrays.js';
import { query, runWith } from '../../../src/platform/db/index.js';
import { freshSchool, type TestSchool } from '../../support/database.js';

let school: TestSchool;
before(async () => {
  school = await freshSchool({ name: 'arrays' });
});
after(() => school.drop());

const text = fc.oneof(
  fc.constantFrom('NULL', 'null', '', ' ', '{}', '{a,b}', '"', '\\', '\\"', "'", 'a,b', 'line\nbreak', 'ọ́', '😀'),
  fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\u0000')),
);

describe('a column of many rows', () => {
  it('comes back from the database as it went in, whatever stands in it', () =>
    runWith(school.database, () =>
      fc.assert(
        fc.asyncProperty(fc.array(fc.option(text, { nil: null })), async (values) => {
          const rows = await query<{ value: string | null }>(
            'test.arrays.text',
            'select x.value from unnest($1::text[]) with ordinality as x(value, n) order by n',
            [arrayOf(values, (value) => value)],
          );
          assert.deepEqual(
            rows.map((row) => row.value),
            values,
          );
        }),
        { numRuns: 60 },
      ),
    ));

  it('keeps numbers, truth, days and records', () =>
    runWith(school.database, async () => {
      const rows = [
        { n: 1, yes: true, day: '2026-11-25', what: { a: ['"', '\\'] } },
        { n: -2, yes: false, day: null, what: null },
      ];
      const back = await query(
        'test.arrays.kinds',
        'select * from unnest($1::int[], $2::boolean[], $3::date[], $4::jsonb[]) as x(n, yes, day, what)',
        [
          arrayOf(rows, (row) => row.n),
          arrayOf(rows, (row) => row.yes),
          arrayOf(rows, (row) => row.day),
          arrayOf(rows, (row) => row.what),
        ],
      );
      assert.deepEqual(
        back.map((row) => ({ ...row })),
        rows,
      );
    }));
});
