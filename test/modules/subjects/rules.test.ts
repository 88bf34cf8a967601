import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { Invalid, NotFound, RuleBroken } from '../../../src/kernel/errors.js';
import { RUN } from '../../../src/kernel/shapes/command.js';
import type { Actor } from '../../../src/kernel/actor.js';
import { Allocations, type NewAllocation } from '../../../src/modules/subjects/allocations/allocations.js';
import { Classes, type ClassDetails, type StreamDetails } from '../../../src/modules/subjects/classes/classes.js';
import { Pathways } from '../../../src/modules/subjects/pathways/pathways.js';
import { Subjects } from '../../../src/modules/subjects/subjects/subjects.js';
import { Takers } from '../../../src/modules/subjects/allocations/takers.js';
import { ALLOCATION_STORE, CLASS_STORE, SUBJECT_STORE } from '../../../src/modules/subjects/ports.js';
import { SUBJECTS, type ClassList } from '../../../src/modules/subjects/index.js';
import { recordLeaving } from '../../../src/modules/hr/operations.js';
import { anOffice, type Office } from './support.js';

const TODAY = '2026-09-08';
const NOBODY = '01890000-0000-7000-8000-000000000000';
let office: Office;
let head: Actor;
let list: ClassList;

before(async () => {
  office = await anOffice();
  head = office.as('head');
  list = await office.seed([
    { name: 'Grade 6', streams: ['East', 'West'] },
    { name: 'Grade 7', streams: ['East', 'West'] },
    { name: 'Grade 10', streams: ['East', 'West'] },
  ]);
});
after(() => office.stop());

const stream = (label: string) => list.streams.find((one) => one.label === label)!;
const own = (name: string) => list.classes.find((one) => one.name === name)!;
const subjectIn = async (name: string, inClass: string) => {
  const found = (await office.run(() => office.get(SUBJECT_STORE).list())).find(
    (one) => one.name === name && one.classIds.includes(own(inClass).id),
  );
  assert.ok(found, name);
  return found;
};
const allocate = (given: Partial<NewAllocation> & { subjectId: string; streamId: string; staffId: string }) =>
  office.run(() => office.get(Allocations).allocate(head, { periods: 5, fromOn: TODAY, toOn: null, replaces: null, ...given }));
const broken = (code: string) => (error: unknown) => error instanceof RuleBroken && error.code === code;
const invalid = (field: string) => (error: unknown) =>
  error instanceof Invalid && error.problems.some((one) => one.field === field);

const CLASS: ClassDetails = {
  name: 'Baby class',
  shortName: 'BC',
  level: 'pre-primary',
  order: 0,
  nextClassId: null,
  ranked: false,
};
const STREAM: Omit<StreamDetails, 'classId'> = {
  name: 'North',
  order: 3,
  capacity: 40,
  classTeacherId: null,
  room: 'R 4',
  campus: 'Town',
};

test('a teacher may change neither classes, subjects, allocations nor pathways', async () => {
  const teacher = office.as('teacher');
  const actions = await office.actions();
  for (const [what, work] of Object.entries({
    class: () => office.get(Classes).addClass(teacher, CLASS),
    stream: () => office.get(Classes).changeStream(teacher, stream('Grade 7 East').id, 1, STREAM),
    closing: () => office.get(Classes).closeStream(teacher, stream('Grade 7 East').id),
    subject: () => office.get(Subjects).close(teacher, 'any'),
    pathway: () => office.get(Pathways).add(teacher, { name: 'X', active: true, subjectIds: [], streamIds: [] }),
    allocation: () => office.get(Allocations).end(teacher, 'any', TODAY),
    takers: () => office.get(Takers).set(teacher, 'any', 'any', TODAY, new Map()),
  })) {
    await assert.rejects(async () => office.run(work as () => Promise<unknown>), { code: 'forbidden' }, what);
  }
  assert.deepEqual(await office.actions(), actions);
});

test('two classes have different names, two streams of a class too; the same stream name in another class is fine', async () => {
  const classes = office.get(Classes);
  await assert.rejects(
    office.run(() => classes.addClass(head, { ...CLASS, name: 'Grade 7' })),
    invalid('name'),
  );
  await assert.rejects(
    office.run(() => classes.addStream(head, { ...STREAM, name: 'East', classId: own('Grade 7').id })),
    invalid('name'),
  );
  await office.run(() => classes.addStream(head, { ...STREAM, classId: own('Grade 7').id }));
  await office.run(() => classes.addStream(head, { ...STREAM, classId: own('Grade 6').id }));
  list = await office.run(() => office.get(SUBJECTS).classList());
  const north = stream('Grade 7 North');
  assert.deepEqual([north.capacity, north.room, north.campus], [40, 'R 4', 'Town']);
});

