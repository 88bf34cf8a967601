import type { ServiceIdentifier } from 'inversify';
import type { Page } from '../../kernel/page.js';
import type { Enrolment } from './domain/enrolment.js';
import type { Guardian, Guardianship, Relationship } from './domain/guardian.js';
import type { StudentBrief } from './index.js';
import type { ListKind } from '../school/index.js';
import type { Boarding, Sex, Student } from './domain/student.js';
import type { StudentDocument } from './domain/document.js';
import type { Status } from './domain/life-cycle.js';
import type { ByHand, Decision, Rollover, RolloverRow } from './domain/rollover.js';

export type { AuditTrail } from '../../kernel/audit.js';

/** Which children somebody may see: the whole school, the streams they teach, or their own children. */
export type Scope = { kind: 'all' } | { kind: 'streams'; streamIds: string[] } | { kind: 'children'; studentIds: string[] };

export interface StudentFilter {
  text: string | null;
  classId: string | null;
  streamId: string | null;
  statuses: readonly Status[];
  boarding: Boarding | null;
  sex: Sex | null;
  /** Only those put aside as made by mistake. */
  putAside: boolean;
  /** Only those whose record lacks something. */
  missing?: Missing | null;
}

export const MISSING_KINDS = ['class', 'phone', 'birthday', 'certificate', 'photo'] as const;
export type Missing = (typeof MISSING_KINDS)[number];

/** The whole register in a few numbers. */
export interface Overview {
  here: number;
  girls: number;
  boys: number;
  boarders: number;
  expected: number;
  suspended: number;
  aside: number;
  missing: Record<Missing, number>;
  classes: { classId: string; girls: number; boys: number }[];
  moves: { id: string; surname: string; firstName: string; streamId: string | null; status: Status; reason: string; on: string }[];
}

export interface OverviewStore {
  /** `since`: the first day whose comings and goings count. */
  overview(since: string): Promise<Overview>;
}

export type StudentSort = 'name' | 'admission-no';

/** One line of the list: what a person needs to recognise a child. */
export interface StudentRow {
  id: string;
  admissionNo: string;
  paymentNo: string;
  surname: string;
  firstName: string;
  middleName: string | null;
  sex: Sex;
  bornOn: string | null;
  status: Status;
  boarding: Boarding;
  classId: string | null;
  streamId: string | null;
  photoFileId: string | null;
  specialNeeds: string | null;
  sortName: string;
  guardianName: string | null;
  guardianPhone: string | null;
}

export interface StudentCounts {
  active: number;
  girls: number;
  boys: number;
  expected: number;
}

/** A guardian as one child's page shows them. */
export interface GuardianOfStudent extends Guardian {
  tie: Guardianship;
}

export interface EnrolmentLine extends Enrolment {
  yearName: string | null;
}

export interface Identifier {
  type: string;
  value: string;
}

export interface StatusChange {
  id: string;
  studentId: string;
  fromStatus: Status | null;
  toStatus: Status;
  onDay: string;
  reason: string;
  note: string | null;
  byUserId: string | null;
  byName: string | null;
  undoesId: string | null;
  createdAt: Date;
}

export interface Consent {
  id: string;
  studentId: string;
  guardianId: string | null;
  purpose: string;
  given: boolean;
  onDay: string;
  wording: string;
  byUserId: string | null;
  byName: string | null;
}

/** One of the school's lists: a child has at most one open place in each. */
export type AssignmentKind = ListKind;

export interface Assignment {
  id: string;
  studentId: string;
  kind: AssignmentKind;
  itemId: string | null;
  detail: string | null;
  fromOn: string;
  toOn: string | null;
}

export interface Sibling {
  id: string;
  surname: string;
  firstName: string;
  middleName: string | null;
  sex: Sex;
  streamId: string | null;
  status: Status;
  photoFileId: string | null;
}

/** Everything that one child's page shows, read in one trip. */
export interface StudentProfile {
  student: Student;
  identifiers: Identifier[];
  guardians: GuardianOfStudent[];
  enrolments: Enrolment[];
  statusChanges: StatusChange[];
  consents: Consent[];
  assignments: Assignment[];
  siblings: Sibling[];
  putAsideAt: Date | null;
  mergedIntoId: string | null;
}

