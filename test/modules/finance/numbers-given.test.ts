import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Checker } from '../../../src/modules/finance/books/checker.js';
import { ENTRY_STORE } from '../../../src/modules/finance/ports.js';
import { db } from '../../../src/platform/db/index.js';
import { UNIT } from '../../../src/platform/tokens.js';
import { sql } from '../../support/database/sql.js';
import { withBooks, type SchoolWithBooks } from './support.js';

describe('the number of an entry that somebody changes in the database itself', () => {
  let school: SchoolWithBooks;
  before(async () => {
    school = await withBooks();
    for (const amountMinor of [100, 200, 300])
      await school.post({
        lines: [
          { accountId: school.account('cash'), amountMinor },
          { accountId: school.account('fees'), amountMinor: -amountMinor },
        ],
      });
    await school.run(() => school.get(UNIT)(() => school.get(ENTRY_STORE).giveNumbers()));
  });
  after(() => school?.stop());

  const found = async (): Promise<string[]> =>
    (await school.run(() => school.get(Checker).run())).differences.map((one) => `${one.check}: ${one.sentence}`);
  const renumber = (from: number, to: number) =>
    sql(school.database, 'update finance_entry_numbers set number = $2 where number = $1', [from, to]);

  it('is found where two were swapped, so that none is missing', async () => {
    assert.deepEqual(await found(), []);
    for (const [from, to] of [
      [1, 99],
      [2, 1],
      [99, 2],
    ] as const)
      await renumber(from, to);
    assert.deepEqual(await found(), [
      'numbers: Entry 2 was given the number 1, which has since been changed.',
      'numbers: Entry 1 was given the number 2, which has since been changed.',
    ]);
    for (const [from, to] of [
      [1, 99],
      [2, 1],
      [99, 2],
    ] as const)
      await renumber(from, to);
    assert.deepEqual(await found(), []);
  });

  it('is found where it was taken away', async () => {
    await sql(school.database, 'delete from finance_entry_numbers where number = 3');
    assert.deepEqual(await found(), ['numbers: Entry 3 was given its number and no longer has it.']);
  });

  it('is kept beside it, and by the application only added to', async () => {
    for (const statement of ['update finance_numbers_given set number = number', 'delete from finance_numbers_given'])
      await assert.rejects(
        school.run(async () => db().raw(statement)),
        { code: '42501' },
      );
  });
});
