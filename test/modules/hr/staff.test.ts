import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { newId } from '../../../src/kernel/id.js';
import { systemActor } from '../../../src/kernel/actor.js';
import { IDENTITY } from '../../../src/modules/identity/index.js';
import { SCHOOL } from '../../../src/modules/school/index.js';
import { HR } from '../../../src/modules/hr/index.js';
import { hr } from '../../../src/modules/hr/module.js';
import { unit } from '../../../src/platform/db/index.js';
import { anOffice, type Office } from '../subjects/support.js';

let office: Office;
before(async () => {
  office = await anOffice();
});
after(() => office.stop());

const heading = (html: string) => /<h1>([^<]*)<\/h1>/.exec(html)?.[1];
const rows = (csv: string) =>
  csv
    .replace(/^\uFEFF/, '')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','));
const text = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const FORM = { surname: 'Kamau', firstName: 'Grace', job: 'Teacher', category: 'teaching', joinedOn: '2026-01-06' };

test('a teacher sees colleagues, without their papers, and changes nothing', async () => {
  const secret = await office.hire('Secret', { nationalId: '23456789', registrationNo: 'TSC 99', phone: '+254722000001' });
  office.as('teacher');
  const list = await office.visit('/hr/staff');
  assert.equal(list.status, 200);
  assert.doesNotMatch(list.html, /\/hr\/staff\/new/);
  const page = await office.visit(`/hr/staff/${secret.id}`);
  assert.match(page.html, /0722 000 001/);
  assert.doesNotMatch(page.html, /23456789|TSC 99/);
  const sheet = (await office.visit('/hr/staff?format=csv')).html;
  assert.doesNotMatch(sheet, /23456789|TSC 99|National ID/);
  const brief = await office.api('GET', `/api/v1/hr/staff/${secret.id}`);
  assert.equal(brief.json<Record<string, unknown>>().national_id, undefined);
  for (const { method, path, kind } of office.declared.filter((one) => one.module === 'hr' && one.can !== 'hr.staff.read')) {
    const address = path.replace(':id', secret.id);
    const answer =
      kind === 'api'
        ? await office.api(method.toUpperCase(), address, {})
        : method === 'get'
          ? await office.visit(address)
          : await office.send(address, { ...FORM });
    assert.equal(answer.status, 403, `${method} ${address}`);
  }
  office.as('teacher', { kind: 'staff', id: secret.id });
  assert.match((await office.visit(`/hr/staff/${secret.id}`)).html, /23456789/, 'one’s own papers are one’s own');
});

test('a form with mistakes comes back with what was typed, and nothing is written', async () => {
  office.as('hr-officer');
  const before = await office.sql('select 1 from hr_staff');
  const refused = await office.send('/hr/staff', { ...FORM, surname: 'R2', phone: '0722 48', email: 'nobody', category: '' });
  assert.equal(refused.status, 422);
  for (const sentence of [
    /A name has letters/,
    /Mobile phone must be a number such as 0722 481 903/,
    /Enter the full email address/,
    /Choose teaching or non-teaching/,
  ])
    assert.match(refused.html, sentence);
  assert.match(refused.html, /value="0722 48"/);
  assert.equal((await office.sql('select 1 from hr_staff')).length, before.length);
});

test('the next staff number is taken where none is given, past those that were typed by hand', async () => {
  office.as('hr-officer');
  const next = await office.run(() => office.get(SCHOOL).nextStaffNumber());
  const upcoming = next.replace(/\d+$/, (digits) => String(Number(digits) + 1).padStart(digits.length, '0'));
  const typed = await office.send('/hr/staff', { ...FORM, staffNo: upcoming });
  assert.equal(typed.status, 303);
  const made = await office.send('/hr/staff', { ...FORM, surname: 'Mwangi', phone: '722 481 903' });
  assert.equal(made.status, 303, text(made.html));
  const page = (await office.visit(made.location!)).html;
  assert.equal(heading(page), 'Grace Mwangi');
  assert.match(page, /0722 481 903/);
  assert.doesNotMatch(text(page), new RegExp(`\\b${upcoming}\\b`));
  const taken = await office.send('/hr/staff', { ...FORM, staffNo: upcoming });
  assert.match(taken.html, /Another member of staff already has or had this number/);
});

test('two people who take one number at once: one is refused at the field', async () => {
  office.as('hr-officer');
  const both = await Promise.all([1, 2].map(() => office.send('/hr/staff', { ...FORM, staffNo: 'RACE/1' })));
  assert.deepEqual(both.map((one) => one.status).sort(), [303, 422]);
});

test('a page that was open too long does not overwrite', async () => {
  office.as('hr-officer');
  const staff = await office.hire('Version');
  const change = (version: string) => office.send(`/hr/staff/${staff.id}/edit`, { ...FORM, staffNo: staff.staffNo, version });
  assert.equal((await change('1')).status, 303);
  const late = await change('1');
  assert.equal(late.status, 409);
  assert.match(late.html, /Someone else has changed this since you opened it/);
});

