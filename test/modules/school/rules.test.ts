import assert from 'node:assert/strict';
import test, { describe, it } from 'node:test';
import { Invalid, RuleBroken } from '../../../src/kernel/errors.js';
import {
  checkTerms,
  checkYear,
  datesAhead,
  checkSpecialDay,
  dayOf,
  proposeYear,
  startYearFor,
  weekdayOf,
} from '../../../src/modules/school/calendar/calendar.rules.js';
import type { DayPlan } from '../../../src/modules/school/calendar/calendar.rules.js';
import { checkItem } from '../../../src/modules/school/profile/lists.rules.js';
import { parsePattern, renderNumber, serialOf } from '../../../src/modules/school/profile/number-pattern.rules.js';
import { PACKS } from '../../../src/kernel/packs/index.js';
import { bandOf, checkBands } from '../../../src/modules/school/profile/scale.rules.js';
import { middleOf } from '../../../src/modules/platform-link/size.rules.js';
import { nextStep, proposedStreams } from '../../../src/modules/school/setup/setup.rules.js';

const broken = (code: string) => (error: unknown) => error instanceof RuleBroken && error.code === code;
const wrongAt =
  (...fields: string[]) =>
  (error: unknown) =>
    error instanceof Invalid &&
    assert.deepEqual(
      error.problems.map((problem) => problem.field),
      fields,
    ) === undefined;

test('a pattern makes numbers as the school writes them', () => {
  const cases: [pattern: string, serial: number, number: string][] = [
    ['{prefix}/{year}/{serial:4}', 34, 'KA/2026/0034'],
    ['{prefix}{year2}{serial:4}', 513, 'KA260513'],
    ['{year}{serial:4}', 1, '20260001'],
    ['ADM {serial}', 7, 'ADM 7'],
    ['T{serial:3}', 1234, 'T1234'],
  ];
  for (const [text, serial, number] of cases) {
    assert.equal(renderNumber(parsePattern(text), { prefix: 'KA', year: 2026, serial }), number);
  }
});

test('a pattern has its serial exactly once, and nothing that a number can not carry', () => {
  for (const text of [
    'KA',
    '{serial:4}{serial:4}',
    '{serial:0}',
    '{serial:9}',
    '{month}{serial}',
    'KA#{serial}',
    '{serial:4',
    'Ä{serial}',
    '',
  ]) {
    assert.throws(() => parsePattern(text), broken('school.number-pattern'), text);
  }
});

test('a number has at most 20 characters', () => {
  const pattern = parsePattern('{prefix}/{year}/{serial:8}');
  assert.equal(renderNumber(pattern, { prefix: 'ABCDEF', year: 2026, serial: 1 }).length, 20);
  assert.throws(() => renderNumber(pattern, { prefix: 'ABCDEFG', year: 2026, serial: 1 }), broken('school.number-pattern'));
});

test('the serial of a number is read back, so that the count goes on after an import', () => {
  const pattern = parsePattern('{prefix}/{year}/{serial:4}');
  assert.deepEqual(serialOf(pattern, 'KA/2019/0034', 'KA'), { year: 2019, serial: 34 });
  assert.deepEqual(serialOf(pattern, ' ka/2026/10034 ', 'KA'), { year: 2026, serial: 10034 });
  assert.deepEqual(serialOf(parsePattern('{prefix}{year2}{serial:4}'), 'KA260513', 'KA'), { year: 2026, serial: 513 });
  assert.deepEqual(serialOf(parsePattern('A.{serial:2}'), 'A.07', ''), { year: null, serial: 7 });
  for (const other of ['KB/2019/0034', 'KA/2019/34', 'KA/2019/0034/2', '1234'])
    assert.equal(serialOf(pattern, other, 'KA'), null, other);
  assert.equal(serialOf(parsePattern('A.{serial:2}'), 'AX07', ''), null);
});

const y2026 = { name: '2026', startsOn: '2026-01-01', endsOn: '2026-12-31' };

test('a year ends after it starts, is at most thirteen months long, and shares no day or name with another', () => {
  checkYear({ name: '2027', startsOn: '2027-01-01', endsOn: '2027-12-31' }, [y2026]);
  const cases: [code: string, name: string, startsOn: string, endsOn: string][] = [
    ['school.year-ends-first', '2027', '2027-01-01', '2027-01-01'],
    ['school.year-too-long', '2027', '2027-01-01', '2028-03-01'],
    ['school.year-name-taken', '2026', '2027-01-01', '2027-12-31'],
    ['school.years-overlap', '2027', '2026-12-31', '2027-12-30'],
    ['school.years-overlap', '2025', '2025-06-01', '2026-01-01'],
  ];
  for (const [code, name, startsOn, endsOn] of cases)
    assert.throws(() => checkYear({ name, startsOn, endsOn }, [y2026]), broken(code), `${code} ${startsOn}`);
});

