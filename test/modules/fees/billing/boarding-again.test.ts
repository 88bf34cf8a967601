import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { AutoBilling } from '../../../../src/modules/fees/billing/auto-billing.js';
import { FeeSettingsKeeping } from '../../../../src/modules/fees/structures/fee-settings.js';
import { Structures } from '../../../../src/modules/fees/structures/structures.js';
import { IDENTITY } from '../../../../src/modules/identity/index.js';
import { SCHOOL } from '../../../../src/modules/school/index.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { deliverOutbox } from '../../../../src/platform/outbox/index.js';
import type { Answer, Browser } from '../../../support/browser.js';
import { aStudent } from '../../../support/build.js';
import { countRows, sql } from '../../../support/database/sql.js';
import { check, write } from '../../imports/support.js';
import { withTariff, type SchoolWithTariff } from './billing-support.js';

const TODAY = '2026-09-21';
const TUITION = 13_000_00;
const BOARDING = 16_700_00;
const PASSWORD = 'correct-horse-battery-staple-7';
const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('boarding that is said twice, late, at once or out of turn', () => {
  let school: SchoolWithTariff;
  let registrar: Browser;
  let bursar: Browser;
  let api: (method: string, id: string, body?: object) => Promise<Answer>;
  let share: (amount: number, from: string) => number;

  const learner = (more: object = {}) => aStudent(school, { joinedOn: '2025-01-06', ...more });
  const read = async (id: string) =>
    (await api('GET', id)).json<{ version: number; boarding: string; boarding_since: string | null }>();
  const patch = async (id: string, body: object) => api('PATCH', id, { version: (await read(id)).version, ...body });
  const delivered = () => school.run(() => deliverOutbox(school.app.subscribers));
  const settled = async (id: string): Promise<number> => {
    await delivered();
    await school.bill(2, { studentIds: [id] });
    return school.balance(id);
  };

  before(async () => {
    school = await withTariff({ today: TODAY, background: true });
    registrar = await school.as('registrar');
    bursar = await school.as('bursar');
    await school.run(() =>
      school.get(IDENTITY).createAccount({
        name: 'Sync',
        email: 'sync@school.test',
        roles: ['registrar'],
        person: null,
        by: { password: PASSWORD },
        actor: school.office,
      }),
    );
    const browser = school.stranger();
    const token = await browser.token('sync@school.test', PASSWORD);
    api = (method, id, body) => browser.json(method, `/api/v1/students/${id}`, body, { authorization: `Bearer ${token}` });
    await school.head({ code: 'BRD', name: 'Boarding' });
    await school.charge({ TUI: [0, 0, TUITION], LUN: [0, 0, 6_500_00] });
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
      await school
        .get(FeeSettingsKeeping)
        .save(school.office, { ...(await school.get(FeeSettingsKeeping).find(school.office)), leavers: 'days', autoBill: true });
    });
    await school.bill(2);
  });
  after(() => school.stop());

  it('the date is read from the API under the name by which it is written', async () => {
    const kid = await learner();
    assert.equal((await read(kid.id)).boarding_since, null);
    assert.equal((await patch(kid.id, { boarding: 'boarder', boarding_since: '2026-09-07' })).status, 200);
    const now = await read(kid.id);
    assert.deepEqual([now.boarding, now.boarding_since], ['boarder', '2026-09-07']);
    assert.equal((await api('PATCH', kid.id, now)).status, 200, 'what was read is written back');
    assert.equal((await read(kid.id)).version, now.version);
    const refused = await patch(kid.id, { boarding: 'day', boarding_since: '2026-12-24' });
    assert.deepEqual(
      [refused.status, refused.json<{ errors: { field: string }[] }>().errors.map((one) => one.field)],
      [422, ['boarding_since']],
    );
    const { schemas } = (await registrar.get('/api/openapi.json')).json<{ components: { schemas: Record<string, object> } }>()
      .components;
    for (const name of ['StudentWithFamily', 'StudentChange']) assert.match(JSON.stringify(schemas[name]), /"boarding_since"/);
  });

  for (const [was, said] of [
    ['boarder', 'day'],
    ['day', 'boarder'],
  ] as const) {
    it(`a program that says “${said} since the day it began” every night writes it once`, async () => {
      const kid = await learner({ boarding: said });
      await patch(kid.id, { boarding: was, boarding_since: '2026-09-07' });
      const at = [];
      for (let night = 0; night < 3; night += 1) {
        assert.equal((await patch(kid.id, { boarding: said, boarding_since: '2026-09-07' })).status, 200);
        at.push(await settled(kid.id));
      }
      assert.deepEqual(at, Array<number>(3).fill(TUITION + (said === 'boarder' ? BOARDING : 0)));
    });
  }

  it('a list that is imported twice bills nobody the second time', async () => {
    const kid = await learner();
    await patch(kid.id, { boarding: 'boarder', boarding_since: '2026-09-17' });
    const list = (one: Student) =>
      [
        'Adm no,Surname,First name,Sex,Class,Boarding,Boarding since',
        `${one.admissionNo},${one.surname},${one.firstName},${one.sex},7 East,Day,17/09/2026`,
      ].join('\n');
    const first = await check(registrar, { name: 'day.csv', body: list(kid), mode: 'update' });
    assert.equal((await write(registrar, first.path, { confirm: '1' })).status, 'done');
    assert.equal(await settled(kid.id), TUITION);
    const again = await check(registrar, { name: 'day-again.csv', body: `${list(kid)}\n`, mode: 'update' });
    assert.match(again.text, /1 changes? nothing/);
    assert.equal(await settled(kid.id), TUITION);
  });

  it('a date without “Boarder” is refused for a day scholar on page, API and list: nobody is billed for boarding before it', async () => {
    const kid = await learner();
    const refused = await patch(kid.id, { boarding_since: '2026-09-17' });
    assert.deepEqual(
      [refused.status, refused.json<{ errors: { field: string }[] }>().errors.map((one) => one.field)],
      [422, ['boarding_since']],
    );
    const form = {
      version: String((await read(kid.id)).version),
      surname: kid.surname,
      firstName: kid.firstName,
      sex: kid.sex,
      admissionNo: kid.admissionNo,
      boarding: 'day',
      boardingSince: '2026-09-17',
    };
    const page = await registrar.submit(`/students/${kid.id}/edit`, form, `/students/${kid.id}/edit`);
    assert.deepEqual([page.status, /No boarding is recorded for this student/.test(text(page.html))], [422, true]);
    const list = [
      'Adm no,Surname,First name,Sex,Class,Boarding,Boarding since',
      `${kid.admissionNo},${kid.surname},${kid.firstName},${kid.sex},7 East,Day,17/09/2026`,
    ].join('\n');
    assert.match(
      (await check(registrar, { name: 'undated.csv', body: list, mode: 'update' })).text,
      /No boarding is recorded for this student/,
    );
    assert.equal(await settled(kid.id), TUITION);
  });

  it('from two pages at once one is saved, and however many bill it at once there is one note', async () => {
    const kid = await learner();
    await settled(kid.id);
    const { version } = await read(kid.id);
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => api('PATCH', kid.id, { version, boarding: 'boarder', boarding_since: '2026-09-14' })),
    );
    assert.deepEqual(answers.map((one) => one.status).sort(), [200, 409, 409, 409]);
    const told = () => school.run(() => school.get(AutoBilling).changed([kid.id])).catch(() => undefined);
    await Promise.all([told(), told(), delivered(), told()]);
    assert.equal(await settled(kid.id), TUITION + share(BOARDING, '2026-09-14'));
    assert.equal(await countRows(school.database, `fees_invoices where student_id = '${kid.id}' and kind = 'debit-note'`), 1);
    assert.deepEqual(await school.differences(), []);
  });

  it('who boards from before they joined pays from the day they joined', async () => {
    const kid = await learner({ joinedOn: '2026-09-14' });
    await patch(kid.id, { boarding: 'boarder', boarding_since: '2026-08-31' });
    assert.equal(await settled(kid.id), share(TUITION, '2026-09-14') + share(BOARDING, '2026-09-14'));
  });

  it('what is said of somebody who has left changes no bill, and what they got back stays', async () => {
    const kid = await learner();
    await patch(kid.id, { boarding: 'boarder', boarding_since: '2026-09-07' });
    await settled(kid.id);
    const gone = await registrar.submit(
      `/students/${kid.id}/status-changes`,
      { step: 'withdraw', reason: 'fees', on: '2026-09-18' },
      `/students/${kid.id}/status-changes/new?step=withdraw`,
    );
    assert.equal(gone.status, 303, text(gone.html));
    await delivered();
    const left = await school.balance(kid.id);
    const lived = TUITION + share(BOARDING, '2026-09-07') - share(TUITION, TODAY) - share(BOARDING, TODAY);
    assert.ok(Math.abs(left - lived) <= 100, `${left} for ${lived}`);
    await patch(kid.id, { boarding: 'day' });
    assert.equal(await settled(kid.id), left);
    assert.deepEqual(await school.differences(), []);
  });

  it('a leaver with a discount, an optional fee that ended and days of boarding gets back what is left of each', async () => {
    const kid = await learner();
    const term = school.year.terms[2]!;
    assert.equal(
      (
        await bursar.submit(
          '/fees/awards/kinds',
          { rank: '1', name: 'Half', method: 'percent', value: '50', heads: [school.heads.TUI!, school.heads.BRD!] },
          '/fees/awards/kinds/new',
        )
      ).status,
      303,
    );
    const [kind] = await sql(school.database, "select id from fees_award_kinds where name = 'Half'");
    assert.equal(
      (
        await bursar.submit(
          '/fees/awards',
          { student: kid.admissionNo, kindId: kind!.id!, fromTermId: term.id, reason: 'By the board', credit: 'later' },
          '/fees/awards/new',
        )
      ).status,
      303,
    );
    const at = `/fees/students/${kid.id}`;
    assert.equal(
      (
        await bursar.submit(
          `${at}/subscriptions`,
          { headId: school.heads.LUN!, fromTermId: term.id, fromOn: '2026-09-07' },
          `${at}/subscriptions/new`,
        )
      ).status,
      303,
    );
    const [lunch] = await sql(school.database, 'select id from fees_subscriptions where student_id = $1', [kid.id]);
    await bursar.submit(
      `${at}/subscriptions/${lunch!.id}/ending`,
      { lastTermId: term.id, lastOn: '2026-09-11' },
      `${at}/subscriptions/${lunch!.id}/ending`,
    );
    await patch(kid.id, { boarding: 'boarder', boarding_since: '2026-09-07' });
    const before = await settled(kid.id);
    await registrar.submit(
      `/students/${kid.id}/status-changes`,
      { step: 'withdraw', reason: 'fees', on: '2026-09-18' },
      `/students/${kid.id}/status-changes/new?step=withdraw`,
    );
    await delivered();
    const back = before - (await school.balance(kid.id));
    const due = (share(TUITION, TODAY) + share(BOARDING, TODAY)) / 2;
    assert.ok(Math.abs(back - due) <= 200, `${back} for ${due}`);
    assert.deepEqual(await school.differences(), []);
  });
});
