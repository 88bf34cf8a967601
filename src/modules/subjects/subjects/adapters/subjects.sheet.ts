import type { Column } from '../../../../platform/sheets/columns.js';
import type { Learner } from '../../ports.js';

/** The lists of this module as they are shown, for a spreadsheet. */
export interface SubjectSheetRow {
  code: string;
  nationalCode: string | null;
  name: string;
  shortName: string;
  department: string;
  kind: string;
  choice: string | null;
  practical: boolean;
  papers: number;
  periods: number | null;
  range: string;
  active: boolean;
}

export const subjectColumns: Column<SubjectSheetRow>[] = [
  { key: 'code', head: 'Code', kind: 'id', value: (row) => row.code },
  { key: 'nationalCode', head: 'National code', kind: 'id', value: (row) => row.nationalCode },
  { key: 'name', head: 'Subject', kind: 'text', width: 30, value: (row) => row.name },
  { key: 'shortName', head: 'Short name', kind: 'text', value: (row) => row.shortName },
  { key: 'department', head: 'Department', kind: 'text', width: 20, value: (row) => row.department },
  {
    key: 'kind',
    head: 'Compulsory or elective',
    kind: 'choice',
    choices: [
      { value: 'compulsory', label: 'Compulsory' },
      { value: 'elective', label: 'Elective' },
    ],
    value: (row) => row.kind,
  },
  { key: 'choice', head: 'Alternatives', kind: 'text', value: (row) => row.choice },
  { key: 'practical', head: 'Practical', kind: 'flag', value: (row) => row.practical },
  { key: 'papers', head: 'Papers', kind: 'integer', value: (row) => row.papers },
  { key: 'periods', head: 'Periods a week', kind: 'integer', value: (row) => row.periods },
  { key: 'classes', head: 'Classes', kind: 'text', width: 30, value: (row) => row.range },
  { key: 'active', head: 'In use', kind: 'flag', value: (row) => row.active },
];

export interface ClassSheetRow {
  own: { name: string; active: boolean };
  nextName: string | null;
  stream: { name: string; capacity: number | null; room: string | null; campus: string | null; active: boolean } | null;
  label: string;
  teacher: string | null;
  size: { girls: number; boys: number };
  seats: number | null;
}

export const classColumns: Column<ClassSheetRow>[] = [
  { key: 'class', head: 'Class', kind: 'text', value: (row) => row.own.name },
  { key: 'stream', head: 'Stream', kind: 'text', value: (row) => row.stream?.name ?? null },
  { key: 'label', head: 'Class and stream', kind: 'text', width: 20, value: (row) => row.label },
  { key: 'teacher', head: 'Class teacher', kind: 'name', width: 26, value: (row) => row.teacher },
  { key: 'girls', head: 'Girls', kind: 'integer', value: (row) => row.size.girls },
  { key: 'boys', head: 'Boys', kind: 'integer', value: (row) => row.size.boys },
  { key: 'all', head: 'All', kind: 'integer', value: (row) => row.size.girls + row.size.boys },
  { key: 'capacity', head: 'Capacity', kind: 'integer', value: (row) => row.stream?.capacity ?? null },
  { key: 'seats', head: 'Seats left', kind: 'integer', value: (row) => row.seats },
  { key: 'room', head: 'Room', kind: 'text', value: (row) => row.stream?.room ?? null },
  { key: 'campus', head: 'Campus', kind: 'text', value: (row) => row.stream?.campus ?? null },
  { key: 'next', head: 'Next class', kind: 'text', value: (row) => row.nextName },
  { key: 'active', head: 'In use', kind: 'flag', value: (row) => row.stream?.active ?? row.own.active },
];

export const classListColumns: Column<Learner>[] = [
  { key: 'admissionNo', head: 'Admission number', kind: 'id', value: (row) => row.admissionNo },
  { key: 'surname', head: 'Surname', kind: 'name', value: (row) => row.surname },
  { key: 'firstName', head: 'First name', kind: 'name', value: (row) => row.firstName },
  { key: 'middleName', head: 'Middle name', kind: 'name', value: (row) => row.middleName },
  {
    key: 'sex',
    head: 'Sex',
    kind: 'choice',
    choices: [
      { value: 'F', label: 'Girl' },
      { value: 'M', label: 'Boy' },
    ],
    value: (row) => row.sex,
  },
];

export interface LoadRow {
  staffNo: string;
  name: string;
  subjects: string;
  streams: number;
  periods: number;
}

export const loadColumns: Column<LoadRow>[] = [
  { key: 'staffNo', head: 'Staff number', kind: 'id', value: (row) => row.staffNo },
  { key: 'name', head: 'Teacher', kind: 'name', width: 28, value: (row) => row.name },
  { key: 'subjects', head: 'Subjects', kind: 'text', width: 30, value: (row) => row.subjects },
  { key: 'streams', head: 'Streams', kind: 'integer', value: (row) => row.streams },
  { key: 'periods', head: 'Periods a week', kind: 'integer', value: (row) => row.periods },
];

export interface AllocationRow {
  subject: string;
  stream: string;
  staffNo: string;
  teacher: string;
  periods: number;
  fromOn: string;
  toOn: string | null;
}

export const allocationColumns: Column<AllocationRow>[] = [
  { key: 'stream', head: 'Class', kind: 'text', width: 20, value: (row) => row.stream },
  { key: 'subject', head: 'Subject', kind: 'text', width: 28, value: (row) => row.subject },
  { key: 'staffNo', head: 'Staff number', kind: 'id', value: (row) => row.staffNo },
  { key: 'teacher', head: 'Teacher', kind: 'name', width: 28, value: (row) => row.teacher },
  { key: 'periods', head: 'Periods a week', kind: 'integer', value: (row) => row.periods },
  { key: 'fromOn', head: 'From', kind: 'date', value: (row) => row.fromOn },
  { key: 'toOn', head: 'To', kind: 'date', value: (row) => row.toOn },
];

export interface PathwayRow {
  name: string;
  subjects: string;
  streams: string;
  active: boolean;
}

export const pathwayColumns: Column<PathwayRow>[] = [
  { key: 'name', head: 'Pathway', kind: 'text', value: (row) => row.name },
  { key: 'subjects', head: 'Electives', kind: 'text', width: 50, value: (row) => row.subjects },
  { key: 'streams', head: 'Streams', kind: 'text', width: 30, value: (row) => row.streams },
  { key: 'active', head: 'In use', kind: 'flag', value: (row) => row.active },
];
