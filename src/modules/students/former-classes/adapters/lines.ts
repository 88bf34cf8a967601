import { query } from '../../../../platform/db/index.js';
import type { Enrolment } from '../../enrolments/enrolment.rules.js';

export type Line = Pick<
  Enrolment,
  'id' | 'studentId' | 'yearId' | 'classId' | 'streamId' | 'enteredOn' | 'leftOn' | 'exitReason'
>;

const LINE = `id, student_id as "studentId", year_id as "yearId", class_id as "classId", stream_id as "streamId",
  entered_on as "enteredOn", left_on as "leftOn", exit_reason as "exitReason"`;

/** All lines of these children. */
export function linesOf(studentIds: readonly string[]): Promise<Line[]> {
  return query<Line>('students.import.lines-of', `select ${LINE} from students_enrolments where student_id = any($1::uuid[])`, [
    [...new Set(studentIds)],
  ]);
}

export function linesNow(ids: readonly string[]): Promise<Line[]> {
  return query<Line>('students.import.lines-now', `select ${LINE} from students_enrolments where id = any($1::uuid[])`, [ids]);
}

export function isSame(one: Omit<Line, 'id' | 'studentId'>, other: Omit<Line, 'id' | 'studentId'>): boolean {
  return (
    one.yearId === other.yearId &&
    one.classId === other.classId &&
    one.streamId === other.streamId &&
    one.enteredOn === other.enteredOn &&
    one.leftOn === other.leftOn
  );
}

export function meet(one: Pick<Line, 'enteredOn' | 'leftOn'>, other: Pick<Line, 'enteredOn' | 'leftOn'>): boolean {
  return (one.leftOn === null || other.enteredOn <= one.leftOn) && (other.leftOn === null || one.enteredOn <= other.leftOn);
}
