import assert from 'node:assert/strict';
import test from 'node:test';
import { levelsIn, packForCountry, PACKS, subjectsOf } from '../../../src/kernel/packs/index.js';
import { FEE_BOOKS, type CountryPack, type Subject } from '../../../src/kernel/packs/types.js';
import { holidaysIn } from '../../../src/kernel/packs/holidays.js';
import { checkTerms, checkYear, proposeYear } from '../../../src/modules/school/calendar/calendar.rules.js';
import { checkBands } from '../../../src/modules/school/profile/scale.rules.js';
import { example } from '../../../src/modules/school/profile/settings.js';
import { PACK_TABLES } from './packs.table.js';
import { schoolUnderTest } from './support.js';

/** Before a curriculum came in, while it goes up, and after. */
const YEARS = [2024, 2025, 2026, 2027, 2028];

const each = (check: (pack: CountryPack) => void) => Object.values(PACKS).forEach(check);
const written = (subject: Subject) =>
  `${subject.nationalCode ? `${subject.nationalCode} ` : ''}${subject.name}${subject.kind === 'elective' ? '?' : ''}`;

for (const [country, table] of Object.entries(PACK_TABLES)) {
  test(`a school in ${country} starts with the classes, scales and terms of the table`, async () => {
    const school = await schoolUnderTest({ name: 'A School', country, years: [2026] });
    try {
      await school.run(async () => {
        const pack = await school.api.pack();
        const levels = await school.api.levels(2026);
        const byStage = pack.stages.map((stage) => [
          stage.name,
          levels
            .filter((level) => level.stage === stage.id)
            .map((level) => level.name)
            .join(', '),
        ]);
        assert.deepEqual(Object.fromEntries(byStage), table.levels);
        const scales = (await school.api.scales()).map((scale) => {
          const best = [...scale.bands].sort((a, b) => b.lowest - a.lowest);
          return [
            scale.name,
            best.map(({ grade, lowest, points }) => `${grade} ${lowest}${points === null ? '' : ` (${points})`}`).join(', '),
          ];
        });
        assert.deepEqual(Object.fromEntries(scales), table.scales);
        const [year] = await school.api.years();
        assert.deepEqual(
          year?.terms.map((term) => `${term.name} ${term.startsOn} ${term.endsOn}`),
          table.terms,
        );
        const profile = await school.api.profile();
        assert.deepEqual([profile.country, profile.currency, profile.zone], [pack.country, pack.currency, pack.zone]);
      });
    } finally {
      await school.stop();
    }
  });

  test(`the subjects of ${country} are those of the table`, () => {
    const pack = packForCountry(country)!;
    const groups = new Map<string, string[]>();
    for (const level of pack.levels) {
      const subjects = subjectsOf(pack, level.code, 2026).map(written).join(' | ');
      groups.set(subjects, [...(groups.get(subjects) ?? []), level.name]);
    }
    assert.deepEqual(
      Object.fromEntries([...groups].map(([subjects, classes]) => [classes.join(', '), subjects])),
      table.subjects,
    );
  });
}

test('in 2026 Kenya has Grades 1 to 10 beside Forms 3 and 4; each later year a grade comes and a form goes', () => {
  const senior = (year: number) =>
    levelsIn(PACKS.kenya, year)
      .slice(11)
      .map((level) => level.name);
  assert.deepEqual(senior(2026), ['Grade 10', 'Form 3', 'Form 4']);
  assert.deepEqual(senior(2027), ['Grade 10', 'Grade 11', 'Form 4']);
  assert.deepEqual(senior(2028), ['Grade 10', 'Grade 11', 'Grade 12']);
});

