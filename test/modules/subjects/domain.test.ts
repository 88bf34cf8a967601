import assert from 'node:assert/strict';
import test from 'node:test';
import { loadOf, overlap, runsOn } from '../../../src/modules/subjects/allocations/allocation.rules.js';
import { leadsInCircle, rangesOf, seatsLeft } from '../../../src/modules/subjects/classes/classes.rules.js';
import {
  followsStream,
  subjectsOfStream,
  takingOf,
  untaught,
  type Pathway,
  type Subject,
} from '../../../src/modules/subjects/subjects/subject.rules.js';

const subject = (name: string, more: Partial<Subject> = {}): Subject => ({
  id: name,
  code: name,
  nationalCode: null,
  name,
  shortName: name,
  department: 'D',
  kind: 'compulsory',
  choice: null,
  practical: false,
  papers: 1,
  periods: null,
  position: 1,
  active: true,
  classIds: ['g10'],
  version: 1,
  ...more,
});
const pathway = (name: string, more: Partial<Pathway> = {}): Pathway => ({
  id: name,
  code: name,
  name,
  active: true,
  subjectIds: [],
  streamIds: [],
  version: 1,
  ...more,
});

test('two spans overlap when they share a day, and only then', () => {
  const cases: [string, string | null, string, string | null, boolean][] = [
    ['2026-01-06', '2026-03-31', '2026-04-01', null, false],
    ['2026-01-06', '2026-04-01', '2026-04-01', null, true],
    ['2026-01-06', null, '2027-01-01', '2027-02-01', true],
    ['2026-05-01', null, '2026-01-01', '2026-04-30', false],
    ['2026-02-01', '2026-02-28', '2026-01-01', '2026-12-31', true],
  ];
  for (const [from, to, from2, to2, expected] of cases) {
    const [one, other] = [
      { fromOn: from, toOn: to },
      { fromOn: from2, toOn: to2 },
    ];
    assert.equal(overlap(one, other), expected, `${from} ${to} / ${from2} ${to2}`);
    assert.equal(overlap(other, one), expected, `turned round: ${from} ${to} / ${from2} ${to2}`);
  }
  assert.ok(runsOn({ fromOn: '2026-01-06', toOn: '2026-01-06' }, '2026-01-06'));
  assert.ok(!runsOn({ fromOn: '2026-01-06', toOn: '2026-01-06' }, '2026-01-07'));
});

test('a load counts periods once for each line, subjects and streams once each', () => {
  const line = (subjectId: string, streamId: string, periods: number) => ({
    id: subjectId + streamId,
    subjectId,
    streamId,
    staffId: 'x',
    periods,
    fromOn: '2026-01-06',
    toOn: null,
  });
  assert.deepEqual(loadOf([line('m', 'a', 5), line('m', 'b', 5), line('p', 'a', 4)]), {
    periods: 14,
    subjectIds: ['m', 'p'],
    streamIds: ['a', 'b'],
  });
  assert.deepEqual(loadOf([]), { periods: 0, subjectIds: [], streamIds: [] });
});

test('seats are left where they were counted, and fewer than none when a stream is too full', () => {
  assert.equal(seatsLeft(45, { girls: 20, boys: 21 }), 4);
  assert.equal(seatsLeft(40, { girls: 20, boys: 22 }), -2);
  assert.equal(seatsLeft(null, { girls: 20, boys: 21 }), null);
});

test('no class leads back to itself, over however many classes', () => {
  const classes = [
    { id: 'a', nextClassId: 'b' },
    { id: 'b', nextClassId: 'c' },
    { id: 'c', nextClassId: null },
  ];
  assert.equal(leadsInCircle(classes, 'c', 'a'), true);
  assert.equal(leadsInCircle(classes, 'a', 'a'), true);
  assert.equal(leadsInCircle(classes, 'a', 'c'), false);
  assert.equal(leadsInCircle(classes, 'a', null), false);
});

test('classes that follow each other are said as a range', () => {
  const classes = ['PP1', 'PP2', 'Grade 1', 'Grade 2', 'Form 4'].map((name) => ({ id: name, name }));
  assert.deepEqual(rangesOf(['PP1', 'PP2', 'Grade 1', 'Form 4'], classes), [
    { from: 'PP1', to: 'Grade 1' },
    { from: 'Form 4', to: null },
  ]);
  assert.deepEqual(rangesOf([], classes), []);
});

