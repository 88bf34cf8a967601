import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Student } from '../../../../src/modules/students/index.js';
import { aFamily, aStudent } from '../../../support/build.js';
import type { Browser } from '../../../support/browser.js';
import { sql } from '../../../support/database/sql.js';
import { withTariff, type SchoolWithTariff } from '../billing/billing-support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('discounts and awards', () => {
  let school: SchoolWithTariff;
  let bursar: Browser;
  let siblings: Student[];
  let sponsored: Student;

  const addKind = async (given: Record<string, string | string[]>): Promise<string> => {
    const answer = await bursar.submit('/fees/awards/kinds', { rank: '1', ...given }, '/fees/awards/kinds/new');
    assert.equal(answer.status, 303, text(answer.html));
    return (await sql(school.database, 'select id from fees_award_kinds where name = $1', [given.name]))[0]!.id!;
  };
  const give = async (student: Student, given: Record<string, string>) =>
    bursar.submit(
      '/fees/awards',
      { student: student.admissionNo, fromTermId: school.year.terms[2]!.id, reason: 'By the board', credit: 'later', ...given },
      '/fees/awards/new',
    );
  const balance = async (sponsorId: string): Promise<number> =>
    Number(
      (await sql(school.database, 'select balance_minor::text as sum from finance_party_sums where id = $1', [sponsorId]))[0]
        ?.sum ?? 0,
    );

  before(async () => {
    school = await withTariff();
    bursar = await school.as('bursar');
    siblings = (await aFamily(school, 3, { joinedOn: '2025-01-06' })).students;
    sponsored = await aStudent(school, { joinedOn: '2025-01-06' });
    await school.charge({ TUI: [12_000_00, 12_000_00, 20_000_00], EXM: [0, 0, 4_000_00] });
  });
  after(() => school.stop());

  it('are read by the office and given by the bursar', async () => {
    const [registrar, head] = [await school.as('registrar'), await school.as('head')];
    for (const path of ['/fees/awards', '/fees/sponsors']) {
      assert.equal((await registrar.get(path)).status, 403);
      assert.equal((await head.get(path)).status, 200);
    }
    for (const path of ['/fees/awards/new', '/fees/awards/kinds/new', '/fees/sponsors/new'])
      assert.equal((await head.get(path)).status, 403, path);
  });

  it('for brothers and sisters go by themselves, the eldest without: 0, 5 and 10 per cent', async () => {
    const wrong = await bursar.submit(
      '/fees/awards/kinds',
      { name: 'Siblings', method: 'siblings', value: '500', most: '20', rank: '1' },
      '/fees/awards/kinds/new',
    );
    assert.equal(wrong.status, 422);
    assert.match(wrong.html, /At most 100 per cent/);
    assert.match(wrong.html, /value="Siblings"/);
    await addKind({ name: 'Siblings', method: 'siblings', value: '5', most: '20', headIds: [school.heads.TUI!] });
    await school.bill(2);
    const owed = await Promise.all(siblings.map((one) => school.balance(one.id)));
    assert.deepEqual(owed.sort(), [22_000_00, 23_000_00, 24_000_00]);
    assert.equal(await school.on('discounts'), 3_000_00, 'a discount is shown as one, not as less income');
    assert.deepEqual(await school.differences(), []);
  });

  it('of a sponsor move the share to the sponsor’s own invoice', async () => {
    await bursar.submit('/fees/sponsors', { name: 'Elimu Trust', phone: '0722 481 903' }, '/fees/sponsors/new');
    const [trust] = await sql(school.database, "select id, phone from fees_sponsors where name = 'Elimu Trust'");
    assert.equal(trust!.phone, '+254722481903');
    const kindId = await addKind({ name: 'Bursary', method: 'percent', value: '60', sponsored: 'on', rank: '2' });
    const without = await give(sponsored, { kindId });
    assert.match(without.html, /Choose who pays/);
    assert.equal((await give(sponsored, { kindId, sponsorId: trust!.id! })).status, 303);
    const run = await school.bill(2);
    assert.deepEqual(
      { documents: run.documents, totalMinor: run.totalMinor },
      { documents: 2, totalMinor: 0 },
      'nothing more and nothing less is owed in all',
    );
    assert.equal(await school.balance(sponsored.id), 9_600_00);
    assert.equal(await balance(trust!.id!), 14_400_00);
    assert.match(text((await bursar.get(`/fees/sponsors/${trust!.id}`)).html), /14,400/);
    assert.equal((await school.bill(2)).documents, 0);
    assert.deepEqual(await school.differences(), []);
  });

  it('of a sponsor are all on its page, fifty at a time, and counted together, whatever page of its invoices is open', async () => {
    await bursar.submit('/fees/sponsors', { name: 'Many Hands' }, '/fees/sponsors/new');
    const [{ id }] = (await sql(school.database, "select id from fees_sponsors where name = 'Many Hands'")) as [
      Record<string, string>,
    ];
    await sql(
      school.database,
      `insert into fees_awards select r.* from (select f from fees_awards f where sponsor_id is not null limit 1) a, generate_series(1, 60) n,
      jsonb_populate_record(a.f, jsonb_build_object('id', gen_random_uuid(), 'sponsor_id', $1::uuid, 'state', 'ended', 'created_at', now() - n * interval '1 second')) r`,
      [id],
    );
    const first = await bursar.get(`/fees/sponsors/${id}`);
    const rows = (html: string): number =>
      html.split('id="signed-out"')[0]!.split('<h2').at(-1)!.split('class="row between g3"').length - 1;
    assert.equal(rows(first.html), 50);
    assert.match(text(first.html), /Awards 60 /);
    const next = /href="([^"]+)" rel="next"/.exec(first.html)![1]!.replaceAll('&amp;', '&');
    const second = await bursar.get(next);
    assert.equal(rows(second.html), 10);
    assert.match(text(second.html), /Awards 60 /);
    assert.match(second.html, new RegExp(`href="/fees/sponsors/${id}"`), 'back to the first of them');
    await sql(school.database, 'delete from fees_awards where sponsor_id = $1', [id]);
  });

  it('that a sponsor doesn’t pay go back to the family, and stay there', async () => {
    const [award] = await sql(school.database, 'select id, sponsor_id from fees_awards where student_id = $1', [sponsored.id]);
    assert.equal((await bursar.submit(`/fees/awards/${award!.id}/withdrawal`, { reason: 'The trust has ended' })).status, 303);
    assert.equal(await school.balance(sponsored.id), 24_000_00);
    assert.equal(await balance(award!.sponsor_id!), 0);
    const [note] = await sql<{ days: number }>(
      school.database,
      "select due_on - issued_on as days from fees_invoices where student_id = $1 and kind = 'debit-note' order by created_at desc limit 1",
      [sponsored.id],
    );
    assert.ok(note!.days > 0, 'nothing of it is overdue when they hear of it');
    assert.equal((await school.bill(2)).documents, 0);
    assert.equal((await bursar.submit(`/fees/awards/${award!.id}/withdrawal`, { reason: 'Again' })).status, 422);
    assert.deepEqual(await school.differences(), []);
  });

  it('above the limit of their kind wait for a second person, and count once that one agrees', async () => {
    const kindId = await addKind({ name: 'Staff child', method: 'percent', value: '25', askAbove: '50', rank: '3' });
    const answer = await give(sponsored, { kindId, value: '75' });
    assert.match(text((await bursar.get(answer.location!)).html), /is waiting in Approvals.*Waiting for a second person/);
    assert.equal((await school.bill(2)).documents, 0);
    const [request] = await sql(school.database, "select id from approvals_requests where state = 'asked'");
    const decide = { decision: 'approve', note: '' };
    assert.notEqual(
      (await bursar.submit(`/approvals/${request!.id}/decision`, decide, `/approvals/${request!.id}`)).status,
      303,
      'who asks never decides',
    );
    const agreed = await (
      await school.as('head')
    ).submit(`/approvals/${request!.id}/decision`, decide, `/approvals/${request!.id}`);
    assert.equal(agreed.status, 303, text(agreed.html));
    assert.equal(await school.balance(sponsored.id), 24_000_00 - 15_000_00, 'the approval credits what was billed');
    assert.equal((await school.bill(2)).documents, 0);
  });

  it('decided on after the bill are credited with it, after one question that names the sum', async () => {
    const late = await aStudent(school, { joinedOn: '2025-01-06' });
    await school.bill(2);
    const kindId = await addKind({
      name: 'Board’s discount',
      method: 'percent',
      value: '10',
      headIds: [school.heads.TUI!],
      rank: '4',
    });
    const owed = await school.balance(late.id);
    const notes = async () =>
      Number(
        (
          await sql(
            school.database,
            "select count(*)::text as n from fees_invoices where student_id = $1 and kind = 'credit-note'",
            [late.id],
          )
        )[0]!.n,
      );
    const asked = await give(late, { kindId, credit: '' });
    assert.equal(asked.status, 422);
    assert.match(
      text(asked.html),
      /has already been billed. With the award the bill comes down: Term 3 by KES 2,000. Write the credit note now\?/,
    );
    assert.match(asked.html, /name="credit" value="now"/);
    assert.deepEqual([await school.balance(late.id), await notes()], [owed, 0], 'asking changes nothing');
    const given = await give(late, { kindId, credit: 'now' });
    assert.equal(given.status, 303, text(given.html));
    assert.match(text((await bursar.get(given.location!)).html), /bills already issued have been credited/);
    assert.deepEqual([await school.balance(late.id), await notes()], [owed - 2_000_00, 1]);
    const [note] = await sql(school.database, "select reason from fees_invoices where student_id = $1 and kind = 'credit-note'", [
      late.id,
    ]);
    assert.equal(note!.reason, 'Board’s discount', 'the family reads what it is for');
    assert.equal((await school.bill(2)).documents, 0, 'nothing is left to do');
    assert.deepEqual(await school.differences(), []);
  });
});
