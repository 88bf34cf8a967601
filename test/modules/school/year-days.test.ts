import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { easterSunday, holidaysIn } from '../../../src/kernel/packs/holidays.js';
import { PACKS, subjectsOf } from '../../../src/kernel/packs/index.js';
import {
  calendarOf,
  checkTerms,
  daysToAdd,
  isPrinted,
  proposeYear,
  sourceOf,
  yearIsOver,
  yearToCome,
} from '../../../src/modules/school/calendar/calendar.rules.js';
import { aSchool } from '../../support/app.js';
import { schoolUnderTest, type SchoolUnderTest } from './support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const { kenya, nigeria, ghana, uganda, 'south-africa': southAfrica } = PACKS;

describe('years and days, whatever day it is', () => {
  it('finds Easter', () => {
    for (const [year, day] of [
      [2024, '2024-03-31'],
      [2026, '2026-04-05'],
      [2027, '2027-03-28'],
      [2038, '2038-04-25'],
    ] as const)
      assert.equal(easterSunday(year), day);
  });

  it('has South Africa’s public holidays of 2027 as its school calendar prints them', () => {
    assert.deepEqual(
      holidaysIn(southAfrica, '2027-01-01', '2027-12-31').map((one) => one.on.slice(5)),
      [
        '01-01',
        '03-21',
        '03-22',
        '03-26',
        '03-29',
        '04-27',
        '05-01',
        '06-16',
        '08-09',
        '09-24',
        '12-16',
        '12-25',
        '12-26',
        '12-27',
      ],
    );
  });

  it('marks what hangs on the moon or on an announcement in every country, and has nothing of it twice', () => {
    for (const pack of Object.values(PACKS)) {
      const all = [2026, 2027].flatMap((year) => holidaysIn(pack, `${year}-01-01`, `${year}-12-31`));
      for (const one of all) assert.equal(one.toConfirm || !/Eid|Shaqq|Prophet/.test(one.name), true, `${pack.id}: ${one.name}`);
      assert.equal(new Set(all.map((one) => `${one.on} ${one.name}`)).size, all.length, pack.id);
      for (const name of ['Christmas Day', 'Good Friday', 'New Year’s Day'])
        assert.equal(all.filter((one) => one.name === name).length, 2, `${pack.id}: ${name}`);
    }
    assert.ok(
      holidaysIn(ghana, '2026-12-01', '2026-12-31').some((one) => one.name === 'Farmers’ Day' && one.on === '2026-12-04'),
    );
  });

  it('calls a year over from the day after its last term, and none before', () => {
    const of = (year: number) => proposeYear(kenya.calendar, year);
    for (const [year, today, over] of [
      [2026, '2026-10-23', false],
      [2026, '2026-10-24', true],
      [2026, '2026-12-31', true],
      [2027, '2026-12-31', false],
      [2028, '2028-02-29', false],
      [2027, '2028-02-29', true],
    ] as const)
      assert.equal(yearIsOver(of(year), today), over, `${year} on ${today}`);
    const bare = { startsOn: '2026-01-01', endsOn: '2026-12-31', terms: [] };
    assert.deepEqual(
      [yearIsOver(bare, '2026-12-31'), yearIsOver(bare, '2027-01-01')],
      [false, true],
      'a year without terms is over with its last day',
    );
  });

  it('proposes the first year that isn’t over', () => {
    for (const [pack, from, today, year] of [
      [kenya, 2026, '2026-10-23', 2026],
      [kenya, 2026, '2026-10-24', 2027],
      [kenya, 2026, '2026-12-31', 2027],
      [kenya, 2023, '2028-02-29', 2028],
      [nigeria, 2026, '2027-07-23', 2026],
      [nigeria, 2026, '2027-07-24', 2027],
      [southAfrica, 2026, '2026-12-09', 2026],
      [southAfrica, 2026, '2026-12-10', 2027],
    ] as const)
      assert.equal(yearToCome(pack.calendar, from, today), year, `${pack.id} on ${today}`);
  });

  it('says where the dates of a year are from: printed, of one report, or only moved', () => {
    assert.match(sourceOf(kenya.calendar, 2026)!, /circular for 2026/);
    assert.equal(sourceOf(kenya.calendar, 2027), null);
    assert.deepEqual(
      [kenya, uganda, southAfrica].map((pack) => [2026, 2027].map((year) => isPrinted(pack.calendar, year))),
      [
        [true, false],
        [true, false],
        [true, true],
      ],
    );
    for (const pack of [ghana, nigeria])
      assert.equal(isPrinted(pack.calendar, 2026), false, `${pack.id} is a year later than what was printed`);
    assert.equal(isPrinted(calendarOf(ghana.calendar, ['shs']).calendar, 2026), false);
    assert.deepEqual(
      [kenya, uganda].map((pack) => proposeYear(pack.calendar, 2027).terms[0]!.startsOn),
      ['2027-01-04', '2027-02-01'],
    );
    assert.match(sourceOf(southAfrica.calendar, 2027)!, /only; check it against the gazette/);
    assert.equal(proposeYear(southAfrica.calendar, 2027).terms[0]!.endsOn, '2027-03-19');
    assert.match(ghana.calendar.note!, /Senior high schools have a different calendar/);
  });

  it('has Ghana’s senior high calendar for who has that section alone, and for who asks', () => {
    const firstTerm = (stages: string[], asked?: string) => {
      const { calendar } = calendarOf(ghana.calendar, stages, asked);
      checkTerms(proposeYear(calendar, 2026), proposeYear(calendar, 2026).terms);
      return proposeYear(calendar, 2026).terms[0]!;
    };
    for (const [stages, asked, name] of [
      [['shs'], undefined, 'Semester 1'],
      [['shs', 'jhs'], undefined, 'Term 1'],
      [['jhs'], undefined, 'Term 1'],
      [[], undefined, 'Term 1'],
      [['shs', 'jhs'], 'shs', 'Semester 1'],
      [['shs'], 'usual', 'Term 1'],
      [['jhs'], 'nonsense', 'Term 1'],
    ] as const) {
      assert.equal(firstTerm([...stages], asked).name, name, `${stages.join()} asks for ${asked}`);
    }
    assert.equal(firstTerm(['shs']).startsOn, '2026-10-17');
    assert.deepEqual(calendarOf(kenya.calendar, ['senior'], 'shs'), { calendar: kenya.calendar, section: 'usual' });
  });

  it('offers holidays that are school days, with the half-terms that hold some of them', () => {
    const years = [
      {
        id: 'y',
        ...proposeYear(kenya.calendar, 2026),
        terms: proposeYear(kenya.calendar, 2026).terms.map((term, n) => ({ ...term, id: `t${n}` })),
      },
    ];
    const plan = { years, dayTypes: [], specialDays: [], schoolWeek: kenya.schoolWeek };
    const found = daysToAdd(kenya, plan, '2026-01-05').map((one) => `${one.name} ${one.startsOn}${one.toConfirm ? ' ?' : ''}`);
    assert.deepEqual(found, [
      'Half-term 2026-02-25',
      'Eid al-Fitr 2026-03-20 ?',
      'Labour Day 2026-05-01',
      'Madaraka Day 2026-06-01',
      'Half-term 2026-06-24',
      'Mashujaa Day 2026-10-20',
    ]);
    assert.deepEqual(daysToAdd(kenya, plan, '2026-10-24'), [], 'the day after the last term');
    assert.deepEqual(
      daysToAdd(kenya, { ...plan, years: [{ ...years[0]!, terms: [] }] }, '2026-01-05'),
      [],
      'a year without terms',
    );
  });

  it('knows lessons a week of Kenya’s classes, and what the senior pathways ask', () => {
    const sum = (level: string): number => {
      const choices = new Set<string>();
      return subjectsOf(kenya, level)
        .filter((one) => one.kind === 'compulsory')
        .reduce(
          (all, one) =>
            one.choice && choices.has(one.choice) ? all : (choices.add(one.choice ?? one.code), all + (one.periods ?? 0)),
          0,
        );
    };
    assert.deepEqual(['G1', 'G4', 'G7', 'G10'].map(sum), [30, 34, 40, 23]);
    assert.deepEqual(
      new Set(
        subjectsOf(kenya, 'G12')
          .filter((one) => one.kind === 'elective')
          .map((one) => one.periods),
      ),
      new Set([5]),
      'with three of them, one lesson of the pastoral programme and one of study that makes forty',
    );
    assert.match(
      kenya.pathways.find((one) => one.id === 'stem')!.rule!,
      /Core Mathematics is compulsory\. A learner takes three electives/,
    );
    assert.deepEqual(
      kenya.pathways.map((one) => one.tracks!.length),
      [3, 2, 2],
    );
  });

  it('ranks nobody in Uganda’s Primary 1 to 3, nor reads them on the grades of the PLE', () => {
    const lower = uganda.levels.filter((one) => ['P1', 'P2', 'P3'].includes(one.code));
    assert.deepEqual(
      lower.map((one) => one.ranked),
      [false, false, false],
    );
    assert.equal(uganda.stages.find((one) => one.id === 'lower-primary')!.scale, null);
  });
});

