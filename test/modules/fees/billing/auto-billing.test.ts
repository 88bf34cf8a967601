import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { AutoBilling } from '../../../../src/modules/fees/billing/auto-billing.js';
import { FeeSettingsKeeping } from '../../../../src/modules/fees/structures/fee-settings.js';
import { StudentAccountTies } from '../../../../src/modules/fees/documents/student-ties.js';
import type { StudentTies } from '../../../../src/modules/students/index.js';
import { STUDENT_TIES } from '../../../../src/modules/students/index.js';
import { Duplicates } from '../../../../src/modules/students/duplicates/duplicates.js';
import { Register } from '../../../../src/modules/students/operations.js';
import { deliverOutbox } from '../../../../src/platform/outbox/index.js';
import { aStudent } from '../../../support/build.js';
import { countRows, sql } from '../../../support/database/sql.js';
import { studentTiesContract } from '../../../support/people/student-ties-contract.js';
import { check, undo, write } from '../../imports/support.js';
import { withTariff, type SchoolWithTariff } from './billing-support.js';

describe('billing by itself', () => {
  let school: SchoolWithTariff;
  const settings = (more: object) =>
    school.run(async () =>
      school
        .get(FeeSettingsKeeping)
        .save(school.office, { ...(await school.get(FeeSettingsKeeping).find(school.office)), ...more }),
    );
  const told = (work: (auto: AutoBilling) => Promise<void>) => school.run(() => work(school.get(AutoBilling)));

  before(async () => {
    school = await withTariff();
    await school.charge({ TUI: [12_000_00, 12_000_00, 13_000_00], EXM: [4_000_00] });
  });
  after(() => school.stop());

  it('is off until the school wants it, and waits until the term is billed', async () => {
    const before = await aStudent(school, { joinedOn: '2025-01-06' });
    await told((auto) => auto.changed([before.id]));
    await settings({ autoBill: true, leavers: 'days' });
    await told((auto) => auto.changed([before.id]));
    assert.equal(await countRows(school.database, 'fees_invoices'), 0);
    await school.bill(2);
    assert.equal(await school.balance(before.id), 13_000_00);
  });

  it('bills whoever comes afterwards, once, however often it is told', async () => {
    const late = await aStudent(school, { joinedOn: '2026-08-24' });
    for (let turn = 0; turn < 3; turn += 1) await told((auto) => auto.changed([late.id]));
    assert.equal(await countRows(school.database, `fees_invoices where student_id = '${late.id}'`), 1);
    assert.equal(await school.balance(late.id), 17_000_00);
  });

  it('bills those who come together in one run', async () => {
    const before = await countRows(school.database, 'fees_billing_runs');
    const many = [
      await aStudent(school, { joinedOn: '2025-01-06' }),
      await aStudent(school, { joinedOn: '2025-01-06' }),
      await aStudent(school, { joinedOn: '2025-01-06' }),
    ];
    const { subscribers } = school.app;
    await school.run(() => deliverOutbox(subscribers));
    assert.deepEqual(await Promise.all(many.map((one) => school.balance(one.id))), [13_000_00, 13_000_00, 13_000_00]);
    assert.equal((await countRows(school.database, 'fees_billing_runs')) - before, 1);
    await school.run(() => deliverOutbox(subscribers));
    assert.equal((await countRows(school.database, 'fees_billing_runs')) - before, 1);
  });

  it('gives whoever leaves the remaining school days, once, and bills them again when they are back', async () => {
    const kid = await aStudent(school, { joinedOn: '2025-01-06' });
    await told((auto) => auto.changed([kid.id]));
    await school.run(() =>
      school.get(Register).changeStatus(school.office, kid.id, { key: 'withdraw', reason: 'fees', on: '2026-09-01', note: null }),
    );
    for (let turn = 0; turn < 2; turn += 1) await told((auto) => auto.left(kid.id, '2026-09-01'));
    const left = await school.balance(kid.id);
    assert.ok(left > 1_500_00 && left < 2_500_00, `${left} for seven of 44 days`);
    const [change] = await sql(
      school.database,
      "select id from students_status_changes where student_id = $1 and to_status = 'withdrawn'",
      [kid.id],
    );
    await school.run(() => school.get(Register).undoStatus(school.office, kid.id, change!.id!));
    await told((auto) => auto.changed([kid.id]));
    assert.equal(await school.balance(kid.id), 13_000_00);
    assert.deepEqual(await school.differences(), []);
  });

  it('gives it to whoever leaves again on the same day, as often as they were billed again, and to nobody who has not left', async () => {
    const kid = await aStudent(school, { joinedOn: '2025-01-06' });
    const leave = () =>
      school.run(() =>
        school
          .get(Register)
          .changeStatus(school.office, kid.id, { key: 'withdraw', reason: 'fees', on: '2026-09-01', note: null }),
      );
    const comeBack = async () => {
      const [change] = await sql(
        school.database,
        "select id from students_status_changes where student_id = $1 and to_status = 'withdrawn' order by created_at desc limit 1",
        [kid.id],
      );
      await school.run(() => school.get(Register).undoStatus(school.office, kid.id, change!.id!));
    };
    const delivered = () => school.run(() => deliverOutbox(school.app.subscribers));
    await delivered();
    const whole = await school.balance(kid.id);
    const left: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      await leave();
      await delivered();
      await told((auto) => auto.left(kid.id, '2026-09-01'));
      left.push(await school.balance(kid.id));
      await comeBack();
      await delivered();
      assert.equal(await school.balance(kid.id), whole, 'billed again by itself');
    }
    assert.ok(left[0]! < whole && left.every((one) => one === left[0]), left.join(' '));
    await leave();
    await comeBack();
    await delivered();
    assert.equal(await school.balance(kid.id), whole, 'taken back before anybody heard of it');
    assert.deepEqual(await school.differences(), []);
  });

  it('of two records that become one moves what is owed and keeps both bills', async () => {
    const [kept, merged] = [
      await aStudent(school, { joinedOn: '2025-01-06' }),
      await aStudent(school, { joinedOn: '2025-01-06' }),
    ];
    await told((auto) => auto.changed([kept.id, merged.id]));
    await school.run(() => school.get(Duplicates).merge(school.office, kept.id, merged.id));
    assert.equal(await school.balance(kept.id), 26_000_00);
    assert.equal(await school.balance(merged.id), 0);
    assert.equal(await countRows(school.database, `fees_invoices where student_id = '${kept.id}'`), 2);
    assert.equal((await school.bill(2, { studentIds: [kept.id] })).documents, 0);
    assert.deepEqual(await school.differences(), []);
  });
});

