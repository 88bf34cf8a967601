import { runsOn, type Allocation } from '../allocations/allocation.rules.js';

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
  version: number;
}

export interface Pathway {
  id: string;
  code: string;
  name: string;
  active: boolean;
  subjectIds: string[];
  streamIds: string[];
  version: number;
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
export function subjectsOfStream(
  subjects: readonly Subject[],
  pathways: readonly Pathway[],
  stream: { id: string; classId: string },
): Subject[] {
  const own = pathways.filter((pathway) => pathway.active && pathway.streamIds.includes(stream.id));
  return subjects.filter((subject) => {
    if (!subject.active || !subject.classIds.includes(stream.classId)) return false;
    return own.length === 0 || subject.kind === 'compulsory' || own.some((pathway) => pathway.subjectIds.includes(subject.id));
  });
}

/**
 * Everybody in a stream takes what is compulsory; of several alternatives, the one that has been taught there longest, so
 * that a second one that comes later takes nobody along. An elective is taken by those written down.
 * @param history of the stream's allocations, those that are over too
 */
export function followsStream(
  subject: Subject,
  subjects: readonly Subject[],
  history: readonly Allocation[],
  day: string,
): boolean {
  if (subject.kind === 'elective') return false;
  if (subject.choice === null) return true;
  return (
    firstTaught(
      subjects.filter((one) => one.choice === subject.choice),
      history,
      day,
    )?.id === subject.id
  );
}

function firstTaught(alternatives: readonly Subject[], history: readonly Allocation[], day: string): Subject | undefined {
  const since = (one: Subject): string =>
    history.filter((line) => line.subjectId === one.id).reduce((first, line) => (line.fromOn < first ? line.fromOn : first), day);
  return alternatives
    .filter((one) => history.some((line) => line.subjectId === one.id && runsOn(line, day)))
    .sort((a, b) => since(a).localeCompare(since(b)) || a.position - b.position)[0];
}

/** What the whole stream needs and nobody teaches: single subjects, and groups of alternatives of which none is taught. */
export function untaught(allowed: readonly Subject[], taughtIds: readonly string[]): Subject[][] {
  const compulsory = allowed.filter((one) => one.kind === 'compulsory');
  const groups = new Map<string, Subject[]>();
  for (const one of compulsory) groups.set(one.choice ?? one.id, [...(groups.get(one.choice ?? one.id) ?? []), one]);
  return [...groups.values()].filter((group) => !group.some((one) => taughtIds.includes(one.id)));
}

export interface Taking {
  takes: boolean;
  setName: string | null;
}

/** What one learner does with a subject on a day: the stream's rule unless an exception of theirs runs. */
export function takingOf(follows: boolean, exceptions: readonly SubjectException[], day: string): Taking {
  const running = exceptions.find((one) => runsOn(one, day));
  return running ? { takes: running.takes, setName: running.setName } : { takes: follows, setName: null };
}