test('terms lie inside their year, do not overlap, and end after they start', () => {
  const term = (name: string, startsOn: string, endsOn: string) => ({ name, startsOn, endsOn });
  const first = term('Term 1', '2026-01-06', '2026-04-02');
  checkTerms(y2026, [first, term('Term 2', '2026-04-03', '2026-07-31')]);
  assert.throws(() => checkTerms(y2026, []), wrongAt('terms.0.name'));
  assert.throws(() => checkTerms(y2026, [first, term('Term 2', '2026-04-02', '2026-07-31')]), wrongAt('terms.1.startsOn'));
  assert.throws(() => checkTerms(y2026, [first, term('term 1', '2026-05-01', '2026-07-31')]), wrongAt('terms.1.name'));
  assert.throws(
    () => checkTerms(y2026, [term('Term 1', '2025-12-31', '2027-01-01')]),
    wrongAt('terms.0.startsOn', 'terms.0.endsOn'),
  );
  assert.throws(() => checkTerms(y2026, [term('Term 1', '2026-04-02', '2026-04-02')]), wrongAt('terms.0.endsOn'));
});

test('the usual dates move to another year on the same day of the week, at most three days away', () => {
  for (const pack of Object.values(PACKS)) {
    for (const year of [2023, 2024, 2025, 2026, 2027, 2028]) {
      const proposed = proposeYear(pack.calendar, year);
      checkYear(proposed, [proposeYear(pack.calendar, year - 1), proposeYear(pack.calendar, year + 1)]);
      checkTerms(proposed, proposed.terms);
      // A year that has been printed is as it was printed.
      if (!pack.calendar.known?.some((one) => one.year === year))
        proposed.terms.forEach((term, index) =>
          assert.equal(
            weekdayOf(term.startsOn),
            weekdayOf(pack.calendar.terms[index]!.startsOn),
            `${pack.id} ${term.name} ${year}`,
          ),
        );
    }
  }
  assert.deepEqual(proposeYear(PACKS.kenya.calendar, 2025).terms[0], {
    name: 'Term 1',
    startsOn: '2025-01-06',
    endsOn: '2025-04-03',
  });
  assert.equal(proposeYear(PACKS.nigeria.calendar, 2025).name, '2025/2026');
});

test('the running year of a country that begins in September is last year’s until then', () => {
  assert.equal(startYearFor(PACKS.nigeria.calendar, '2026-08-31'), 2025);
  assert.equal(startYearFor(PACKS.nigeria.calendar, '2026-09-01'), 2026);
  assert.equal(startYearFor(PACKS.kenya.calendar, '2026-01-01'), 2026);
});

const plan: DayPlan = {
  years: [{ id: 'y', ...y2026, terms: [{ id: 't', name: 'Term 1', startsOn: '2026-01-06', endsOn: '2026-04-02' }] }],
  schoolWeek: [1, 2, 3, 4, 5],
  dayTypes: [
    { id: 'half', name: 'Half day', kind: 'half', active: true },
    { id: 'holiday', name: 'Holiday', kind: 'holiday', active: true },
    { id: 'saturday', name: 'Saturday school', kind: 'school', active: true },
  ],
  specialDays: [
    { id: 'a', dayTypeId: 'half', startsOn: '2026-02-13', endsOn: '2026-02-13', note: 'Sports day' },
    { id: 'b', dayTypeId: 'holiday', startsOn: '2026-02-16', endsOn: '2026-02-18', note: 'Half-term' },
    { id: 'c', dayTypeId: 'saturday', startsOn: '2026-02-21', endsOn: '2026-02-21', note: '' },
  ],
};

test('a day is what its exception says, else a school day of the week inside a term', () => {
  const cases: [day: string, kind: string, worth: number, note: string | null][] = [
    ['2026-01-05', 'holiday', 0, null],
    ['2026-01-06', 'school', 1, null],
    ['2026-01-10', 'closed', 0, null],
    ['2026-02-13', 'half', 0.5, 'Sports day'],
    ['2026-02-17', 'holiday', 0, 'Half-term'],
    ['2026-02-19', 'school', 1, null],
    ['2026-02-21', 'school', 1, 'Saturday school'],
    ['2026-04-03', 'holiday', 0, null],
  ];
  for (const [day, kind, worth, note] of cases) assert.deepEqual(dayOf(plan, day), { day, kind, worth, note });
});

test('no day has two exceptions, and none lies outside the years', () => {
  const at = (startsOn: string, endsOn: string, id = 'new') => checkSpecialDay({ id, startsOn, endsOn }, plan);
  at('2026-02-19', '2026-02-20');
  at('2026-02-16', '2026-02-19', 'b');
  assert.throws(() => at('2026-02-18', '2026-02-19'), broken('school.days-overlap'));
  assert.throws(() => at('2026-02-19', '2026-02-18'), broken('school.day-ends-first'));
  assert.throws(() => at('2026-12-31', '2027-01-01'), broken('school.day-outside-years'));
});

