import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { StudentTies } from '../../../src/modules/students/index.js';

/** What a module arranges so that its ties can be tried; everything happens in one school. */
export interface TiesUnderTest {
  ties(): StudentTies;
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Two children of the register, the first with something of this module hanging on it. */
  children(): Promise<{ withRecords: string; without: string }>;
  /** How many records of this module hang on a child. */
  recordsOf(studentId: string): Promise<number>;
  /** A year in which `withRecords` was marked with this mean, and one without any mark; null where the module marks nobody. */
  marks(): Promise<{ marked: string; mean: number; unmarked: string } | null>;
}

/**
 * The contract of `StudentTies`, which every module that hangs something on a child passes. A test file calls it
 * inside of its `describe`.
 */
export function studentTiesContract(under: TiesUnderTest): void {
  it('names in words what stands against taking a child out of the register, and nothing for a child without records', async () => {
    const { withRecords, without } = await under.children();
    const obstacles = await under.run(() => under.ties().obstaclesToRemoval(withRecords));
    assert.ok(obstacles.length > 0);
    for (const obstacle of obstacles) assert.match(obstacle, /^[\p{L}\d].*[^.]$/u, 'fits into “This student has …”');
    assert.deepEqual(await under.run(() => under.ties().obstaclesToRemoval(without)), []);
    assert.deepEqual(await under.run(() => under.ties().withRecords([without, withRecords])), [withRecords]);
  });

  it('moves everything from one child to the other, and a second time changes nothing', async () => {
    const { withRecords, without } = await under.children();
    const before = await under.recordsOf(withRecords);
    assert.ok(before > 0);
    await under.run(() => under.ties().moveTo(withRecords, without));
    assert.equal(await under.recordsOf(withRecords), 0);
    assert.equal(await under.recordsOf(without), before);
    await under.run(() => under.ties().moveTo(withRecords, without));
    assert.equal(await under.recordsOf(without), before);
    assert.deepEqual(await under.run(() => under.ties().obstaclesToRemoval(withRecords)), []);
  });

  it('answers results for those who were marked and nobody else, between 0 and 100', async () => {
    const { withRecords, without } = await under.children();
    const marks = await under.marks();
    if (!marks) return;
    const results = await under.run(() => under.ties().yearResults([withRecords, without], marks.marked));
    assert.deepEqual([...results], [[withRecords, marks.mean]]);
    assert.ok(marks.mean >= 0 && marks.mean <= 100);
    assert.equal((await under.run(() => under.ties().yearResults([], marks.marked))).size, 0);
    assert.equal((await under.run(() => under.ties().yearResults([withRecords], marks.unmarked))).size, 0);
  });

  it('knows whether anybody was marked in a year', async () => {
    const marks = await under.marks();
    if (!marks) return;
    assert.equal(await under.run(() => under.ties().yearHasMarks(marks.marked)), true);
    assert.equal(await under.run(() => under.ties().yearHasMarks(marks.unmarked)), false);
  });
}
