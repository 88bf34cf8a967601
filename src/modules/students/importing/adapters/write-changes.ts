import { addDays } from '../../../../kernel/clock.js';
import { RuleBroken } from '../../../../kernel/errors.js';
import { yearOn } from '../../../../kernel/school-calendar.js';
import type { LineToWrite, WrittenLine } from '../../../imports/index.js';
import { closingDay, type EntryReason, type ExitReason } from '../../enrolments/enrolment.rules.js';
import { bar } from '../../guardians/guardian.rules.js';
import type { Student } from '../../register/student.rules.js';
import { StudentChanged, StudentEnrolled, StudentLeft } from '../../index.js';
import type { Batch } from './batch.js';
import { planChange, type Change } from './change.js';
import type { Given } from './given.js';
import type { GuardianBook } from './guardian-book.js';
import type { Reference } from './reference.js';
import type { Known, Snapshot } from './snapshot.js';
import { noteChanged, tieAll, type Trace } from './write-new.js';

export interface ChangedLine {
  line: LineToWrite;
  given: Given;
  known: Known;
}

export interface WrittenChange extends WrittenLine {
  before: Omit<Snapshot, 'students_terms'>;
  trace: Trace;
}

/** Changes of children in the register. The trace's fingerprint is added when everything is written. */
export function writeChanges(lines: readonly ChangedLine[], batch: Batch, book: GuardianBook, ref: Reference): WrittenChange[] {
  return lines.map(({ line, given, known }) => {
    if (known.student.version !== line.version) throw movedOn(known.student);
    const change = planChange(known, given, ref);
    const wrong = change.remarks.find((remark) => remark.severity === 'error');
    if (wrong) throw movedOn(known.student);
    const trace: Trace = { base: [{ id: known.student.id, xids: known.writers }] };
    writeStudent(known, change, batch, ref);
    writeGuardians(known, change, batch, book, trace);
    writeParts(known, change, batch, ref);
    batch.events.push(StudentChanged({ studentId: known.student.id, fields: fieldsOf(change), imported: true }));
    return { n: line.n, action: 'update', entityId: known.student.id, before: known.rows, trace };
  });
}

function movedOn(student: Student): RuleBroken {
  return new RuleBroken(
    'register-changed',
    `${student.admissionNo}, ${student.surname} ${student.firstName}, was changed after this file was checked. Nothing was imported; check the file again.`,
  );
}

function fieldsOf(change: Change): string[] {
  return [
    ...Object.keys(change.fields),
    ...change.identifiers.map((one) => one.type),
    ...change.assignments.map((one) => one.kind),
    ...(change.step ? ['status'] : []),
    ...(change.move ? ['class'] : []),
    ...(change.guardians.length + change.attach.length > 0 ? ['guardians'] : []),
    ...(change.consents.length > 0 ? ['consents'] : []),
  ];
}

/** The row itself, always with the next version: who has the page open is told that it has changed. */
function writeStudent(known: Known, change: Change, batch: Batch, ref: Reference): void {
  const { putAsideAt, ...before } = known.student;
  void putAsideAt;
  const after: Student = { ...pickStudent(before), ...change.fields, version: before.version + 1 };
  if (change.step) Object.assign(after, { status: change.step.to, statusOn: change.step.on });
  if (change.step?.closesEnrolment) Object.assign(after, { classId: null, streamId: null });
  if (change.move) Object.assign(after, { classId: change.move.classId, streamId: change.move.streamId });
  batch.changedStudent(after);
  if (change.step) batch.status(after, before.status, 'imported', change.step.on);
  writeLedger(known, change, after, batch, ref);
}

