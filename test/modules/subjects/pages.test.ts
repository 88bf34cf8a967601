import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { Allocations } from '../../../src/modules/subjects/allocations/allocations.js';
import { CLASS_STORE, SUBJECT_STORE } from '../../../src/modules/subjects/ports.js';
import type { ClassList } from '../../../src/modules/subjects/index.js';
import type { Staff } from '../../../src/modules/hr/index.js';
import { anOffice, type Office } from './support.js';

let office: Office;
let list: ClassList;
let mutua: Staff;
let maths: string;

before(async () => {
  office = await anOffice();
  list = await office.seed([
    { name: 'PP1', streams: [] },
    { name: 'Grade 7', streams: ['East', 'West'] },
    { name: 'Grade 10', streams: ['East'] },
  ]);
  mutua = await office.hire('Mutua', { firstName: 'Daniel', title: 'Mr' });
  await office.admit('Hassan', 'F', id('Grade 7 East'));
  await office.admit('<b>Achieng</b>', 'F', id('Grade 7 East'));
  await office.admit('Otieno', 'M', id('Grade 7 East'));
  await office.admit('Wekesa', 'M', id('Grade 7 West'));
  const subjects = await office.run(() => office.get(SUBJECT_STORE).list());
  maths = subjects.find((one) => one.name === 'Mathematics' && one.classIds.includes(list.classes[1]!.id))!.id;
});
after(() => office.stop());

const id = (label: string) => list.streams.find((one) => one.label === label)!.id;
const heading = (html: string) => /<h1>([^<]*)<\/h1>/.exec(html)?.[1];
const rows = (csv: string) =>
  csv
    .replace(/^\uFEFF/, '')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','));
const versionOn = async (address: string): Promise<string> =>
  /name="version" value="(\d+)"/.exec((await office.visit(address)).html)?.[1] ?? 'none';
const text = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