test('a class never leads back to itself', async () => {
  const grade10 = own('Grade 10');
  const { version, name, shortName, level, order, ranked } = grade10;
  await assert.rejects(
    office.run(() =>
      office
        .get(Classes)
        .changeClass(head, grade10.id, version, { name, shortName, level, order, ranked, nextClassId: grade10.id }),
    ),
    invalid('nextClassId'),
  );
  await office.run(() =>
    office
      .get(Classes)
      .changeClass(head, grade10.id, version, { name, shortName, level, order, ranked, nextClassId: own('Grade 6').id }),
  );
  const grade7 = own('Grade 7');
  await assert.rejects(
    office.run(() => office.get(Classes).changeClass(head, grade7.id, grade7.version, { ...grade7, nextClassId: grade10.id })),
    invalid('nextClassId'),
    'Grade 6 leads to Grade 7 already',
  );
  await office.run(() =>
    office.get(Classes).changeClass(head, grade10.id, version + 1, { name, shortName, level, order, ranked, nextClassId: null }),
  );
});

test('a class teacher works here', async () => {
  const gone = await office.hire('Gone', { joinedOn: '2020-01-06' });
  await office.run(() =>
    office.get(RUN)(head, recordLeaving, { id: gone.id, leftOn: '2026-08-31', reason: 'Retired', closeNow: false }),
  );
  const east = stream('Grade 7 East');
  await assert.rejects(
    office.run(() => office.get(Classes).changeStream(head, east.id, east.version, { ...east, classTeacherId: gone.id })),
    invalid('classTeacherId'),
  );
  const here = await office.hire('Mutua');
  await office.run(() => office.get(Classes).changeStream(head, east.id, east.version, { ...east, classTeacherId: here.id }));
  assert.deepEqual(await office.run(() => office.get(SUBJECTS).streamsOfTeacher(here.id, TODAY)), [east.id]);
});

test('a stream with learners is not switched off; an empty one is, and what is taught in it ends', async () => {
  const west = stream('Grade 6 West');
  const child = await office.admit('Abdi', 'F', west.id);
  await assert.rejects(
    office.run(() => office.get(Classes).closeStream(head, west.id)),
    broken('not-empty'),
  );
  assert.equal((await office.run(() => office.get(CLASS_STORE).sizes())).get(west.id)?.girls, 1);
  await office.sql('update students set stream_id = null where id = $1', [child]);
  const teacher = await office.hire('Kerubo');
  const english = await subjectIn('English', 'Grade 6');
  const running = await allocate({ subjectId: english.id, streamId: west.id, staffId: teacher.id, fromOn: '2026-05-04' });
  const coming = await allocate({
    subjectId: (await subjectIn('Mathematics', 'Grade 6')).id,
    streamId: west.id,
    staffId: teacher.id,
    fromOn: '2026-10-01',
  });
  await office.run(() => office.get(Classes).closeStream(head, west.id));
  assert.equal((await office.run(() => office.get(ALLOCATION_STORE).find(running)))?.toOn, TODAY);
  assert.equal(await office.run(() => office.get(ALLOCATION_STORE).find(coming)), null);
  await assert.rejects(allocate({ subjectId: english.id, streamId: west.id, staffId: teacher.id }), invalid('streamId'));
  await office.run(() => office.get(Classes).openStream(head, west.id));
});

test('a class that another leads to is not switched off', async () => {
  await assert.rejects(
    office.run(() => office.get(Classes).closeClass(head, own('Grade 7').id)),
    broken('leads-here'),
  );
  const made = await office.run(() => office.get(Classes).addClass(head, CLASS));
  await office.run(() => office.get(Classes).addStream(head, { ...STREAM, classId: made }));
  await office.run(() => office.get(Classes).closeClass(head, made));
  const closed = await office.run(() => office.get(SUBJECTS).classList());
  assert.deepEqual(
    closed.streams.filter((one) => one.classId === made).map((one) => one.active),
    [false],
  );
  await assert.rejects(
    office.run(() => office.get(Classes).addStream(head, { ...STREAM, name: 'South', classId: made })),
    broken('class-closed'),
  );
});

