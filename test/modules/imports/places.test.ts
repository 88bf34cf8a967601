import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { demandCommit, isMassChange, NO_COUNTS } from '../../../src/modules/imports/import.rules.js';
import { Places } from '../../../src/modules/students/importing/adapters/places.js';
import type { ClassList } from '../../../src/modules/subjects/index.js';

const CLASSES: [name: string, short: string, streams: string[]][] = [
  ['Grade 1', 'G1', ['Red', 'Blue']],
  ['Grade 7', 'G7', ['East', 'West']],
  ['Grade 8', 'G8', ['']],
  ['Form 3', 'F3', ['East', 'North']],
  ['Form 1', 'F1', ['East']],
  ['PP1', 'PP1', ['Sun', 'Sky']],
];
const list: ClassList = {
  classes: CLASSES.map(([name, shortName], order) => ({
    id: name,
    name,
    shortName,
    level: 'primary',
    order,
    nextClassId: null,
    ranked: true,
    active: true,
    version: 1,
  })),
  streams: CLASSES.flatMap(([name, , streams]) =>
    streams.map((stream, order) => ({
      id: `${name} ${stream}`.trim(),
      classId: name,
      name: stream,
      label: `${name} ${stream}`.trim(),
      order,
      capacity: null,
      classTeacherId: null,
      room: null,
      campus: null,
      active: true,
      version: 1,
    })),
  ),
};

describe('a class in a sheet', () => {
  const places = new Places(list);

  it('is found by every usual spelling', () => {
    const table: [string, string | null, string][] = [
      ['Grade 7 East', null, 'Grade 7 East'],
      ['grade 7  EAST', null, 'Grade 7 East'],
      ['7 East', null, 'Grade 7 East'],
      ['G7E', null, 'Grade 7 East'],
      ['G7 East', null, 'Grade 7 East'],
      ['7E', null, 'Grade 7 East'],
      ['7-West', null, 'Grade 7 West'],
      ['Grade 7', 'West', 'Grade 7 West'],
      ['7', 'w', 'Grade 7 West'],
      ['Grade 7 West', 'West', 'Grade 7 West'],
      ['Grade 8', null, 'Grade 8'],
      ['8', null, 'Grade 8'],
      ['F3N', null, 'Form 3 North'],
      ['3 north', null, 'Form 3 North'],
      ['Form 1', null, 'Form 1 East'],
      ['Grade 1 Red', null, 'Grade 1 Red'],
    ];
    for (const [text, stream, expected] of table) {
      const answer = places.find(text, stream);
      assert.ok('place' in answer, `${text} ${stream ?? ''}`);
      assert.equal(answer.place.streamId, expected, text);
    }
  });

  it('says what there is instead when it is not', () => {
    assert.deepEqual(places.find('Grade 7 North', null), {
      wrong: 'unknown',
      written: 'Grade 7 North',
      streams: ['Grade 7 East', 'Grade 7 West'],
    });
    assert.deepEqual(places.find('Grade 12', null), { wrong: 'unknown', written: 'Grade 12', streams: [] });
    assert.deepEqual(places.find('PP1 S', null), { wrong: 'ambiguous', written: 'PP1 S', streams: [] });
    assert.deepEqual(places.find('Grade 7', null), { place: { classId: 'Grade 7', streamId: null }, streamless: true });
  });
});

describe('writing what was checked', () => {
  const counts = { ...NO_COUNTS, rows: 100, create: 40, update: 30, errors: 30, population: 150 };

  it('asks for the number when more than a fifth of the register changes, and not at a fifth', () => {
    assert.ok(!isMassChange(counts));
    assert.ok(isMassChange({ ...counts, update: 31 }));
    assert.ok(isMassChange({ ...counts, update: 1, population: 0 }));
    assert.throws(() => demandCommit('checked', { ...counts, update: 31 }, 'valid', null), /Type 31 to confirm/);
    assert.throws(() => demandCommit('checked', { ...counts, update: 31 }, 'valid', 30), /Type 31/);
    demandCommit('checked', { ...counts, update: 31 }, 'valid', 31);
  });

  it('is refused for all rows as long as some are wrong, for nothing, and twice', () => {
    assert.throws(() => demandCommit('checked', counts, 'all', null), /30 rows can’t be imported/);
    assert.throws(
      () => demandCommit('checked', { ...counts, create: 0, update: 0 }, 'valid', null),
      /This file would not change anything/,
    );
    for (const status of ['checking', 'writing', 'done', 'undone', 'refused', 'failed', 'undoing'] as const)
      assert.throws(() => demandCommit(status, counts, 'valid', null), /can’t be completed/);
  });
});
