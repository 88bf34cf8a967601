import type { Column } from '../../../../platform/sheets/columns.js';
import { CATEGORIES, TITLES, type Staff } from '../../domain/staff.js';

const PRIVATE = new Set(['nationalId', 'registrationNo', 'leavingReason']);

const ALL: Column<Staff>[] = [
  {
    key: 'staffNo',
    head: 'Staff number',
    aliases: ['Staff no', 'Payroll number', 'PF number', 'Employee number', 'Employee id'],
    kind: 'id',
    value: (row) => row.staffNo,
    example: 'KA/S/014',
    note: 'If empty, the next number in the school’s pattern is used',
  },
  { key: 'title', head: 'Title', aliases: ['Salutation'], kind: 'text', value: (row) => row.title, example: TITLES[0] },
  {
    key: 'surname',
    head: 'Surname',
    aliases: ['Last name', 'Family name'],
    kind: 'name',
    required: true,
    value: (row) => row.surname,
    example: 'Mutua',
  },
  {
    key: 'firstName',
    head: 'First name',
    aliases: ['Given name', 'Forename'],
    kind: 'name',
    required: true,
    value: (row) => row.firstName,
    example: 'Daniel',
  },
  {
    key: 'middleName',
    head: 'Middle name',
    aliases: ['Other names', 'Other name'],
    kind: 'name',
    value: (row) => row.middleName,
    example: 'Musyoka',
  },
  {
    key: 'sex',
    head: 'Sex',
    aliases: ['Gender'],
    kind: 'choice',
    choices: [
      { value: 'F', label: 'Female', aliases: ['F', 'Woman'] },
      { value: 'M', label: 'Male', aliases: ['M', 'Man'] },
    ],
    value: (row) => row.sex,
    example: 'Male',
  },
  {
    key: 'phone',
    head: 'Phone',
    aliases: ['Mobile', 'Mobile phone', 'Telephone', 'Tel', 'Phone number'],
    kind: 'phone',
    width: 18,
    value: (row) => row.phone,
    example: '0722 481 903',
  },
  {
    key: 'email',
    head: 'Email',
    aliases: ['E-mail', 'E-mail address', 'Email address'],
    kind: 'email',
    width: 28,
    value: (row) => row.email,
    example: 'd.mutua@example.org',
  },
  {
    key: 'nationalId',
    head: 'National ID',
    aliases: ['ID number', 'ID no', 'National identity number', 'NIN'],
    kind: 'id',
    value: (row) => row.nationalId,
    example: '23456789',
  },
  {
    key: 'registrationNo',
    head: 'Registration number',
    aliases: ['TSC number', 'TSC no', 'TRCN number', 'NTC number', 'SACE number', 'Teacher registration'],
    kind: 'id',
    value: (row) => row.registrationNo,
    example: '456789',
    note: 'With the national teachers’ body',
  },
  {
    key: 'job',
    head: 'Job',
    aliases: ['Job title', 'Position', 'Designation', 'Role'],
    kind: 'text',
    required: true,
    width: 24,
    value: (row) => row.job,
    example: 'Teacher of mathematics',
  },
  {
    key: 'category',
    head: 'Category',
    aliases: ['Staff category', 'Staff type'],
    kind: 'choice',
    choices: CATEGORIES.map((value) => ({
      value,
      label: value === 'teaching' ? 'Teaching' : 'Non-teaching',
      aliases: value === 'teaching' ? ['Teacher', 'Academic'] : ['Support', 'Non teaching', 'BOM support'],
    })),
    required: true,
    value: (row) => row.category,
    example: 'Teaching',
  },
  {
    key: 'joinedOn',
    head: 'First day',
    aliases: ['Date joined', 'Joined', 'Employed on', 'Date of employment', 'Start date'],
    kind: 'date',
    value: (row) => row.joinedOn,
    example: '2026-01-05',
  },
  { key: 'leftOn', head: 'Last day', aliases: ['Date left', 'Left on', 'End date'], kind: 'date', value: (row) => row.leftOn },
  { key: 'leavingReason', head: 'Reason for leaving', kind: 'text', width: 24, value: (row) => row.leavingReason },
];

/** One list for template, export and import; without `all` it leaves out what only those who look after staff see. */
export function staffColumns({ all }: { all: boolean }): Column<Staff>[] {
  return all ? ALL : ALL.filter((column) => !PRIVATE.has(column.key));
}
