import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { snakeName } from '../../src/platform/db/rows/rows.js';
import { RECORDS } from '../../src/platform/tokens.js';
import { aSchool, type SchoolUnderTest } from '../support/app.js';
import { sql } from '../support/database/sql.js';

const TYPES: Record<string, string> = { day: 'date', flag: 'boolean', integer: 'integer' };

describe('records and their tables', () => {
  let school: SchoolUnderTest;
  before(async () => {
    school = await aSchool();
  });
  after(() => school?.stop());

  it('have the same columns, of the same type, and may be empty alike', async () => {
    const records = school.get(RECORDS);
    assert.ok(records.length > 0);
    for (const { table, fields, entity } of records) {
      const columns = await sql<{ name: string; type: string; must: boolean }>(
        school.database,
        `select attname as name, format_type(atttypid, atttypmod) as type, attnotnull as must from pg_attribute
         where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
        [table],
      );
      for (const [name, field] of Object.entries(fields)) {
        const column = columns.find((one) => one.name === snakeName(name));
        assert.ok(column, `${table} has a column for ${name} of ${entity}`);
        assert.equal(column.must, !field.optional, `${table}.${column.name} may be empty where ${name} may`);
        if (field.kind !== 'kept') assert.equal(column.type, TYPES[field.kind] ?? 'text', `${table}.${column.name}`);
      }
    }
  });
});
