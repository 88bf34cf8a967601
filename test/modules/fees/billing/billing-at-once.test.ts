import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { AutoBilling } from '../../../../src/modules/fees/billing/auto-billing.js';
import { FeeSettingsKeeping } from '../../../../src/modules/fees/structures/fee-settings.js';
import { Receiving } from '../../../../src/modules/fees/receiving/receive.js';
import { Structures } from '../../../../src/modules/fees/structures/structures.js';
import { SUBJECTS } from '../../../../src/modules/subjects/index.js';
import { Enrolments } from '../../../../src/modules/students/operations.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { aStudent } from '../../../support/build.js';
import { sql } from '../../../support/database/sql.js';
import { EVERYBODY, withTariff, type SchoolWithTariff } from './billing-support.js';
import { payment } from '../support.js';

const ROUNDS = 6;
const FEE = 13_000_00;
/** What whoever is in the other class pays besides. */
const MORE = 2_000_00;

describe('a billing run at the moment at which', () => {
  let school: SchoolWithTariff;
  let here: string;
  let there: { id: string; classId: string };
  const work = (id: string) => school.run(() => school.runs.work(id, { userId: null, name: 'Test' }, false));
  const start = (scope: Partial<typeof EVERYBODY> = {}) =>
    school.run(() => school.runs.start(school.office, school.year.terms[2]!.id, { ...EVERYBODY, ...scope }));
  const itself = (student: Student) => school.run(() => school.get(AutoBilling).changed([student.id]));
  const pay = (student: Student, amountMinor: number) =>
    school.run(() =>
      school.get(Receiving).receive(school.office, payment(student.id, amountMinor, { receivedOn: '2026-09-01' })),
    );
  const newcomers = async (count: number): Promise<Student[]> => {
    const made: Student[] = [];
    while (made.length < count) made.push(await aStudent(school, { joinedOn: '2025-01-06' }));
    return made;
  };
  /** Invoices of the term that stand, notes not counted. */
  const bills = async (student: Student): Promise<number> =>
    (
      await sql(school.database, "select id from fees_invoices where student_id = $1 and kind = 'invoice' and state = 'issued'", [
        student.id,
      ])
    ).length;
  const open = async (student: Student): Promise<number> =>
    Number(
      (
        await sql(
          school.database,
          "select (coalesce((select sum(total_minor) from fees_invoices where student_id = $1 and state = 'issued'), 0) - coalesce((select sum(a.amount_minor) from fees_allocations a join fees_invoices i on i.id = a.invoice_id where i.student_id = $1 and a.freed_at is null), 0))::text as open",
          [student.id],
        )
      )[0]!.open,
    );

  before(async () => {
    school = await withTariff();
    await school.charge({ TUI: [0, 0, FEE] });
    const { streams } = await school.run(() => school.get(SUBJECTS).classList());
    here = streams[0]!.id;
    there = streams.find((one) => one.classId !== streams[0]!.classId)!;
    await school.run(async () => {
      const structures = school.get(Structures);
      const id = await structures.draft(school.office, {
        yearId: school.year.id,
        name: 'The other class',
        audience: { classIds: [there.classId], streamIds: [], boarding: null },
      });
      await structures.setLines(
        school.office,
        id,
        [{ headId: school.heads.TUI!, termId: school.year.terms[2]!.id, amountMinor: FEE + MORE }],
        1,
      );
      await structures.publish(school.office, id);
      const settings = school.get(FeeSettingsKeeping);
      await settings.save(school.office, { ...(await settings.find(school.office)), autoBill: true });
    });
    await newcomers(1);
    await work(await start());
  });
  after(() => school.stop());

  it('others bill the same students: one run of a term at a time, and each student once', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const [one, other] = (await newcomers(2)) as [Student, Student];
      const asked = await Promise.allSettled([start(), start({ streamIds: [here] }), start({ studentIds: [one.id] })]);
      const won = asked.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      assert.equal(won.length, 1, 'the others are told to look at that run');
      await Promise.all([work(won[0]!), work(won[0]!), itself(one), itself(other), itself(one)]);
      await work(await start({ streamIds: [here] }));
      for (const student of [one, other]) assert.deepEqual([await bills(student), await school.balance(student.id)], [1, FEE]);
    }
    assert.deepEqual(await school.differences(), []);
  });

  it('a family pays: the money settles the bill, whoever was first', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const kids = await newcomers(3);
      const run = await start();
      await Promise.all([work(run), ...kids.map((one, n) => pay(one, 4_000_00 + n)), ...kids.map((one) => pay(one, 1_000_00))]);
      for (const [n, one] of kids.entries())
        assert.deepEqual(
          [await bills(one), await school.balance(one.id), await open(one)],
          [1, FEE - 5_000_00 - n, FEE - 5_000_00 - n],
        );
    }
    assert.deepEqual(await school.differences(), []);
  });

  it('a student moves to another class: one bill, and in the end what that class is charged', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const [student] = (await newcomers(1)) as [Student];
      const run = await start();
      const move = async (): Promise<void> => {
        await school.run(() =>
          school.get(Enrolments).move(school.office, student.id, { streamId: there.id, on: '2026-09-01', note: null }),
        );
        await itself(student);
      };
      await Promise.all([work(run), move(), pay(student, 1_000_00)]);
      assert.deepEqual([await bills(student), await school.balance(student.id)], [1, FEE + MORE - 1_000_00]);
    }
    assert.deepEqual(await school.differences(), []);
  });

  it('it is taken back: nothing of it is owed, and what was paid meanwhile is credit', async () => {
    for (let round = 0; round < 2; round++) {
      const kids = await newcomers(2);
      const run = await start();
      await work(run);
      await school.run(() => school.runs.reverse(school.office, run, 'The wrong term'));
      await Promise.all([
        school.run(() => school.runs.workReversal(run, { userId: null, name: 'Test' }, false)),
        ...kids.map((one) => pay(one, 2_000_00)),
      ]);
      for (const one of kids)
        assert.deepEqual([await bills(one), await school.balance(one.id), await open(one)], [0, -2_000_00, 0]);
    }
    assert.deepEqual(await school.differences(), []);
  });
});
