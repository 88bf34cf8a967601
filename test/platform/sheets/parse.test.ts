import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RawCell } from '../../../src/platform/sheets/columns.js';
import { dateOfSerial, parseDay } from '../../../src/platform/sheets/reading/dates.js';
import { parseAmount, parseInteger, plainNumber } from '../../../src/platform/sheets/reading/numbers.js';
import { parseCell, rowParser } from '../../../src/platform/sheets/reading/parse.js';
import { cleanLine, cleanText, escapeFormula, unescapeFormula } from '../../../src/platform/sheets/text.js';
import { column, register } from '../../support/sheets/columns.js';

const kenya = { country: 'KE', today: '2026-11-24', currency: 'KES' };
const liberia = { ...kenya, country: 'LR' };

describe('a day is read as people and spreadsheets write it', () => {
  const cases: [string | number | Date, string | null][] = [
    ['14/03/2014', '2014-03-14'],
    ['4/3/2014', '2014-03-04'],
    ['14-3-14', '2014-03-14'],
    ['14.03.2014', '2014-03-14'],
    ['14 03 2014', '2014-03-14'],
    ['2014-03-14', '2014-03-14'],
    ['2014/3/4', '2014-03-04'],
    ['2014-03-14T00:00:00Z', '2014-03-14'],
    ['14/03/2014 00:00', '2014-03-14'],
    ['20140314', '2014-03-14'],
    ['14 Mar 2014', '2014-03-14'],
    ['14-Mar-14', '2014-03-14'],
    ['14th of March, 2014', '2014-03-14'],
    ['March 14, 2014', '2014-03-14'],
    ['Friday, 14 March 2014', '2014-03-14'],
    ['2014 March 14', '2014-03-14'],
    ['1er août 2014', '2014-08-01'],
    ['3 févr. 2014', '2014-02-03'],
    ['14 Machi 2014', '2014-03-14'],
    ['5 Desemba 2014', '2014-12-05'],
    ['7 Sept 2015', '2015-09-07'],
    ['12 mei 2012', '2012-05-12'],
    ['١٤/٠٣/٢٠١٤', '2014-03-14'],
    ['1/2/98', '1998-02-01'],
    ['1/2/31', '2031-02-01'],
    ['1/2/32', '1932-02-01'],
    ['29/02/2024', '2024-02-29'],
    [41712, '2014-03-14'],
    [41712.75, '2014-03-14'],
    ['41712', '2014-03-14'],
    [20140314, '2014-03-14'],
    [new Date('2014-03-14T23:59:59.900Z'), '2014-03-15'],
    [new Date('2014-03-14T08:00:00Z'), '2014-03-14'],
    ['31/02/2014', null],
    ['29/02/2023', null],
    ['14 Jui 2014', null],
    ['03/25/2014', null],
    ['14 March', null],
    ['2014', null],
    ['', null],
    ['soon', null],
    ['1/1/1850', null],
    ['14/03/114', null],
    [7, null],
    [-5, null],
    [NaN, null],
    ['٣', null],
  ];
  for (const [raw, day] of cases) {
    it(`${raw instanceof Date ? raw.toISOString() : raw} is ${day}`, () => assert.equal(parseDay(raw, kenya), day));
  }

  it('the month comes first where the country writes it so', () => {
    assert.equal(parseDay('03/14/2014', liberia), '2014-03-14');
    assert.equal(parseDay('14/03/2014', liberia), null);
  });

  it('a serial counts from 1900 or from 1904', () => {
    assert.equal(parseDay(40250, { ...kenya, date1904: true }), '2014-03-14');
    assert.equal(dateOfSerial(1, false).toISOString().slice(0, 10), '1900-01-01');
    assert.equal(dateOfSerial(61, false).toISOString().slice(0, 10), '1900-03-01');
    assert.equal(dateOfSerial(0, true).toISOString().slice(0, 10), '1904-01-01');
  });
});

