import { runsOn } from './allocation.js';

export const SUBJECT_KINDS = ['compulsory', 'elective'] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];

export interface Subject {
  id: string;
  code: string;
  /** The examination body's own number. */
  nationalCode: string | null;
  name: string;
  shortName: string;
  department: string;
  kind: SubjectKind;
  /** Subjects that share a choice are alternatives: a learner takes one of them. */
  choice: string | null;
  practical: boolean;
  papers: number;
  /** Lessons a week, unless an allocation says otherwise. */
  periods: number | null;
  position: number;
  active: boolean;
  classIds: string[];
}

export interface Pathway {
  id: string;
  code: string;
  name: string;
  active: boolean;
  subjectIds: string[];
  streamIds: string[];
}

export interface Allocation {
  id: string;
  subjectId: string;
  streamId: string;
  staffId: string;
  periods: number;
  fromOn: string;
  toOn: string | null;
}

export interface SubjectException {
  id: string;
  studentId: string;
  subjectId: string;
  takes: boolean;
  setName: string | null;
  fromOn: string;
  toOn: string | null;
}

/** A senior stream on pathways may take their electives only; a stream on none may take every subject of its class. */
export function subjectsOfStream(subjects: readonly Subject[], pathways: readonly Pathway[], stream: { id: string; classId: string }): Subject[] {
  const own = pathways.filter((pathway) => pathway.active && pathway.streamIds.includes(stream.id));
  return subjects.filter((subject) => {
    if (!subject.active || !subject.classIds.includes(stream.classId)) return false;
    return own.length === 0 || subject.kind === 'compulsory' || own.some((pathway) => pathway.subjectIds.includes(subject.id));
  });
}

/** Everybody in the stream takes it; an elective, or one of several alternatives, is taken by those written down. */
export function followsStream(subject: Pick<Subject, 'kind' | 'choice'>): boolean {
  return subject.kind === 'compulsory' && subject.choice === null;
}

export interface Taking {
  takes: boolean;
  setName: string | null;
}

/** What one learner does with a subject on a day: the stream's rule unless an exception of theirs runs. */
export function takingOf(subject: Pick<Subject, 'kind' | 'choice'>, exceptions: readonly SubjectException[], day: string): Taking {
  const running = exceptions.find((one) => runsOn(one, day));
  return running ? { takes: running.takes, setName: running.setName } : { takes: followsStream(subject), setName: null };
}