test('a teacher has a subject in a stream once at a time; after it has ended it can be given again', async () => {
  const teacher = await office.hire('Otieno');
  const maths = await subjectIn('Mathematics', 'Grade 7');
  const at = { subjectId: maths.id, streamId: stream('Grade 7 West').id, staffId: teacher.id };
  const first = await allocate({ ...at, fromOn: '2026-01-06' });
  await assert.rejects(allocate({ ...at, fromOn: '2026-05-04' }), broken('overlap'));
  await assert.rejects(allocate({ ...at, fromOn: '2025-09-01', toOn: '2026-01-06' }), broken('overlap'));
  await allocate({ ...at, fromOn: '2025-09-01', toOn: '2026-01-05' });
  await assert.rejects(
    office.run(() => office.get(Allocations).end(head, first, '2026-01-05')),
    invalid('toOn'),
  );
  await office.run(() => office.get(Allocations).end(head, first, '2026-04-02'));
  await assert.rejects(
    office.run(() => office.get(Allocations).end(head, first, '2026-04-30')),
    broken('over'),
  );
  await allocate({ ...at, fromOn: '2026-04-03', periods: 6 });
  const lines = await office.run(() => office.get(ALLOCATION_STORE).allOfStaff(teacher.id));
  assert.deepEqual(
    lines.map((one) => [one.fromOn, one.toOn, one.periods]),
    [
      ['2026-04-03', null, 6],
      ['2026-01-06', '2026-04-02', 5],
      ['2025-09-01', '2026-01-05', 5],
    ],
  );
});

test('two who allocate the same at once: one is refused', async () => {
  const teacher = await office.hire('Njoroge');
  const kiswahili = await subjectIn('Kiswahili', 'Grade 7');
  const at = { subjectId: kiswahili.id, streamId: stream('Grade 7 East').id, staffId: teacher.id };
  const results = await Promise.allSettled([allocate(at), allocate(at), allocate(at)]);
  assert.deepEqual(results.map((one) => one.status).sort(), ['fulfilled', 'rejected', 'rejected']);
  for (const one of results) if (one.status === 'rejected') assert.ok(broken('overlap')(one.reason), String(one.reason));
});

test('a new teacher takes the place of the old one, whose line ends the day before and stays', async () => {
  const [old, young] = [await office.hire('Barasa'), await office.hire('Wekesa')];
  const english = await subjectIn('English', 'Grade 7');
  const at = { subjectId: english.id, streamId: stream('Grade 7 East').id };
  const before = await allocate({ ...at, staffId: old.id, fromOn: '2026-01-06' });
  const maths = await subjectIn('Mathematics', 'Grade 7');
  await assert.rejects(allocate({ ...at, subjectId: maths.id, staffId: young.id, replaces: before }), broken('another-subject'));
  await allocate({ ...at, staffId: young.id, fromOn: '2026-09-01', periods: 7, replaces: before });
  const english7 = (await office.run(() => office.get(ALLOCATION_STORE).ofStream(at.streamId))).filter(
    (one) => one.subjectId === english.id,
  );
  assert.deepEqual(
    english7.map((one) => [one.staffId, one.fromOn, one.toOn]),
    [
      [young.id, '2026-09-01', null],
      [old.id, '2026-01-06', '2026-08-31'],
    ],
  );
  assert.deepEqual(await office.run(() => office.get(SUBJECTS).streamsOfTeacher(old.id, TODAY)), []);
});

test('only what has not begun can be taken back', async () => {
  const teacher = await office.hire('Chebet');
  const at = { subjectId: (await subjectIn('English', 'Grade 6')).id, streamId: stream('Grade 6 East').id, staffId: teacher.id };
  const begun = await allocate({ ...at, fromOn: '2026-09-07' });
  await assert.rejects(
    office.run(() => office.get(Allocations).remove(head, begun)),
    broken('begun'),
  );
  const coming = await allocate({ ...at, subjectId: (await subjectIn('Mathematics', 'Grade 6')).id, fromOn: '2026-10-05' });
  await office.run(() => office.get(Allocations).remove(head, coming));
  await assert.rejects(
    office.run(() => office.get(Allocations).find(coming)),
    NotFound,
  );
});

test('somebody who does not work here on the first day gets no lessons, nor does a stream get what its class has not', async () => {
  const later = await office.hire('Later', { joinedOn: '2026-10-01' });
  const english = await subjectIn('English', 'Grade 7');
  const at = { subjectId: english.id, streamId: stream('Grade 7 North').id, staffId: later.id };
  await assert.rejects(allocate({ ...at, fromOn: '2026-09-08' }), invalid('staffId'));
  await allocate({ ...at, fromOn: '2026-10-01' });
  await assert.rejects(
    allocate({ ...at, subjectId: (await subjectIn('Physics', 'Grade 10')).id, fromOn: '2026-10-01' }),
    invalid('subjectId'),
  );
  await assert.rejects(allocate({ ...at, fromOn: '2026-10-02', toOn: '2026-10-01' }), invalid('toOn'));
});