export interface StudentStore {
  list(filter: StudentFilter, scope: Scope, sort: StudentSort, descending: boolean, cursor: string | null, limit: number): Promise<Page<StudentRow>>;
  counts(): Promise<StudentCounts>;
  profile(id: string, scope: Scope): Promise<StudentProfile | null>;
  /** Children by one of the questions, in register order; put-aside ones are left out. */
  briefs(which: { ids: readonly string[] } | { paymentNo: string } | { streamId: string }, scope: Scope): Promise<StudentBrief[]>;
  find(id: string): Promise<Student | null>;
  /** Locks the row, so that two who change one child follow each other. */
  findForChange(id: string): Promise<Student | null>;
  insert(student: Student): Promise<void>;
  /** False when `version` is not the row's any more: somebody else was faster. */
  update(student: Student): Promise<boolean>;
  setPutAside(id: string, at: Date | null): Promise<void>;
  setMergedInto(id: string, keptId: string, at: Date): Promise<void>;
  numberTaken(kind: 'admissionNo' | 'paymentNo', value: string): Promise<boolean>;
  /** Whose government number this is; identifiers belong to one child each. */
  identifierOwner(type: string, value: string): Promise<string | null>;
  setTerms(studentId: string, terms: string[]): Promise<void>;
  setIdentifiers(studentId: string, identifiers: (Identifier & { id: string })[]): Promise<void>;
  addStatusChange(change: Omit<StatusChange, 'createdAt'>): Promise<void>;
  addConsent(consent: Consent): Promise<void>;
  openAssignment(studentId: string, kind: AssignmentKind): Promise<Assignment | null>;
  insertAssignment(assignment: Assignment): Promise<void>;
  closeAssignment(id: string, toOn: string): Promise<void>;
  removeAssignment(id: string): Promise<void>;
}

export interface GuardianStore {
  find(id: string): Promise<Guardian | null>;
  byPhone(phone: string): Promise<Guardian[]>;
  search(text: string, limit: number): Promise<(Guardian & { children: string })[]>;
  list(text: string | null, cursor: string | null, limit: number): Promise<Page<Guardian & { children: string; nameFolded: string }>>;
  insert(guardian: Guardian): Promise<void>;
  update(guardian: Guardian): Promise<boolean>;
  remove(id: string): Promise<void>;
  tiesOfStudent(studentId: string): Promise<GuardianOfStudent[]>;
  /** Those of the children who sit in these streams, each once, with the names of these children; barred ones are left out. */
  ofStreams(streamIds: readonly string[]): Promise<(Guardian & { children: string })[]>;
  studentsOf(guardianId: string): Promise<{ studentId: string; barred: boolean }[]>;
  insertTie(tie: Guardianship): Promise<void>;
  updateTie(tie: Guardianship): Promise<boolean>;
  removeTie(id: string): Promise<void>;
}

export interface EnrolmentStore {
  open(studentId: string): Promise<Enrolment | null>;
  insert(enrolment: Enrolment): Promise<void>;
  close(id: string, leftOn: string, reason: string): Promise<void>;
  reopen(id: string): Promise<void>;
  remove(id: string): Promise<void>;
  /** Sets the class and stream that lists show. */
  place(studentId: string, classId: string | null, streamId: string | null): Promise<void>;
}

/** A child as cards, lists and sheets need it. */
export interface PrintStudent {
  id: string;
  admissionNo: string;
  surname: string;
  firstName: string;
  middleName: string | null;
  sex: Sex;
  bornOn: string | null;
  streamId: string | null;
  specialNeeds: string | null;
  photoFileId: string | null;
  boarding: Boarding;
  address: string | null;
  guardians: {
    fullName: string;
    phone: string | null;
    otherPhone: string | null;
    address: string | null;
    relationship: Relationship;
    mayCollect: boolean;
    barred: boolean;
    barredReason: string | null;
  }[];
}

export interface PrintStore {
  students(which: { ids: readonly string[] } | { streamIds: readonly string[] }, scope: Scope): Promise<PrintStudent[]>;
  ages(day: string): Promise<{ streamId: string | null; age: number | null; boys: number; girls: number }[]>;
  issue(documents: readonly StudentDocument[]): Promise<void>;
  byCode(code: string): Promise<(StudentDocument & { surname: string; firstName: string; admissionNo: string; status: string }) | null>;
  countIssued(kind: string, year: string): Promise<number>;
}

/** A child that may be the same as another, and why. */
export interface Likeness {
  id: string;
  surname: string;
  firstName: string;
  middleName: string | null;
  admissionNo: string;
  bornOn: string | null;
  streamId: string | null;
  why: string;
}

export interface DuplicateStore {
  like(child: { sounds: string[]; bornOn: string | null; birthCertificateNo: string | null; phones: string[] }): Promise<Likeness[]>;
  pairs(limit: number): Promise<{ one: Likeness; other: Likeness }[]>;
  /** Somebody has looked: these are two children, and never come up as a pair again. */
  setDistinct(oneId: string, otherId: string, byName: string): Promise<void>;
  /** Guardians, ledger, consents, identifiers and assignments; an open line or tie that would be double is closed or dropped. */
  moveOwnRows(fromStudentId: string, toStudentId: string, today: string): Promise<void>;
}

/** A file as it lies on the disk after an upload, made into a passport photo without anything hidden in it. */
export interface Pictures {
  photo(file: { path: string }): Promise<Uint8Array>;
}

/** A child whose class ends with the year. */
export interface LearnerToMove {
  studentId: string;
  enrolmentId: string;
  classId: string;
  streamId: string | null;
}

export interface RolloverCount {
  classId: string;
  streamId: string | null;
  total: number;
  promoted: number;
  repeating: number;
  leaving: number;
  review: number;
  byHand: number;
}

/** A line of the rollover as its list shows it. */
export interface RolloverLine extends RolloverRow {
  surname: string;
  firstName: string;
  middleName: string | null;
  admissionNo: string;
  sex: Sex;
  sortName: string;
}

