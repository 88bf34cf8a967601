import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import type { Browser } from '../../support/browser.js';
import { sql } from '../../support/database/sql.js';
import { check, countOf, undo, write } from './support.js';

const ROWS = 2_000;

describe('taking a large import back', () => {
  let school: SchoolUnderTest;
  let registrar: Browser;
  before(async () => {
    school = await aSchool({ background: true });
    registrar = await school.as('registrar');
  });
  after(() => school?.stop());

  it('finds everything that refers to a child or a guardian by an index', async () => {
    const bare = await sql(
      school.database,
      `select c.conrelid::regclass::text || ' ' || c.conname as one from pg_constraint c
        where c.contype = 'f' and c.confrelid in ('students'::regclass, 'students_guardians'::regclass)
          and not exists (select 1 from pg_index i where i.indrelid = c.conrelid and i.indpred is null
            and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)
        order by 1`,
    );
    assert.deepEqual(
      bare.map((row) => row.one),
      [],
    );
  });

  it('costs about what writing it has cost', async (t) => {
    const letters = (n: number): string => [...String(n)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
    const body = [
      'Adm No,Surname,First Name,Sex,Class,Parent Name,Parent Phone 1',
      ...Array.from(
        { length: ROWS },
        (_unused, at) => `UN/${at},Sur${letters(at)},Fir${letters(at)},F,7 East,Mary ${letters(at)},07${String(10_000_000 + at)}`,
      ),
    ].join('\n');
    const sheet = await check(registrar, { name: 'large.csv', body });
    const took = async (work: () => Promise<{ status: string }>, status: string): Promise<number> => {
      const began = Date.now();
      assert.equal((await work()).status, status);
      return Date.now() - began;
    };
    const writing = await took(() => write(registrar, sheet.path), 'done');
    const undoing = await took(() => undo(registrar, sheet.path), 'undone');
    t.diagnostic(`${ROWS} students: written in ${writing} ms, taken back in ${undoing} ms`);
    assert.equal(await countOf(school, 'students'), 0);
    assert.ok(undoing < writing * 2.5 + 2_000, `${undoing} ms against ${writing} ms`);
  });
});