test('when somebody leaves, what they teach ends with their last day', async () => {
  const teacher = await office.hire('Leaver');
  const at = { streamId: stream('Grade 6 East').id, staffId: teacher.id };
  const running = await allocate({ ...at, subjectId: (await subjectIn('Kiswahili', 'Grade 6')).id, fromOn: '2026-01-06' });
  const coming = await allocate({ ...at, subjectId: (await subjectIn('Social Studies', 'Grade 6')).id, fromOn: '2026-11-02' });
  await office.run(() =>
    office.get(RUN)(head, recordLeaving, { id: teacher.id, leftOn: '2026-10-23', reason: 'Retired', closeNow: false }),
  );
  await office.deliver();
  await office.deliver();
  assert.equal((await office.run(() => office.get(ALLOCATION_STORE).find(running)))?.toOn, '2026-10-23');
  assert.equal(await office.run(() => office.get(ALLOCATION_STORE).find(coming)), null);
});

test('a subject that is taught stays in its class and in use', async () => {
  const english = await subjectIn('English', 'Grade 7');
  const { id, version, active: _active, position: _position, ...details } = english;
  await assert.rejects(
    office.run(() =>
      office
        .get(Subjects)
        .change(head, id, version, { ...details, classIds: details.classIds.filter((one) => one !== own('Grade 7').id) }),
    ),
    broken('still-taught'),
  );
  await assert.rejects(
    office.run(() => office.get(Subjects).close(head, id)),
    broken('still-taught'),
  );
  await assert.rejects(
    office.run(() => office.get(Subjects).add(head, { ...details, name: 'Other' })),
    invalid('code'),
  );
  const chess = await office.run(() => office.get(Subjects).add(head, { ...details, code: 'CHS', name: 'Chess' }));
  await office.run(() => office.get(Subjects).close(head, chess));
  assert.equal((await office.run(() => office.get(Subjects).find(chess))).active, false);
});

test('a pathway is made of electives and followed by senior streams only', async () => {
  const pathways = office.get(Pathways);
  const [physics, music] = [await subjectIn('Physics', 'Grade 10'), await subjectIn('Music and Dance', 'Grade 10')];
  const english = await subjectIn('English', 'Grade 10');
  const details = { name: 'Makers', active: true, subjectIds: [physics.id], streamIds: [] };
  await assert.rejects(
    office.run(() => pathways.add(head, { ...details, subjectIds: [physics.id, english.id] })),
    invalid('subjectIds'),
  );
  await assert.rejects(
    office.run(() => pathways.add(head, { ...details, streamIds: [stream('Grade 7 East').id] })),
    invalid('streamIds'),
  );
  const east = stream('Grade 10 East');
  const teacher = await office.hire('Maina');
  const lesson = await allocate({ subjectId: music.id, streamId: east.id, staffId: teacher.id, fromOn: '2026-05-04' });
  await assert.rejects(
    office.run(() => pathways.add(head, { ...details, streamIds: [east.id] })),
    broken('still-taught'),
  );
  await office.run(() => office.get(Allocations).end(head, lesson, '2026-09-07'));
  const makers = await office.run(() => pathways.add(head, { ...details, streamIds: [east.id] }));
  await assert.rejects(allocate({ subjectId: music.id, streamId: east.id, staffId: teacher.id }), invalid('subjectId'));
  await allocate({ subjectId: physics.id, streamId: east.id, staffId: teacher.id });
  await assert.rejects(
    office.run(() => pathways.change(head, makers, 1, { ...details, subjectIds: [music.id], streamIds: [east.id] })),
    broken('still-taught'),
  );
  await assert.rejects(
    office.run(() => pathways.add(head, { ...details, name: 'makers', streamIds: [] })),
    invalid('name'),
  );
});

