import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { Conflict, RuleBroken } from '../../../src/kernel/errors.js';
import { unit } from '../../../src/platform/db/index.js';
import { OFFICE, schoolUnderTest } from './support.js';
import type { SchoolUnderTest } from './support.js';

let school: SchoolUnderTest;
before(async () => {
  school = await schoolUnderTest({ years: [2025, 2026, 2027], ready: true });
});
after(() => school.stop());

test('a database holds one school, and every bootstrap after the first is refused', async () => {
  await assert.rejects(
    school.run(() => school.bootstrap.bootstrapSchool(OFFICE, { name: 'Other', country: 'GH' })),
    Conflict,
  );
  await assert.rejects(
    school.run(() => school.bootstrap.bootstrapSchool(OFFICE, { name: 'Other', country: 'FR' })),
    RuleBroken,
  );
  assert.equal((await school.run(() => school.api.profile())).name, 'Kilimani Academy');
});

test('twenty people who enrol at once get twenty numbers without a gap', async () => {
  const numbers = await Promise.all(Array.from({ length: 20 }, () => school.run(() => school.api.nextAdmissionNumber())));
  assert.deepEqual(
    numbers.sort(),
    Array.from({ length: 20 }, (_, index) => `KA/2026/${String(index + 1).padStart(4, '0')}`),
  );
});

test('a number whose enrolment failed is given to the next, a committed one never again', async () => {
  const failed = school.run(() =>
    unit(async () => {
      assert.equal(await school.api.nextAdmissionNumber(), 'KA/2026/0021');
      throw new Error('the enrolment failed');
    }),
  );
  await assert.rejects(failed, /the enrolment failed/);
  assert.deepEqual(await school.run(() => school.api.nextAdmissionNumbers(3)), ['KA/2026/0021', 'KA/2026/0022', 'KA/2026/0023']);
});

test('the count goes on above imported numbers, and begins again with the year', async () => {
  await school.run(() => school.api.admissionNumbersSeen(['KA/2026/0100', 'KA/2026/0007', 'OLD-9999', 'KA/2025/0500']));
  assert.equal(await school.run(() => school.api.nextAdmissionNumber()), 'KA/2026/0101');
  await school.run(() => school.api.admissionNumbersSeen(['KA/2026/0002']));
  assert.equal(await school.run(() => school.api.nextAdmissionNumber()), 'KA/2026/0102');
  school.clock.set('2026-12-31T21:30:00Z');
  assert.equal(await school.run(() => school.api.nextAdmissionNumber()), 'KA/2027/0001', 'it is already 2027 in Nairobi');
  school.clock.set('2026-09-08T08:00:00Z');
});

test('today, the year and the term are those of the school’s own zone', async () => {
  const now = async (instant: string) => {
    school.clock.set(instant);
    return school.run(async () => [
      await school.api.today(),
      (await school.api.currentYear()).name,
      (await school.api.currentTerm())?.term.name ?? null,
    ]);
  };
  assert.deepEqual(await now('2026-08-23T20:59:00Z'), ['2026-08-23', '2026', null]);
  assert.deepEqual(await now('2026-08-23T21:00:00Z'), ['2026-08-24', '2026', 'Term 3']);
  assert.deepEqual(await now('2026-12-31T21:00:00Z'), ['2027-01-01', '2027', null]);
  assert.deepEqual(await now('2030-01-01T00:00:00Z'), ['2030-01-01', '2027', null]);
  school.clock.set('2026-09-08T08:00:00Z');
  assert.equal((await school.run(() => school.api.currentTerm('2025-01-07')))?.year.name, '2025');
});

test('a school that was made ready needs no set-up', async () => {
  assert.equal(await school.run(() => school.api.setupPending()), false);
  school.as('owner');
  assert.doesNotMatch((await school.get('/school')).html, /The set-up is not finished/);
});

test('a change is seen by the next question in the same transaction, and by nobody when it is rolled back', async () => {
  school.as('head');
  const rolledBack = school.run(() =>
    unit(async () => {
      await school.bootstrap.bootstrapSchool(OFFICE, { name: 'Second', country: 'KE' });
    }),
  );
  await assert.rejects(rolledBack, Conflict);
  assert.equal((await school.run(() => school.api.years())).length, 3);
  assert.equal(
    (await school.post('/school/profile', { name: 'Kilimani Academy', shortName: 'KilAc', type: 'day', town: 'Nairobi' })).status,
    303,
  );
  assert.equal((await school.run(() => school.api.profile())).shortName, 'KilAc');
});

test('the head of a paper carries name, ways to reach the school, and its colours', async () => {
  const head = await school.run(() => school.api.letterhead());
  assert.deepEqual(head.lines, ['Nairobi']);
  assert.deepEqual(
    [head.schoolName, head.colours, head.logo],
    ['Kilimani Academy', { first: '#143a52', second: '#e2562f' }, null],
  );
});
