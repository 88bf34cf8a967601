import { formatDay } from '../../../../kernel/day-words.js';
import { can, demand, type Actor } from '../../../../kernel/actor.js';
import { RuleBroken } from '../../../../kernel/errors.js';
import { newId } from '../../../../kernel/id.js';
import { REGISTER } from '../../../../kernel/kept.js';
import { changed } from '../../../../platform/db/index.js';
import type {
  CheckedLine,
  ImportContext,
  ImportKind,
  KindRun,
  Line,
  LineToWrite,
  Question,
  WrittenLine,
} from '../../../imports/index.js';
import type { SchoolApi, SchoolCalendar } from '../../../school/index.js';
import type { SubjectsApi } from '../../../subjects/index.js';
import { plainNumber } from '../../register/student.rules.js';
import { deleteRows, insertRows } from '../../importing/adapters/bulk.js';
import { byNumbers } from '../../importing/adapters/lookups.js';
import { asked, MAKE, makeAnswered, Unknowns, type MakerDeps } from '../../importing/adapters/makes.js';
import { Places } from '../../importing/adapters/places.js';
import { inSlices } from '../../importing/adapters/slices.js';
import { formerColumns } from './columns.js';
import { isSame, linesNow, linesOf, meet, type Line as EnrolmentLine } from './lines.js';
import { readFormer, type FormerPlace, type FormerReference, type ReadRow } from './reading.js';

export interface FormerClassDeps extends MakerDeps {
  school: SchoolApi;
  subjects: SubjectsApi;
  calendar: SchoolCalendar;
}

const MAKE_YEARS = 'make-years';
const MAY_ADD_YEARS = 'school.years.change';
const CHANGED = 'The register has changed since this list was checked. Check it again.';

/** One row is one child in one class of an earlier year: a closed line of its history. The present line is never touched. */
export function formerClassImport(deps: FormerClassDeps): ImportKind {
  return {
    key: 'former-classes',
    label: 'Former classes of students',
    counted: ['1 former class', '{{n}} former classes'],
    can: 'students.import',
    home: '/students',
    modes: ['create'],
    keyWords: 'admission number and year',
    shown: ['admission_no', 'name', 'year', 'class', 'stream', 'outcome'],
    undoUntil: 'one of these entries is changed',
    quiet: 'Students’ current classes stay as they are, and no one is billed.',
    rules: {},
    tables: ['students_enrolments'],
    tally: '{{new}} are new; {{same}} are in AIMS already.',
    columns: () => Promise.resolve(formerColumns),
    settle: (actor, question, answer) =>
      question.key === MAKE_YEARS
        ? makeYears(actor, question, answer, deps.calendar)
        : makeAnswered(actor, question, answer, deps),
    population: () => Promise.resolve(0),
    open: async (context) => new FormerRun(context, await referenceOf(context, deps)),
  };
}

async function referenceOf({ actor }: ImportContext, { school, subjects }: FormerClassDeps): Promise<FormerReference> {
  const [years, pack, list, levels] = await Promise.all([school.years(), school.pack(), subjects.classList(), school.levels()]);
  const all = {
    classes: list.classes.map((one) => ({ ...one, active: true })),
    streams: list.streams.map((one) => ({ ...one, active: true })),
  };
  return {
    years,
    currentYear: years.length > 0 ? await school.currentYear() : null,
    spansTwoYears: pack.calendar.spansTwoYears,
    missingYears: new Set(),
    places: new Places(all),
    unknowns: new Unknowns(actor, levels, []),
  };
}

async function makeYears(actor: Actor, { about }: Question, answer: string, calendar: SchoolCalendar): Promise<void> {
  if (answer !== MAKE) return;
  demand(actor, MAY_ADD_YEARS);
  for (const start of about as number[]) await calendar.addFormerYear(actor, start);
}

class FormerRun implements KindRun {
  /** Days that rows of this list have taken so far, by child. */
  private readonly taken = new Map<string, FormerPlace[]>();

  constructor(
    private readonly context: ImportContext,
    private readonly ref: FormerReference,
  ) {}

  async check(lines: readonly Line[]): Promise<CheckedLine[]> {
    const { rows, known } = await this.read(lines);
    return inSlices(rows, (row) => this.checkRow(row, known.get(row.studentId ?? '') ?? []));
  }

  questions(): Question[] {
    const years = [...this.ref.missingYears].sort();
    const names = years.map((start) => (this.ref.spansTwoYears ? `${start}/${start + 1}` : String(start)));
    return [
      ...(years.length > 0 && can(this.context.actor, MAY_ADD_YEARS)
        ? [
            asked(
              MAKE_YEARS,
              'The school does not have these former years yet. Add them with your country’s usual dates?',
              names,
              years,
            ),
          ]
        : []),
      ...this.ref.unknowns.questions(),
    ];
  }

