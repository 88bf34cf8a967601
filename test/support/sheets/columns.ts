import type { Column, ColumnKind } from '../../../src/platform/sheets/columns.js';

export interface Person {
  [key: string]: string | number | boolean | null;
}

export function column(kind: ColumnKind, head: string, more: Partial<Column<Person>> = {}): Column<Person> {
  const key = more.key ?? head.toLowerCase().replace(/\W+/g, '_');
  return { key, head, kind, value: (row) => row[key] ?? null, ...more };
}

const GUARDIAN = ['Guardian', 'Parent', 'Mother', 'Father', 'Mzazi', 'Mlezi', 'Tuteur'];

export function guardianColumns(number: number): Column<Person>[] {
  const group = { words: GUARDIAN, number };
  return [
    column('name', `Guardian ${number} name`, { group }),
    column('phone', `Guardian ${number} phone`, { group }),
    column('email', `Guardian ${number} e-mail`, { group, key: `guardian_${number}_email` }),
  ];
}

/** A register's columns, one of each kind and two guardians. */
export const register: Column<Person>[] = [
  column('id', 'Admission number', { aliases: ['Adm no', 'Index number'], required: true, example: '0042' }),
  column('name', 'Surname', { aliases: ['Last name', 'Family name'], required: true, example: 'Hassan' }),
  column('name', 'First name', { aliases: ['Given name'], required: true, example: 'Khadija' }),
  column('date', 'Date of birth', { aliases: ['Born'], example: '14/03/2014' }),
  column('choice', 'Sex', {
    choices: [
      { value: 'F', label: 'Female', aliases: ['Girl', 'Mke'] },
      { value: 'M', label: 'Male', aliases: ['Boy', 'Mume'] },
    ],
    example: 'Female',
  }),
  column('flag', 'Boarder'),
  column('integer', 'Siblings'),
  column('number', 'Weight'),
  column('money', 'Balance'),
  column('text', 'Remarks'),
  ...guardianColumns(1),
  ...guardianColumns(2),
];