test('the highest band whose lowest mark is reached counts, so that no mark falls between two', () => {
  const scale = {
    bands: [
      { grade: 'B', lowest: 70, points: 1, words: '' },
      { grade: 'A', lowest: 80, points: 2, words: '' },
      { grade: 'C', lowest: 0, points: 0, words: '' },
    ],
  };
  const cases: [mark: number, grade: string][] = [
    [79.4, 'B'],
    [79.5, 'B'],
    [79.7, 'B'],
    [80, 'A'],
    [69.99, 'C'],
    [0, 'C'],
  ];
  for (const [mark, grade] of cases) assert.equal(bandOf(scale, mark)?.grade, grade, String(mark));
  assert.equal(bandOf(scale, -1), null);
});

test('aggregates are read by the same rule: 12 is still division 1', () => {
  const division = PACKS.uganda.scales.find((scale) => scale.id === 'ple-division')!;
  const cases: [aggregate: number, grade: string][] = [
    [4, '1'],
    [12, '1'],
    [13, '2'],
    [23, '2'],
    [24, '3'],
    [29, '3'],
    [30, '4'],
    [34, '4'],
    [35, 'U'],
    [36, 'U'],
  ];
  for (const [aggregate, grade] of cases) assert.equal(bandOf(division, aggregate)?.grade, grade, String(aggregate));
});

test('a scale of per cents begins at 0, and no grade or mark is there twice', () => {
  const band = (grade: string, lowest: number) => ({ grade, lowest, points: null, words: '' });
  checkBands('percent', [band('A', 50), band('B', 0)]);
  checkBands('points', [band('A', 50), band('B', 7)]);
  assert.throws(() => checkBands('percent', [band('A', 50), band('B', 1)]), wrongAt('bands.1.lowest'));
  assert.throws(
    () => checkBands('percent', [band('A', 101), band('a', 0), band('C', 0)]),
    wrongAt('bands.0.lowest', 'bands.1.grade', 'bands.2.lowest'),
  );
  assert.throws(() => checkBands('points', [band('A', 50)]), wrongAt('bands.0.grade'));
});

test('a list has each name once, whatever its case and marks', () => {
  const item = (id: string, kind: 'houses' | 'dorms', name: string) => ({
    id,
    kind,
    name,
    position: 1,
    capacity: null,
    note: '',
    active: true,
  });
  const others = [item('1', 'houses', 'Élgon')];
  assert.throws(() => checkItem(item('2', 'houses', 'elgon'), others), broken('school.list-name-taken'));
  checkItem(item('1', 'houses', 'elgon'), others);
  checkItem(item('2', 'dorms', 'Elgon'), others);
});

test('the set-up goes on at the first step that is not done', () => {
  assert.equal(nextStep([]), 'school');
  assert.equal(nextStep(['school', 'year']), 'look');
  assert.equal(nextStep(['school', 'look', 'year', 'classes', 'people']), null);
});

test('the set-up proposes streams by how many learners and classes there are', () => {
  const names = ['East', 'West', 'North', 'South', 'Blue', 'Green', 'Red'];
  const cases: [learners: number | null, classes: number, proposed: number][] = [
    [null, 14, 2],
    [51, 14, 0],
    [201, 14, 0],
    [451, 9, 2],
    [901, 4, 6],
    [630, 14, 0],
    [631, 14, 2],
    [1501, 14, 3],
    [100, 0, 3],
  ];
  for (const [learners, classes, proposed] of cases)
    assert.equal(proposedStreams(names, learners, classes).length, proposed, `${learners} in ${classes}`);
});

test('a span of learners counts as its middle', () => {
  assert.deepEqual(['1-100', '101-300', '301-600', '601-1200', '1201-', '', 'many', '-5'].map(middleOf), [
    51,
    201,
    451,
    901,
    1501,
    null,
    null,
    null,
  ]);
});

describe('the dates ahead that stand beside the sign-in', () => {
  const term = (name: string, startsOn: string, endsOn: string) => ({ id: name, yearId: 'y', name, startsOn, endsOn, order: 1 });
  const years = [
    {
      id: 'y',
      name: '2026',
      startsOn: '2026-01-05',
      endsOn: '2026-11-06',
      terms: [term('Term 2', '2026-05-04', '2026-07-31'), term('Term 3', '2026-08-24', '2026-11-06')],
    },
  ] as never;
  const dayTypes = [{ id: 'h', name: 'Holiday', kind: 'holiday', active: true }] as never;
  const specialDays = [
    { id: 'a', dayTypeId: 'h', note: 'Moi Day', startsOn: '2026-10-10', endsOn: '2026-10-10' },
    { id: 'b', dayTypeId: 'h', note: '', startsOn: '2026-06-01', endsOn: '2026-06-01' },
  ] as never;

  it('are terms and special days in order, from today on, each under its own name', () => {
    const seen = datesAhead({ years, dayTypes, specialDays }, '2026-06-01').map(({ on, what, name }) => `${on} ${what} ${name}`);
    assert.deepEqual(seen, [
      '2026-06-01 day Holiday',
      '2026-07-31 ends Term 2',
      '2026-08-24 begins Term 3',
      '2026-10-10 day Moi Day',
      '2026-11-06 ends Term 3',
    ]);
    assert.deepEqual(datesAhead({ years, dayTypes, specialDays }, '2026-11-07'), []);
  });
});