export interface RolloverFilter {
  streamId: string | null;
  decision: Decision | null;
  /** What a person should look at: to decide, held back, or decided by hand. */
  exceptions: boolean;
  text: string | null;
}

export interface NamedStudent {
  id: string;
  surname: string;
  firstName: string;
  admissionNo: string;
}

export type NewRollover = Pick<Rollover, 'id' | 'fromYearId' | 'toYearId' | 'closesOn' | 'opensOn' | 'pass' | 'margin' | 'plan' | 'byUserId' | 'byName'>;

export interface RolloverStore {
  list(): Promise<Rollover[]>;
  find(id: string): Promise<Rollover | null>;
  findForChange(id: string): Promise<Rollover | null>;
  /** The one that isn't taken back, if there is one into that year. */
  standingInto(yearId: string): Promise<Rollover | null>;
  insert(rollover: NewRollover): Promise<void>;
  setRule(id: string, rule: Pick<Rollover, 'plan' | 'pass' | 'margin'>): Promise<void>;
  remove(id: string): Promise<void>;
  /** Active and suspended children whose open line is not of that year yet. */
  toMove(toYearId: string): Promise<LearnerToMove[]>;
  /** Active and suspended children who are in no class. */
  unplaced(): Promise<NamedStudent[]>;
  /** Children who are to come, by class. */
  intake(): Promise<{ classId: string | null; streamId: string | null; count: number }[]>;
  byHand(rolloverId: string): Promise<ReadonlyMap<string, ByHand>>;
  replaceRows(rolloverId: string, rows: readonly RolloverRow[]): Promise<void>;
  row(rolloverId: string, studentId: string): Promise<RolloverLine | null>;
  rows(rolloverId: string, filter: RolloverFilter, cursor: string | null, limit: number): Promise<Page<RolloverLine>>;
  counts(rolloverId: string): Promise<RolloverCount[]>;
  /** How many learners each stream and class has afterwards. */
  sizes(rolloverId: string): Promise<{ classId: string; streamId: string | null; count: number }[]>;
  /** Holds still all children of the rollover, then counts those of whom the register says something else now. */
  lockAndCountDrift(rollover: Rollover): Promise<number>;
  countDrift(rollover: Rollover): Promise<number>;
  /** Set statements for the whole school; the table refuses the end when somebody was lost on the way. */
  commit(rollover: Rollover, by: { userId: string | null; name: string }): Promise<void>;
  /** Where everybody is after the commit, for the events. */
  moved(rolloverId: string): Promise<{ studentId: string; decision: Decision; classId: string | null; streamId: string | null; on: string }[]>;
  /** Children who are not where the rollover has put them. */
  movedSince(rolloverId: string): Promise<NamedStudent[]>;
  undo(rollover: Rollover, by: { userId: string | null; name: string }, today: string): Promise<void>;
}

export interface BulkChange {
  id: string;
  kind: 'move' | 'edit';
  studentIds: string[];
  what: Record<string, string | null>;
  byUserId: string | null;
  byName: string | null;
  createdAt: Date;
}

export interface BulkStore {
  insert(change: Omit<BulkChange, 'createdAt'>): Promise<void>;
  find(id: string): Promise<BulkChange | null>;
}

/** What other modules will answer for once they are there; each has a plain answer until then. */
export interface StudentTies {
  /** Why this child can't be merged away or put aside (`3 receipts`), or an empty list. */
  obstaclesToRemoval(studentId: string): Promise<string[]>;
  /** Moves what hangs on one child to another, in the caller's transaction. */
  moveTo(fromStudentId: string, toStudentId: string): Promise<void>;
  /** The mean of each child's results in a year, 0 to 100; a child whom nobody has marked is not in it. */
  yearResults(studentIds: readonly string[], yearId: string): Promise<ReadonlyMap<string, number>>;
  /** Whether anything was marked in a year: from then on a rollover into it can't be undone. */
  yearHasMarks(yearId: string): Promise<boolean>;
}

export const STUDENT_STORE: ServiceIdentifier<StudentStore> = Symbol('StudentStore');
export const GUARDIAN_STORE: ServiceIdentifier<GuardianStore> = Symbol('GuardianStore');
export const PRINT_STORE: ServiceIdentifier<PrintStore> = Symbol('PrintStore');
export const DUPLICATE_STORE: ServiceIdentifier<DuplicateStore> = Symbol('DuplicateStore');
export const ENROLMENT_STORE: ServiceIdentifier<EnrolmentStore> = Symbol('EnrolmentStore');
export const ROLLOVER_STORE: ServiceIdentifier<RolloverStore> = Symbol('RolloverStore');
export const BULK_STORE: ServiceIdentifier<BulkStore> = Symbol('BulkStore');
export const STUDENT_PICTURES: ServiceIdentifier<Pictures> = Symbol('StudentPictures');
export const OVERVIEW_STORE: ServiceIdentifier<OverviewStore> = Symbol('OverviewStore');
/** Multi-bound: every module that hangs something on a child adds its own. */
export const STUDENT_TIES: ServiceIdentifier<StudentTies> = Symbol('StudentTies');

export type { Relationship };
