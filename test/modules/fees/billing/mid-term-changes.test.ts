import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { AutoBilling } from '../../../../src/modules/fees/billing/auto-billing.js';
import { FeeSettingsKeeping } from '../../../../src/modules/fees/structures/fee-settings.js';
import { Structures } from '../../../../src/modules/fees/structures/structures.js';
import { SCHOOL } from '../../../../src/modules/school/index.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { Register } from '../../../../src/modules/students/operations.js';
import { STUDENT_STORE } from '../../../../src/modules/students/ports.js';
import { aSchool, type SchoolUnderTest } from '../../../support/app.js';
import { aStudent } from '../../../support/build.js';
import type { Browser } from '../../../support/browser.js';
import { textOfPdf } from '../../../support/reading/pdf.js';
import { countRows, sql } from '../../../support/database/sql.js';
import { check, undo, write } from '../../imports/support.js';
import { withTariff, type SchoolWithTariff } from './billing-support.js';

const TODAY = '2026-09-21';
const TUITION = 13_000_00;
const BOARDING = 16_700_00;
const LUNCH = 6_500_00;
const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('what begins or ends in the middle of a term', () => {
  let school: SchoolWithTariff;
  let registrar: Browser;
  let bursar: Browser;
  let share: (amount: number, from: string) => number;
  const settings = (more: object) =>
    school.run(async () =>
      school
        .get(FeeSettingsKeeping)
        .save(school.office, { ...(await school.get(FeeSettingsKeeping).find(school.office)), ...more }),
    );
  const learner = () => aStudent(school, { joinedOn: '2025-01-06' });
  const profile = async (id: string) => (await school.run(() => school.get(STUDENT_STORE).profile(id, { kind: 'all' })))!.student;
  const edit = async (id: string, fields: Record<string, string>) => {
    const one = await profile(id);
    return registrar.submit(
      `/students/${id}/edit`,
      {
        version: String(one.version),
        surname: one.surname,
        firstName: one.firstName,
        middleName: one.middleName!,
        sex: one.sex,
        admissionNo: one.admissionNo,
        ...fields,
      },
      `/students/${id}/edit`,
    );
  };
  const preview = async (id: string) =>
    text((await bursar.get(`/fees/billing/new?term=${school.year.terms[2]!.id}&student=${id}`)).html);

  before(async () => {
    school = await withTariff({ today: TODAY });
    registrar = await school.as('registrar');
    bursar = await school.as('bursar');
    await school.head({ code: 'BRD', name: 'Boarding' });
    await school.charge({ TUI: [0, 0, TUITION], LUN: [0, 0, LUNCH] });
    const term = school.year.terms[2]!;
    await school.run(async () => {
      const structures = school.get(Structures);
      const id = await structures.draft(school.office, {
        yearId: school.year.id,
        name: 'Boarders',
        audience: { classIds: [], streamIds: [], boarding: 'boarder' },
      });
      await structures.setLines(school.office, id, [{ headId: school.heads.BRD!, termId: term.id, amountMinor: BOARDING }], 1);
      await structures.publish(school.office, id);
      const days = await school.get(SCHOOL).days(term.startsOn, term.endsOn);
      const worth = (from: string): number => days.filter((one) => one.day >= from).reduce((sum, one) => sum + one.worth, 0);
      share = (amount, from) => Math.round((amount * worth(from)) / worth(term.startsOn) / 100) * 100;
    });
  });
  after(() => school.stop());

  it('boarding from today: the page shows it by the days that are left, the run writes that, and another nothing', async () => {
    const kid = await learner();
    await school.bill(2, { studentIds: [kid.id] });
    assert.equal(await school.balance(kid.id), TUITION);
    const saved = await edit(kid.id, { boarding: 'boarder' });
    assert.equal(saved.status, 303, text(saved.html));
    const due = share(BOARDING, TODAY);
    assert.ok(due > 0 && due < BOARDING);
    assert.match(await preview(kid.id), new RegExp(`Debit note 13,000 [\\d,]+ \\+${(due / 100).toLocaleString('en-GB')}`));
    assert.equal((await school.bill(2, { studentIds: [kid.id] })).totalMinor, due);
    assert.equal(await school.balance(kid.id), TUITION + due);
    assert.match(
      (await sql(school.database, 'select description from fees_invoice_lines where head_id = $1', [school.heads.BRD!]))[0]!
        .description!,
      /^Boarding: \d+ of \d+ school days$/,
    );
    assert.match(await preview(kid.id), /Everything is up to date/);
    assert.equal((await school.bill(2, { studentIds: [kid.id] })).documents, 0);
    const [note] = await sql(school.database, "select id from fees_invoices where student_id = $1 and kind = 'debit-note'", [
      kid.id,
    ]);
    const path = `/fees/invoices/${note!.id as string}`;
    for (const said of [text((await bursar.get(path)).html), textOfPdf((await bursar.get(`${path}/print.pdf`)).body)]) {
      assert.equal(said.match(/Boarding: \d+ of \d+ school days/g)?.length, 1, said);
      assert.doesNotMatch(said, /Boarding Boarding/);
    }
    assert.match(text((await registrar.get(`/students/${kid.id}/edit`)).html), /Boarder since 21 September 2026/);
  });

  it('a day that was wrong is put right, and so is a child that never boarded', async () => {
    const kid = await learner();
    await edit(kid.id, { boarding: 'boarder' });
    await school.bill(2, { studentIds: [kid.id] });
    assert.match(
      text((await edit(kid.id, { boarding: 'boarder', boardingSince: '2026-12-24' })).html),
      /This date is in the future/,
    );
    await edit(kid.id, { boarding: 'boarder', boardingSince: '2026-09-28' });
    assert.equal((await profile(kid.id)).boardingChanges.length, 1, 'a day in the future is refused');
    await edit(kid.id, { boarding: 'boarder', boardingSince: '2026-09-07' });
    await school.bill(2, { studentIds: [kid.id] });
    assert.equal(await school.balance(kid.id), TUITION + share(BOARDING, '2026-09-07'));
    await edit(kid.id, { boarding: 'day', boardingSince: '2026-09-07' });
    await school.bill(2, { studentIds: [kid.id] });
    assert.equal(await school.balance(kid.id), TUITION);
    assert.deepEqual((await profile(kid.id)).boardingChanges, ['2026-09-07', '2026-09-07']);
  });

  it('who stops boarding is treated as leavers are: keeps the bill, or gets the days that are left', async () => {
    const kid = await aStudent(school, { joinedOn: '2025-01-06', boarding: 'boarder' });
    await school.bill(2, { studentIds: [kid.id] });
    assert.equal(await school.balance(kid.id), TUITION + BOARDING);
    await edit(kid.id, { boarding: 'day' });
    assert.equal((await school.bill(2, { studentIds: [kid.id] })).documents, 0);
    await settings({ leavers: 'days', autoBill: true });
    await school.run(() => school.get(AutoBilling).changed([kid.id]));
    assert.equal(await school.balance(kid.id), TUITION + BOARDING - share(BOARDING, TODAY));
    await school.run(() => school.get(AutoBilling).changed([kid.id]));
    assert.equal(await countRows(school.database, `fees_invoices where student_id = '${kid.id}'`), 2);
  });

  it('who boarded for a part of the term and leaves gets back what of that part is left', async () => {
    const kid = await learner();
    await school.bill(2, { studentIds: [kid.id] });
    await edit(kid.id, { boarding: 'boarder', boardingSince: '2026-09-07' });
    await school.run(() => school.get(AutoBilling).changed([kid.id]));
    await school.run(() =>
      school.get(Register).changeStatus(school.office, kid.id, { key: 'withdraw', reason: 'fees', on: '2026-09-18', note: null }),
    );
    await school.run(() => school.get(AutoBilling).left(kid.id, '2026-09-18'));
    const lived = TUITION + share(BOARDING, '2026-09-07') - share(TUITION, TODAY) - share(BOARDING, TODAY);
    assert.ok(Math.abs((await school.balance(kid.id)) - lived) <= 100, `${await school.balance(kid.id)} for ${lived}`);
    assert.deepEqual(await school.differences(), []);
  });

  it('an earlier term is billed as it was then, whatever came since', async () => {
    const kid = await learner();
    await edit(kid.id, { boarding: 'boarder' });
    const [rows] = [
      await school.run(() =>
        school.runs.dryRun(school.office, school.year.terms[2]!.id, {
          classIds: [],
          streamIds: [],
          boarding: null,
          studentIds: [kid.id],
        }),
      ),
    ];
    assert.equal(rows.rows[0]!.thenMinor, TUITION + share(BOARDING, TODAY));
    await sql(school.database, 'update students set boarding_changes = \'["2027-01-04"]\' where id = $1', [kid.id]);
    const then = await school.run(() =>
      school.runs.dryRun(school.office, school.year.terms[2]!.id, {
        classIds: [],
        streamIds: [],
        boarding: null,
        studentIds: [kid.id],
      }),
    );
    assert.equal(then.rows[0]!.thenMinor, TUITION);
  });

  it('the same for several ticked students', async () => {
    const kids = [await learner(), await learner()];
    const ticked = kids.map((one) => `student=${one.id}`).join('&');
    const done = await registrar.submit(
      '/students/bulk/edit',
      { student: kids.map((one) => one.id), boarding: 'boarder', on: '2026-09-14' },
      `/students/bulk/edit?${ticked}`,
    );
    assert.equal(done.status, 303, text(done.html));
    for (const { id } of kids) assert.deepEqual((await profile(id)).boardingChanges, ['2026-09-14']);
    const late = await registrar.submit(
      '/students/bulk/edit',
      { student: kids.map((one) => one.id), boarding: 'day', on: '2026-12-14' },
      `/students/bulk/edit?${ticked}`,
    );
    assert.match(text(late.html), /This date is in the future/);
  });

  it('an optional fee that is taken from today, and ended on a day, is charged by its days', async () => {
    const kid = await learner();
    await school.bill(2, { studentIds: [kid.id] });
    const at = `/fees/students/${kid.id}`;
    const term = school.year.terms[2]!;
    assert.match(
      (await bursar.get(`${at}/subscriptions/new`)).html,
      new RegExp(`name="fromOn"[^>]* value="${TODAY}"`),
      'today is proposed in a running term',
    );
    assert.match(
      text(
        (
          await bursar.submit(
            `${at}/subscriptions`,
            { headId: school.heads.LUN!, fromTermId: term.id, fromOn: '2026-01-20' },
            `${at}/subscriptions/new`,
          )
        ).html,
      ),
      /This date is not in that term/,
    );
    assert.equal(
      (
        await bursar.submit(
          `${at}/subscriptions`,
          { headId: school.heads.LUN!, fromTermId: term.id, fromOn: TODAY },
          `${at}/subscriptions/new`,
        )
      ).status,
      303,
    );
    assert.ok((await preview(kid.id)).includes(`+${(share(LUNCH, TODAY) / 100).toLocaleString('en-GB')}`));
    await school.bill(2, { studentIds: [kid.id] });
    assert.equal(await school.balance(kid.id), TUITION + share(LUNCH, TODAY));
    assert.match(text((await bursar.get(at)).html), /Lunch from 21 September 2026/);
    const [one] = await sql(school.database, 'select id from fees_subscriptions where student_id = $1', [kid.id]);
    assert.equal(
      (
        await bursar.submit(
          `${at}/subscriptions/${one!.id}/ending`,
          { lastTermId: term.id, lastOn: '2026-09-30' },
          `${at}/subscriptions/${one!.id}/ending`,
        )
      ).status,
      303,
    );
    await school.bill(2, { studentIds: [kid.id] });
    assert.ok(Math.abs((await school.balance(kid.id)) - (TUITION + share(LUNCH, TODAY) - share(LUNCH, '2026-10-01'))) <= 100);
    assert.deepEqual(await school.differences(), []);
  });
});