describe('a number is read exactly or refused', () => {
  const cases: [string, string | null][] = [
    ['1234.5', '1234.5'],
    ['1,234.50', '1234.50'],
    ['1 234,50', '1234.50'],
    ['1.234.567', '1234567'],
    ['12,5', '12.5'],
    ['1,234', '1234'],
    ['-12', '-12'],
    ['(12)', '-12'],
    ['−3', '-3'],
    ['٤٢', '42'],
    ['1\u00a0000', '1000'],
    ['7.', '7'],
    ['1e5', null],
    ['NaN', null],
    ['Infinity', null],
    ['12,34,56', null],
    ['1.2.3', null],
    ['0x10', null],
    ['--1', null],
    ['', null],
    ['1,2345', null],
  ];
  for (const [text, plain] of cases) it(`"${text}" is ${plain}`, () => assert.equal(plainNumber(text), plain));

  it('a whole number may be written with a zero fraction, and may not be too large to be exact', () => {
    assert.equal(parseInteger('7.0'), 7);
    assert.equal(parseInteger(7.5), null);
    assert.equal(parseInteger('9007199254740993'), null);
  });

  it('an amount is in minor units of its currency', () => {
    assert.equal(parseAmount('KES 12,000.50', 'KES'), 1_200_050);
    assert.equal(parseAmount('1,500/=', 'KES'), 150_000);
    assert.equal(parseAmount('₦500', 'NGN'), 50_000);
    assert.equal(parseAmount('1,500', 'UGX'), 1500);
    assert.equal(parseAmount(0.29, 'KES'), 29);
    assert.equal(parseAmount('12.345', 'KES'), null);
    assert.equal(parseAmount(1.005, 'KES'), null);
    assert.equal(parseAmount('1.5', 'UGX'), null);
    assert.equal(parseAmount('99999999999999999', 'KES'), null);
  });
});

describe('a refused cell says what to write', () => {
  const messageOf = (kind: Parameters<typeof column>[0], head: string, raw: RawCell, more = {}): string => {
    const parsed = parseCell(column(kind, head, more), raw, kenya);
    return 'problem' in parsed ? parsed.problem.message : `accepted as ${JSON.stringify(parsed.value)}`;
  };

  it('dates, phones, emails, numbers, flags and choices', () => {
    assert.equal(
      messageOf('date', 'Date of birth', '31/02/2014'),
      'Date of birth "31/02/2014" is not a date. Enter it as 14/03/2014.',
    );
    assert.equal(messageOf('phone', 'Phone', '12345'), 'Phone "12345" is not a phone number. Enter it as 0722 481 903.');
    assert.equal(
      messageOf('phone', 'Phone', '2.54722E+11'),
      'Phone "2.54722E+11" was shortened by the spreadsheet. Format the column as text and type it again.',
    );
    assert.equal(messageOf('email', 'Email', 'jane@'), 'Email "jane@" is not an email address. Enter it as name@example.org.');
    assert.equal(messageOf('integer', 'Siblings', 'two'), 'Siblings "two" is not a whole number.');
    assert.equal(messageOf('flag', 'Boarder', 'maybe'), 'Boarder "maybe" must be yes or no.');
    assert.equal(messageOf('money', 'Balance', '1e2'), 'Balance "1e2" is not an amount. Enter it as 12500.50.');
    assert.equal(messageOf('choice', 'Sex', 'Q', { choices: register[4]!.choices }), 'Sex "Q" is not one of Female, Male.');
  });

  it('missing cells, huge cells, mistakes of the spreadsheet, numbers that lost digits', () => {
    assert.equal(messageOf('name', 'Surname', ' \u00a0\u200b ', { required: true }), 'Surname is missing.');
    assert.equal(messageOf('text', 'Remarks', 'x'.repeat(5001)), 'Remarks is too long: a cell may hold 5,000 characters.');
    assert.equal(messageOf('name', 'Class', '#N/A'), 'Class is "#N/A", a mistake in the spreadsheet. Type the value itself.');
    assert.equal(messageOf('name', 'Surname', '#1 son'), 'accepted as "#1 son"');
    assert.match(messageOf('id', 'Number', 12345678901234567890), /was shortened by the spreadsheet/);
    assert.match(messageOf('id', 'Number', new Date('2014-03-04')), /turned into a date/);
  });

  it('a long value is cut in the message', () => {
    assert.ok(messageOf('date', 'Date', 'y'.repeat(4000)).length < 120);
  });
});

