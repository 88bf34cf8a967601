import assert from 'node:assert/strict';
import test from 'node:test';
import { levelsIn, packForCountry, PACKS, subjectsOf } from '../../../src/kernel/packs/index.js';
import { FEE_BOOKS, type CountryPack, type Subject } from '../../../src/kernel/packs/types.js';
import { checkBands } from '../../../src/modules/school/domain/scale.js';
import { example } from '../../../src/modules/school/application/settings.js';
import { PACK_TABLES } from './packs.table.js';
import { schoolUnderTest } from './support.js';

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
      const subjects = subjectsOf(pack, level.code).map(written).join(' | ');
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
      assert.ok(subjectsOf(pack, level.code).length >= 5, `${pack.id} ${level.code}`);
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
    for (const level of pack.levels) {
      const choices = subjectsOf(pack, level.code).flatMap((subject) => subject.choice ?? []);
      for (const choice of choices)
        assert.ok(choices.filter((other) => other === choice).length > 1, `${pack.id} ${level.code} ${choice}`);
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