  async write(lines: readonly LineToWrite[]): Promise<WrittenLine[]> {
    const { rows, known } = await this.read(lines);
    const written = rows.map(({ place, studentId }, at) => {
      if (!place || (known.get(studentId ?? '') ?? []).some((one) => meet(one, place))) throw new RuleBroken('changed', CHANGED);
      return { n: lines[at]!.n, line: lineOf(place), note: place.note };
    });
    await insertRows(
      'students_enrolments',
      written.map(({ line, note }) => ({
        id: line.id,
        student_id: line.studentId,
        year_id: line.yearId,
        class_id: line.classId,
        stream_id: line.streamId,
        roll_no: null,
        entered_on: line.enteredOn,
        entry_reason: 'imported',
        left_on: line.leftOn,
        exit_reason: line.exitReason,
        note,
      })),
    );
    return written.map(({ n, line }) => ({ n, action: 'create', entityId: line.id, before: null, trace: line }));
  }

  finishWriting(): Promise<void> {
    return changed(REGISTER);
  }

  /** By what they say, since a later import that was taken back may have written them again. */
  async obstacles(lines: readonly WrittenLine[]): Promise<string[]> {
    const now = new Map((await linesNow(lines.map((line) => line.entityId))).map((one) => [one.id, one]));
    const other = lines.filter(({ entityId, trace }) => {
      const found = now.get(entityId);
      return !found || !isSame(found, trace as EnrolmentLine) || found.exitReason !== (trace as EnrolmentLine).exitReason;
    }).length;
    return other === 0
      ? []
      : [
          other === 1
            ? 'One of these former classes has been changed since.'
            : `${other} of these former classes have been changed since.`,
        ];
  }

  undo(lines: readonly WrittenLine[]): Promise<void> {
    return deleteRows(
      'students_enrolments',
      'id',
      lines.map((line) => line.entityId),
    );
  }

  finishUndoing(): Promise<void> {
    return changed(REGISTER);
  }

  private async read(lines: readonly Line[]): Promise<{ rows: ReadRow[]; known: Map<string, EnrolmentLine[]> }> {
    const owners = await byNumbers(lines.map((line) => String(line.values.admission_no ?? '').trim()).filter(Boolean), []);
    // Where a school has two from before, the number as it is written decides.
    const byNumber = new Map([
      ...owners.map((one) => [plainNumber(one.admissionNo), one] as const),
      ...owners.map((one) => [one.admissionNo, one] as const),
    ]);
    const rows = await inSlices(lines, (line) => readFormer(line, byNumber, this.ref));
    const known = new Map<string, EnrolmentLine[]>();
    for (const line of await linesOf(rows.flatMap((row) => row.studentId ?? [])))
      known.set(line.studentId, [...(known.get(line.studentId) ?? []), line]);
    return { rows, known };
  }

  private checkRow({ studentId, place, present, remarks }: ReadRow, known: readonly EnrolmentLine[]): CheckedLine {
    const same = place && known.find((one) => isSame(one, lineOf(place)));
    if (present) remarks.push(presentRemark(present, known));
    else if (same) remarks.push({ column: 'year', severity: 'warning', text: 'This is already in AIMS, so the row is skipped.' });
    else if (place) this.refuseMet(place, known, remarks);
    if (place && !same && remarks.every((one) => one.severity !== 'error')) this.take(place);
    return { action: present || same ? 'unchanged' : 'create', remarks, entityId: studentId, version: null, marks: [] };
  }

  private refuseMet(place: FormerPlace, known: readonly EnrolmentLine[], remarks: ReadRow['remarks']): void {
    const met = known.find((one) => meet(one, place));
    if (met) {
      remarks.push({
        column: 'year',
        severity: 'error',
        vars: { from: formatDay(met.enteredOn), to: met.leftOn ? formatDay(met.leftOn) : '…' },
        text: 'AIMS already has the student in a class from {{from}} to {{to}}, which overlaps these dates. Enter dates under From and To, or remove the row.',
      });
    } else if ((this.taken.get(place.studentId) ?? []).some((one) => meet(one, place))) {
      remarks.push({
        column: 'year',
        severity: 'error',
        text: 'Another row of this list has the student in a class on overlapping dates. Enter dates for both rows under From and To.',
      });
    }
  }

  private take(place: FormerPlace): void {
    this.taken.set(place.studentId, [...(this.taken.get(place.studentId) ?? []), place]);
  }
}

function lineOf({ studentId, year, classId, streamId, enteredOn, leftOn, exitReason }: FormerPlace): EnrolmentLine {
  return { id: newId(), studentId, yearId: year.id, classId, streamId, enteredOn, leftOn, exitReason };
}

function presentRemark({ classId }: { classId: string }, known: readonly EnrolmentLine[]): ReadRow['remarks'][number] {
  const open = known.find((one) => one.leftOn === null);
  return open?.classId === classId
    ? { column: 'year', severity: 'warning', text: 'This is the current class, so the row is skipped.' }
    : {
        column: 'class',
        severity: 'error',
        text: 'This is the current year, and the student’s class is different. Change the current class on the student’s page, not with this list.',
      };
}
