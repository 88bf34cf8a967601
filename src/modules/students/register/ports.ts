import type { ServiceIdentifier } from 'inversify';
import type { PersonName } from '../../../kernel/people/names.js';
import type { Page } from '../../../kernel/page.js';
import type { ListKind } from '../../school/index.js';
import type { CustomValue } from '../custom-fields/custom-field.rules.js';
import type { Enrolment } from '../enrolments/enrolment.rules.js';
import type { Guardian, Guardianship } from '../guardians/guardian.rules.js';
import type { Status } from '../enrolments/life-cycle.rules.js';
import type { FoundBy, Term } from '../search/search.rules.js';
import type { Boarding, Sex, Student } from './student.rules.js';
import type { LearnerOnRoll, PlaceToCome, RollDay, StudentBrief } from './briefs.rules.js';
import type { OpenAlert } from '../alerts/alert.rules.js';
import type { PlannedMove } from '../enrolments/ports.js';

/** Which children somebody may see: the whole school, the streams they teach, or their own children. */
export type Scope = { kind: 'all' } | { kind: 'streams'; streamIds: string[] } | { kind: 'children'; studentIds: string[] };

export interface StudentFilter {
  text: string | null;
  /** Whether guardians may lead to a child; whoever may not see them finds by the child’s own names and numbers alone. */
  byContacts?: boolean;
  classId: string | null;
  streamId: string | null;
  statuses: readonly Status[];
  boarding: Boarding | null;
  sex: Sex | null;
  /** Only those put aside as made by mistake. */
  putAside: boolean;
  /** Only those whose record lacks something. */
  missing?: Missing | null;
  /** Only those with this value in one of the school’s own fields. */
  custom?: { key: string; value: CustomValue } | null;
}

export interface NumberOwner extends PersonName {
  id: string;
  admissionNo: string;
  putAside: boolean;
}

export const MISSING_KINDS = [
  'class',
  'guardian',
  'phone',
  'birthday',
  'certificate',
  'certificates',
  'photo',
  'number',
] as const;
/** What a record lacks; `number` is an admission number of its own. */
export type Missing = (typeof MISSING_KINDS)[number];

/** `best` is the nearest match first, and by name where nothing is looked for. */
export type StudentSort = 'best' | 'name' | 'admission-no';

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
  /** By what a search found this one; null in a list that isn't ordered by it. */
  foundBy: FoundBy | null;
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

/** A child with what hangs on it. */
export interface StudentOnFile {
  student: Student;
  /** When it came into its present class. */
  placedSince: string | null;
  /** Kind → number. */
  identifiers: Readonly<Record<string, string>>;
  /** By priority, the barred ones last. */
  guardians: readonly GuardianOfStudent[];
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
  /** To another class, on a day that is still to come. */
  plannedMove: PlannedMove | null;
  /** Of every kind: who may see which is for `Alerts` to say. */
  openAlerts: OpenAlert[];
  /** The family has said no to a photo in the register: the one that is kept is shown nowhere. */
  photoRefused: boolean;
  putAsideAt: Date | null;
  mergedIntoId: string | null;
}

/** Which children are asked for; all of them leave out those put aside. */
export type Whom =
  { ids: readonly string[] } | { paymentNo: string } | { plainNumber: string } | { streamId: string } | { everybody: true };
export type OnRoll = Omit<LearnerOnRoll, 'familyId'> & { guardianIds: string[] };

export interface StudentStore {
  list(
    filter: StudentFilter,
    scope: Scope,
    sort: StudentSort,
    descending: boolean,
    cursor: string | null,
    limit: number,
  ): Promise<Page<StudentRow>>;
  counts(): Promise<StudentCounts>;
  profile(id: string, scope: Scope): Promise<StudentProfile | null>;
  /** Children by one of the questions, in register order; put-aside ones are left out. */
  briefs(which: Whom, scope: Scope): Promise<StudentBrief[]>;
  /** All with a class who are here, suspended or expected, in register order; sponsors don't count as guardians. */
  onRoll(): Promise<OnRoll[]>;
  /** By the ledger's lines of a year; `joining` as if theirs were written already. */
  onRollIn(of: RollDay, joining: readonly PlaceToCome[]): Promise<OnRoll[]>;
  find(id: string): Promise<Student | null>;
  /** Locks the row, so that two who change one child follow each other. */
  findForChange(id: string): Promise<Student | null>;
  insert(student: Student): Promise<void>;
  /** False when `version` is not the row's any more: somebody else was faster. */
  update(student: Student): Promise<boolean>;
  setPutAside(id: string, at: Date | null): Promise<void>;
  setMergedInto(id: string, keptId: string, at: Date): Promise<void>;
  paymentNoTaken(value: string): Promise<boolean>;
  /** Who has this admission number, capitals and signs aside; also those put aside. */
  numberOwner(admissionNo: string): Promise<NumberOwner | null>;
  /** Whose government number this is; identifiers belong to one child each. */
  identifierOwner(type: string, value: string): Promise<string | null>;
  setTerms(student: Pick<Student, 'id' | keyof PersonName>, terms: readonly Term[]): Promise<void>;
  /** Some of those whose words were written before words had ranks. */
  withoutRanks(limit: number): Promise<string[]>;
  /** Replaces the numbers of these types; those of other types stay. */
  setIdentifiers(studentId: string, types: readonly string[], identifiers: (Identifier & { id: string })[]): Promise<void>;
  addStatusChange(change: Omit<StatusChange, 'createdAt'>): Promise<void>;
  addConsent(consent: Consent): Promise<void>;
  openAssignment(studentId: string, kind: AssignmentKind): Promise<Assignment | null>;
  /** Those who have a place in this dorm now; whoever asks waits for others who give beds in it. */
  sleepersIn(dormId: string): Promise<(PersonName & { id: string; admissionNo: string; sex: Sex; bed: string | null })[]>;
  insertAssignment(assignment: Assignment): Promise<void>;
  closeAssignment(id: string, toOn: string): Promise<void>;
  removeAssignment(id: string): Promise<void>;
}

export interface EnrolmentStore {
  /** Of all children in scope who aren't put aside, in the order in which they were written. */
  page(scope: Scope, cursor: string | null, limit: number): Promise<Page<Enrolment>>;
  open(studentId: string): Promise<Enrolment | null>;
  insert(enrolment: Enrolment): Promise<void>;
  close(id: string, leftOn: string, reason: string): Promise<void>;
  reopen(id: string): Promise<void>;
  remove(id: string): Promise<void>;
  /** Sets the class and stream that lists show. */
  place(studentId: string, classId: string | null, streamId: string | null): Promise<void>;
}

export const STUDENT_STORE: ServiceIdentifier<StudentStore> = Symbol('StudentStore');
export const ENROLMENT_STORE: ServiceIdentifier<EnrolmentStore> = Symbol('EnrolmentStore');