describe('the year of a school in Ghana', () => {
  it('may be that of senior high schools, from its set-up on and in later years', async () => {
    const school = await schoolUnderTest({ name: 'A School', country: 'GH', years: [2026] });
    try {
      school.clock.set('2026-11-24T09:00:00Z');
      school.as('owner');
      assert.match((await school.get('/school/setup/year')).html, /href="\?calendar=shs"/);
      const page = (await school.get('/school/setup/year?calendar=shs')).html;
      assert.match(page, /aria-current="page">\s*Senior high, single track/);
      assert.match(page, /value="2026-10-17"/);
      assert.match(
        text(page),
        /Proposed dates, not official\. Dates: The Ghana Education Service’s single-track calendar for Forms 1 and 2 in 2025\/26/,
      );
      const terms = [
        ['Semester 1', '2026-10-17', '2027-02-26'],
        ['Semester 2', '2027-05-03', '2027-08-20'],
      ].flatMap(([name, startsOn, endsOn], n) => [
        [`terms.${n}.name`, name],
        [`terms.${n}.startsOn`, startsOn],
        [`terms.${n}.endsOn`, endsOn],
      ]);
      await school.post('/school/setup/year', {
        name: '2026/2027',
        startsOn: '2026-08-25',
        endsOn: '2027-08-24',
        ...Object.fromEntries(terms),
      });
      const years = await school.run(() => school.api.years());
      assert.deepEqual(
        years.map((year) => year.terms.map((term) => term.name)),
        [['Semester 1', 'Semester 2']],
      );
      assert.match((await school.get('/school/setup/year')).html, /value="2026-10-17"/, 'what is saved stays');
    } finally {
      await school.stop();
    }
  });

  it('is one for both sections: the set-up says whose dates are taken, and how to take the others', async () => {
    const school = await schoolUnderTest({ name: 'A School', country: 'GH', years: [2026] });
    try {
      school.as('owner');
      const shared = async (query = '') =>
        /data-test="shared-terms">([^<]*)/.exec((await school.get(`/school/setup/year${query}`)).html)?.[1];
      assert.equal(
        await shared(),
        'The whole school shares one set of terms. These are the dates of Basic school: choose Senior high, single track above to use theirs, or change the dates below.',
      );
      assert.match((await shared('?calendar=shs'))!, /dates of Senior high, single track: choose Basic school above/);
      assert.match((await school.get('/school/setup/year')).html, /aria-current="page">\s*Basic school/);
    } finally {
      await school.stop();
    }
  });

  it('is told when the classes that are chosen afterwards follow another calendar', async () => {
    const school = await aSchool({ country: 'GH', years: [2026], ready: false, classes: [] });
    try {
      const owner = await school.as('owner');
      const form = ['SHS1', 'SHS2', 'SHS3'].flatMap((code, n) => [
        [`classes.${n}.code`, code],
        [`classes.${n}.has`, 'yes'],
      ]);
      const { location } = await owner.submit('/school/setup/classes', Object.fromEntries(form), '/school/setup/classes');
      const next = (await owner.get(location!)).html;
      assert.match(text(next), /usually follow a different calendar from the one you chose: Senior high, single track\./);
      assert.match(next, /href="\/school\/setup\/year"/);
      assert.doesNotMatch(
        (await owner.get('/school/setup/year')).html,
        /data-test="shared-terms"/,
        'one section alone has one calendar',
      );
    } finally {
      await school.stop();
    }
  });

  it('begins with the calendar of senior high schools where it has no other classes', async () => {
    const school = await schoolUnderTest({ name: 'A School', country: 'GH', years: [2026], stages: ['shs'] });
    try {
      assert.deepEqual(
        (await school.run(() => school.api.years()))[0]!.terms.map((term) => term.name),
        ['Semester 1', 'Semester 2'],
      );
    } finally {
      await school.stop();
    }
  });
});

