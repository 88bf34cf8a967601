import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Invalid } from '../../../src/kernel/errors.js';
import {
  blank,
  choice,
  day,
  flag,
  integer,
  kept,
  number,
  ownNumber,
  personName,
  phone,
  record,
  text,
  tooLong,
} from '../../../src/kernel/shapes/record.js';
import { bodiesOf, outOf, readChange, readNew, tell } from '../../../src/platform/records/api.js';
import { sheetOf } from '../../../src/platform/records/columns.js';
import { factsOf } from '../../../src/platform/records/facts.js';
import { changeFormOf, formOf, inputsOf } from '../../../src/platform/records/form.js';

const GRADES = [
  { value: 'bus', label: 'Bus' },
  { value: 'van', label: 'Van' },
] as const;

const driver = record(
  'transport_drivers',
  {
    driverNo: ownNumber('Driver number', { most: 10, hint: 'Leave empty for the next number' }),
    ...personName(['Mutua', 'Daniel', 'Musyoka']),
    phone: phone('Phone', { optional: true }),
    licenceNo: number('Licence number', { most: 12, seenBy: 'drivers.change', aliases: ['DL no'] }),
    grade: choice('Grade', GRADES, { asked: 'Choose bus or van' }),
    years: integer('Years of driving', { least: 0, most: 60, optional: true }),
    active: flag('Drives now', { usually: true }),
    note: text('Note', { most: 5, optional: true }),
    endedOn: day('Last day', { optional: true, later: true }),
    photoFileId: kept<string>(),
  },
  { entity: 'driver', order: 'surname', derived: {} },
);

const FORM = { surname: 'Kamau', firstName: 'Ann', licenceNo: 'B 12', grade: 'bus' };
const problemsOf = (values: object): Record<string, string> => {
  const { error } = formOf(driver, 'KE').safeParse(values);
  return Object.fromEntries((error?.issues ?? []).map((issue) => [issue.path.join('.'), issue.message]));
};
const row = {
  ...{ id: '018f4e5c-0000-7000-8000-000000000001', version: 4, driverNo: 'D/1', surname: 'Kamau', firstName: 'Ann' },
  ...{ middleName: null, phone: '+254722481903', licenceNo: 'B 12', grade: 'bus' as const, years: null, active: true },
  ...{ note: null, endedOn: null, photoFileId: 'hidden' },
};
const nobody = (): boolean => false;

describe('the form of a record', () => {
  it('asks for what people fill in; what is empty is null, and the school’s own number may be left to it', () => {
    assert.deepEqual(formOf(driver, 'KE').parse(FORM), {
      ...{ driverNo: null, surname: 'Kamau', firstName: 'Ann', middleName: null, phone: null, licenceNo: 'B 12' },
      ...{ grade: 'bus', years: null, active: false, note: null },
    });
  });

  it('says beside each field what is wrong', () => {
    assert.deepEqual(
      problemsOf({
        surname: 'R2',
        phone: '0722 48',
        driverNo: 'D?',
        licenceNo: 'B (2)',
        grade: 'lorry',
        years: '61',
        note: 'longer',
      }),
      {
        surname: 'A name has letters, spaces, hyphens and apostrophes only',
        firstName: 'Enter the first name',
        phone: 'Mobile phone must be a number such as 0722 481 903',
        driverNo: 'Use letters, digits and / . - only',
        grade: 'Choose bus or van',
        years: 'Enter a number from 0 to 60',
        note: 'At most 5 characters',
      },
    );
  });

  it('where something is changed needs its number, and carries the version that was read', () => {
    const changed = changeFormOf(driver, 'KE').parse({ ...FORM, version: '4', driverNo: 'D/1', years: '3', active: 'on' });
    assert.deepEqual(
      [changed.version, changed.values.driverNo, changed.values.years, changed.values.active],
      [4, 'D/1', 3, true],
    );
    assert.equal(changeFormOf(driver, 'KE').safeParse({ ...FORM, version: '4' }).success, false);
  });

  it('describes its inputs, and none for what a command sets or nobody sees', () => {
    const inputs = inputsOf(driver, 'KE', { whole: false });
    assert.deepEqual(Object.keys(inputs), [
      ...['driverNo', 'surname', 'firstName', 'middleName', 'phone', 'licenceNo', 'grade', 'years', 'active', 'note'],
    ]);
    assert.deepEqual([inputs.driverNo.optional, inputs.driverNo.hint], [true, 'Leave empty for the next number']);
    const whole = inputsOf(driver, 'KE', { whole: true });
    assert.deepEqual([whole.driverNo.optional, whole.driverNo.hint], [false, undefined]);
  });
});