test('people are found by any of their names, number or phone; an export has the same lines', async () => {
  office.as('hr-officer');
  await office.hire('Wanjiku', { firstName: 'Mary', middleName: 'Akinyi', phone: '+254733111222' });
  for (const q of ['wanj', 'mary wanjiku', 'akinyi', '0733111', '733 111 222', '+254733111222']) {
    const html = (await office.visit(`/hr/staff?q=${encodeURIComponent(q)}`)).html;
    assert.match(html, /<b>Wanjiku<\/b> Mary/, q);
    assert.doesNotMatch(html, /<b>Secret<\/b>/, q);
  }
  for (const q of ['1 2 3', '%', '_', "'", '123', 'a1 22 333'])
    assert.equal((await office.visit(`/hr/staff?q=${encodeURIComponent(q)}`)).status, 200, q);
  const page = (await office.visit('/hr/staff?category=teaching&limit=200')).html;
  const sheet = rows((await office.visit('/hr/staff?category=teaching&limit=200&format=csv')).html);
  assert.ok(sheet[0]!.includes('National ID'));
  assert.deepEqual(
    sheet.slice(1).map((line) => line[2]),
    [...page.matchAll(/class="name c-b"><a[^>]*><b>([^<]*)<\/b>/g)].map((match) => match[1]),
  );
  assert.deepEqual(await office.search('wanjiku'), ['Staff: Wanjiku Mary Akinyi']);
});

test('who has left is out of the list and the choices, and can be looked at; a leaving is taken back', async () => {
  office.as('hr-officer');
  const staff = await office.hire('Leaver');
  const early = await office.send(`/hr/staff/${staff.id}/leaving`, { leftOn: '2023-12-31', reason: 'Resigned' });
  assert.match(early.html, /The last day can’t be before the first/);
  assert.match((await office.send(`/hr/staff/${staff.id}/leaving`, { leftOn: '2026-09-07' })).html, /Choose the reason/);
  assert.equal(
    (await office.send(`/hr/staff/${staff.id}/leaving`, { leftOn: '2026-09-07', reason: 'Resigned', note: 'New post' })).status,
    303,
  );
  assert.doesNotMatch((await office.visit('/hr/staff?q=leaver')).html, /<b>Leaver/);
  assert.match((await office.visit('/hr/staff?q=leaver&state=left')).html, /<b>Leaver/);
  assert.equal(
    (await office.run(() => office.get(HR).staff('2026-09-08'))).some((one) => one.id === staff.id),
    false,
  );
  assert.equal(
    (await office.run(() => office.get(HR).staff('2026-09-07'))).some((one) => one.id === staff.id),
    true,
  );
  assert.match(text((await office.visit(`/hr/staff/${staff.id}`)).html), /Resigned: New post/);
  assert.equal((await office.send(`/hr/staff/${staff.id}/return`)).status, 303);
  assert.match((await office.visit('/hr/staff?q=leaver')).html, /<b>Leaver/);
});

test('other modules get a name and a job, not the papers', async () => {
  const staff = await office.hire('Brief', { nationalId: '11223344' });
  const [brief] = (await office.run(() => office.get(HR).staff('2026-09-08'))).filter((one) => one.id === staff.id);
  assert.equal(JSON.stringify(brief).includes('11223344'), false);
});

test('the API lists, adds and changes what is named, by the rules of the pages', async () => {
  office.as('hr-officer');
  const made = await office.api('POST', '/api/v1/hr/staff', {
    surname: 'Api',
    first_name: 'Ann',
    job: 'Nurse',
    category: 'non-teaching',
    phone: '0711 222 333',
    national_id: '777',
  });
  assert.equal(made.status, 201, made.html);
  const { id } = made.json<{ id: string }>();
  const one = (await office.api('GET', `/api/v1/hr/staff/${id}`)).json<Record<string, unknown>>();
  assert.deepEqual([one.phone, one.national_id, one.version], ['+254711222333', '777', 1]);
  const changed = await office.api('PATCH', `/api/v1/hr/staff/${id}`, { version: 1, job: 'Matron', phone: null });
  assert.equal(changed.status, 200, changed.html);
  const later = (await office.api('GET', `/api/v1/hr/staff/${id}`)).json<Record<string, unknown>>();
  assert.deepEqual([later.job, later.phone, later.national_id, later.version], ['Matron', null, '777', 2]);
  assert.equal((await office.api('PATCH', `/api/v1/hr/staff/${id}`, { version: 1, job: 'Cook' })).status, 409);
  assert.equal(
    (await office.api('POST', '/api/v1/hr/staff', { surname: 'Api', first_name: 'Ann', job: 'Nurse', category: 'wrong' })).status,
    422,
  );
  const page = (await office.api('GET', '/api/v1/hr/staff?q=api&limit=1')).json<{
    data: { id: string }[];
    next: string | null;
  }>();
  assert.deepEqual([page.data.map((row) => row.id), page.next], [[id], null]);
  assert.equal((await office.api('GET', '/api/v1/hr/staff/nobody')).status, 404);
});