test('every name that a pack uses is there', () => {
  each((pack) => {
    const codes = pack.levels.map((level) => level.code);
    const subjects = new Map(pack.subjects.map((subject) => [subject.code, subject]));
    const scales = pack.scales.map((scale) => scale.id);
    assert.equal(new Set(codes).size, codes.length, pack.id);
    assert.equal(subjects.size, pack.subjects.length, pack.id);
    for (const level of pack.levels) {
      assert.ok(level.next === null || codes.includes(level.next), `${pack.id} ${level.code}`);
      assert.ok(
        pack.stages.some((stage) => stage.id === level.stage),
        `${pack.id} ${level.code}`,
      );
      for (const year of YEARS) assert.ok(subjectsOf(pack, level.code, year).length >= 5, `${pack.id} ${level.code} ${year}`);
    }
    for (const subject of pack.subjects)
      assert.ok(
        subject.levels.every((code) => codes.includes(code)) && subject.shortName.length <= 13,
        `${pack.id} ${subject.code}`,
      );
    for (const stage of pack.stages)
      assert.ok(
        (stage.scale === null || scales.includes(stage.scale)) && pack.curricula.some((one) => one.id === stage.curriculum),
        `${pack.id} ${stage.id}`,
      );
    for (const pathway of pack.pathways) {
      for (const code of pathway.subjects) {
        const subject = subjects.get(code);
        assert.ok(
          subject?.kind === 'elective' && pathway.levels.every((level) => subject.levels.includes(level)),
          `${pack.id} ${pathway.id} ${code}`,
        );
      }
    }
  });
});

test('what is usually charged has codes that a vote head may have, each once, and a deposit is known as one', () => {
  each((pack) => {
    const codes = pack.fees.map((fee) => fee.code);
    assert.equal(new Set(codes).size, codes.length, pack.id);
    assert.equal(new Set(pack.fees.map((fee) => fee.name.toLowerCase())).size, codes.length, pack.id);
    for (const fee of pack.fees) {
      assert.match(fee.code, /^[0-9A-Z.-]{1,12}$/, pack.id);
      assert.equal(/caution|deposit/i.test(fee.name), fee.books === 'deposit', `${pack.id} ${fee.name}`);
      assert.ok(fee.name.length <= 60 && FEE_BOOKS.includes(fee.books), `${pack.id} ${fee.name}`);
    }
  });
});

test('terms of every year that a pack knows follow each other inside of it, half-terms lie in one, and holidays in their year', () => {
  each((pack) => {
    for (const year of [2026, 2027, 2028]) {
      const proposed = proposeYear(pack.calendar, year);
      checkYear(proposed, []);
      checkTerms(proposed, proposed.terms);
      for (const { on } of holidaysIn(pack, `${year}-01-01`, `${year}-12-31`))
        assert.equal(on.slice(0, 4), String(year), pack.id);
    }
    for (const one of pack.breaks) {
      const terms = [
        ...proposeYear(pack.calendar, Number(one.startsOn.slice(0, 4))).terms,
        ...(pack.calendar.sections ?? []).flatMap((section) => section.terms),
      ];
      assert.ok(
        one.startsOn <= one.endsOn && terms.some((term) => term.startsOn <= one.startsOn && one.endsOn <= term.endsOn),
        `${pack.id} ${one.startsOn}`,
      );
    }
  });
});

test('Nigeria’s revised curriculum goes up a class each year from 2025, and the older classes keep theirs until it is there', () => {
  const has = (level: string, year: number, code: string) =>
    subjectsOf(PACKS.nigeria, level, year).some((subject) => subject.code === code);
  for (const [stage, first, last] of [
    ['P', 1, 3],
    ['P', 4, 6],
    ['JSS', 1, 3],
    ['SSS', 1, 3],
  ] as const) {
    const [fresh, old] = {
      P1: ['LP-SCS', 'LP-NVE'],
      P4: ['UP-BDL', 'UP-NVE'],
      JSS1: ['JS-SOL', 'JS-BST'],
      SSS1: ['SS-CHS', 'SS-CIV'],
    }[`${stage}${first}` as 'P1']!;
    for (let n = first; n <= last; n += 1)
      for (const year of YEARS) {
        const arrived = year >= 2025 + (n - first);
        assert.deepEqual(
          [has(`${stage}${n}`, year, fresh!), has(`${stage}${n}`, year, old!)],
          [arrived, !arrived],
          `${stage}${n} in ${year}`,
        );
      }
  }
  assert.ok(YEARS.every((year) => has('P3', year, 'LP-ENG') && has('SSS3', year, 'SS-BIO')));
});

