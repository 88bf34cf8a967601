import type { ServiceIdentifier } from 'inversify';
import type { Page } from '../../../kernel/page.js';
import type { Guardian, Guardianship, Relationship } from './guardian.rules.js';
import type { GuardianBrief, GuardianMarks } from '../register/briefs.rules.js';
import type { GuardianOfStudent, Scope } from '../register/ports.js';

/** Somebody with a phone: what they are to their children, and who these are. */
export interface GuardianOnPhone extends Guardian {
  relationships: Relationship[];
  children: string;
}

/** A guardian of a child, and somebody else who has the same phone. */
export interface SharedPhone {
  name: string;
  otherName: string;
}

export interface GuardianStore {
  find(id: string): Promise<Guardian | null>;
  byPhone(phone: string): Promise<GuardianOnPhone[]>;
  sharedPhones(studentId: string): Promise<SharedPhone[]>;
  search(text: string, limit: number): Promise<(Guardian & { children: string })[]>;
  /** Those of the children in scope, with the names of these. */
  list(
    text: string | null,
    scope: Scope,
    cursor: string | null,
    limit: number,
  ): Promise<Page<Guardian & { children: string; nameFolded: string }>>;
  insert(guardian: Guardian): Promise<void>;
  update(guardian: Guardian): Promise<boolean>;
  remove(id: string): Promise<void>;
  tiesOfStudent(studentId: string): Promise<GuardianOfStudent[]>;
  /** Those of the children who sit in these streams, each once, with the names of these children; barred ones are left out. */
  ofStreams(streamIds: readonly string[]): Promise<(Guardian & { children: string })[]>;
  briefsOf(studentIds: readonly string[]): Promise<({ studentId: string } & GuardianBrief)[]>;
  /** By child and priority; neither who is barred nor sponsors. */
  marksOf(studentIds: readonly string[]): Promise<({ studentId: string } & GuardianMarks)[]>;
  studentsOf(guardianId: string): Promise<{ studentId: string; barred: boolean }[]>;
  insertTie(tie: Guardianship): Promise<void>;
  updateTie(tie: Guardianship): Promise<boolean>;
  removeTie(id: string): Promise<void>;
}

export const GUARDIAN_STORE: ServiceIdentifier<GuardianStore> = Symbol('GuardianStore');