test('a stream on a pathway takes its electives and what is compulsory; a stream on none takes all of its class', () => {
  const subjects = [
    subject('English'),
    subject('Physics', { kind: 'elective' }),
    subject('Music', { kind: 'elective' }),
    subject('Art', { classIds: ['g7'] }),
    subject('Latin', { active: false }),
  ];
  const stem = pathway('STEM', { subjectIds: ['Physics'], streamIds: ['east'] });
  const taught = (stream: string, pathways: Pathway[]) =>
    subjectsOfStream(subjects, pathways, { id: stream, classId: 'g10' }).map((one) => one.name);
  assert.deepEqual(taught('east', [stem]), ['English', 'Physics']);
  assert.deepEqual(taught('west', [stem]), ['English', 'Physics', 'Music']);
  assert.deepEqual(taught('east', [{ ...stem, active: false }]), ['English', 'Physics', 'Music']);
  assert.deepEqual(taught('east', [stem, pathway('Arts', { subjectIds: ['Music'], streamIds: ['east'] })]), [
    'English',
    'Physics',
    'Music',
  ]);
});

const lesson = (subjectId: string, fromOn: string, toOn: string | null = null) => ({
  id: subjectId + fromOn,
  subjectId,
  streamId: 'east',
  staffId: 'x',
  periods: 5,
  fromOn,
  toOn,
});

test('a stream takes what is compulsory, and of alternatives the one that has been taught there longest', () => {
  const subjects = [
    subject('Maths'),
    subject('CRE', { choice: 'religion' }),
    subject('IRE', { choice: 'religion', position: 2 }),
    subject('Physics', { kind: 'elective' }),
  ];
  const follows = (history: ReturnType<typeof lesson>[], day = '2026-09-08') =>
    subjects.filter((one) => followsStream(one, subjects, history, day)).map((one) => one.name);
  assert.deepEqual(follows([]), ['Maths'], 'no alternative is taught yet');
  assert.deepEqual(follows([lesson('Physics', '2026-01-06'), lesson('IRE', '2026-01-06')]), ['Maths', 'IRE']);
  assert.deepEqual(
    follows([lesson('IRE', '2026-01-06'), lesson('CRE', '2026-05-01')]),
    ['Maths', 'IRE'],
    'a second one takes nobody along',
  );
  assert.deepEqual(
    follows([lesson('IRE', '2026-01-06', '2026-06-30'), lesson('IRE', '2026-07-01'), lesson('CRE', '2026-05-01')]),
    ['Maths', 'IRE'],
    'a new teacher changes nothing',
  );
  assert.deepEqual(follows([lesson('IRE', '2026-01-06', '2026-06-30'), lesson('CRE', '2026-05-01')]), ['Maths', 'CRE']);
  assert.deepEqual(
    follows([lesson('IRE', '2026-01-06'), lesson('CRE', '2026-01-06')]),
    ['Maths', 'CRE'],
    'the school’s order decides',
  );
});

test('of alternatives one teacher is enough', () => {
  const subjects = [
    subject('Maths'),
    subject('CRE', { choice: 'religion' }),
    subject('IRE', { choice: 'religion' }),
    subject('Physics', { kind: 'elective' }),
  ];
  const names = (taught: string[]) => untaught(subjects, taught).map((group) => group.map((one) => one.name).join('/'));
  assert.deepEqual(names([]), ['Maths', 'CRE/IRE']);
  assert.deepEqual(names(['IRE']), ['Maths']);
  assert.deepEqual(names(['Maths', 'CRE']), []);
});

test('a learner follows the stream unless an exception of theirs runs that day', () => {
  const exception = {
    id: 'e',
    studentId: 's',
    subjectId: 'Maths',
    takes: false,
    setName: null,
    fromOn: '2026-05-01',
    toOn: '2026-05-31',
  };
  assert.equal(takingOf(true, [exception], '2026-04-30').takes, true);
  assert.equal(takingOf(true, [exception], '2026-05-31').takes, false);
  assert.equal(takingOf(true, [exception], '2026-06-01').takes, true);
  assert.deepEqual(takingOf(false, [{ ...exception, takes: true, setName: 'Set 2' }], '2026-05-10'), {
    takes: true,
    setName: 'Set 2',
  });
  assert.deepEqual(takingOf(false, [], '2026-05-10'), { takes: false, setName: null });
});