describe('set-up and calendar at ten to midnight on the last day of the year', () => {
  let school: SchoolUnderTest;
  before(async () => {
    school = await schoolUnderTest({ name: 'A School', country: 'KE', years: [2026] });
    school.clock.set('2026-12-31T20:50:00Z');
    school.as('owner');
  });
  after(() => school.stop());

  const year = (name: string) => {
    const proposed = proposeYear(kenya.calendar, Number(name));
    return Object.fromEntries([
      ['name', name],
      ['startsOn', proposed.startsOn],
      ['endsOn', proposed.endsOn],
      ...proposed.terms.flatMap((term, n) => Object.entries(term).map(([key, value]) => [`terms.${n}.${key}`, value])),
    ]) as Record<string, string>;
  };

  it('judges colours inside of the set-up, in the box alone', async () => {
    const page = (await school.get('/school/setup/look')).html;
    assert.match(page, /hx-get="\/school\/setup\/judgement"/);
    assert.match(page, /type="color"[^>]*name="firstColour"|name="firstColour"[^>]*type="color"/);
    const part = await school.get('/school/setup/judgement?firstColour=%230f5c43&secondColour=%23e3a62b');
    assert.equal(part.status, 200);
    assert.doesNotMatch(part.html, /<html|<main|class="steps/);
    assert.equal((await school.get('/school/brand/judgement')).location, '/school/setup', 'nothing else is open yet');
  });

  it('proposes the year that comes, and takes one that is over only with a word', async () => {
    const page = (await school.get('/school/setup/year')).html;
    assert.match(page, /value="2027"/);
    assert.match(
      text(page),
      /Proposed dates, not official\. The dates of 2026, moved to the same days of the week: check with the ministry’s circular\./,
    );
    const refused = await school.post('/school/setup/year', year('2026'));
    assert.equal(refused.status, 422);
    assert.match(refused.html, /type="checkbox" name="over"/);
    for (const values of [{ ...year('2026'), over: 'on' }, year('2027')]) {
      const saved = await school.post('/school/setup/year', values);
      assert.equal(saved.location, '/school/setup/school', `the first step that isn’t done: ${text(saved.html)}`);
    }
    assert.deepEqual(
      (await school.run(() => school.api.years())).map((one) => one.name),
      ['2026', '2027'],
    );
  });

  it('shows the classes of the sections that are ticked', async () => {
    const page = (await school.get('/school/setup/classes?section=junior')).html;
    assert.match(page, /value="G7"/);
    assert.doesNotMatch(page, /value="G4"|value="PP1"/);
    assert.match(page, /name="section" value="junior" checked/);
  });

  it('keeps what was entered for a class when another section is ticked', async () => {
    const before = (await school.get('/school/setup/classes?section=junior')).html;
    const [at] = [...before.matchAll(/name="classes\.(\d+)\.code" value="G7"/g)].map(([, index]) => index);
    const [other] = [...before.matchAll(/name="classes\.(\d+)\.code" value="G8"/g)].map(([, index]) => index);
    const entered = new URLSearchParams([
      ['section', 'junior'],
      ['section', 'upper-primary'],
      [`classes.${at}.code`, 'G7'],
      [`classes.${at}.has`, 'yes'],
      [`classes.${at}.streams`, 'Simba, Chui'],
      [`classes.${other}.code`, 'G8'],
      [`classes.${other}.streams`, ''],
    ]);
    const { html } = await school.get(`/school/setup/classes?${entered}`);
    const row = (code: string): string => new RegExp(`<tr>(?:(?!<tr>).)*value="${code}".*?</tr>`, 's').exec(html)![0];
    assert.match(row('G7'), /value="Simba, Chui"/);
    assert.match(row('G7'), / checked/);
    assert.doesNotMatch(row('G8'), / checked/);
    assert.match(row('G4'), / checked/, 'a section that is new comes with its classes');
  });

  it('leads on from the last step to the import and to the staff', async () => {
    assert.equal(
      (await school.post('/school/setup/people', { then: 'staff' })).location,
      '/school/setup/school',
      'other steps are missing',
    );
    const profile = { name: 'A School', shortName: 'A School', type: 'day', town: 'Nyeri' };
    assert.equal((await school.post('/school/setup/school', profile)).location, '/school/setup/look');
    await school.post('/school/setup/look', { firstColour: '#0f5c43', secondColour: '#e3a62b' });
    await school.post('/school/setup/classes', { 'classes.0.code': 'G7', 'classes.0.has': 'yes' });
    assert.equal((await school.post('/school/setup/people', { then: 'students' })).location, '/imports/new?kind=students');
    assert.equal(await school.run(() => school.api.setupPending()), false);
  });

  it('adds holidays that are ticked, once, and only for who may', async () => {
    const page = (await school.get('/school/days/holidays')).html;
    assert.match(page, /value="2027-02-24">/, 'a half-term that was worked out is not ticked');
    assert.match(text(page), /Labour Day.*Eid al-Fitr.*To be confirmed|Eid al-Fitr.*To be confirmed.*Madaraka Day/);
    const none = await school.post('/school/days/holidays', {});
    assert.match(none.html, /Tick at least one day/);
    assert.equal((await school.post('/school/days/holidays', { day: ['2027-06-01', '2027-10-20'] })).location, '/school/days');
    assert.match(text((await school.get('/school/days')).html), /1 Jun 2027 Holiday Madaraka Day/);
    assert.doesNotMatch((await school.get('/school/days/holidays')).html, /value="2027-06-01"/);
    assert.equal((await school.run(() => school.api.days('2027-06-01', '2027-06-01')))[0]!.worth, 0);
    school.as('teacher');
    assert.equal((await school.get('/school/days/holidays')).status, 403);
    school.as('owner');
  });
});