function writeLedger(known: Known, change: Change, after: Student, batch: Batch, ref: Reference): void {
  const open = known.enrolment;
  if (change.step?.closesEnrolment) {
    if (open) batch.changed('students_enrolments', closed(known, open.id, change.step.on, after.status as ExitReason));
    batch.events.push(
      StudentLeft({ studentId: after.id, on: change.step.on, status: after.status, reason: 'imported', imported: true }),
    );
  }
  if (!change.move) return;
  const { classId, streamId } = change.move;
  const on = open ? change.move.on : ref.placing.from(change.move.on);
  const reason: EntryReason & ExitReason = open?.classId === classId ? 'moved-stream' : 'moved-class';
  if (open) {
    const { leftOn, replaces } = closingDay(open, on);
    if (replaces) batch.gone('students_enrolments', open.id);
    else batch.changed('students_enrolments', closed(known, open.id, leftOn, reason));
  }
  const year = yearOn(ref.years, on)!;
  const entryReason = open ? reason : 'imported';
  batch.enrolment({ studentId: after.id, yearId: year.id, classId, streamId, enteredOn: on, entryReason });
  batch.events.push(
    StudentEnrolled({ studentId: after.id, yearId: year.id, classId, streamId, on, reason: entryReason, imported: true }),
  );
}

function closed(known: Known, id: string, leftOn: string, exitReason: ExitReason): Record<string, unknown> {
  return { ...known.rows.students_enrolments.find((row) => row.id === id)!, left_on: leftOn, exit_reason: exitReason };
}

function writeGuardians(known: Known, change: Change, batch: Batch, book: GuardianBook, trace: Trace): void {
  for (const { known: one, facts, tie } of change.guardians) {
    const changed = book.change(one.id, facts);
    if (changed) noteChanged(trace, changed, book);
    if (Object.keys(tie).length === 0) continue;
    const { livesWith, paysFees, getsSms, getsReports, mayCollect, barred, barredReason, relationship } = bar({
      ...one.tie,
      ...tie,
    });
    const row = known.rows.students_guardianships.find((candidate) => candidate.id === one.tie.id)!;
    batch.changed('students_guardianships', {
      ...row,
      relationship,
      lives_with: livesWith,
      pays_fees: paysFees,
      gets_sms: getsSms,
      gets_reports: getsReports,
      may_collect: mayCollect,
      barred,
      barred_reason: barredReason,
    });
  }
  const last = Math.max(0, ...known.guardians.map((one) => one.tie.priority));
  tieAll(
    known.student.id,
    change.attach,
    known.guardians.map((one) => one.id),
    last,
    batch,
    book,
    trace,
  );
}

function writeParts(known: Known, change: Change, batch: Batch, ref: Reference): void {
  const id = known.student.id;
  for (const one of change.identifiers) {
    const row = known.rows.students_identifiers.find((candidate) => candidate.type === one.type);
    if (row) batch.changed('students_identifiers', { ...row, value: one.value });
    else batch.identifier(id, one);
  }
  for (const one of change.consents) batch.consent(id, one.purpose, one.given);
  for (const one of change.assignments) {
    const row = known.rows.students_assignments.find((candidate) => candidate.kind === one.kind && candidate.to_on === null);
    if (row) {
      if ((row.from_on as string) >= ref.today) batch.gone('students_assignments', row.id as string);
      else batch.changed('students_assignments', { ...row, to_on: addDays(ref.today, -1) });
    }
    batch.assignment(id, { ...one, detail: one.detail ?? (row?.item_id === one.itemId ? (row.detail as string | null) : null) });
  }
}

const STUDENT_KEYS = [
  'id',
  'admissionNo',
  'paymentNo',
  'surname',
  'firstName',
  'middleName',
  'preferredName',
  'sex',
  'bornOn',
  'birthCertificateNo',
  'nationality',
  'homeArea',
  'religion',
  'firstLanguage',
  'address',
  'previousSchool',
  'specialNeeds',
  'orphanStatus',
  'boarding',
  'boardingChanges',
  'photoFileId',
  'status',
  'statusOn',
  'classId',
  'streamId',
  'joinedOn',
  'custom',
  'version',
] as const satisfies readonly (keyof Student)[];

function pickStudent(row: Student): Student {
  return Object.fromEntries(STUDENT_KEYS.map((key) => [key, row[key]])) as unknown as Student;
}