describe('an accepted cell', () => {
  const valueOf = (kind: Parameters<typeof column>[0], raw: RawCell, more = {}) => {
    const parsed = parseCell(column(kind, 'Head', more), raw, kenya);
    return 'value' in parsed ? parsed.value : parsed.problem.message;
  };

  it('a phone may have been made a number and have lost its zero', () => {
    for (const raw of [722481903, 254722481903, '0722 481 903', '722481903.0', '+254 722-481-903', '٠٧٢٢٤٨١٩٠٣']) {
      assert.equal(valueOf('phone', raw), '+254722481903');
    }
  });

  it('yes and no in three languages and as marks', () => {
    for (const raw of ['Yes', 'Y', 'ndiyo', 'OUI', '1', 1, true, '✓', 'TRUE'])
      assert.equal(valueOf('flag', raw), true, String(raw));
    for (const raw of ['no', 'Hapana', 'non', 0, '0', false]) assert.equal(valueOf('flag', raw), false, String(raw));
  });

  it('a choice by label, value or alias, however it is written', () => {
    const choices = register[4]!.choices;
    for (const raw of ['Female', 'FEMALE ', 'f', 'Girl', 'mke']) assert.equal(valueOf('choice', raw, { choices }), 'F');
    const streams = [{ value: 'g4-b', label: 'Grade 4 - B' }];
    for (const raw of ['grade 4-b', 'Grade  4 B', 'G4-B']) assert.equal(valueOf('choice', raw, { choices: streams }), 'g4-b');
  });

  it('an empty cell and a dash where nothing is known are null', () => {
    for (const raw of [null, '', '  ', '-', 'N/A', 'nil']) assert.equal(valueOf('phone', raw), null);
    assert.equal(valueOf('text', '-'), null);
    assert.equal(valueOf('text', '0'), '0');
  });

  it('a number in a text or id column is what one sees', () => {
    assert.equal(valueOf('id', 42), '42');
    assert.equal(valueOf('id', '0042'), '0042');
    assert.equal(valueOf('text', 0.1 + 0.2), '0.3');
    assert.equal(valueOf('id', 254722481903), '254722481903');
  });

  it('text is composed, trimmed of invisible characters, and keeps what carries meaning', () => {
    assert.equal(cleanText('\ufeff Ade\u0301\u00a0Bo\u0323la\u0301\u200b '), 'Adé Bọlá');
    assert.equal(cleanLine('Jane \n\t Doe'), 'Jane Doe');
    assert.equal(cleanText('a\r\nb'), 'a\nb');
    assert.equal(cleanText('x\u202ey\ud800'), 'xy');
    assert.equal(cleanText('አበበ'), 'አበበ');
  });
});

