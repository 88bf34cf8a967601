import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Retention } from '../../../src/modules/privacy/retention.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import { aStudent } from '../../support/people/students.js';
import { countRows, sql } from '../../support/database/sql.js';

describe('how long what is kept', () => {
  let school: SchoolUnderTest;
  before(async () => {
    school = await aSchool({ clock: { now: () => new Date('2026-11-25T08:00:00Z') } });
  });
  after(() => school.stop());
  const run = () => school.run(() => school.get(Retention).run());
  const settle = async (wanted: Record<string, { on?: boolean; months: number }>) => {
    const owner = await school.as('owner');
    const page = await owner.get('/privacy/retention');
    const keys = [...page.html.matchAll(/name="rules\.\d+\.key" value="([\w.-]+)"/g)].map((match) => match[1]!);
    const months = [...page.html.matchAll(/name="rules\.\d+\.months"[^>]*value="(\d+)"/g)].map((match) => match[1]!);
    const fields = Object.fromEntries(
      keys.flatMap((key, index) => [
        [`rules.${index}.key`, key],
        [`rules.${index}.months`, String(wanted[key]?.months ?? months[index])],
        ...(wanted[key]?.on ? [[`rules.${index}.on`, 'on']] : []),
      ]),
    ) as Record<string, string>;
    return owner.submit('/privacy/retention', fields);
  };

  it('only an owner sees and changes it', async () => {
    for (const role of ['head', 'administrator', 'registrar'] as const)
      assert.equal((await (await school.as(role)).get('/privacy/retention')).status, 403, role);
  });

  it('a kind that must be kept longer is refused beside its field, and nothing changes', async () => {
    const answer = await settle({ 'students.former': { on: true, months: 3 } });
    assert.equal(answer.status, 422);
    assert.match(answer.html, /must be kept longer/);
    assert.equal(await countRows(school.database, 'privacy_rules'), 0);
  });

  it('former students go when the school has said so, those still here and those not yet due stay', async () => {
    const [old, recent, here] = [await aStudent(school), await aStudent(school), await aStudent(school)];
    await sql(school.database, "update students set status = 'graduated', status_on = '2020-01-10' where id = $1", [old.id]);
    await sql(school.database, "update students set status = 'graduated', status_on = '2025-11-26' where id = $1", [recent.id]);
    await run();
    assert.equal(await countRows(school.database, 'students where erased_at is not null'), 0, 'off until the school decides');
    assert.equal((await settle({ 'students.former': { on: true, months: 12 } })).status, 303);
    assert.match((await (await school.as('owner')).get('/privacy/retention')).html, /1 from before/);
    assert.equal(await run(), 1);
    const rows = await sql(school.database, 'select id, erased_at from students where erased_at is not null');
    assert.deepEqual(
      rows.map((row) => row.id),
      [old.id],
    );
    assert.notEqual((await sql(school.database, 'select surname from students where id = $1', [here.id]))[0]!.surname, 'Erased');
    assert.equal(await run(), 0, 'a second run finds nothing');
    assert.match(
      (await (await school.as('owner')).get('/privacy/retention')).html,
      /Students who have left<\/th><td class="n">1/,
    );
  });

  it('the list of sign-ins loses what is older, and never what is younger than a quarter', async () => {
    await sql(
      school.database,
      "insert into identity_attempts (school_id, id, at, login, method, outcome) select school_id, gen_random_uuid(), now() - interval '3 years', 'x', 'password', 'ok' from identity_attempts limit 1",
    );
    const before = await countRows(school.database, 'identity_attempts');
    assert.equal((await settle({ 'identity.sign-ins': { on: true, months: 13 } })).status, 303);
    await run();
    assert.equal((await countRows(school.database, 'identity_attempts')) >= before - 1, true);
    assert.equal(await countRows(school.database, "identity_attempts where at < now() - interval '2 years'"), 0);
    await assert.rejects(sql(school.database, 'select app.identity_forget_attempts(current_date, 10)'), /quarter/);
  });
});
