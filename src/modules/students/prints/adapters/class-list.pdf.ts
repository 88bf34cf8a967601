import {
  reports,
  type Column,
  type PrintContext,
  type ReportKit,
  type Row,
  type Run,
  type Text,
} from '../../../../platform/pdf/kit.js';
import { BAD } from '../../../../platform/pdf/units.js';
import { drawing } from '../../../../platform/pdf/worker.js';
import type { Sex } from '../../register/student.rules.js';

export interface ClassListStudent {
  surname: string;
  otherNames: string;
  admissionNo: string;
  sex: Sex;
  /** `Medical: high`, where alerts were asked for by somebody who may see them. */
  alerts?: readonly { text: string; urgent: boolean }[];
}

export interface ClassListClass {
  /** `Grade 7 East` */
  name: string;
  teacher?: string | null;
  students: readonly ClassListStudent[];
}

export interface ClassLists {
  context: PrintContext;
  classes: readonly ClassListClass[];
  /** `Term 3, 2026` */
  term: string;
  /** Columns to write in: a name each, or '' for none. */
  blankColumns: readonly string[];
  /** With a column of alerts; then it is no list for a wall. */
  withAlerts?: boolean;
}

type Counts = Record<Sex, number>;

/** A list for each class and, where there are several, one page of totals at the end. */
export async function classList(data: ClassLists): Promise<Buffer> {
  const { context, classes, term } = data;
  const summary: ClassListClass | null = classes.length > 1 ? { name: '', students: [] } : null;
  return reports<ClassListClass>(
    { context, title: ({ t }) => t('Class lists'), page: 'A4' },
    summary ? [...classes, summary] : classes,
    (one, { t }) => {
      const people = one === summary ? classes.flatMap((each) => each.students) : one.students;
      const teacher = one.teacher ? t('Class teacher: {{name}}', { name: one.teacher }) : '';
      const parts = [term, teacher, totalsLine(count(people), t), data.withAlerts ? t('Confidential: do not display') : ''];
      return { title: one === summary ? t('Boys and girls by class') : one.name, subtitle: parts.filter(Boolean).join(' · ') };
    },
    (kit, one) => (one === summary ? drawSummary(kit, classes) : drawClass(kit, one, data)),
  );
}

function drawClass(
  kit: ReportKit,
  one: ClassListClass,
  { blankColumns: blanks, withAlerts = false }: Pick<ClassLists, 'blankColumns' | 'withAlerts'>,
): void {
  const { t } = kit;
  const names = blanks.length > 8 ? 46 : blanks.length > 5 ? 52 : 60;
  const { F, M } = count(one.students);
  const totals = t('Boys {{boys}}, girls {{girls}}', { boys: M, girls: F });
  const columns: Column[] = [
    { head: t('No'), width: 9 },
    { head: t('Surname, other names'), width: blanks.length === 0 ? undefined : names, grow: 3, oneLineTo: 7.5 },
    { head: t('Adm no'), width: blanks.length > 8 ? 22 : 25 },
    { head: t('Sex'), width: 10 },
    ...(withAlerts ? [{ head: t('Alerts'), width: 30, oneLineTo: 7 }] : []),
    ...blanks.map((head): Column => ({ head, entry: true, align: 'centre' })),
  ];
  kit.table({
    columns,
    rows: one.students.map((student, index): Row => {
      const name = [{ text: student.surname, face: 'strong' as const }, ` ${student.otherNames}`];
      return {
        cells: [
          String(index + 1),
          name,
          student.admissionNo,
          sexMark(student.sex, t),
          ...(withAlerts ? [alertsOf(student)] : []),
        ],
      };
    }),
    totals: [['', totals, t('All {{all}}', { all: F + M }), '']],
    rowHeight: { from: 4.9, to: 7.5 },
    read: 'rows',
    empty: t('No students in this class yet.'),
  });
}

/** The grave ones stand out in black and white too. */
function alertsOf({ alerts = [] }: ClassListStudent): Text {
  return alerts.map(({ text, urgent }, at): Run => ({
    text: `${at > 0 ? ', ' : ''}${urgent ? '! ' : ''}${text}`,
    ...(urgent && { face: 'strong' as const, colour: BAD }),
  }));
}

function drawSummary(kit: ReportKit, classes: readonly ClassListClass[]): void {
  const { t } = kit;
  const all = count(classes.flatMap((one) => one.students));
  kit.table({
    columns: [
      { head: t('Class') },
      { head: t('Class teacher') },
      { head: t('Boys'), width: 24, align: 'right' },
      { head: t('Girls'), width: 24, align: 'right' },
      { head: t('All'), width: 24, align: 'right' },
    ],
    rows: classes.map((one): Row => {
      const { F, M } = count(one.students);
      return { cells: [one.name, one.teacher ?? '', String(M), String(F), String(F + M)] };
    }),
    totals: [[t('All classes'), '', String(all.M), String(all.F), String(all.F + all.M)]],
  });
}

function count(students: readonly ClassListStudent[]): Counts {
  const girls = students.filter((student) => student.sex === 'F').length;
  return { F: girls, M: students.length - girls };
}

function totalsLine({ F, M }: Counts, t: ReportKit['t']): string {
  return t('Boys {{boys}}, girls {{girls}}, all {{all}}', { boys: M, girls: F, all: F + M });
}

function sexMark(sex: Sex, t: ReportKit['t']): string {
  return sex === 'F' ? t('Girl') : t('Boy');
}

export const classListDrawing = drawing(import.meta.url, { classList });
