import type { Column } from '../../../../platform/sheets/columns.js';
import { SUBJECT_KINDS } from '../../subjects/subject.rules.js';

type Col = Column<never>;
const plain = (key: string, head: string, kind: Col['kind'], more: Partial<Col> = {}): Col => ({
  key,
  head,
  kind,
  value: () => null,
  ...more,
});

export const classColumns: Col[] = [
  plain('class', 'Class', 'text', {
    required: true,
    aliases: ['Grade', 'Form', 'Class name', 'Year', 'Level', 'Darasa', 'Classe'],
    example: 'Grade 7',
    note: 'A class of the national curriculum is recognised by its name; any other is created as new',
  }),
  plain('stream', 'Stream', 'text', {
    aliases: ['Section', 'Arm', 'Stream name', 'Mkondo', 'Division'],
    example: 'East',
    note: 'Empty if the class has only one stream',
  }),
  plain('class_teacher', 'Class teacher', 'text', {
    aliases: ['Form teacher', 'Form master', 'Homeroom teacher', 'Mwalimu wa darasa', 'Professeur principal'],
    example: 'KA/S/014',
    note: 'Staff number, or name',
  }),
  plain('capacity', 'Seats', 'integer', { aliases: ['Capacity', 'Size', 'Max students'], example: '45' }),
  plain('room', 'Room', 'text', { aliases: ['Classroom', 'Location', 'Salle'], example: 'Block B 2' }),
  plain('campus', 'Campus', 'text', { aliases: ['Site', 'Branch'] }),
];

export const subjectColumns: Col[] = [
  plain('code', 'Code', 'id', {
    aliases: ['Subject code', 'Course code', 'Short code'],
    example: 'MAT',
    note: 'If empty, it is made from the name',
  }),
  plain('name', 'Subject', 'text', {
    required: true,
    aliases: ['Subject name', 'Learning area', 'Course', 'Course title', 'Somo', 'Matière'],
    example: 'Mathematics',
  }),
  plain('short_name', 'Short name', 'text', { aliases: ['Abbreviation', 'Short'], example: 'Maths' }),
  plain('department', 'Department', 'text', { aliases: ['Faculty', 'Category'], example: 'Mathematics' }),
  plain('kind', 'Kind', 'choice', {
    aliases: ['Type', 'Compulsory or elective'],
    choices: SUBJECT_KINDS.map((value) => ({
      value,
      label: value === 'compulsory' ? 'Compulsory' : 'Elective',
      aliases: value === 'compulsory' ? ['Core', 'Mandatory'] : ['Optional', 'Option'],
    })),
  }),
  plain('classes', 'Classes', 'text', {
    aliases: ['Taught in', 'Grades', 'Forms', 'Class'],
    example: 'Grade 7, Grade 8',
    note: 'Separated by commas; classes that already have it keep it',
  }),
  plain('periods', 'Lessons a week', 'integer', { aliases: ['Periods', 'Lessons', 'Periods per week'], example: '5' }),
];

export const allocationColumns: Col[] = [
  plain('class', 'Class', 'text', {
    required: true,
    aliases: ['Grade', 'Form', 'Class and stream', 'Class name', 'Darasa'],
    example: 'Grade 7 East',
  }),
  plain('stream', 'Stream', 'text', {
    aliases: ['Section', 'Arm', 'Mkondo'],
    note: 'Only where the class column names the class alone',
  }),
  plain('subject', 'Subject', 'text', {
    required: true,
    aliases: ['Subject code', 'Subject name', 'Learning area', 'Course', 'Somo', 'Matière'],
    example: 'Mathematics',
  }),
  plain('teacher', 'Teacher', 'text', {
    required: true,
    aliases: ['Staff number', 'Staff no', 'Teacher name', 'Subject teacher', 'TSC no', 'Mwalimu', 'Enseignant'],
    example: 'KA/S/014',
    note: 'Staff number, or name',
  }),
  plain('periods', 'Lessons a week', 'integer', {
    aliases: ['Periods', 'Lessons', 'Periods per week', 'Load'],
    example: '5',
    note: 'If empty, as set for the subject',
  }),
];
