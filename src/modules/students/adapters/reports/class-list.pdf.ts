import { reports, type Column, type PrintContext, type ReportKit, type Row } from '../../../../platform/pdf/kit.js';
import { drawing } from '../../../../platform/pdf/worker.js';
import type { Sex } from '../../domain/student.js';

export interface ClassListStudent {
  surname: string;
  otherNames: string;
  admissionNo: string;
  sex: Sex;
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
      const parts = [term, teacher, totalsLine(count(people), t)];
      return { title: one === summary ? t('Boys and girls by class') : one.name, subtitle: parts.filter(Boolean).join(' · ') };
    },
    (kit, one) => (one === summary ? drawSummary(kit, classes) : drawClass(kit, one, data.blankColumns)),
  );
}

function drawClass(kit: ReportKit, one: ClassListClass, blanks: readonly string[]): void {
  const { t } = kit;
  const names = blanks.length > 8 ? 46 : blanks.length > 5 ? 52 : 60;
  const { F, M } = count(one.students);
  const totals = t('Boys {{boys}}, girls {{girls}}', { boys: M, girls: F });
  const columns: Column[] = [
    { head: t('No'), width: 9 },
    { head: t('Surname, other names'), width: blanks.length === 0 ? undefined : names, grow: 3, oneLineTo: 7.5 },
    { head: t('Adm no'), width: blanks.length > 8 ? 22 : 25 },
    { head: t('Sex'), width: 10 },
    ...blanks.map((head): Column => ({ head, entry: true, align: 'centre' })),
  ];
  kit.table({
    columns,
    rows: one.students.map((student, index): Row => {
      const name = [{ text: student.surname, face: 'strong' as const }, ` ${student.otherNames}`];
      return { cells: [String(index + 1), name, student.admissionNo, sexMark(student.sex, t)] };
    }),
    totals: [['', totals, t('All {{all}}', { all: F + M }), '']],
    rowHeight: { from: 4.9, to: 7.5 },
    empty: t('Nobody is in this class yet.'),
  });
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
