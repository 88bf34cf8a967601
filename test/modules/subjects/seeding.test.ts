import assert from 'node:assert/strict';
import test from 'node:test';
import { SCHOOL } from '../../../src/modules/school/index.js';
import { SUBJECT_STORE } from '../../../src/modules/subjects/ports.js';
import { PACK_TABLES } from '../school/packs.table.js';
import { anOffice } from './support.js';

const COUNTRIES = ['KE', 'NG', 'GH', 'UG', 'ZA'];

for (const country of COUNTRIES) {
  test(`a school in ${country} gets the classes, subjects and pathways of the table, and a second seeding adds nothing`, async () => {
    const office = await anOffice({ name: 'A School', country, years: [2026] });
    try {
      const levels = await office.run(() => office.get(SCHOOL).levels(2026));
      const wanted = levels.map((level) => ({ name: level.name, streams: ['A', 'B'] }));
      const list = await office.seed(wanted);
      const table = PACK_TABLES[country]!;
      const names = Object.values(table.levels).flatMap((line) => line.split(', ').filter(Boolean));
      assert.deepEqual(
        list.classes.map((one) => one.name),
        names,
      );
      assert.equal(list.streams.length, names.length * 2);
      assert.equal(list.streams[1]!.label, `${names[0]} B`);
      assert.deepEqual(await subjectsByClass(office, list.classes), subjectsOfTable(table.subjects, names));

      const next = new Map(
        list.classes.map((one) => [one.name, list.classes.find((other) => other.id === one.nextClassId)?.name ?? null]),
      );
      for (const level of levels) {
        const expected = levels.find((other) => other.code === level.next)?.name ?? null;
        assert.equal(next.get(level.name), expected, `after ${level.name}`);
      }
      const pack = await office.run(() => office.get(SCHOOL).pack());
      const pathways = await office.run(() => office.get(SUBJECT_STORE).pathways());
      const possible = pack.pathways.filter((one) => one.levels.some((code) => levels.some((level) => level.code === code)));
      assert.deepEqual(pathways.map((one) => one.name).sort(), possible.map((one) => one.name).sort());

      assert.deepEqual(await office.seed(wanted), list);
      assert.deepEqual(await subjectsByClass(office, list.classes), subjectsOfTable(table.subjects, names));
    } finally {
      await office.stop();
    }
  });
}

test('a school that grows links its last class to the new one', async () => {
  const office = await anOffice();
  try {
    const small = await office.seed([
      { name: 'Grade 5', streams: [] },
      { name: 'Grade 6', streams: [] },
    ]);
    assert.deepEqual(
      small.streams.map((one) => one.label),
      ['Grade 5', 'Grade 6'],
    );
    assert.equal(small.classes[1]!.nextClassId, null);
    const grown = await office.seed([{ name: 'Grade 7', streams: ['East'] }]);
    assert.equal(grown.classes[1]!.nextClassId, grown.classes[2]!.id);
  } finally {
    await office.stop();
  }
});

async function subjectsByClass(
  office: Awaited<ReturnType<typeof anOffice>>,
  classes: { id: string; name: string }[],
): Promise<Record<string, string>> {
  const subjects = await office.run(() => office.get(SUBJECT_STORE).list());
  return Object.fromEntries(
    classes.map((own) => [
      own.name,
      subjects
        .filter((one) => one.classIds.includes(own.id))
        .map((one) => `${one.nationalCode ? `${one.nationalCode} ` : ''}${one.name}${one.kind === 'elective' ? '?' : ''}`)
        .sort()
        .join(' | '),
    ]),
  );
}

function subjectsOfTable(table: Record<string, string>, classes: string[]): Record<string, string> {
  const byClass = new Map(
    Object.entries(table).flatMap(([names, subjects]) =>
      names.split(', ').map((name) => [name, subjects.split(' | ').sort().join(' | ')] as const),
    ),
  );
  return Object.fromEntries(classes.map((name) => [name, byClass.get(name)!]));
}