test('places to choose from are those of the country, each once', () => {
  const counts = { kenya: 47, nigeria: 37, ghana: 16, uganda: 146, 'south-africa': 9 };
  each((pack) => {
    assert.equal(new Set(pack.regions).size, counts[pack.id], pack.id);
    assert.equal(pack.regions.length, counts[pack.id], pack.id);
    assert.deepEqual([...pack.regions].sort(), [...pack.regions], pack.id);
  });
  assert.equal(PACKS.uganda.regions.filter((name) => name.endsWith(' City')).length, 10);
});

test('a combination of Uganda’s advanced level has three principal subjects', () => {
  const sides = ['sciences', 'arts'];
  const combinations = PACKS.uganda.pathways.filter((one) => !sides.includes(one.id));
  assert.ok(combinations.length >= 10);
  for (const one of combinations) assert.equal(new Set(one.subjects).size, 3, one.name);
  assert.deepEqual(combinations.find((one) => one.id === 'pcm')!.subjects, ['AL-PHY', 'AL-CHE', 'AL-MAT']);
  for (const one of PACKS.uganda.pathways) assert.ok(one.name.length <= 60, one.name);
  for (const side of sides) assert.match(PACKS.uganda.pathways.find((one) => one.id === side)!.rule!, /General Paper/);
});

test('one path leads from the first class to the last, and ages go up by one on it', () => {
  each((pack) => {
    const byCode = new Map(pack.levels.map((level) => [level.code, level]));
    let level = pack.levels[0]!;
    for (let steps = 0; level.next !== null; steps += 1) {
      const next = byCode.get(level.next)!;
      assert.ok(
        next.order === level.order + 1 && next.age - level.age >= 1 && next.age - level.age <= 2,
        `${pack.id} ${level.code}`,
      );
      assert.ok(steps < 30);
      level = next;
    }
  });
});

test('a choice has at least two subjects in each class that has it', () => {
  each((pack) => {
    for (const level of pack.levels)
      for (const year of YEARS) {
        const choices = subjectsOf(pack, level.code, year).flatMap((subject) => subject.choice ?? []);
        for (const choice of choices)
          assert.ok(choices.filter((other) => other === choice).length > 1, `${pack.id} ${level.code} ${choice} ${year}`);
      }
  });
});

test('scales have no hole, patterns make numbers, identifiers can be checked', () => {
  each((pack) => {
    for (const scale of pack.scales) checkBands(scale.basis, scale.bands);
    for (const field of ['admission', 'staff'] as const)
      assert.ok(example({ prefix: 'ABCD', ...pack.numbers }, field, 2026).length <= 20);
    for (const identifier of pack.identifiers)
      assert.doesNotThrow(() => new RegExp(`^(?:${identifier.pattern ?? ''})$`), identifier.key);
  });
});

test('early years are not ranked, and no Kenyan or South African school may keep back a national certificate', () => {
  each((pack) => {
    const early = pack.stages.filter((stage) => stage.kind === 'pre-primary').map((stage) => stage.id);
    assert.ok(
      pack.levels.filter((level) => early.includes(level.stage)).every((level) => !level.ranked),
      pack.id,
    );
    assert.equal(pack.law.photoNeedsConsent, true, pack.id);
  });
  assert.ok(PACKS.kenya.levels.filter((level) => level.stage !== 'secondary-844').every((level) => !level.ranked));
  assert.deepEqual(
    [PACKS.kenya, PACKS['south-africa']].map((pack) => pack.law.nationalCertificateMayBeWithheld),
    [false, false],
  );
});
