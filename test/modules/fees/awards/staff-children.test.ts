import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { recordLeaving } from '../../../../src/modules/hr/operations.js';
import { RUN } from '../../../../src/kernel/shapes/command.js';
import type { Staff } from '../../../../src/modules/hr/index.js';
import { staffParent } from '../../../../src/modules/fees/awards/staff-child.rules.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { aGuardian, aStaffMember, aStudent } from '../../../support/build.js';
import type { Browser } from '../../../support/browser.js';
import { sql } from '../../../support/database/sql.js';
import { withTariff, type SchoolWithTariff } from '../billing/billing-support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const known = (more: object = {}) => ({
  fullName: 'Mary Otieno',
  name: 'Otieno',
  staffNo: 'S1',
  phones: ['+254722000001'],
  email: null,
  nationalId: null,
  ...more,
});

describe('a child of staff has a guardian who works here', () => {
  for (const [what, guardian, employee, by] of [
    ['by the same phone', {}, {}, 'phone'],
    ['by the second phone', { phones: ['+254700000000', '+254722000001'] }, {}, 'phone'],
    ['by the national id rather than by the phone', { nationalId: '2345 6789' }, { nationalId: '23456789' }, 'national id'],
    ['by the email in any spelling', { phones: [null], email: 'Mary@School.test' }, { email: 'mary@school.test' }, 'email'],
    ['not by the name alone', { phones: ['+254700000000'] }, {}, null],
    ['not by what neither has', { phones: [null, null] }, { phones: [null] }, null],
  ] as const) {
    it(what, () => assert.equal(staffParent([known(guardian)], [known(employee)])?.by ?? null, by));
  }
});

describe('what goes to children of staff', () => {
  let school: SchoolWithTariff;
  let bursar: Browser;
  let child: Student;
  let other: Student;
  let barred: Student;
  let teacher: Staff;
  const addKind = (given: Record<string, string | string[]>) =>
    bursar.submit(
      '/fees/awards/kinds',
      { rank: '1', name: 'Staff child', method: 'percent', value: '25', staffChildren: 'on', ...given },
      '/fees/awards/kinds/new',
    );
  const change = async (given: Record<string, string>) => {
    const [kind] = await sql(school.database, "select id, version::text from fees_award_kinds where name = 'Staff child'");
    const path = `/fees/awards/kinds/${kind!.id}/edit`;
    assert.equal(
      (
        await bursar.submit(
          path,
          {
            rank: '1',
            name: 'Staff child',
            method: 'percent',
            value: '25',
            headIds: school.heads.TUI!,
            staffChildren: 'on',
            version: kind!.version!,
            ...given,
          },
          path,
        )
      ).status,
      303,
    );
  };
  const dryRun = async () => text((await bursar.get(`/fees/billing/new?term=${school.year.terms[2]!.id}`)).html);

  before(async () => {
    school = await withTariff();
    bursar = await school.as('bursar');
    [child, other, barred] = (await Promise.all([
      aStudent(school, { joinedOn: '2025-01-06' }),
      aStudent(school, { joinedOn: '2025-01-06' }),
      aStudent(school, { joinedOn: '2025-01-06' }),
    ])) as [Student, Student, Student];
    teacher = await aStaffMember(school, { phone: '+254722111222' });
    await aGuardian(school, child, { phone: teacher.phone });
    await aGuardian(school, other, { phone: '+254722999888' });
    const tie = await aGuardian(school, barred, { phone: '+254733444555' });
    await aStaffMember(school, { phone: '+254733444555' });
    await sql(
      school.database,
      'update students_guardianships set barred = true, may_collect = false, gets_sms = false, gets_reports = false where student_id = $1 and ($2::text is not null)',
      [barred.id, String(tie)],
    );
    await school.charge({ TUI: [12_000_00, 12_000_00, 20_000_00], EXM: [0, 0, 4_000_00] });
  });
  after(() => school.stop());

  it('is the school’s own discount, a per cent or an amount', async () => {
    assert.match((await addKind({ sponsored: 'on' })).html, /must be a percentage or an amount, and can’t be paid by a sponsor/);
    assert.match(
      (await addKind({ method: 'siblings', value: '5', most: '20' })).html,
      /must be a percentage or an amount, and can’t be paid by a sponsor/,
    );
    assert.equal((await addKind({ headIds: school.heads.TUI! })).status, 303);
    assert.match(text((await bursar.get('/fees/awards')).html), /Staff child for staff children, automatic/);
  });

  it('is seen in the dry run with the reason, and goes by itself as a line of its own; not to others, nor by a guardian who is barred', async () => {
    assert.match(await dryRun(), /Staff child: .+, same phone/);
    assert.equal((await dryRun()).match(/Staff child/g)!.length, 1);
    await school.bill(2);
    assert.deepEqual(
      [await school.balance(child.id), await school.balance(other.id), await school.balance(barred.id)],
      [19_000_00, 24_000_00, 24_000_00],
    );
    const lines = await sql(
      school.database,
      "select l.description, l.amount_minor::text as minor from fees_invoice_lines l join fees_invoices i on i.id = l.invoice_id where l.kind = 'discount' and i.student_id = $1",
      [child.id],
    );
    assert.deepEqual(lines, [{ description: 'Staff child', minor: '-500000' }]);
    assert.equal((await school.bill(2)).documents, 0);
    assert.deepEqual(await school.differences(), []);
  });

  it('is no more than the limit of a term', async () => {
    await change({ limit: '3,000' });
    await school.bill(2);
    assert.equal(await school.balance(child.id), 21_000_00);
  });

  it('above what one person may give doesn’t go by itself: it is given by hand, and a second person decides', async () => {
    await change({ value: '50', askAbove: '40' });
    assert.match(text((await bursar.get('/fees/awards')).html), /for staff children, needs a second person/);
    await school.bill(2);
    assert.equal(await school.balance(child.id), 24_000_00);
    const [kind] = await sql(school.database, "select id from fees_award_kinds where name = 'Staff child'");
    await bursar.submit(
      '/fees/awards',
      { student: child.admissionNo, kindId: kind!.id!, fromTermId: school.year.terms[2]!.id, reason: 'Mother teaches here' },
      '/fees/awards/new',
    );
    assert.equal((await school.bill(2)).documents, 0);
    const [request] = await sql(school.database, "select id from approvals_requests where state = 'asked'");
    assert.equal(
      (
        await (
          await school.as('head')
        ).submit(`/approvals/${request!.id}/decision`, { decision: 'approve', note: '' }, `/approvals/${request!.id}`)
      ).status,
      303,
    );
    await school.bill(2);
    assert.equal(await school.balance(child.id), 14_000_00);
    // What was given takes the place of what goes by itself.
    await change({ value: '10' });
    await school.bill(2);
    assert.equal(await school.balance(child.id), 22_000_00);
  });

  it('ends with the work: who has left when the term is billed is no staff', async () => {
    await sql(school.database, "update fees_awards set state = 'ended'");
    await school.bill(2);
    assert.equal(await school.balance(child.id), 22_000_00);
    await school.run(() =>
      school.get(RUN)(school.office, recordLeaving, {
        id: teacher.id,
        leftOn: '2026-08-31',
        reason: 'Resigned',
        closeNow: false,
      }),
    );
    await school.bill(2);
    assert.equal(await school.balance(child.id), 24_000_00);
  });
});
