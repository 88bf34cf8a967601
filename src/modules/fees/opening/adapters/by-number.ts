import type { Column } from '../../../../platform/sheets/columns.js';
import type { Line, Remark } from '../../../imports/index.js';
import type { StudentBrief } from '../../../students/index.js';

type Col = Column<never>;

/** A column of a list that nothing is exported by. */
export const plainColumn = (key: string, head: string, kind: Col['kind'], more: Partial<Col> = {}): Col => ({
  key,
  head,
  kind,
  value: () => null,
  ...more,
});

/** How lists about the accounts of students name them. */
export const STUDENT_COLUMNS: readonly Col[] = [
  plainColumn('admissionNo', 'Admission number', 'id', {
    required: true,
    aliases: ['Adm no', 'Adm', 'Admission no', 'Reg no', 'Student no'],
    example: 'KA/2019/034',
  }),
  plainColumn('name', 'Student', 'text', {
    aliases: [
      'Name',
      'Names',
      'Student name',
      'Full name',
      'Pupil name',
      'Name of pupil',
      'Name of student',
      'Name of pupil/student',
      'Learner name',
    ],
    example: 'Otieno Achieng Mary',
    note: 'For your own reference: matching uses the number',
  }),
];

export const cellText = (line: Line, key: string): string => String(line.values[key] ?? '').trim();

/** Students by the number that a row gives, capitals and signs aside. */
export class StudentsByNumber {
  private readonly byNumber = new Map<string, StudentBrief[]>();

  constructor(students: readonly StudentBrief[]) {
    for (const student of students) {
      const number = plainNumber(student.admissionNo);
      this.byNumber.set(number, [...(this.byNumber.get(number) ?? []), student]);
    }
  }

  /** The one that has it, or what is wrong. */
  find(line: Line): StudentBrief | Remark {
    const value = cellText(line, 'admissionNo');
    const found = this.byNumber.get(plainNumber(value)) ?? [];
    if (found.length === 1) return found[0]!;
    const text =
      found.length === 0
        ? 'No student has the admission number “{{value}}”.'
        : 'More than one student has the admission number “{{value}}”.';
    return { column: 'admissionNo', severity: 'error', text, vars: { value: value.slice(0, 20) } };
  }
}

function plainNumber(text: string): string {
  return text.toUpperCase().replace(/[^A-Z0-9]/g, '');
}