describe('a list that is imported where the school bills by itself', () => {
  let school: SchoolWithTariff;
  before(async () => {
    school = await withTariff({ background: true });
    await school.charge({ TUI: [12_000_00, 12_000_00, 13_000_00] });
    await aStudent(school, { joinedOn: '2025-01-06' });
    await school.run(async () =>
      school
        .get(FeeSettingsKeeping)
        .save(school.office, { ...(await school.get(FeeSettingsKeeping).find(school.office)), autoBill: true }),
    );
    await school.bill(2);
  });
  after(() => school.stop());

  /** Until nothing that happened waits for anybody any more. */
  const delivered = async (): Promise<void> => {
    for (let tries = 0; await countRows(school.database, 'platform_outbox where delivered_at is null'); tries += 1) {
      assert.ok(tries < 100, 'events are still waiting');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };

  it('bills nobody, as its page says, and can be taken back', async () => {
    const registrar = await school.as('registrar');
    const list = (day: string): string =>
      ['Adm no,Surname,First name,Sex,Class,Boarding', `L1,Abdi,Ann,F,7 East,${day}`, `L2,Njeri,Joy,F,7 East,${day}`].join('\n');
    const added = await check(registrar, { name: 'newcomers.csv', body: list('Day') });
    assert.match(added.text, /No bills and no SMS are sent/);
    assert.equal((await write(registrar, added.path)).status, 'done');
    const changed = await check(registrar, { name: 'boarders.csv', body: list('Boarder'), mode: 'update' });
    assert.equal((await write(registrar, changed.path, { confirm: '2' })).status, 'done');
    await delivered();
    assert.equal(await countRows(school.database, 'fees_invoices'), 1);
    const { status, text } = await undo(registrar, changed.path);
    assert.equal(status, 'undone', text);
  });

  it('says once, not for each row, why it can’t be taken back', async () => {
    const registrar = await school.as('registrar');
    const { path } = await check(registrar, {
      name: 'more.csv',
      body: 'Adm no,Surname,First name,Sex,Class\nM1,Abdi,Ann,F,7 East\nM2,Njeri,Joy,F,7 East',
    });
    await write(registrar, path);
    assert.equal((await school.bill(2)).documents, 4, 'the next run finds all who came with a list');
    const { status, text } = await undo(registrar, path);
    assert.equal(status, 'done');
    assert.equal(text.match(/A student has an invoice or note\./g)?.length, 1);
  });
});

describe('what of fees hangs on a child', () => {
  let school: SchoolWithTariff;
  const ties = (): StudentTies => school.app.container.getAll(STUDENT_TIES).find((one) => one instanceof StudentAccountTies)!;
  before(async () => {
    school = await withTariff();
    await school.charge({ TUI: [12_000_00, 12_000_00, 13_000_00] });
  });
  after(() => school.stop());

  studentTiesContract({
    ties,
    run: (work) => school.run(work),
    children: async () => {
      const [withRecords, without] = [
        await aStudent(school, { joinedOn: '2025-01-06' }),
        await aStudent(school, { joinedOn: '2025-01-06' }),
      ];
      await school.bill(2, { studentIds: [withRecords.id] });
      return { withRecords: withRecords.id, without: without.id };
    },
    recordsOf: (id) => countRows(school.database, `fees_invoices where student_id = '${id}'`),
    marks: async () => null,
  });
});