describe('the apostrophe before a formula', () => {
  for (const text of ['=1+1', '@x', "'=1", "''-2", '+cmd', "O'Brien", "'Twas", '-', '\t=1']) {
    it(`comes off again: ${JSON.stringify(text)}`, () => assert.equal(unescapeFormula(escapeFormula(text)), text));
  }
  it('stands before whatever a spreadsheet would calculate', () => {
    for (const text of ['=1', '+1', '-1', '@a', '\ta', '\ra', '＝1']) assert.match(escapeFormula(text), /^'/);
    assert.equal(escapeFormula("'hello"), "'hello");
  });
});

describe('a row', () => {
  const mapping = register.map((each) => each.key);
  const parse = rowParser(register, mapping, kenya);
  const raw = (cells: RawCell[]) => ({ sheet: 'S', row: 7, cells });

  it('gives a value for each column and a problem for each refused cell, with its heading', () => {
    const { values, problems } = parse(raw(['A1', 'Hassan', '', '31/02/2014', 'F', 'ndiyo', '2.0']));
    assert.equal(values.surname, 'Hassan');
    assert.equal(values.boarder, true);
    assert.equal(values.siblings, 2);
    assert.equal(values.date_of_birth, null);
    assert.deepEqual(
      problems.map(({ column: key, head }) => [key, head]),
      [
        ['first_name', 'First name'],
        ['date_of_birth', 'Date of birth'],
      ],
    );
  });

  describe('of two phone numbers in one cell', () => {
    const phones = [
      column('phone', 'Phone', { key: 'phone', second: 'other' }),
      column('phone', 'Other phone', { key: 'other' }),
    ];
    const read = (cell: string, other: string | null = null) =>
      rowParser(phones, ['phone', 'other'], kenya)({ sheet: 'S', row: 2, cells: [cell, other] });

    for (const cell of [
      '0722 111 222 / 0733 444 555',
      '0722111222,0733444555',
      '0722 111 222; 0733 444 555',
      '0722111222 or 0733444555',
      '0722 111 222\n0733 444 555',
      '0722111222/ 0733444555/',
      '0722 111 222 & 0722 111 222 / 0733444555',
    ]) {
      it(`takes the first and the second: ${JSON.stringify(cell)}`, () => {
        const { values, problems } = read(cell);
        assert.deepEqual([values.phone, values.other, problems], ['+254722111222', '+254733444555', []]);
      });
    }

    it('names what there is no room for, and refuses nobody', () => {
      const told = (row: ReturnType<typeof read>) => row.problems.map((one) => [one.severity, one.message]);
      assert.deepEqual(told(read('0722111222 / 0733444555', '0711 000 111')), [
        ['warning', 'Phone has more than one number. “0733444555” is ignored.'],
      ]);
      assert.deepEqual(told(read('0722111222 / 0733444555 / 0744 555 666')), [
        ['warning', 'Phone has more than one number. “0744 555 666” is ignored.'],
      ]);
      assert.deepEqual(told(read('0722111222/33')), [['warning', 'Phone has more than one number. “33” is ignored.']]);
      assert.deepEqual(told(read('0722111222 / 0733444555', '0733 444 555')), [], 'what stands beside it already is no news');
      const alone = rowParser(
        [column('phone', 'Phone', { key: 'phone' })],
        ['phone'],
        kenya,
      )({ sheet: 'S', row: 2, cells: ['0722111222 / 0733444555'] });
      assert.deepEqual([alone.values.phone, alone.problems.map((one) => one.severity)], ['+254722111222', ['warning']]);
    });
  });

  it('a required column that is not in the file is missing in each row', () => {
    const { problems } = rowParser(register, ['surname'], kenya)(raw(['Hassan']));
    assert.deepEqual(
      problems.map((each) => each.message),
      ['Admission number is missing.', 'First name is missing.'],
    );
  });

  it('what is wrong with the row as a whole comes first', () => {
    assert.equal(parse({ ...raw(['A1', 'H', 'K']), problem: 'Too many cells.' }).problems[0]?.message, 'Too many cells.');
  });

  it("the template's example row is known, also as dates and numbers, and nothing else is", () => {
    assert.equal(parse(raw(['0042', 'Hassan', 'Khadija', new Date('2014-03-14'), 'Female'])).example, true);
    assert.equal(parse(raw(['0042', 'Hassan', 'Khadija', '14/03/2014', 'Female', 'yes'])).example, false);
    assert.equal(parse(raw(['0043', 'Hassan', 'Khadija', '14/03/2014', 'Female'])).example, false);
  });
});
