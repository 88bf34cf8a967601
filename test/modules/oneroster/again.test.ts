import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Retention } from '../../../src/modules/privacy/retention.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import type { Browser } from '../../support/browser.js';
import { sql } from '../../support/database/sql.js';
import { sendFile } from '../imports/support.js';
import { act, check, parts, settled } from './pages.js';
import { skuli } from './skuli.js';
import { zipOf } from './support.js';

describe('the next bundle of the same system', () => {
  let school: SchoolUnderTest;
  let head: Browser;
  let first: string;

  before(async () => {
    school = await aSchool({ background: true, classes: [{ name: 'Grade 7', streams: ['East'] }] });
    head = await school.as('head', 'administrator');
    const bundle = await check(head, await zipOf('1.2', skuli('1.2')));
    first = bundle.path;
    assert.equal((await act(head, first, 'commit')).status, 'done');
  });
  after(() => school?.stop());

  const withUsers = (change: (row: Record<string, string>) => Record<string, string>) => {
    const bundle = skuli('1.2');
    return zipOf('1.2', { ...bundle, users: bundle.users!.map((row) => change(row as Record<string, string>)) });
  };

  it('finds a guardian by the id of the other system, also under another name and phone', async () => {
    const [before_] = await sql<{ id: string }>(
      school.database,
      "select g.id from students_guardians g join oneroster_identities i on i.entity_id = g.id where i.kind = 'guardian' and i.sourced_id = 'p-07-0'",
    );
    const next = await check(
      head,
      await withUsers((row) =>
        row.sourcedId === 'p-07-0' ? { ...row, givenName: 'Gracious', familyName: 'Otieno', sms: '+254711000999' } : row,
      ),
    );
    assert.deepEqual(parts(next.html).Students, [0, 2, 38, 0], next.text.slice(0, 2500));
    assert.equal((await act(head, next.path, 'commit')).status, 'done');
    const [now] = await sql(
      school.database,
      'select full_name, phone, (select count(*)::int from students_guardians) as all from students_guardians where id = $1',
      [before_!.id],
    );
    assert.deepEqual(now, { full_name: 'Gracious Otieno', phone: '+254711000999', all: 20 });
    assert.equal((await act(head, next.path, 'undo')).status, 'undone');
    const [back] = await sql(school.database, 'select full_name from students_guardians where id = $1', [before_!.id]);
    assert.equal(back!.full_name, 'Grace Mwangi');
  });

  const gone = () =>
    withUsers((row) =>
      row.sourcedId === 's-1'
        ? { ...row, status: 'tobedeleted' }
        : row.sourcedId === 's-2'
          ? { ...row, enabledUser: 'false' }
          : row.sourcedId === 't-08-West'
            ? { ...row, status: 'tobedeleted' }
            : row,
    );
  const statuses = async (): Promise<unknown> =>
    (
      await sql(
        school.database,
        "select admission_no, status from students where admission_no in ('SK/2001', 'SK/2002') order by 1",
      )
    ).map((row) => row.status);

  it('names those who are deleted or switched off there, and leaves them as long as nobody says otherwise', async () => {
    const found = await check(head, await gone());
    assert.match(found.text, /Amina|Wanjiru|Mwangi/);
    assert.equal([...found.text.matchAll(/has left in the other system but is still a student here/g)].length, 2);
    assert.equal([...found.text.matchAll(/has left in the other system but still works here/g)].length, 1);
    assert.deepEqual(await statuses(), ['active', 'active']);
    const page = await head.get(`${found.path}/matching`);
    assert.match(page.html, /3 people deleted or inactive in the other system/);
    const fields = Object.fromEntries(
      [...page.html.matchAll(/<(?:input|select)[^>]* name="((?:org|class|stream|grade)[^"]*)"[^>]* value="([^"]*)"/g)].map(
        ([, name, value]) => [name!, value!],
      ),
    );
    const selects = Object.fromEntries(
      [...page.html.matchAll(/<select[^>]* name="([^"]+)"[\s\S]*?<\/select>/g)].map(([all, name]) => [
        name!,
        /value="([^"]*)" selected/.exec(all)?.[1] ?? '',
      ]),
    );
    assert.equal(
      (await head.submit(`${found.path}/matching`, { ...fields, ...selects, gone: 'leave' }, `${found.path}/matching`)).status,
      303,
    );
    await settled(head, found.path);
    const done = await act(head, found.path, 'commit');
    assert.equal(done.status, 'done', done.text.slice(0, 1500));
    assert.deepEqual(await statuses(), ['withdrawn', 'withdrawn']);
    const [open] = await sql(
      school.database,
      "select count(*)::int as n from students_enrolments e join students s on s.id = e.student_id where s.admission_no in ('SK/2001', 'SK/2002') and e.left_on is null",
    );
    assert.equal(open!.n, 0);
    assert.equal((await act(head, found.path, 'undo')).status, 'undone');
    assert.deepEqual(await statuses(), ['active', 'active']);
  });

  it('comes in over the API by the steps of a list, for those who may', async () => {
    const person = school.stranger();
    const auth = { authorization: `Bearer ${await person.token('person1@school.test', 'correct-horse-battery-staple-7')}` };
    const settle = async (id: string): Promise<Record<string, unknown>> => {
      for (let tries = 0; tries < 150; tries += 1) {
        const state = (await person.get(`/api/v1/imports/${id}`, auth)).json();
        if (!/ing$/.test(String(state.status))) return state;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      return assert.fail(`${id} did not come to rest`);
    };
    const changed = await withUsers((row) =>
      row.sourcedId === 's-7' ? { ...row, familyName: 'Apiname' } : row.sourcedId === 's-8' ? { ...row, familyName: '' } : row,
    );
    const sent = await sendFile(person, { kind: 'oneroster' }, { name: 'bundle.zip', body: changed }, auth);
    assert.equal(sent.status, 202, sent.html);
    const { id } = sent.json<{ id: string }>();
    const state = await settle(id);
    assert.deepEqual([state.kind, state.status, state.updated, state.file], ['oneroster', 'checked', 1, 'bundle.zip']);
    assert.equal((await person.json('POST', `/api/v1/imports/${id}/commit`, { rows: 'valid' }, auth)).status, 202);
    assert.equal((await settle(id)).status, 'done');
    assert.equal(
      (await sql(school.database, "select surname from students where admission_no = 'SK/2007'"))[0]!.surname,
      'Apiname',
    );
    assert.equal((await person.json('POST', `/api/v1/imports/${id}/undo`, {}, auth)).status, 202);
    assert.equal((await settle(id)).status, 'undone');

    await school.as('registrar');
    const registrar = { authorization: `Bearer ${await person.token('person2@school.test', 'correct-horse-battery-staple-7')}` };
    assert.equal((await sendFile(person, { kind: 'oneroster' }, { name: 'bundle.zip', body: changed }, registrar)).status, 403);
    assert.equal((await person.get(`/api/v1/imports/${id}`, registrar)).status, 404);
  });

  it('lets go of archives and of what they changed after their time, and says so', async () => {
    const old = await check(head, await gone());
    await sql(
      school.database,
      "update oneroster_bundles set created_at = now() - interval '7 months' where id = any($1::uuid[])",
      [[first, old.path].map((path) => path.split('/').at(-1))],
    );
    assert.ok((await school.run(() => school.get(Retention).run())) >= 2);
    const [left] = await sql(
      school.database,
      "select (select count(*)::int from oneroster_written where bundle_id = $1) as written, (select count(*)::int from oneroster_bundles where id = $2) as unwritten, (select count(*)::int from privacy_runs where key = 'oneroster.bundles') as runs",
      [first.split('/').at(-1), old.path.split('/').at(-1)],
    );
    assert.deepEqual(left, { written: 0, unwritten: 0, runs: 1 });
    const page = await head.get(first);
    assert.match(page.html, /What it changed is no longer kept/);
    assert.doesNotMatch(page.html, /Undo the bundle/);
    assert.equal((await head.submit(`${first}/undo`, {}, '/profile')).status, 422);
    const [known] = await sql(school.database, "select count(*)::int as n from oneroster_identities where kind = 'student'");
    assert.equal(known!.n, 40, 'who is who stays known');
  });
});