describe('a list that says who boards', () => {
  let school: SchoolUnderTest;
  before(async () => {
    school = await aSchool({ clock: { now: () => new Date(`${TODAY}T09:00:00Z`) }, background: true });
  });
  after(() => school.stop());

  it('says since when, or that it counts from today, and taken back it is as it was', async () => {
    const registrar = await school.as('registrar');
    const kids = [await aStudent(school, { boarding: 'boarder' }), await aStudent(school, { boarding: 'boarder' })];
    const changes = async ({ id }: Student): Promise<unknown> =>
      (await sql(school.database, 'select boarding_changes from students where id = $1', [id]))[0]!.boarding_changes;
    const [first, second] = kids as [Student, Student];
    const list = [
      'Adm no,Surname,First name,Sex,Class,Boarding,Boarding since',
      ...kids.map(
        (one, n) => `${one.admissionNo},${one.surname},${one.firstName},${one.sex},7 East,Day,${n === 0 ? '17/09/2026' : ''}`,
      ),
    ].join('\n');
    const checked = await check(registrar, { name: 'boarders.csv', body: list, mode: 'update' });
    assert.match(checked.text, /applies from today/);
    const before = await sql(school.database, 'select * from students order by id');
    assert.equal((await write(registrar, checked.path, { confirm: '2' })).status, 'done');
    assert.deepEqual([await changes(first), await changes(second)], [['2026-09-17'], [TODAY]]);
    assert.equal((await undo(registrar, checked.path)).status, 'undone');
    assert.deepEqual(await sql(school.database, 'select * from students order by id'), before);
  });
});
