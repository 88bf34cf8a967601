import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../../../src/kernel/id.js';
import { aStudent } from '../../../support/build.js';
import type { Browser } from '../../../support/browser.js';
import { countRows, sql } from '../../../support/database/sql.js';
import { withTariff, type SchoolWithTariff } from './billing-support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('from when to when an optional fee is taken', () => {
  let school: SchoolWithTariff;
  let bursar: Browser;
  const term = (n: number): string => school.year.terms[n]!.id;
  const take = (kid: string, fields: Record<string, string>) =>
    bursar.submit(
      `/fees/students/${kid}/subscriptions`,
      { headId: school.heads.LUN!, ...fields },
      `/fees/students/${kid}/subscriptions/new`,
    );
  const end = (kid: string, id: string, fields: Record<string, string>) =>
    bursar.submit(`/fees/students/${kid}/subscriptions/${id}/ending`, fields, `/fees/students/${kid}/subscriptions/new`);
  const learner = async (): Promise<string> => (await aStudent(school, { joinedOn: '2025-01-06' })).id;
  const taken = (kid: string) =>
    sql<{ id: string; to_on: string | null; to_term_id: string | null }>(
      school.database,
      'select id, to_on, to_term_id from fees_subscriptions where student_id = $1',
      [kid],
    );

  before(async () => {
    school = await withTariff({ today: '2026-09-21' });
    bursar = await school.as('bursar');
    await school.charge({ TUI: [0, 0, 13_000_00], LUN: [0, 0, 6_500_00] });
  });
  after(() => school.stop());

  it('the last day is not before the first, nor the last term', async () => {
    const kid = await learner();
    const early = await take(kid, { fromTermId: term(2), toTermId: term(0) });
    assert.equal(early.status, 422, text(early.html));
    assert.match(text(early.html), /This term is before the first one/);
    assert.match(early.html, /href="#f-toTermId"/);
    assert.equal((await take(kid, { fromTermId: term(2), toTermId: newId() })).status, 404, 'a term that is none');
    assert.equal((await take(kid, { fromTermId: term(2), fromOn: '2026-09-21' })).status, 303);
    const [one] = await taken(kid);
    const before = await end(kid, one!.id, { lastTermId: term(2), lastOn: '2026-09-14' });
    assert.equal(before.status, 422, text(before.html));
    assert.match(text(before.html), /This date is before the first day, 21 September 2026/);
    assert.match(before.html, /href="#f-lastOn"/);
    assert.match(text((await end(kid, one!.id, { lastTermId: term(0) })).html), /This term is before the first one/);
    assert.deepEqual(await taken(kid), [{ id: one!.id, to_on: null, to_term_id: null }], 'nothing was written');
    assert.equal((await end(kid, one!.id, { lastTermId: term(2), lastOn: '2026-09-21' })).status, 303, 'one day is a time too');
  });

  it('taken twice at once it is there once', async () => {
    const kid = await learner();
    for (const fields of [
      { fromTermId: term(2), fromOn: '2026-09-21' },
      { fromTermId: term(2), toTermId: term(2) },
    ] as Record<string, string>[]) {
      const page = await bursar.get(`/fees/students/${kid}/subscriptions/new`);
      assert.equal(page.status, 200);
      const answers = await Promise.all([take(kid, fields), take(kid, fields)]);
      assert.deepEqual(answers.map((one) => one.status).sort(), [303, 409], JSON.stringify(fields));
      assert.equal(await countRows(school.database, `fees_subscriptions where student_id = '${kid}'`), 1);
      await sql(school.database, 'delete from fees_subscriptions where student_id = $1', [kid]);
    }
  });

  it('belongs to the child of its address, and only those who write bills may end it', async () => {
    const [kid, other] = [await learner(), await learner()];
    await take(kid, { fromTermId: term(2) });
    const [one] = await taken(kid);
    assert.equal((await end(other, one!.id, { lastTermId: '' })).status, 404);
    assert.equal((await end(kid, newId(), { lastTermId: '' })).status, 404);
    const pageOf = (student: string, id: string) => bursar.get(`/fees/students/${student}/subscriptions/${id}/ending`);
    assert.deepEqual(
      [(await pageOf(other, one!.id)).status, (await pageOf(kid, newId())).status],
      [404, 404],
      'no form for what is not there',
    );
    assert.match(text((await pageOf(kid, one!.id)).html), /End Lunch for/);
    for (const role of ['teacher', 'guardian', 'registrar']) {
      const person = await school.as(role as 'teacher');
      const sent = await person.submit(`/fees/students/${kid}/subscriptions/${one!.id}/ending`, { lastTermId: '' }, '/');
      assert.equal(sent.status, 403, role);
      assert.match(text(sent.html), /have access to this/);
    }
    assert.equal((await taken(kid)).length, 1);
    assert.equal((await end(kid, one!.id, { lastTermId: '' })).status, 303);
    const again = await bursar.submit(
      `/fees/students/${kid}/subscriptions/${one!.id}/ending`,
      { lastTermId: '' },
      `/fees/students/${kid}/subscriptions/new`,
    );
    assert.equal(again.status, 404, 'it is gone');
  });
});
