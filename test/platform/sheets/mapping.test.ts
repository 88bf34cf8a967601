import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { guessMapping } from '../../../src/platform/sheets/reading/mapping.js';
import { register } from '../../support/sheets/columns.js';

const guess = (...headers: string[]) => guessMapping(headers, register);

describe('headings are understood', () => {
  it('as they are, in any case, spacing, punctuation and with or without marks', () => {
    assert.deepEqual(guess('SURNAME', 'first_name', 'Date  of birth *', 'Prénom'), [
      'surname',
      'first_name',
      'date_of_birth',
      null,
    ]);
  });

  it('by alias and by words of the same meaning', () => {
    assert.deepEqual(guess('Adm. No.', 'Family Name', 'D.O.B', 'Gender'), [
      'admission_number',
      'surname',
      'date_of_birth',
      'sex',
    ]);
    assert.deepEqual(guess('Birth date', 'Jinsia', 'Admission #'), ['date_of_birth', 'sex', 'admission_number']);
  });

  it('without what stands in brackets', () => {
    assert.deepEqual(guess('Date of Birth (DD/MM/YYYY)', 'Sex [M/F]'), ['date_of_birth', 'sex']);
  });

  it('of two rows, also where the upper one only says whose they are', () => {
    assert.deepEqual(
      guess(
        'PUPIL SURNAME',
        'PUPIL FIRST NAME',
        "LEARNER'S DETAILS ADM. NO.",
        'PARENT / GUARDIAN NAME',
        'PARENT / GUARDIAN CONTACT',
      ),
      ['surname', 'first_name', 'admission_number', 'guardian_1_name', 'guardian_1_phone'],
    );
    assert.deepEqual(guess('NAME OF PUPIL SURNAME', 'NAME OF PUPIL FIRST NAME', 'Student Gender'), [
      'surname',
      'first_name',
      'sex',
    ]);
    assert.deepEqual(guess('Student phone', 'Pupil email'), [null, null], 'the child’s own phone is no guardian’s');
  });

  it('with one mistyped letter', () => assert.deepEqual(guess('Surnname', 'Remark'), ['surname', 'remarks']));

  it('groups by their number', () => {
    assert.deepEqual(guess('Guardian 2 phone', 'Parent1 Name', 'Phone guardian 1'), [
      'guardian_2_phone',
      'guardian_1_name',
      'guardian_1_phone',
    ]);
  });

  it('groups without a number in the order in which their words come', () => {
    assert.deepEqual(guess('Mother', 'Mother tel', 'Father name', 'Father Mobile No', "Father's email"), [
      'guardian_1_name',
      'guardian_1_phone',
      'guardian_2_name',
      'guardian_2_phone',
      'guardian_2_email',
    ]);
    assert.deepEqual(guess('Parent Phone', 'Parent'), ['guardian_1_phone', 'guardian_1_name']);
    assert.deepEqual(guess('Tel. of father', 'Phone (Mother)'), ['guardian_1_phone', 'guardian_2_phone']);
    assert.deepEqual(guess('Simu ya mzazi'), ['guardian_1_phone']);
  });

  it('a third guardian and an unknown heading stay open', () => {
    assert.deepEqual(guess('Mother tel', 'Father tel', 'Guardian tel', 'House', ''), [
      'guardian_1_phone',
      'guardian_2_phone',
      null,
      null,
      null,
    ]);
  });

  it('of two equal headings the first is taken', () => assert.deepEqual(guess('Surname', 'Surname'), ['surname', null]));

  it('an exact heading beats an alias further left', () => assert.deepEqual(guess('Family name', 'Surname'), [null, 'surname']));

  it("the reject file's own columns are never mapped", () => {
    assert.deepEqual(guess('What to correct', 'Row in the first file', 'Surname'), [null, null, 'surname']);
  });

  it('no column is ever given twice, whatever the headings are', () => {
    const heads = fc.constantFrom(
      'Surname',
      'surname',
      'Mother tel',
      'Father',
      'Phone',
      'Guardian 1 phone',
      'Parent phone',
      'DOB',
      'x',
      '',
      '__proto__',
      'constructor',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(heads, fc.string()), { maxLength: 20 }), (headers) => {
        const mapping = guessMapping(headers, register);
        const given = mapping.filter((key) => key !== null);
        assert.equal(mapping.length, headers.length);
        assert.equal(new Set(given).size, given.length);
      }),
    );
  });
});
