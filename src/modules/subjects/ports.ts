import type { Allocation } from './allocations/allocation.rules.js';
import type { ClassList, SchoolClass, Size, Stream } from './classes/classes.rules.js';
import type { Pathway, Subject, SubjectException } from './subjects/subject.rules.js';
import { token } from '../../platform/tokens.js';

export interface ClassStore {
  /** From memory. */
  list(): Promise<ClassList>;
  /** @throws Invalid when another class has the name */
  insertClass(row: SchoolClass & { code: string }): Promise<void>;
  /** @throws Stale when it has another version by now; Invalid when another class has the name */
  updateClass(row: SchoolClass): Promise<void>;
  /** @throws Invalid when the class has a stream of this name */
  insertStream(row: Stream): Promise<void>;
  /** @throws Stale when it has another version by now; Invalid when the class has a stream of this name */
  updateStream(row: Stream): Promise<void>;
  /** Girls and boys who sit in each stream. */
  sizes(): Promise<Map<string, Size>>;
  /** How many learners sit in these streams or are expected there. */
  placedIn(streamIds: readonly string[]): Promise<number>;
  /** Holds the stream until the transaction ends, so that two who change what is taught in it follow each other. */
  lockStream(id: string): Promise<void>;
}

export interface SubjectStore {
  /** From memory, in the school's order. */
  list(): Promise<Subject[]>;
  /** @throws Invalid when another subject has the code */
  insert(subject: Subject): Promise<void>;
  /** @throws Stale when it has another version by now; Invalid when another subject has the code */
  update(subject: Subject): Promise<void>;
  pathways(): Promise<Pathway[]>;
  /** @throws Invalid when another pathway has the code */
  insertPathway(pathway: Pathway): Promise<void>;
  /** @throws Stale when it has another version by now */
  updatePathway(pathway: Pathway): Promise<void>;
}

export interface AllocationStore {
  /** With its history: what runs first, then the newest. */
  ofStream(streamId: string): Promise<Allocation[]>;
  /** With the history, the same way. */
  allOfStaff(staffId: string): Promise<Allocation[]>;
  ofStaff(staffId: string, day: string): Promise<Allocation[]>;
  all(day: string): Promise<Allocation[]>;
  /** What runs or begins after the day. */
  after(day: string): Promise<Allocation[]>;
  /** Every line that there is, the longest first. */
  history(): Promise<Allocation[]>;
  /** Of all subjects, those that run on the day. */
  exceptionsOn(day: string): Promise<SubjectException[]>;
  find(id: string): Promise<Allocation | null>;
  insert(allocation: Allocation): Promise<void>;
  /** `toOn` is the last day; null opens it again. */
  close(id: string, toOn: string | null): Promise<void>;
  remove(id: string): Promise<void>;
  /** Those that run on the day or begin later. */
  exceptions(subjectId: string, day: string): Promise<SubjectException[]>;
  insertException(exception: SubjectException): Promise<void>;
  closeException(id: string, toOn: string): Promise<void>;
  removeException(id: string): Promise<void>;
}

/** Learners of a stream as a class list needs them, in register order; the students module answers. */
export interface StreamLearners {
  inStream(streamId: string): Promise<Learner[]>;
}

export interface Learner {
  id: string;
  admissionNo: string;
  surname: string;
  firstName: string;
  middleName: string | null;
  sex: 'F' | 'M';
}

export const CLASS_STORE = token<ClassStore>('ClassStore');
export const SUBJECT_STORE = token<SubjectStore>('SubjectStore');
export const ALLOCATION_STORE = token<AllocationStore>('AllocationStore');
export const STREAM_LEARNERS = token<StreamLearners>('StreamLearners');
