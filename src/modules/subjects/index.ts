import type { Actor } from '../../kernel/actor.js';
import { token } from '../../platform/tokens.js';

/** The students module binds it: who sits in a stream. */
export { STREAM_LEARNERS, type Learner, type StreamLearners } from './ports.js';

/** A class is a year of schooling (Grade 7); a stream is one group of learners in it (Grade 7 East). */
export interface SchoolClass {
  id: string;
  name: string;
  shortName: string;
  /** Stage of the curriculum pack: `primary`, `junior` … */
  level: string;
  order: number;
  nextClassId: string | null;
  /** No position is printed for learners of an unranked class. */
  ranked: boolean;
  active: boolean;
}

export interface Stream {
  id: string;
  classId: string;
  name: string;
  /** `Grade 7 East`: what people say and what every page prints. */
  label: string;
  order: number;
  capacity: number | null;
  classTeacherId: string | null;
  room: string | null;
  campus: string | null;
  active: boolean;
}

export interface ClassList {
  classes: SchoolClass[];
  /** In the order of classes, then of streams. */
  streams: Stream[];
}

export interface SeedClass {
  name: string;
  streams: string[];
}

export interface SubjectsApi {
  /** Kept in memory and dropped when anything in it changes. */
  classList(): Promise<ClassList>;
  /** Makes levels, classes, streams, subjects and pathways of the school's country pack; what is there already stays. */
  seedFromPack(actor: Actor, packId: string, classes: SeedClass[]): Promise<void>;
  /** Streams whose class teacher or allocated teacher is this member of staff, on a day. */
  streamsOfTeacher(staffId: string, day: string): Promise<string[]>;
}

export const SUBJECTS = token<SubjectsApi>('Subjects');
