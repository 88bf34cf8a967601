import { fold, type PersonName } from '../../../kernel/people/names.js';
import {
  choice,
  day,
  email,
  kept,
  number,
  ownNumber,
  personName,
  phone,
  record,
  text,
  type New,
  type RowOf,
} from '../../../kernel/shapes/record.js';
import type { Rows } from '../../../kernel/shapes/record.js';
import { token } from '../../../kernel/shapes/tokens.js';

/** Only those who look after staff see it. */
const KEEPERS = 'hr.staff.change';

export const CATEGORIES = ['teaching', 'non-teaching'] as const;

/** Suggested; any other may be typed. */
export const TITLES = ['Mr', 'Mrs', 'Ms', 'Miss', 'Dr', 'Rev', 'Sr', 'Br', 'Fr'] as const;

/** Somebody who works at the school. */
export const staff = record(
  'hr_staff',
  {
    staffNo: ownNumber('Staff number', {
      most: 20,
      taken: 'Another member of staff already has or had this number',
      aliases: ['Staff no', 'Payroll number', 'PF number', 'Employee number', 'Employee id'],
      example: 'KA/S/014',
      hint: 'Leave empty for the next number',
      note: 'If empty, the next number in the school’s pattern is used',
    }),
    title: text('Title', { most: 20, optional: true, erase: true, aliases: ['Salutation'], example: TITLES[0] }),
    ...personName(['Mutua', 'Daniel', 'Musyoka']),
    sex: choice(
      'Sex',
      [
        { value: 'F', label: 'Female', aliases: ['F', 'Woman'] },
        { value: 'M', label: 'Male', aliases: ['M', 'Man'] },
      ],
      { optional: true, aliases: ['Gender'], example: 'Male' },
    ),
    phone: phone('Phone', {
      optional: true,
      erase: true,
      aliases: ['Mobile', 'Mobile phone', 'Telephone', 'Tel', 'Phone number'],
      example: '0722 481 903',
    }),
    email: email('Email', {
      optional: true,
      erase: true,
      aliases: ['E-mail', 'E-mail address', 'Email address'],
      example: 'd.mutua@example.org',
    }),
    nationalId: number('National ID', {
      most: 30,
      optional: true,
      seenBy: KEEPERS,
      erase: true,
      aliases: ['ID number', 'ID no', 'National identity number', 'NIN'],
      example: '23456789',
    }),
    registrationNo: number('Registration number', {
      most: 30,
      optional: true,
      seenBy: KEEPERS,
      erase: true,
      aliases: ['TSC number', 'TSC no', 'TRCN number', 'NTC number', 'SACE number', 'Teacher registration'],
      example: '456789',
      hint: 'With the national teachers’ body',
      note: 'With the national teachers’ body',
    }),
    job: text('Job', {
      most: 80,
      asked: 'Enter the job, such as Teacher',
      hint: 'Such as Teacher, Bursar or Cook',
      aliases: ['Job title', 'Position', 'Designation', 'Role'],
      width: 24,
      example: 'Teacher of mathematics',
    }),
    category: choice(
      'Category',
      [
        { value: 'teaching', label: 'Teaching', aliases: ['Teacher', 'Academic'] },
        { value: 'non-teaching', label: 'Non-teaching', aliases: ['Support', 'Non teaching', 'BOM support'] },
      ],
      { asked: 'Choose teaching or non-teaching', aliases: ['Staff category', 'Staff type'], example: 'Teaching' },
    ),
    joinedOn: day('First day', {
      optional: true,
      aliases: ['Date joined', 'Joined', 'Employed on', 'Date of employment', 'Start date'],
      example: '2026-01-05',
    }),
    leftOn: day('Last day', { optional: true, later: true, aliases: ['Date left', 'Left on', 'End date'] }),
    leavingReason: text('Reason for leaving', {
      most: 200,
      optional: true,
      later: true,
      seenBy: KEEPERS,
      erase: true,
      width: 24,
    }),
    photoFileId: kept<string>({ erase: true }),
  },
  { entity: 'staff', people: true, order: 'sortName', derived: { sortName } },
);

export type Staff = RowOf<typeof staff>;
export type NewStaff = New<typeof staff>;
export const STAFF = token<Rows<typeof staff>>('Staff');

/** By which the list is ordered and searched. */
export function sortName({ surname, firstName, middleName }: PersonName): string {
  return fold([surname, firstName, middleName].filter(Boolean).join(' '));
}
