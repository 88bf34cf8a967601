import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type pg from 'pg';
import { newId } from '../../../../src/kernel/id.js';
import { withKnex } from '../../../../src/modules/provisioning/databases/adapters/schema.store.js';
import { FeeStatements } from '../../../../src/modules/fees/statements/statements.js';
import { Charges } from '../../../../src/modules/fees/billing/charges.js';
import { Defaulters } from '../../../../src/modules/fees/reminders/defaulters.js';
import { TakingBack } from '../../../../src/modules/fees/reversals/reversals.js';
import { Checker } from '../../../../src/modules/finance/books/checker.js';
import { sql } from '../../../support/database/sql.js';
import { withFees, type SchoolWithFees } from '../support.js';

const ALL = { classId: null, streamId: null, atLeastMinor: 0, days: 1 };

describe('what a family owes, kept with each bill and payment', () => {
  let school: SchoolWithFees;
  let superuser: pg.Client;
  before(async () => {
    school = await withFees();
    superuser = await school.database.admin();
  });
  after(async () => {
    await superuser?.end();
    await school?.stop();
  });

  const kept = async (studentId: string): Promise<[number, string | null]> => {
    const [row] = await sql<{ minor: string; day: string | null }>(
      school.database,
      'select open_minor::text as minor, due_on::text as day from fees_debts where id = $1',
      [studentId],
    );
    return [Number(row?.minor ?? 0), row?.day ?? null];
  };
  const differences = async () => (await school.run(() => school.get(Checker).run())).differences;
  const note = (invoiceId: string, amountMinor: number) =>
    school.run(() =>
      school.get(Charges).note(school.office, invoiceId, 'credit-note', 'Too much', [{ headId: school.head.TUI, amountMinor }]),
    );
  const takeBack = (paymentId: string) =>
    school.run(() =>
      school.get(TakingBack).kind.approve(school.office, {
        subject: { kind: 'fee-payment', id: paymentId },
        reason: 'The wrong child',
        payload: {},
      } as never),
    );

  /** The list, and the ages of the statement. @returns what is overdue of each */
  const saysOneThing = async (ids: readonly string[]): Promise<number[]> => {
    const listed = new Map(
      (await school.run(() => school.get(Defaulters).among(school.office, ids))).map((one) => [one.studentId, one]),
    );
    const overdue: number[] = [];
    for (const id of ids) {
      const { ageing, dues } = await school.run(() => school.get(FeeStatements).ofStudent(school.office, id));
      const late = ageing.overdueMinor.reduce((sum, one) => sum + one, 0);
      const row = listed.get(id);
      assert.deepEqual(
        [row?.overdueMinor ?? 0, row?.openMinor ?? ageing.totalMinor, row?.dueOn],
        [late, ageing.totalMinor, row && dues[0]!.dueOn],
      );
      overdue.push(late);
    }
    return overdue;
  };

  it('follows bills, payments, notes and what is taken back', async () => {
    const [child] = await school.family(1);
    const old = await school.bill(child!.id, { TUI: 10_000 }, { dueOn: '2026-09-01' });
    await school.bill(child!.id, { LUN: 4_000 }, { dueOn: '2026-10-01' });
    assert.deepEqual(await kept(child!.id), [14_000, '2026-09-01']);
    const { paymentId } = await school.pay(child!.id, 10_000);
    assert.deepEqual(await kept(child!.id), [4_000, '2026-10-01']);
    await takeBack(paymentId);
    assert.deepEqual(await kept(child!.id), [14_000, '2026-09-01']);
    await note(old, 3_000);
    assert.deepEqual(await kept(child!.id), [11_000, '2026-09-01']);
    await school.pay(child!.id, 20_000);
    assert.deepEqual(await kept(child!.id), [0, null]);
    assert.deepEqual(await differences(), []);
  });

  it('is right when many pay and are billed at once, brothers and sisters by one payment, and nobody waits in a circle', async () => {
    const kids = await school.family(3);
    for (const kid of kids) await school.bill(kid.id, { TUI: 100_000 });
    await Promise.all(
      Array.from({ length: 12 }, (_, n) => {
        const [one, other] = n % 2 ? [kids[0]!, kids[1]!] : [kids[1]!, kids[0]!];
        if (n % 4 === 3)
          return school.run(() =>
            school.get(Charges).charge(school.office, {
              studentId: kids[n % 3]!.id,
              head: 'TUI',
              amountMinor: 1_000,
              description: 'Trip',
              sourceKey: newId(),
            }),
          );
        return school.pay(one.id, 2_000, {
          shares: [
            { studentId: one.id, amountMinor: 1_500 },
            { studentId: other.id, amountMinor: 500 },
          ],
        });
      }),
    );
    assert.equal(
      (await Promise.all(kids.map(async (kid) => (await kept(kid.id))[0]))).reduce((sum, minor) => sum + minor, 0),
      300_000 - 9 * 2_000 + 3 * 1_000,
    );
    assert.deepEqual(await differences(), []);
  });

  it('is right after everything that can happen at once, and the list of who owes and the statement say one sum of one day', async () => {
    const kids = await school.family(4);
    const bills = new Map<string, string[]>();
    const paid = new Map<string, string[]>();
    for (const { id } of kids) {
      bills.set(id, [
        await school.bill(id, { TUI: 50_000 }, { dueOn: '2026-08-01' }),
        await school.bill(id, { BRD: 20_000, LUN: 7_000 }, { dueOn: '2026-09-01' }),
        await school.bill(id, { LUN: 3_000 }, { dueOn: '2026-12-01' }),
      ]);
      paid.set(id, [(await school.pay(id, 9_000)).paymentId, (await school.pay(id, 30_000)).paymentId]);
    }
    const charges = school.get(Charges);
    const debit = (id: string, head: string, amountMinor: number) =>
      school.run(() => charges.note(school.office, id, 'debit-note', 'More', [{ headId: head, amountMinor }]));
    await Promise.all(
      kids.flatMap(({ id }) => [
        takeBack(paid.get(id)![1]!),
        note(bills.get(id)![0]!, 4_000),
        debit(bills.get(id)![1]!, school.head.LUN, 2_000),
        school.pay(id, 1_000),
        school.run(() => charges.reverse(school.office, bills.get(id)![2]!, 'Wrong child')),
      ]),
    );
    assert.deepEqual(await differences(), []);
    for (const { id } of kids) assert.deepEqual((await kept(id))[0], 50_000 + 27_000 - 9_000 - 4_000 + 2_000 - 1_000);
    await saysOneThing(kids.map((one) => one.id));
  });

  it('a fee that was added later and given up again is taken off what is due first, on the list as on the statement', async () => {
    const [child] = await school.family(1);
    const invoice = await school.bill(child!.id, { TUI: 10_000, LUN: 1_000 }, { dueOn: '2026-09-01' });
    await school.run(() =>
      school.get(Charges).note(school.office, invoice, 'debit-note', 'Lunch', [{ headId: school.head.LUN, amountMinor: 5_000 }]),
    );
    await school.run(() =>
      school
        .get(Charges)
        .note(school.office, invoice, 'credit-note', 'No lunch', [{ headId: school.head.LUN, amountMinor: 5_000 }]),
    );
    assert.deepEqual(await kept(child!.id), [11_000, '2026-09-01']);
    assert.deepEqual(await saysOneThing([child!.id]), [6_000]);
  });

  it('the migration that keeps the days goes down and up again and leaves the same rows', async () => {
    const rows = () => sql(school.database, 'select * from fees_debts order by id');
    const before = await rows();
    assert.ok(before.length > 5);
    await withKnex(school.database.connections.owner, 'tenant', (knex) =>
      knex.transaction(async (trx) => {
        const name = readdirSync('migrations/tenant').find((one) => one.endsWith('_fees_debt_days.ts'))!;
        const { up, down } = (await import(`../../../../migrations/tenant/${name.replace(/ts$/, 'js')}`)) as Record<
          'up' | 'down',
          (on: typeof trx) => Promise<void>
        >;
        await down(trx);
        await up(trx);
      }),
    );
    assert.deepEqual(await rows(), before);
    assert.deepEqual(await differences(), []);
  });

  it('orders the list of who owes most, page by page', async () => {
    const kids = await school.family(5);
    for (const [n, kid] of kids.entries()) await school.bill(kid.id, { TUI: 500_000 + n * 1_000 });
    const list = (cursor: string | null) => school.run(() => school.get(Defaulters).list(school.office, ALL, cursor, 2));
    const first = await list(null);
    const second = await list(first.next);
    assert.deepEqual(
      [...first.rows, ...second.rows].map((row) => row.studentId),
      [4, 3, 2, 1].map((n) => kids[n]!.id),
    );
  });

  it('is checked against the bills: whoever changes it past the application is found out', async () => {
    const [child] = await school.family(1);
    await school.bill(child!.id, { TUI: 10_000 });
    for (const [broken, mended] of [
      ['open_minor = open_minor + 1', 'open_minor = open_minor - 1'],
      ['due_on = due_on - 1', 'due_on = due_on + 1'],
      ['due_days = array[due_days[1] - 1]', 'due_days = array[due_days[1] + 1]'],
      ['due_minor = array[due_minor[1] - 1]', 'due_minor = array[due_minor[1] + 1]'],
    ]) {
      await superuser.query(`update fees_debts set ${broken} where id = $1`, [child!.id]);
      assert.deepEqual(
        (await differences()).map(({ check, subject }) => [check, subject]),
        [['fee-debts', child!.id]],
      );
      await superuser.query(`update fees_debts set ${mended} where id = $1`, [child!.id]);
    }
    assert.deepEqual(await differences(), []);
  });
});
