import type { AcademicYear } from '../../../kernel/school-calendar.js';
import type { PersonName } from '../../../kernel/people/names.js';

/** What a school has on one day, as far as the standard has a place for it. */
export interface Roster {
  school: { id: string; name: string; code: string };
  years: readonly AcademicYear[];
  /** Classes and what is taught in them belong to this one. */
  currentYear: AcademicYear;
  classes: readonly RosterClass[];
  streams: readonly RosterStream[];
  subjects: readonly RosterSubject[];
  lessons: readonly Lesson[];
  staff: readonly RosterStaff[];
}

export interface RosterClass {
  id: string;
  name: string;
  shortName: string;
  /** A code of the standard; null where the name of the class says nothing. */
  grade: string | null;
}

export interface RosterStream {
  id: string;
  classId: string;
  /** `Grade 7 East`. */
  label: string;
  room: string | null;
  classTeacherId: string | null;
}

export interface RosterSubject {
  id: string;
  code: string;
  name: string;
  department: string;
  classIds: readonly string[];
}

/** A subject that is taught in a stream. */
export interface Lesson {
  subjectId: string;
  streamId: string;
  /** Who has had it longest comes first. */
  staffIds: readonly string[];
  takes(studentId: string): boolean;
}

export interface RosterStaff extends PersonName {
  id: string;
  staffNo: string;
  sex: 'F' | 'M' | null;
  email: string | null;
  phone: string | null;
  category: 'teaching' | 'non-teaching';
}

export interface RosterLearner extends PersonName {
  id: string;
  admissionNo: string;
  preferredName: string | null;
  sex: 'F' | 'M';
  bornOn: string | null;
  classId: string | null;
  streamId: string | null;
  placedSince: string | null;
  /** Kind → number: `nemis-upi` → `A1B2C3`. */
  identifiers: Readonly<Record<string, string>>;
  guardians: readonly RosterGuardian[];
}

export interface RosterGuardian {
  id: string;
  fullName: string;
  relationship: string;
  email: string | null;
  phone: string | null;
  otherPhone: string | null;
  /** By a court order: nothing of the child goes to them. */
  barred: boolean;
}
