import { reports, type PrintContext, type ReportKit, type Row, type Run, type Text } from '../../../../platform/pdf/kit.js';
import { BAD, INK_2, INK_3 } from '../../../../platform/pdf/units.js';
import { drawing } from '../../../../platform/pdf/worker.js';

export interface EmergencyGuardian {
  name: string;
  /** As it is printed: `Mother`. */
  relationship: string;
  /** As they are printed: `0722 481 903`. */
  phones: readonly string[];
  mayCollect: boolean;
}

export interface EmergencyStudent {
  surname: string;
  otherNames: string;
  admissionNo: string;
  /** Allergies, medicine, special needs; `urgent` is printed in red with a mark. */
  needs: readonly { text: string; urgent: boolean }[];
  /** In the order in which they are called. */
  guardians: readonly EmergencyGuardian[];
  /** Who may not collect the child, with the reason if the school wants it on paper. */
  barred: readonly { name: string; reason?: string | null }[];
}

export interface EmergencyClass {
  name: string;
  teacher?: string | null;
  students: readonly EmergencyStudent[];
}

export interface EmergencySheets {
  context: PrintContext;
  classes: readonly EmergencyClass[];
  /** False when whoever prints may not see phones: the office has them. */
  contacts?: boolean;
  /** Numbers at the top of each sheet: clinic, ambulance, police. */
  numbers: readonly { label: string; phone: string }[];
}

/** For each class one sheet to take along on the day when nothing else works. */
export async function emergencySheet(data: EmergencySheets): Promise<Buffer> {
  return reports(
    { context: data.context, title: ({ t }) => t('Emergency sheet'), page: 'A4-landscape' },
    data.classes,
    (one, { t }) => ({
      title: t('Emergency sheet, {{class}}', { class: one.name }),
      subtitle: [
        one.teacher ? t('Class teacher: {{name}}', { name: one.teacher }) : '',
        t('Students: {{n}}', { n: one.students.length }),
        t('Confidential: keep it with the register'),
      ]
        .filter(Boolean)
        .join(' · '),
    }),
    (kit, one) => drawClass(kit, one, data),
  );
}

function drawClass(
  kit: ReportKit,
  one: EmergencyClass,
  { numbers, contacts = true }: Pick<EmergencySheets, 'numbers' | 'contacts'>,
): void {
  const { t } = kit;
  if (numbers.length > 0) {
    const text = numbers.flatMap(({ label, phone }, index): Text => [
      { text: `${index > 0 ? ' · ' : ''}${label} `, colour: INK_2 },
      { text: fixed(phone), face: 'strong' },
    ]);
    kit.paragraph(text, { size: 10, gap: 3 });
  }
  kit.table({
    columns: [
      { head: t('Surname, other names'), width: 50 },
      { head: t('Allergies and special needs'), grow: 1 },
      { head: t('Call in this order'), width: 108 },
      { head: t('May NOT collect'), width: 46 },
    ],
    rows: one.students.map((student): Row => ({ cells: cells(student, t, contacts) })),
    size: 8.5,
    empty: t('No students in this class yet.'),
  });
}

function cells(student: EmergencyStudent, t: ReportKit['t'], contacts: boolean): Text[] {
  return [
    [
      { text: student.surname, face: 'strong' },
      ` ${student.otherNames}\n`,
      { text: student.admissionNo, colour: INK_3, size: 7.5 },
    ],
    lines(
      student.needs.map(({ text, urgent }): Run[] => [urgent ? { text: `! ${text}`, face: 'strong', colour: BAD } : { text }]),
    ),
    student.guardians.length > 0
      ? lines(student.guardians.map((guardian) => contact(guardian, t)))
      : [
          contacts
            ? { text: t('No contact in the register'), colour: BAD }
            : { text: t('Ask the office for phone numbers'), colour: INK_2 },
        ],
    lines(
      student.barred.map(({ name, reason }): Run[] => [
        { text: name, face: 'strong', colour: BAD },
        { text: reason ? `, ${reason}` : '', colour: INK_2 },
      ]),
    ),
  ];
}

function contact(guardian: EmergencyGuardian, t: ReportKit['t']): Run[] {
  const note = guardian.mayCollect ? '' : `, ${t('may not collect')}`;
  return [
    { text: guardian.phones.map(fixed).join(', ') || t('no phone'), face: 'strong' },
    { text: `  ${guardian.name}` },
    { text: ` (${guardian.relationship.toLowerCase()}${note})`, colour: INK_2 },
  ];
}

function lines(entries: Run[][]): Run[] {
  return entries.flatMap((entry, index) => (index > 0 ? [{ text: '\n' }, ...entry] : entry)).filter((run) => run.text !== '');
}

/** A phone number is not broken over two lines. */
function fixed(phone: string): string {
  return phone.replace(/ /g, '\u00a0');
}

export const emergencySheetDrawing = drawing(import.meta.url, { emergencySheet });
