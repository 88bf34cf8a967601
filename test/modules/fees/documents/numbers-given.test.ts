import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../../../src/kernel/id.js';
import { Charges } from '../../../../src/modules/fees/billing/charges.js';
import { RefundPayouts } from '../../../../src/modules/fees/refunds/refund-payouts.js';
import { Refunds } from '../../../../src/modules/fees/refunds/refunds.js';
import { Checker } from '../../../../src/modules/finance/books/checker.js';
import { db } from '../../../../src/platform/db/index.js';
import { sql } from '../../../support/database/sql.js';
import { TODAY, withFees, type SchoolWithFees } from '../support.js';

describe('a number that somebody changes in the database itself', () => {
  let school: SchoolWithFees;
  before(async () => {
    school = await withFees();
    const children = await school.family(3);
    for (const child of children) {
      const { invoiceId } = await school.run(() =>
        school.get(Charges).charge(school.office, {
          studentId: child.id,
          head: 'TUI',
          amountMinor: 500_000,
          description: 'Trip',
          sourceKey: newId(),
        }),
      );
      await school.run(() =>
        school
          .get(Charges)
          .note(school.office, invoiceId, 'credit-note', 'Too much', [{ headId: school.head.TUI, amountMinor: 100_000 }]),
      );
      await school.run(() =>
        school
          .get(Charges)
          .note(school.office, invoiceId, 'debit-note', 'Too little', [{ headId: school.head.TUI, amountMinor: 50_000 }]),
      );
      await school.pay(child.id, 200_000);
    }
    // A refund gets its number when it is paid.
    for (const child of await school.family(3)) {
      const { receipts } = await school.pay(child.id, 50_000);
      const asked = {
        studentId: child.id,
        receiptIds: [receipts[0]!.id],
        amountMinor: 50_000,
        method: 'cash',
        payeeName: 'Grace Atieno',
        payeeAccount: '',
        reason: 'Moves away',
      } as const;
      const id = await school.run(() => school.get(Refunds).ask(school.office, asked));
      await school.run(() => school.get(Refunds).kind.approve(school.office, { subject: { kind: 'fee-refund', id } } as never));
      await school.run(() => school.get(RefundPayouts).pay(school.office, id, { paidOn: TODAY, reference: '' }));
    }
  });
  after(() => school?.stop());

  const found = async (): Promise<string[]> =>
    (await school.run(() => school.get(Checker).run())).differences.map((one) => `${one.check}: ${one.sentence}`);
  const papers = (table: string, kind: string | null): Promise<{ id: string; number: string }[]> =>
    sql(
      school.database,
      `select id, number from ${table} where number is not null ${kind ? `and kind = '${kind}'` : ''} order by number`,
    );
  const renumber = (table: string, id: string, number: string) =>
    sql(school.database, `update ${table} set number = $2 where id = $1`, [id, number]);

  it('is nowhere to begin with', async () => assert.deepEqual(await found(), []));

  for (const [what, table, kind] of [
    ['an invoice', 'fees_invoices', 'invoice'],
    ['a credit note', 'fees_invoices', 'credit-note'],
    ['a debit note', 'fees_invoices', 'debit-note'],
    ['a receipt', 'fees_receipts', null],
    ['a refund’s voucher', 'fees_refunds', null],
  ] as const) {
    it(`${what}: a changed number without a gap, and two that were swapped, are named`, async () => {
      const [first, second, last] = (await papers(table, kind)) as [
        { id: string; number: string },
        { id: string; number: string },
        { id: string; number: string },
      ];
      await renumber(table, second.id, 'X-1');
      await renumber(table, first.id, second.number);
      await renumber(table, second.id, first.number);
      assert.deepEqual(
        await found(),
        [second, first].map(
          (one, n) =>
            `fee-numbers: Paper ${one.number} was given out as ${[first, second][n]!.number}: its number was changed since.`,
        ),
      );
      await renumber(table, first.id, 'X-1');
      await renumber(table, second.id, second.number);
      await renumber(table, first.id, first.number);
      const foreign = `${last.number}/A`;
      await renumber(table, last.id, foreign);
      assert.ok(
        (await found()).includes(`fee-numbers: Paper ${foreign} was given out as ${last.number}: its number was changed since.`),
      );
      await renumber(table, last.id, last.number);
      assert.deepEqual(await found(), []);
    });
  }

  it('of papers is kept beside them, and by the application only added to', async () => {
    for (const statement of ['update fees_numbers_given set number = number', 'delete from fees_numbers_given'])
      await assert.rejects(
        school.run(async () => db().raw(statement)),
        { code: '42501' },
      );
  });
});