describe('the API of a record', () => {
  it('tells what somebody may see, under the API’s names', () => {
    const told = tell(driver, row, nobody);
    assert.deepEqual([told.driver_no, told.first_name, told.ended_on, told.version], ['D/1', 'Ann', null, 4]);
    assert.equal('licence_no' in told || 'photo_file_id' in told, false);
    assert.equal(tell(driver, row, (permission) => permission === 'drivers.change').licence_no, 'B 12');
    assert.ok(outOf(driver, 'Driver', { all: false }).safeParse(told).success);
  });

  it('takes a change of the fields sent, by the rules of the form, and refuses by the API’s names', () => {
    const values = readChange(driver, row, { years: 7, active: false, phone: null }, 'KE');
    assert.deepEqual([values.years, values.active, values.phone, values.licenceNo], [7, false, null, 'B 12']);
    const refused = (work: () => unknown): unknown => {
      try {
        return work();
      } catch (error) {
        return (error as Invalid).problems.map(({ field }) => field);
      }
    };
    assert.deepEqual(
      refused(() => readChange(driver, row, { first_name: '7' }, 'KE')),
      ['first_name'],
    );
    assert.deepEqual(
      refused(() => readNew(driver, { surname: 'Kamau', grade: 'bus' }, 'KE')),
      ['first_name', 'licence_no'],
    );
    const made = { surname: 'Kamau', first_name: 'Ann', licence_no: 'B 1', grade: 'van' };
    assert.equal(readNew(driver, made, 'KE').active, true, 'as it usually is');
    assert.equal(readNew(driver, { ...made, active: false }, 'KE').active, false);
  });

  it('needs for a new one what the record can’t be without', () => {
    const { New } = bodiesOf(driver, 'Driver');
    assert.equal(New.safeParse({ surname: 'A', first_name: 'B', licence_no: '1', grade: 'bus', active: true }).success, true);
    assert.equal(New.safeParse({ surname: 'A', licence_no: '1', grade: 'bus', active: true }).success, false);
  });
});

describe('the sheet and the facts of a record', () => {
  it('has a column for each fact that somebody may see', () => {
    const heads = sheetOf(driver, nobody).map(({ head }) => head);
    assert.equal(heads.includes('Licence number') || heads.includes(''), false);
    assert.ok(heads.includes('Last day'), 'also for what a command sets');
    const [licence] = sheetOf(driver, () => true).filter(({ key }) => key === 'licenceNo');
    assert.deepEqual([licence!.kind, licence!.required, licence!.aliases, licence!.value(row)], ['id', true, ['DL no'], 'B 12']);
  });

  it('tells a person everything, with choices in words', () => {
    const facts = factsOf(driver, row, (sentence) => sentence.toUpperCase());
    assert.deepEqual(
      facts.filter(({ label }) => /GRADE|LICENCE/.test(label)).map(({ value }) => value),
      ['B 12', 'BUS'],
    );
  });

  it('knows for an import what is too long, and what may be missing', () => {
    assert.deepEqual(tooLong(driver, { note: 'longer', surname: 'Kamau' }), [{ name: 'note', most: 5 }]);
    assert.deepEqual(Object.keys(blank(driver)), ['middleName', 'phone', 'years', 'note', 'endedOn', 'photoFileId']);
  });
});
