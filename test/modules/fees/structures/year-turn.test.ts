import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { FeeSettingsKeeping } from '../../../../src/modules/fees/structures/fee-settings.js';
import { Structures } from '../../../../src/modules/fees/structures/structures.js';
import { SCHOOL, type AcademicYear } from '../../../../src/modules/school/index.js';
import { Rollovers } from '../../../../src/modules/students/rollovers/rollovers.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { deliverOutbox } from '../../../../src/platform/outbox/index.js';
import { aFamily, aStudent } from '../../../support/build.js';
import { countRows, sql } from '../../../support/database/sql.js';
import { EVERYBODY, withTariff, type SchoolWithTariff } from '../billing/billing-support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

/** A school in its last term, which has billed it and moves on to the next year too early. */
describe('the turn of the year and its bills', () => {
  let school: SchoolWithTariff;
  let next: AcademicYear;
  let elder: Student;
  let younger: Student;
  let repeater: Student;
  let rolloverId: string;

  const delivered = (): Promise<unknown> => school.run(() => deliverOutbox(school.app.subscribers));
  const balances = () => Promise.all([elder, younger, repeater].map((one) => school.balance(one.id)));
  const turn = <Result>(work: (rollovers: Rollovers) => Promise<Result>): Promise<Result> =>
    school.run(() => work(school.get(Rollovers)));
  const documents = () =>
    sql(school.database, 'select kind, state, term_id, student_id from fees_invoices order by created_at, id');
  const billNext = (term: number) =>
    school.run(async () => {
      const id = await school.runs.start(school.office, next.terms[term]!.id, EVERYBODY);
      await school.runs.work(id, { userId: null, name: 'Test' }, false);
      return school.runs.find(school.office, id);
    });

  before(async () => {
    school = await withTariff({ years: [2026, 2027] });
    next = (await school.run(() => school.get(SCHOOL).years()))[1]!;
    const family = await aFamily(school, 1, { stream: 'Grade 8 East', bornOn: '2012-02-01', joinedOn: '2025-01-06' });
    elder = family.students[0]!;
    younger = await aStudent(school, {
      stream: 'Grade 7 East',
      bornOn: '2014-02-01',
      joinedOn: '2025-01-06',
      guardians: family.guardians,
    });
    repeater = await aStudent(school, { stream: 'Grade 7 East', joinedOn: '2025-01-06' });
    await school.charge({ TUI: [12_000_00, 12_000_00, 20_000_00] });
    const bursar = await school.as('bursar');
    const kind = await bursar.submit(
      '/fees/awards/kinds',
      { name: 'Siblings', method: 'siblings', value: '5', most: '20', rank: '1', headIds: [school.heads.TUI!] },
      '/fees/awards/kinds/new',
    );
    assert.equal(kind.status, 303, text(kind.html));
    await school.run(async () =>
      school
        .get(FeeSettingsKeeping)
        .save(school.office, { ...(await school.get(FeeSettingsKeeping).find(school.office)), autoBill: true, leavers: 'days' }),
    );
    await school.bill(2);
    await delivered();
    await school.run(async () => {
      const structures = school.get(Structures);
      const id = await structures.draft(school.office, {
        yearId: next.id,
        name: 'Next year',
        audience: { classIds: [], streamIds: [], boarding: null },
      });
      const lines = next.terms.map((term) => ({ headId: school.heads.TUI!, termId: term.id, amountMinor: 30_000_00 }));
      await structures.setLines(school.office, id, lines, (await structures.find(school.office, id)).version);
      await structures.publish(school.office, id);
    });
  });
  after(() => school.stop());

  it('before it, a term of the next year has nobody to bill, and says why', async () => {
    const before = await balances();
    assert.deepEqual(before, [20_000_00, 19_000_00, 20_000_00]);
    assert.equal((await billNext(0)).documents, 0);
    const page = await (await school.as('bursar')).get(`/fees/billing/new?term=${next.terms[0]!.id}`);
    assert.match(text(page.html), /3 students are not in 2027 yet/);
  });

  it('says what it will bill, and leaves the running term alone: neither bills nor lost discounts', async () => {
    const before = await documents();
    rolloverId = (
      await turn((one) => one.prepare(school.office, { fromYearId: school.year.id, toYearId: next.id, pass: null, margin: 0 }))
    ).id;
    await turn((one) =>
      one.decide(school.office, rolloverId, repeater.id, { decision: 'repeating', chosenStreamId: null, reason: 'Illness' }),
    );
    const check = await (await school.as('head')).get(`/students/rollovers/${rolloverId}/check`);
    assert.match(text(check.html), /Term 1 2 students KES 60,000/);
    await turn((one) => one.commit(school.office, rolloverId, 1));
    await delivered();
    const now = await documents();
    assert.deepEqual(
      now.filter((one) => one.term_id !== next.terms[0]!.id),
      before,
      'the running term is as it was',
    );
    assert.deepEqual(
      await balances(),
      [20_000_00, 49_000_00, 50_000_00],
      'term 1 of the new year is billed, by its own places: the younger is the first child now',
    );
    assert.equal(
      (await school.bill(2)).documents,
      0,
      'a run of the old term finds nothing to change: the elder still counts in it',
    );
    assert.deepEqual(await school.differences(), []);
  });

  it('is taken back with its bills, and leaves no note', async () => {
    assert.equal((await billNext(1)).documents, 2);
    await turn((one) => one.undo(school.office, rolloverId));
    await delivered();
    assert.deepEqual(await balances(), [20_000_00, 19_000_00, 20_000_00]);
    assert.equal(await countRows(school.database, "fees_invoices where kind <> 'invoice'"), 0);
    assert.equal(await countRows(school.database, "fees_invoices where state = 'issued'"), 3);
    await delivered();
    assert.deepEqual(await school.differences(), []);
  });

  it('bills a newcomer of the next year there only, and gives back what leavers were billed ahead', async () => {
    const newcomer = await aStudent(school, { stream: 'Grade 7 East', joinedOn: next.terms[0]!.startsOn, status: 'expected' });
    await delivered();
    assert.equal(await school.balance(newcomer.id), 60_000_00, 'both terms that are billed');
    const office = await school.as('registrar');
    const gone = await office.submit(
      `/students/${newcomer.id}/status-changes`,
      { step: 'withdraw', reason: 'fees', on: '2026-09-01' },
      `/students/${newcomer.id}/status-changes/new?step=withdraw`,
    );
    assert.equal(gone.status, 303, text(gone.html));
    await delivered();
    assert.equal(await school.balance(newcomer.id), 0);
    assert.equal((await billNext(0)).documents, 0, 'and a run does not bill the leaver again');
  });

  it('of a boarder who becomes a day scholar in the holidays changes the terms to come', async () => {
    await turn(async (one) => {
      const again = await one.prepare(school.office, { fromYearId: school.year.id, toYearId: next.id, pass: null, margin: 0 });
      await one.commit(school.office, again.id, (await one.obstacles(again)).leave);
    });
    await delivered();
    assert.deepEqual(await balances(), [20_000_00, 79_000_00, 80_000_00]);
    assert.equal((await school.bill(1)).documents, 3, 'a term that is over is billed by the class of its own days');
    const [row] = await sql(school.database, 'select class_id from fees_invoices where student_id = $1 and term_id = $2', [
      younger.id,
      school.year.terms[1]!.id,
    ]);
    const [line] = await sql(school.database, 'select class_id from students_enrolments where student_id = $1 and year_id = $2', [
      younger.id,
      school.year.id,
    ]);
    assert.equal(row!.class_id, line!.class_id);
  });
});
