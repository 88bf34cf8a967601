export type SubjectKind = 'compulsory' | 'elective';

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

/** Whether a learner of the stream takes the subject on a day: the stream's rule unless an exception says otherwise. */
export function takes(ofStream: boolean, exceptions: readonly SubjectException[], day: string): boolean {
  const running = exceptions.find((one) => one.fromOn <= day && (one.toOn === null || day <= one.toOn));
  return running ? running.takes : ofStream;
}