test('a teacher sees classes and subjects, and gets no form that changes them', async () => {
  office.as('teacher');
  for (const address of [
    '/subjects',
    '/subjects/classes',
    '/subjects/allocations',
    '/subjects/pathways',
    `/subjects/streams/${id('Grade 7 East')}`,
    `/subjects/${maths}`,
    `/subjects/teachers/${mutua.id}`,
  ]) {
    const seen = await office.visit(address);
    assert.equal(seen.status, 200, address);
    assert.doesNotMatch(seen.html, /href="[^"]*\/(new|edit|closing|end|takers)["?]/, address);
  }
  for (const { method, path } of office.declared.filter(
    (one) => one.module === 'subjects' && one.can !== 'subjects.read' && one.kind === 'page',
  )) {
    const address = path.replace(':subject', maths).replace(':id', id('Grade 7 East'));
    const answer = method === 'get' ? await office.visit(address) : await office.send(address, { name: 'Mine' });
    assert.equal(answer.status, 403, `${method} ${address}`);
  }
});

test('names of learners are for those who see all of them and for the teachers of the stream', async () => {
  const east = id('Grade 7 East');
  office.as('teacher', { kind: 'staff', id: mutua.id });
  const closed = await office.visit(`/subjects/streams/${east}`);
  assert.doesNotMatch(closed.html, /Hassan/);
  assert.match(closed.html, /Girls 2, boys 1/);
  assert.equal((await office.visit(`/subjects/streams/${east}?format=csv`)).status, 403);
  const head = office.as('head');
  await office.run(() =>
    office.get(Allocations).allocate(head, {
      subjectId: maths,
      streamId: east,
      staffId: mutua.id,
      periods: 5,
      fromOn: '2026-09-01',
      toOn: null,
      replaces: null,
    }),
  );
  office.as('teacher', { kind: 'staff', id: mutua.id });
  assert.match((await office.visit(`/subjects/streams/${east}`)).html, /Hassan/);
  assert.doesNotMatch((await office.visit(`/subjects/streams/${id('Grade 7 West')}`)).html, /Wekesa/);
});

test('the class list has the learners in register order, safe names and the totals of boys and girls', async () => {
  office.as('registrar');
  const { html } = await office.visit(`/subjects/streams/${id('Grade 7 East')}`);
  assert.equal(heading(html), 'Grade 7 East');
  assert.match(html, /&lt;b&gt;Achieng&lt;\/b&gt;/);
  const part = html.slice(html.indexOf('data-test="class-list"'));
  assert.ok(part.indexOf('Hassan') < part.indexOf('Otieno'));
  assert.match(text(part), /Girls 2, boys 1 All 3/);
  assert.match(text(html), /Mathematics Mr Daniel Mutua 5/);
});

test('classes show teacher, girls, boys, seats left, and the school’s totals', async () => {
  office.as('registrar');
  const saved = await office.send(`/subjects/streams/${id('Grade 7 East')}/edit`, {
    version: await versionOn(`/subjects/streams/${id('Grade 7 East')}/edit`),
    name: 'East',
    order: '1',
    capacity: '2',
    classTeacherId: mutua.id,
    room: 'Block B',
  });
  assert.equal(saved.status, 303, text(saved.html));
  const { html } = await office.visit('/subjects/classes');
  assert.match(text(html), /Grade 7 East 2 1 3 2 1 over Mr Daniel Mutua/);
  assert.match(text(html), /Grade 7 West 0 1 1 None yet/);
  assert.match(text(html), /Grade 7, all 2 2 4/);
  assert.match(text(html), /Whole school 2 2 4/);
});

test('an export has the same lines as the list', async () => {
  office.as('registrar');
  const classes = rows((await office.visit('/subjects/classes?format=csv')).html);
  assert.deepEqual(classes[0]!.slice(0, 9), [
    'Class',
    'Stream',
    'Class and stream',
    'Class teacher',
    'Girls',
    'Boys',
    'All',
    'Capacity',
    'Seats left',
  ]);
  assert.deepEqual(
    classes.slice(1).map((line) => line[2]),
    list.streams.map((one) => one.label),
  );
  assert.deepEqual(classes.find((line) => line[2] === 'Grade 7 East')!.slice(3, 9), [
    'Mr Daniel Mutua',
    '2',
    '1',
    '3',
    '2',
    '-1',
  ]);

  const page = (await office.visit('/subjects?q=math')).html;
  const subjects = rows((await office.visit('/subjects?q=math&format=csv')).html).slice(1);
  assert.ok(subjects.length > 0);
  assert.equal(subjects.length, [...page.matchAll(/class="name c-b"/g)].length);
  for (const [, , name] of subjects) assert.ok(page.includes(`<b>${name}</b>`), name);
  const pupils = rows((await office.visit(`/subjects/streams/${id('Grade 7 East')}?format=csv`)).html).slice(1);
  assert.deepEqual(pupils.map((line) => line[1]).sort(), ['<b>Achieng</b>', 'Hassan', 'Otieno']);
  const loads = rows((await office.visit('/subjects/allocations?format=csv')).html).slice(1);
  assert.deepEqual(
    loads.map((line) => [line[1], line[4]]),
    [['Mutua Daniel', '5']],
  );
  const every = rows((await office.visit('/subjects/allocations/sheet?format=csv')).html).slice(1);
  assert.deepEqual(
    every.map((line) => [line[0], line[1], line[4]]),
    [['Grade 7 East', 'Mathematics', '5']],
  );
  const sheet = await office.visit('/subjects/pathways?format=xlsx');
  assert.match(sheet.type, /spreadsheetml/);
  assert.equal(sheet.body.subarray(0, 2).toString(), 'PK');
});

test('a form with mistakes comes back with what was typed', async () => {
  office.as('registrar');
  const refused = await office.send('/subjects', { name: 'Chess', code: 'no spaces please', papers: '9', kind: 'elective' });
  assert.equal(refused.status, 422);
  assert.match(refused.html, /<title>Error: New subject/);
  assert.match(refused.html, /value="no spaces please"/);
  assert.match(refused.html, /Enter from 1 to 6 papers/);
  const full = await office.send(`/subjects/streams/${id('Grade 7 East')}/closing`);
  assert.equal(full.status, 422);
  assert.match(full.html, /Grade 7 East still has 3 students\. Move them first\./);
  const odd = await office.send(`/subjects/streams/${id('Grade 7 West')}/edit`, { name: 'West', order: '2', capacity: '0' });
  assert.match(odd.html, /Enter from 1 to 500 seats/);
});

test('a subject is added for two classes and found', async () => {
  office.as('registrar');
  const made = await office.send('/subjects', {
    name: 'Chess',
    shortName: 'Chess',
    code: 'CHS',
    department: 'Games',
    papers: '1',
    kind: 'elective',
    periods: '2',
    classIds: [list.classes[0]!.id, list.classes[1]!.id],
  });
  assert.equal(made.status, 303);
  const { html } = await office.visit(made.location!);
  assert.equal(heading(html), 'Chess');
  assert.match(text(html), /PP1 to Grade 7/);
  assert.match(text((await office.visit('/subjects?department=Games')).html), /Chess CHS PP1 to Grade 7 Elective/);
});

test('allocation goes by stream, subject and teacher, and the teacher’s page adds up', async () => {
  office.as('head');
  const west = id('Grade 7 West');
  const form = await office.visit(`/subjects/allocations/new?streamId=${west}&subjectId=${maths}`);
  assert.match(form.html, /Mutua Daniel/);
  assert.doesNotMatch(form.html, /Physics/);
  const made = await office.send('/subjects/allocations', {
    streamId: west,
    subjectId: maths,
    staffId: mutua.id,
    periods: '6',
    fromOn: '2026-09-01',
  });
  assert.equal(made.location, `/subjects/streams/${west}`);
  const again = await office.send('/subjects/allocations', {
    streamId: west,
    subjectId: maths,
    staffId: mutua.id,
    periods: '6',
    fromOn: '2026-09-05',
  });
  assert.equal(again.status, 422);
  assert.match(again.html, /already has this subject in this stream at that time/);
  const page = (await office.visit(`/subjects/teachers/${mutua.id}`)).html;
  assert.match(text(page), /11 periods in 2 streams/);
  const [, line] = /allocations\/([0-9a-f-]{36})\/end/.exec(page)!;
  assert.equal((await office.send(`/subjects/allocations/${line}/end`, { toOn: '2026-09-07' })).status, 303);
  assert.match(text((await office.visit(`/subjects/teachers/${mutua.id}`)).html), /Taught before .* 7 Sep 2026/);
});

test('ticks and sets of an elective are saved from one page', async () => {
  office.as('registrar');
  const east = id('Grade 10 East');
  const child = await office.admit('Naliaka', 'F', east);
  const physics = (await office.run(() => office.get(SUBJECT_STORE).list())).find(
    (one) => one.name === 'Physics' && one.classIds.includes(list.classes[2]!.id),
  )!;
  const address = `/subjects/streams/${east}/subjects/${physics.id}/takers`;
  assert.match((await office.visit(address)).html, /0 of 1 take it now/);
  assert.match((await office.visit(`${address}?all=1`)).html, new RegExp(`id="take-${child}" checked`));
  assert.equal((await office.send(address, { on: '2026-09-08', takers: child, [`sets.${child}`]: 'Set A' })).status, 303);
  const { html } = await office.visit(address);
  assert.match(html, /1 of 1 take it now/);
  assert.match(html, /value="Set A"/);
});

test('the find box knows streams and subjects; the office’s first page names streams without a class teacher', async () => {
  office.as('registrar');
  assert.deepEqual(
    (await office.search('grade 7 e')).filter((hit) => hit.startsWith('Classes')),
    ['Classes: Grade 7 East'],
  );
  assert.ok((await office.search('math')).some((hit) => hit.startsWith('Subjects: Mathematics')));
  const { html } = await office.visit('/card');
  assert.match(text(html), /streams have no class teacher/);
  assert.match(text(html), /Over capacity: Grade 7 East/);
  assert.doesNotMatch(html, /<svg class="plot" viewBox="0 0 600/, 'the seats of no class are counted yet');
  const west = `/subjects/streams/${id('Grade 7 West')}/edit`;
  await office.send(west, { name: 'West', order: '2', capacity: '1', version: await versionOn(west) });
  const full = (await office.visit('/card')).html;
  assert.match(full, /role="img" aria-label="No seats left in G7\."/);
});

test('a subject saved from a page that somebody else has overtaken changes nothing', async () => {
  office.as('registrar');
  const version = await versionOn(`/subjects/${maths}/edit`);
  const before = (await office.run(() => office.get(SUBJECT_STORE).list())).find((one) => one.id === maths)!;
  const fields = {
    ...{ name: before.name, code: before.code, department: before.department, kind: before.kind },
    ...{ shortName: before.shortName, papers: String(before.papers), classIds: before.classIds, version },
  };
  const [first, second] = await Promise.all([
    office.send(`/subjects/${maths}/edit`, { ...fields, periods: '7' }),
    office.send(`/subjects/${maths}/edit`, { ...fields, periods: '8' }),
  ]);
  const [saved, late] = first.status === 303 ? [first, second] : [second, first];
  assert.deepEqual([saved.status, late.status], [303, 409], late.html);
  assert.match(text(late.html), /Someone else has changed this since you opened it/);
  const now = (await office.run(() => office.get(SUBJECT_STORE).list())).find((one) => one.id === maths)!;
  assert.equal(now.periods, saved === first ? 7 : 8);
  assert.equal(now.version, Number(version) + 1);
});

/** Pages that change one thing: what they send, two people's names for it, and what the school has of it then. */
const PAGES: Readonly<Record<string, () => Promise<Changed>>> = {
  class: async () => {
    const own = list.classes[1]!;
    const sent = { shortName: own.shortName, level: own.level, order: String(own.order), nextClassId: own.nextClassId ?? '' };
    const now = async () => (await office.get(CLASS_STORE).list()).classes.find((one) => one.id === own.id)!;
    return { address: `/subjects/classes/${own.id}/edit`, sent, names: ['Seventh class', 'Class of seven'], now };
  },
  stream: async () => {
    const now = async () => (await office.get(CLASS_STORE).list()).streams.find((one) => one.id === id('Grade 7 West'))!;
    const address = `/subjects/streams/${id('Grade 7 West')}/edit`;
    return { address, sent: { order: '2', room: 'Block C' }, names: ['Westgate', 'Westlands'], now };
  },
  pathway: async () => {
    const [own] = await office.run(() => office.get(SUBJECT_STORE).pathways());
    const now = async () => (await office.get(SUBJECT_STORE).pathways()).find((one) => one.id === own!.id)!;
    const sent = { active: 'on', subjectIds: own!.subjectIds };
    return { address: `/subjects/pathways/${own!.id}/edit`, sent, names: ['Makers', 'Builders'], now };
  },
};

interface Changed {
  address: string;
  sent: Record<string, string | string[]>;
  names: [string, string];
  now(): Promise<{ name: string; version: number }>;
}

for (const [what, page] of Object.entries(PAGES)) {
  test(`a ${what} saved from a page that somebody else has overtaken changes nothing`, async () => {
    office.as('registrar');
    const { address, sent, names, now } = await page();
    const version = await versionOn(address);
    const both = await Promise.all(names.map((name) => office.send(address, { ...sent, name, version })));
    assert.deepEqual(both.map((one) => one.status).sort(), [303, 409], both.map((one) => text(one.html)).join());
    const late = both.findIndex((one) => one.status === 409);
    assert.match(text(both[late]!.html), /Someone else has changed this since you opened it/);
    assert.match(both[late]!.html, new RegExp(`value="${names[late]}"`), 'what was typed stays on the page');
    const { name, version: since } = await office.run(now);
    assert.deepEqual([name, since], [names[1 - late], Number(version) + 1]);
    const again = await office.send(address, { ...sent, name: names[late]!, version });
    assert.equal(again.status, 409, 'the same page never overtakes it');
    assert.equal((await office.send(address, { ...sent, name: names[late]!, version: await versionOn(address) })).status, 303);
  });
}

test('a class or a stream that was switched off and on is not overwritten from a page opened before', async () => {
  office.as('registrar');
  const own = list.classes[0]!;
  const stream = list.streams.find((one) => one.classId === own.id)!;
  const pages = [`/subjects/classes/${own.id}`, `/subjects/streams/${stream.id}`];
  const versions = await Promise.all(pages.map((page) => versionOn(`${page}/edit`)));
  assert.equal((await office.send(`${pages[0]}/closing`)).status, 303);
  for (const page of pages) assert.equal((await office.send(`${page}/opening`)).status, 303);
  const fields = { name: 'Overwritten', shortName: 'O', level: own.level, order: '1' };
  for (const [at, page] of pages.entries())
    assert.equal((await office.send(`${page}/edit`, { ...fields, version: versions[at]! })).status, 409, page);
});

test('what is not there is not found', async () => {
  office.as('registrar');
  for (const address of [
    '/subjects/nonsense',
    `/subjects/${mutua.id}`,
    `/subjects/streams/${maths}`,
    `/subjects/classes/${maths}/edit`,
    `/subjects/teachers/${maths}`,
    `/subjects/allocations/${maths}/end`,
  ]) {
    assert.equal((await office.visit(address)).status, 404, address);
  }
});
