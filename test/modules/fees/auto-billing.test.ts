import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { AutoBilling } from '../../../src/modules/fees/application/auto-billing.js';
import { FeeSettingsKeeping } from '../../../src/modules/fees/application/fee-settings.js';
import { StudentAccountTies } from '../../../src/modules/fees/application/student-ties.js';
import type { StudentTies } from '../../../src/modules/students/index.js';
import { STUDENT_TIES } from '../../../src/modules/students/index.js';
import { Duplicates } from '../../../src/modules/students/application/duplicates.js';
import { Register } from '../../../src/modules/students/operations.js';
import { aStudent } from '../../support/build.js';
import { countRows, sql } from '../../support/sql.js';
import { studentTiesContract } from '../../support/student-ties-contract.js';
import { withTariff, type SchoolWithTariff } from './billing-support.js';

describe('billing by itself', () => {
  let school: SchoolWithTariff;
  const settings = (more: object) => school.run(async () => school.get(FeeSettingsKeeping).save(school.office, { ...(await school.get(FeeSettingsKeeping).find(school.office)), ...more }));
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

  it('gives whoever leaves the school days that are left, once, and bills them again when they are back', async () => {
    const kid = await aStudent(school, { joinedOn: '2025-01-06' });
    await told((auto) => auto.changed([kid.id]));
    await school.run(() => school.get(Register).changeStatus(school.office, kid.id, { key: 'withdraw', reason: 'fees', on: '2026-09-01', note: null }));
    for (let turn = 0; turn < 2; turn += 1) await told((auto) => auto.left(kid.id, '2026-09-01'));
    const left = await school.balance(kid.id);
    assert.ok(left > 1_500_00 && left < 2_500_00, `${left} for seven of 44 days`);
    const [change] = await sql(school.database, "select id from students_status_changes where student_id = $1 and to_status = 'withdrawn'", [kid.id]);
    await school.run(() => school.get(Register).undoStatus(school.office, kid.id, change!.id!));
    await told((auto) => auto.changed([kid.id]));
    assert.equal(await school.balance(kid.id), 13_000_00);
    assert.deepEqual(await school.differences(), []);
  });

  it('of two records that become one moves what is owed and keeps both bills', async () => {
    const [kept, merged] = [await aStudent(school, { joinedOn: '2025-01-06' }), await aStudent(school, { joinedOn: '2025-01-06' })];
    await told((auto) => auto.changed([kept.id, merged.id]));
    await school.run(() => school.get(Duplicates).merge(school.office, kept.id, merged.id));
    assert.equal(await school.balance(kept.id), 26_000_00);
    assert.equal(await school.balance(merged.id), 0);
    assert.equal(await countRows(school.database, `fees_invoices where student_id = '${kept.id}'`), 2);
    assert.equal((await school.bill(2, { studentId: kept.id })).documents, 0);
    assert.deepEqual(await school.differences(), []);
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
      const [withRecords, without] = [await aStudent(school, { joinedOn: '2025-01-06' }), await aStudent(school, { joinedOn: '2025-01-06' })];
      await school.bill(2, { studentId: withRecords.id });
      return { withRecords: withRecords.id, without: without.id };
    },
    recordsOf: (id) => countRows(school.database, `fees_invoices where student_id = '${id}'`),
    marks: async () => null,
  });
});