test('an elective is taken by those who are ticked, what is compulsory by all but them; history stays', async () => {
  const takers = office.get(Takers);
  const west = stream('Grade 10 West');
  const [amina, brian] = [await office.admit('Amina', 'F', west.id), await office.admit('Brian', 'M', west.id)];
  const physics = await subjectIn('Physics', 'Grade 10');
  const taking = async (id: string, day = TODAY) =>
    (await office.run(() => takers.of(id, west.id, day))).takers
      .filter((one) => one.takes)
      .map((one) => [one.surname, one.setName]);
  assert.deepEqual(await taking(physics.id), []);
  assert.equal(
    await office.run(() =>
      takers.set(
        head,
        physics.id,
        west.id,
        '2026-09-01',
        new Map([
          [amina, 'Set 1'],
          [brian, null],
        ]),
      ),
    ),
    2,
  );
  assert.deepEqual(await taking(physics.id), [
    ['Amina', 'Set 1'],
    ['Brian', null],
  ]);
  assert.equal(await office.run(() => takers.set(head, physics.id, west.id, TODAY, new Map([[amina, 'Set 1']]))), 1);
  assert.deepEqual(await taking(physics.id), [['Amina', 'Set 1']]);
  assert.deepEqual(await taking(physics.id, '2026-09-07'), [
    ['Amina', 'Set 1'],
    ['Brian', null],
  ]);
  const english = await subjectIn('English', 'Grade 10');
  await office.run(() => takers.set(head, english.id, west.id, TODAY, new Map([[amina, null]])));
  assert.deepEqual(await taking(english.id), [['Amina', null]]);
  await office.run(() =>
    takers.set(
      head,
      english.id,
      west.id,
      TODAY,
      new Map([
        [amina, null],
        [brian, null],
      ]),
    ),
  );
  assert.equal(
    (await office.sql('select 1 from subjects_exceptions where subject_id = $1', [english.id])).length,
    0,
    'nothing is left of a tick that was set and taken away on one day',
  );
  await office.run(() => takers.set(head, physics.id, west.id, '2026-10-01', new Map([[brian, null]])));
  await office.run(() => takers.set(head, physics.id, west.id, TODAY, new Map([[brian, null]])));
  assert.deepEqual(await taking(physics.id, '2026-11-01'), [['Brian', null]]);
});

test('of alternatives a learner takes one: a tick here ends the other', async () => {
  const takers = office.get(Takers);
  const east = stream('Grade 6 East');
  const child = await office.admit('Zawadi', 'F', east.id);
  const [christian, islamic] = [
    await subjectIn('Christian Religious Education', 'Grade 6'),
    await subjectIn('Islamic Religious Education', 'Grade 6'),
  ];
  assert.equal(christian.choice, islamic.choice);
  const takes = async (id: string) =>
    (await office.run(() => takers.of(id, east.id, TODAY))).takers.find((one) => one.id === child)!.takes;
  await office.run(() => takers.set(head, christian.id, east.id, '2026-09-01', new Map([[child, null]])));
  await office.run(() => takers.set(head, islamic.id, east.id, TODAY, new Map([[child, null]])));
  assert.deepEqual([await takes(christian.id), await takes(islamic.id)], [false, true]);
  await assert.rejects(
    office.run(() => takers.of(NOBODY, east.id, TODAY)),
    NotFound,
  );
});

test('a learner leaves the alternative that the whole stream takes', async () => {
  const east = stream('Grade 7 East');
  const [most, few] = [
    await subjectIn('Christian Religious Education', 'Grade 7'),
    await subjectIn('Islamic Religious Education', 'Grade 7'),
  ];
  const teacher = await office.hire('Faith');
  await allocate({ subjectId: most.id, streamId: east.id, staffId: teacher.id, fromOn: '2026-01-06' });
  await allocate({ subjectId: few.id, streamId: east.id, staffId: teacher.id, fromOn: '2026-05-04' });
  const [grace, yusuf] = [await office.admit('Grace', 'F', east.id), await office.admit('Yusuf', 'M', east.id)];
  const names = async (id: string) =>
    (await office.run(() => office.get(Takers).of(id, east.id, TODAY))).takers.filter((one) => one.takes).map((one) => one.id);
  assert.deepEqual(await names(most.id), [grace, yusuf]);
  await office.run(() => office.get(Takers).set(head, few.id, east.id, TODAY, new Map([[yusuf, null]])));
  assert.deepEqual([await names(most.id), await names(few.id)], [[grace], [yusuf]]);
});

test('everything that was changed is written down', async () => {
  const actions = new Set(await office.actions());
  for (const action of [
    'subjects.add-class',
    'subjects.change-class',
    'subjects.close-class',
    'subjects.add-stream',
    'subjects.close-stream',
    'subjects.open-stream',
    'subjects.add',
    'subjects.close',
    'subjects.allocate',
    'subjects.end-allocation',
    'subjects.take-back-allocation',
    'subjects.add-pathway',
    'subjects.set-takers',
  ]) {
    assert.ok(actions.has(action), action);
  }
});
