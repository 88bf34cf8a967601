import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Clearances, type GateFilter } from '../../../../src/modules/fees/clearance/clearances.js';
import { Plans } from '../../../../src/modules/fees/instalments/plans.js';
import type { ClearanceTerms } from '../../../../src/modules/fees/clearance/clearance.rules.js';
import { SCHOOL } from '../../../../src/modules/school/index.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { aStudent } from '../../../support/build.js';
import type { Browser } from '../../../support/browser.js';
import { textOfPdf } from '../../../support/reading/pdf.js';
import { sql } from '../../../support/database/sql.js';
import { withFees, type SchoolWithFees } from '../support.js';

const ALL: GateFilter = { classId: null, streamId: null, text: null, held: null };
const NOTHING: ClearanceTerms = { thresholdKind: 'amount', threshold: 0, graceDays: 0, plansCount: true };
const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('who is cleared', () => {
  let school: SchoolWithFees;
  let bursar: Browser;
  let head: Browser;
  let term: string;
  let owing: Student;
  let late: Student;
  let planned: Student;
  let paid: Student;
  let excepted: Student;
  const take = (terms: Partial<ClearanceTerms> = {}): Promise<string> =>
    school.run(async () => {
      const id = await school.get(Clearances).start(school.office, term, { ...NOTHING, ...terms });
      await school.get(Clearances).work(id);
      return id;
    });
  const rows = async (id: string, filter: Partial<GateFilter> = {}) =>
    (await school.run(() => school.get(Clearances).rows(school.office, id, { ...ALL, ...filter }, null, 200))).rows;
  const outcomes = async (id: string) => new Map((await rows(id)).map((row) => [row.studentId, row.outcome]));

  before(async () => {
    school = await withFees();
    bursar = await school.as('bursar');
    head = await school.as('head');
    term = (await school.run(() => school.get(SCHOOL).currentYear())).terms[2]!.id;
    [owing, late, planned, paid, excepted] = (await Promise.all(Array.from({ length: 5 }, () => aStudent(school)))) as [
      Student,
      Student,
      Student,
      Student,
      Student,
    ];
    // Of 10,000 in the term 6,000 are open since September; 10,000 since five days; 10,000 on a plan; nothing; 10,000.
    for (const one of [owing, planned, paid, excepted]) await school.bill(one.id, { TUI: 10_000_00 }, { dueOn: '2026-09-01' });
    await school.bill(late.id, { TUI: 10_000_00 }, { dueOn: '2026-11-19' });
    await school.pay(owing.id, 4_000_00);
    await school.pay(paid.id, 10_000_00);
    await school.run(() =>
      school.get(Plans).agree(school.office, [planned.id], {
        parts: { parts: 2, firstOn: '2026-11-30', interval: 'month' },
        agreedWith: 'Mrs Otieno',
        note: '',
      }),
    );
    await school.run(() =>
      school
        .get(Clearances)
        .except(school.office, { studentId: excepted.id, until: '2026-12-24', reason: 'Bursary is on its way' }),
    );
  });
  after(() => school.stop());

  it('is taken once, however many jobs take it at the same moment', async () => {
    const id = await school.run(() => school.get(Clearances).start(school.office, term, NOTHING));
    await Promise.all(Array.from({ length: 4 }, () => school.run(() => school.get(Clearances).work(id))));
    const found = await rows(id);
    assert.equal(new Set(found.map((row) => row.studentId)).size, found.length);
    assert.ok(found.length >= 5);
  });

  it('is seen by those who run the school; snapshots are the bursar’s, exceptions the head’s', async () => {
    const id = await take();
    const teacher = await school.as('teacher');
    for (const path of [
      '/fees/clearances',
      `/fees/clearances/${id}`,
      `/fees/clearances/${id}/gate-list.pdf`,
      '/fees/clearances/exceptions',
    ]) {
      assert.equal((await teacher.get(path)).status, 403, path);
      assert.equal((await head.get(path)).status, 200, path);
    }
    assert.equal((await head.get('/fees/clearances/new')).status, 403);
    assert.equal((await head.post('/fees/clearances', { termId: term })).status, 403);
    assert.equal((await bursar.get('/fees/clearances/exceptions/new')).status, 403);
    assert.equal((await bursar.post('/fees/clearances/exceptions', { student: owing.admissionNo })).status, 403);
    const registrar = await school.as('registrar');
    const page = (await registrar.get(`/fees/clearances/${id}`)).html;
    assert.match(page, /Not cleared/);
    assert.doesNotMatch(page, /6,000|Overdue amount/);
    assert.doesNotMatch((await registrar.get(`/fees/clearances/${id}?format=csv`)).html, /6000|Counted/);
  });

  it('follows from what is open past its day, the days of grace, plans and exceptions', async () => {
    const found = async (terms: Partial<ClearanceTerms>) => {
      const by = await outcomes(await take(terms));
      return [owing, late, planned, paid, excepted].map((one) => by.get(one.id));
    };
    assert.deepEqual(await found({}), ['held', 'held', 'plan', 'paid', 'exception']);
    assert.deepEqual(await found({ graceDays: 4 }), ['held', 'held', 'plan', 'paid', 'exception']);
    assert.deepEqual(await found({ graceDays: 5 }), ['held', 'paid', 'plan', 'paid', 'exception']);
    assert.deepEqual(await found({ threshold: 6_000_00 }), ['paid', 'held', 'plan', 'paid', 'exception']);
    assert.deepEqual(await found({ threshold: 5_999_99 }), ['held', 'held', 'plan', 'paid', 'exception']);
    assert.deepEqual(await found({ thresholdKind: 'percent', threshold: 6_000 }), ['paid', 'held', 'plan', 'paid', 'exception']);
    assert.deepEqual(await found({ thresholdKind: 'percent', threshold: 5_999 }), ['held', 'held', 'plan', 'paid', 'exception']);
    assert.deepEqual(await found({ plansCount: false }), ['held', 'held', 'held', 'paid', 'exception']);
  });

  it('stays as it was found: what comes later is shown as cleared since, and nobody can write over it', async () => {
    const child = await aStudent(school);
    await school.bill(child.id, { TUI: 1_000_00 }, { dueOn: '2026-09-01' });
    const id = await take();
    const row = async () => (await rows(id)).find((one) => one.studentId === child.id)!;
    assert.deepEqual([(await row()).outcome, (await row()).since], ['held', null]);
    await school.pay(child.id, 1_000_00);
    assert.deepEqual([(await row()).outcome, (await row()).countedMinor, (await row()).since], ['held', 1_000_00, 'paid']);
    assert.match(text((await bursar.get(`/fees/clearances/${id}?q=${child.admissionNo}`)).html), /Cleared since/);
    // A bill that came due later is nothing of this snapshot's.
    await school.bill(child.id, { LUN: 500_00 }, { dueOn: '2026-11-24' });
    assert.equal((await row()).since, 'paid');
    const before = await sql(school.database, 'select count(*)::text as n from fees_clearance_rows where clearance_id = $1', [
      id,
    ]);
    await school.run(() => school.get(Clearances).work(id));
    assert.deepEqual(
      await sql(school.database, 'select count(*)::text as n from fees_clearance_rows where clearance_id = $1', [id]),
      before,
    );
    for (const table of ['fees_clearances', 'fees_clearance_rows', 'fees_clearance_ends']) {
      const [rights] = await sql(
        school.database,
        `select has_table_privilege('aims_app', '${table}', 'update')::text as change, has_table_privilege('aims_app', '${table}', 'delete')::text as remove`,
      );
      assert.deepEqual([rights!.change, rights!.remove], ['false', 'false'], table);
    }
  });

  it('is asked for on a page that says what the law lets a school do with it', async () => {
    const page = text((await bursar.get('/fees/clearances/new')).html);
    assert.match(page, /Kenya National Examinations Council Act, 2012, section 10\(1\)\(b\)/);
    assert.match(page, /Never: candidates’ results and national certificates/);
    const send = (fields: Record<string, string>) =>
      bursar.submit(
        '/fees/clearances',
        { termId: term, thresholdKind: 'percent', threshold: '25', graceDays: '3', plansCount: 'on', ...fields },
        '/fees/clearances/new',
      );
    const wrong = await send({ threshold: '101' });
    assert.equal(wrong.status, 422);
    assert.match(wrong.html, /At most 100 per cent/);
    assert.match(wrong.html, /value="101"/);
    assert.match((await send({ threshold: 'much' })).html, /Enter how much may be owed/);
    const sent = await send({});
    assert.equal(sent.status, 303);
    assert.match(text((await bursar.get(sent.location!)).html), /Checking everyone|not cleared/);
    const [entry] = await sql(
      school.database,
      "select after from audit_entries where action = 'fees.clearance.take' order by at desc limit 1",
    );
    assert.equal((entry!.after as unknown as ClearanceTerms).threshold, 2_500);
  });

  it('is found on the phone by name, narrowed by class and state, and printed by class without amounts', async () => {
    const id = await take();
    assert.deepEqual(
      (await rows(id, { text: owing.admissionNo })).map((row) => row.studentId),
      [owing.id],
    );
    assert.ok((await rows(id, { held: true })).every((row) => row.outcome === 'held'));
    assert.equal((await rows(id, { streamId: owing.streamId })).length, (await rows(id)).length);
    const print = textOfPdf((await head.get(`/fees/clearances/${id}/gate-list.pdf`)).body);
    assert.match(print, /See the bursar/);
    assert.match(print, /Candidates’ results and certificates are never part/);
    assert.doesNotMatch(print, /6,000/);
    assert.match((await bursar.get(`/fees/clearances/${id}?format=csv`)).html, /held|6000/);
  });

  it('has exceptions with a reason and a last day, which the head ends', async () => {
    const path = '/fees/clearances/exceptions';
    const send = (fields: Record<string, string>) =>
      head.submit(path, { student: late.admissionNo, until: '2026-11-30', reason: 'Pays on Monday', ...fields }, `${path}/new`);
    assert.match((await send({ until: '2026-11-23' })).html, /today or a later day/);
    assert.match((await send({ student: 'XX/1' })).html, /No student has this admission number/);
    assert.match((await send({ reason: '' })).html, /Enter a reason/);
    assert.equal((await send({})).status, 303);
    assert.equal((await outcomes(await take())).get(late.id), 'exception');
    const [row] = await sql(school.database, 'select id from fees_clearance_exceptions where student_id = $1', [late.id]);
    assert.equal((await head.submit(`${path}/${row!.id}/end`, {}, path)).status, 303);
    assert.equal((await outcomes(await take())).get(late.id), 'held');
    await sql(school.database, "update fees_clearance_exceptions set until = '2026-11-23' where student_id = $1", [excepted.id]);
    assert.equal((await outcomes(await take())).get(excepted.id), 'held');
    assert.deepEqual(
      (
        await sql(
          school.database,
          "select action from audit_entries where action like 'fees.clearance.%except%' and entity_id = $1 order by xmin::text::bigint",
          [late.id],
        )
      ).map((one) => one.action),
      ['fees.clearance.except', 'fees.clearance.end-exception'],
    );
  });

  it('stands on the slip of a leaver, beside offices that sign by hand; the amount for those only who see accounts', async () => {
    const slip = async (who: Browser, student: Student) =>
      textOfPdf((await who.get(`/students/${student.id}/clearance-slip.pdf`)).body);
    const registrar = await school.as('registrar');
    assert.match(await slip(head, owing), /KES 6,000 is owed/);
    assert.match(await slip(registrar, owing), /See the bursar/);
    assert.match(await slip(registrar, paid), /Nothing is owed/);
    assert.match(await slip(registrar, paid), /Library.*Store.*Hostel.*Clinic/s);
    assert.match(await slip(registrar, paid), /national certificates do not depend on this slip/);
    assert.equal((await (await school.as('auditor')).get(`/students/${paid.id}/clearance-slip.pdf`)).status, 403);
  });
});