test('an erased member of staff leaves the number, the job and the days, and nothing that tells who it was', async () => {
  const staff = await office.hire('Forgotten', { nationalId: '5551', phone: '+254722000777', email: 'forgotten@example.org' });
  await office.sql('update hr_staff set photo_file_id = $2 where id = $1', [staff.id, newId()]);
  const [data] = hr.work!((token) => office.get(token)).personalData!;
  const erase = () => office.run(() => unit(() => data!.erase!({ kind: 'staff', id: staff.id }, 'P-7', [])));
  assert.deepEqual((await erase()).done, ['Name, phone, numbers and photo of the member of staff']);
  const [row] = await office.sql('select * from hr_staff where id = $1', [staff.id]);
  assert.deepEqual(
    [row!.surname, row!.first_name, row!.sort_name, row!.staff_no, row!.job, row!.photo_file_id],
    ['Erased', 'P-7', 'erased p-7', staff.staffNo, 'Teacher', null],
  );
  assert.doesNotMatch(JSON.stringify(row), /Forgotten|5551|254722000777|forgotten@/i);
  const list = await office.run(() => office.get(HR).records(null));
  assert.equal(list.find((one) => one.id === staff.id)?.surname, 'Erased', 'also in what is kept in memory');
});

test('the API clears what may be empty by null and by an empty text, and refuses by its own names', async () => {
  office.as('hr-officer');
  const staff = await office.hire('Cleared', { phone: '+254722000888', title: 'Ms' });
  const address = `/api/v1/hr/staff/${staff.id}`;
  assert.equal((await office.api('PATCH', address, { version: 1, phone: '', title: null })).status, 200);
  const [row] = await office.sql('select phone, title from hr_staff where id = $1', [staff.id]);
  assert.deepEqual(row, { phone: null, title: null });
  const refused = await office.api('PATCH', address, { version: 2, first_name: '' });
  assert.equal(refused.status, 422);
  assert.deepEqual(refused.json<{ errors: unknown }>().errors, [{ field: 'first_name', message: 'Enter the first name' }]);
});

test('an account closes when the last day is over: at once for a day that is past, in the night for one that is not', async () => {
  office.as('hr-officer');
  const identity = office.get(IDENTITY);
  const system = systemActor('test');
  const account = async (surname: string, roles: ('teacher' | 'owner')[] = ['teacher']) => {
    const staff = await office.hire(surname, { email: `${surname.toLowerCase()}@example.org` });
    await office.run(() =>
      identity.createAccount({
        person: { kind: 'staff', id: staff.id },
        name: surname,
        email: staff.email,
        roles,
        by: 'slip',
        actor: system,
      }),
    );
    return staff.id;
  };
  const state = async (id: string) => (await office.run(() => identity.accountsOf('staff', [id])))[0]!.state;
  const leave = (id: string, leftOn: string, more: Record<string, string> = {}) =>
    office.send(`/hr/staff/${id}/leaving`, { leftOn, reason: 'Resigned', ...more });

  const past = await account('Past');
  await leave(past, '2026-09-07');
  assert.equal(await state(past), 'disabled');

  const today = await account('Today');
  await leave(today, '2026-09-08');
  assert.equal(await state(today), 'active');
  await office.job('hr.close-account', { staffId: today });
  assert.equal(await state(today), 'active', 'the day is not over');
  const [job] = await office.sql<{ run_at: Date }>('select run_at from graphile_worker.jobs where key = $1', [
    `hr.close-account:${today}`,
  ]);
  assert.equal(job!.run_at.toISOString(), '2026-09-08T21:00:00.000Z', 'midnight in Nairobi');
  office.clock.set('2026-09-08T21:00:30Z');
  await office.job('hr.close-account', { staffId: today });
  assert.equal(await state(today), 'disabled');
  office.clock.set('2026-09-08T08:00:00Z');

  const sent = await account('Sent');
  await leave(sent, '2026-09-30', { closeNow: 'on' });
  assert.equal(await state(sent), 'disabled');

  const stays = await account('Stays');
  await leave(stays, '2026-09-08');
  await office.send(`/hr/staff/${stays}/return`);
  office.clock.set('2026-09-09T08:00:00Z');
  await office.job('hr.close-account', { staffId: stays });
  assert.equal(await state(stays), 'active', 'the leaving was taken back');
  office.clock.set('2026-09-08T08:00:00Z');

  const owner = await account('Founder', ['owner']);
  await account('Partner', ['owner']);
  const refused = await leave(owner, '2026-12-31');
  assert.equal(refused.status, 422);
  assert.match(refused.html, /Only an owner can record that an owner leaves/);
  assert.equal((await office.sql('select 1 from hr_staff where id = $1 and left_on is null', [owner])).length, 1);
});
