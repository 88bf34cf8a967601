import type { Actor } from '../../kernel/actor.js';
import type { Allocation } from './allocations/allocation.rules.js';
import type { ClassList } from './classes/classes.rules.js';
import type { Subject } from './subjects/subject.rules.js';
import { token } from '../../platform/tokens.js';

/** The students module binds it: who sits in a stream. */
export { STREAM_LEARNERS, type Learner, type StreamLearners } from './ports.js';

export { classSpellings } from './subjects/spellings.rules.js';
export type { ClassList, SchoolClass, Stream } from './classes/classes.rules.js';
export type { Subject };

export interface SeedClass {
  name: string;
  streams: string[];
}

/** A subject that is taught in a stream on a day. */
export interface Lesson {
  subjectId: string;
  streamId: string;
  /** Who has had it longest comes first. */
  staffIds: string[];
  /** Periods a week, of all teachers together. */
  periods: number;
  /** Whether all of the stream take it, but for those who are named. */
  everybody: boolean;
  /** Learner → whether they take it, where that is unlike the rest. */
  exceptions: ReadonlyMap<string, boolean>;
}

export interface SubjectsApi {
  /** Kept in memory and dropped when anything in it changes. */
  classList(): Promise<ClassList>;
  /** Makes levels, classes, streams, subjects and pathways of the school's country pack; what is there already stays. */
  /** @param year in which the school year begins, by which classes run and have their subjects; the running one when none is named */
  seedFromPack(actor: Actor, packId: string, classes: SeedClass[], year?: number): Promise<void>;
  /** In the school’s order, those switched off too; from memory. */
  subjects(): Promise<readonly Subject[]>;
  /** What is taught on a day, in two statements for the whole school. */
  lessons(day: string): Promise<Lesson[]>;
  /** Streams whose class teacher or allocated teacher is this member of staff, on a day. */
  streamsOfTeacher(staffId: string, day: string): Promise<string[]>;
}

/** How the subjects of a class change with the turn of a year. */
export interface SubjectTurn {
  classId: string;
  /** Names of subjects. */
  comes: string[];
  goes: string[];
}

/** That a class has a subject from now on, or hasn't any more. */
export interface SubjectChange {
  subjectId: string;
  classId: string;
  taught: boolean;
  /** Who taught it there until then, as the allocation was before it ended. */
  ended?: readonly Allocation[];
}

/** Where a curriculum is coming in, the turn of a year changes the subjects of classes; years are those in which school years begin. */
export interface CurriculumTurn {
  planned(from: number, to: number): Promise<SubjectTurn[]>;
  /** @param lastDay of the old year: who teaches what goes, ends with it. @returns what was changed, for taking it back */
  make(actor: Actor, from: number, to: number, lastDay: string): Promise<SubjectChange[]>;
  takeBack(actor: Actor, made: readonly SubjectChange[], lastDay: string): Promise<void>;
}

export const CURRICULUM_TURN = token<CurriculumTurn>('CurriculumTurn');

/** Learners who take or drop a subject unlike their stream, as another system says it. */
export interface SubjectChoices {
  /** From this day on; @returns the ids of what was added, in this order */
  add(day: string, choices: readonly { studentId: string; subjectId: string; takes: boolean }[]): Promise<string[]>;
  remove(ids: readonly string[]): Promise<void>;
}

export const SUBJECT_CHOICES = token<SubjectChoices>('SubjectChoices');

export const SUBJECTS = token<SubjectsApi>('Subjects');
