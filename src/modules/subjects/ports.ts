import type { ServiceIdentifier } from 'inversify';
import type { Allocation, Pathway, Subject, SubjectException } from './domain/subject.js';
import type { ClassList, SchoolClass, Stream } from './index.js';

export interface ClassStore {
  /** From memory. */
  list(): Promise<ClassList>;
  insertClass(row: SchoolClass & { code: string }): Promise<void>;
  updateClass(row: SchoolClass): Promise<boolean>;
  insertStream(row: Stream): Promise<void>;
  updateStream(row: Stream): Promise<boolean>;
  /** Girls and boys who sit in each stream. */
  sizes(): Promise<Map<string, { girls: number; boys: number }>>;
}

export interface SubjectStore {
  /** From memory, in the school's order. */
  list(): Promise<Subject[]>;
  insert(subject: Subject): Promise<void>;
  update(subject: Subject): Promise<boolean>;
  pathways(): Promise<Pathway[]>;
  insertPathway(pathway: Pathway): Promise<void>;
  updatePathway(pathway: Pathway): Promise<boolean>;
}

export interface AllocationStore {
  ofStream(streamId: string): Promise<Allocation[]>;
  ofStaff(staffId: string, day: string): Promise<Allocation[]>;
  all(day: string): Promise<Allocation[]>;
  find(id: string): Promise<Allocation | null>;
  insert(allocation: Allocation): Promise<void>;
  close(id: string, toOn: string): Promise<void>;
  remove(id: string): Promise<void>;
  exceptions(subjectId: string, day: string): Promise<SubjectException[]>;
  insertException(exception: SubjectException): Promise<void>;
  closeException(id: string, toOn: string): Promise<void>;
}

/** Learners of a stream as a class list needs them; the students module answers. */
export interface StreamLearners {
  inStream(streamId: string): Promise<{ id: string; admissionNo: string; surname: string; firstName: string; middleName: string | null; sex: 'F' | 'M' }[]>;
}

export const CLASS_STORE: ServiceIdentifier<ClassStore> = Symbol('ClassStore');
export const SUBJECT_STORE: ServiceIdentifier<SubjectStore> = Symbol('SubjectStore');
export const ALLOCATION_STORE: ServiceIdentifier<AllocationStore> = Symbol('AllocationStore');
