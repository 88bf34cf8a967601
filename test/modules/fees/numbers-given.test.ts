import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../../src/kernel/id.js';
import { Charges } from '../../../src/modules/fees/application/charges.js';
import { Checker } from '../../../src/modules/finance/application/checker.js';
import { sql } from '../../support/sql.js';
import { withFees, type SchoolWithFees } from './support.js';

describe('a number that somebody changes in the database itself', () => {
  let school: SchoolWithFees;
  before(async () => {
    school = await withFees();
    const children = await school.family(3);
    for (const child of children) {
      const { invoiceId } = await school.run(() => school.get(Charges).charge(school.office, { studentId: child.id, head: 'TUI', amountMinor: 500_000, description: 'Trip', sourceKey: newId() }));
      await school.run(() => school.get(Charges).note(school.office, invoiceId, 'credit-note', 'Too much', [{ headId: school.head.TUI, amountMinor: 100_000 }]));
      await school.run(() => school.get(Charges).note(school.office, invoiceId, 'debit-note', 'Too little', [{ headId: school.head.TUI, amountMinor: 50_000 }]));
      await school.pay(child.id, 200_000);
    }
    // Refunds get theirs when they are paid; how, is tested elsewhere.
    for (const [n, child] of children.entries()) {
      await sql(school.database, `insert into fees_refunds (school_id, id, student_id, payer_kind, payer_id, amount_minor, method, payee_name, reason, state, by_name)
        values ($1, gen_random_uuid(), $2, 'student', $2, 1, 'cash', 'Mother', 'Left', 'rejected', 'test')`, [school.database.schoolId, child.id]).catch(() => undefined);
      await sql(school.database, "update fees_refunds set number = $1 where student_id = $2 and number is null", [`V-00000${n + 1}`, child.id]);
    }
  });
  after(() => school?.stop());

  const found = async (): Promise<string[]> => (await school.run(() => school.get(Checker).run())).differences.map((one) => `${one.check}: ${one.sentence}`);
  const papers = (table: string, kind: string | null): Promise<{ id: string; number: string }[]> =>
    sql(school.database, `select id, number from ${table} where number is not null ${kind ? `and kind = '${kind}'` : ''} order by number`);
  const renumber = (table: string, id: string, number: string) => sql(school.database, `update ${table} set number = $2 where id = $1`, [id, number]);

  it('is nowhere to begin with', async () => assert.deepEqual(await found(), []));

  for (const [what, table, kind] of [['an invoice', 'fees_invoices', 'invoice'], ['a credit note', 'fees_invoices', 'credit-note'], ['a debit note', 'fees_invoices', 'debit-note'], ['a receipt', 'fees_receipts', null]] as const) {
    it(`${what}: a changed number without a gap, and two that were swapped, are named`, async () => {
      const [first, second, last] = (await papers(table, kind)) as [{ id: string; number: string }, { id: string; number: string }, { id: string; number: string }];
      // The last one gets the next number, and the series goes with it: nothing is missing but the number that it had.
      await renumber(table, second.id, 'X-1');
      await renumber(table, first.id, second.number);
      await renumber(table, second.id, first.number);
      assert.deepEqual(await found(), [second, first].map((one, n) => `fee-numbers: Paper ${one.number} was given out as ${[first, second][n]!.number}: its number was changed since.`));
      await renumber(table, first.id, 'X-1');
      await renumber(table, second.id, second.number);
      await renumber(table, first.id, first.number);
      const foreign = `${last.number}/A`;
      await renumber(table, last.id, foreign);
      assert.ok((await found()).includes(`fee-numbers: Paper ${foreign} was given out as ${last.number}: its number was changed since.`));
      await renumber(table, last.id, last.number);
      assert.deepEqual(await found(), []);
    });
  }

  it('of papers is kept beside them, and by the application only added to', async () => {
    const { db } = await import('../../../src/platform/db/index.js');
    for (const statement of ['update fees_numbers_given set number = number', 'delete from fees_numbers_given']) await assert.rejects(school.run(async () => db().raw(statement)), { code: '42501' });
  });
});
