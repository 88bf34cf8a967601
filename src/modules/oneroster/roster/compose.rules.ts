import type { Lesson, Roster, RosterClass } from './roster.rules.js';
import { otherFiles, rosterFiles, type RosterRow, type Version } from '../format/spec.rules.js';

/** What stands in manifest.csv: every file of the standard, there or not. */
export function manifestRows(version: Version, source: { name: string; code: string }): [string, string][] {
  const here = rosterFiles(version).map((file): [string, string] => [`file.${file}`, 'bulk']);
  const absent = otherFiles(version).map((file): [string, string] => [`file.${file}`, 'absent']);
  return [
    ['manifest.version', '1.0'],
    ['oneroster.version', version],
    ...[...here, ...absent].sort(([a], [b]) => (a < b ? -1 : 1)),
    ['source.systemName', source.name],
    ['source.systemCode', source.code],
  ];
}

export function* orgRows({ school }: Roster): Generator<RosterRow> {
  yield { sourcedId: school.id, name: school.name, type: 'school', identifier: school.code };
}

/** A year is named by the calendar year in which it ends. */
export function* sessionRows({ years }: Roster): Generator<RosterRow> {
  for (const year of years) {
    const schoolYear = year.endsOn.slice(0, 4);
    yield {
      sourcedId: year.id,
      title: year.name,
      type: 'schoolYear',
      startDate: year.startsOn,
      endDate: year.endsOn,
      schoolYear,
    };
    for (const term of year.terms) {
      yield {
        sourcedId: term.id,
        title: term.name,
        type: 'term',
        startDate: term.startsOn,
        endDate: term.endsOn,
        parentSourcedId: year.id,
        schoolYear,
      };
    }
  }
}

/** Each class is the course of its homerooms; each subject is the course of its lessons. */
export function* courseRows(roster: Roster): Generator<RosterRow> {
  const common = { schoolYearSourcedId: roster.currentYear.id, orgSourcedId: roster.school.id };
  for (const one of roster.classes)
    yield { ...common, sourcedId: one.id, title: one.name, courseCode: one.shortName, grades: one.grade ?? '' };
  for (const one of roster.subjects) {
    const grades = roster.classes.filter((each) => one.classIds.includes(each.id)).flatMap((each) => each.grade ?? []);
    yield {
      ...common,
      sourcedId: one.id,
      title: one.name,
      courseCode: one.code,
      grades: [...new Set(grades)].join(','),
      subjects: one.department,
    };
  }
}

export const lessonId = (lesson: Pick<Lesson, 'streamId' | 'subjectId'>): string => `${lesson.streamId}.${lesson.subjectId}`;

export function* classRows(roster: Roster, classes: ReadonlyMap<string, RosterClass>): Generator<RosterRow> {
  const streams = new Map(roster.streams.map((one) => [one.id, one]));
  const subjects = new Map(roster.subjects.map((one) => [one.id, one]));
  const { terms, id } = roster.currentYear;
  const common = {
    schoolSourcedId: roster.school.id,
    termSourcedIds: terms.length > 0 ? terms.map((term) => term.id).join(',') : id,
  };
  for (const stream of roster.streams) {
    const own = classes.get(stream.classId)!;
    yield {
      ...common,
      sourcedId: stream.id,
      title: stream.label,
      grades: own.grade ?? '',
      courseSourcedId: own.id,
      classCode: stream.label,
      classType: 'homeroom',
      location: stream.room ?? '',
    };
  }
  for (const lesson of roster.lessons) {
    const stream = streams.get(lesson.streamId)!;
    const subject = subjects.get(lesson.subjectId)!;
    yield {
      ...common,
      sourcedId: lessonId(lesson),
      title: `${subject.name} ${stream.label}`,
      grades: classes.get(stream.classId)!.grade ?? '',
      courseSourcedId: subject.id,
      classCode: `${subject.code} ${stream.label}`,
      classType: 'scheduled',
      location: stream.room ?? '',
      subjects: subject.department,
    };
  }
}

/** Learners of a homeroom with the day on which they came; learners of a lesson as the subject's rules say. */
export function* enrolmentRows(
  roster: Roster,
  places: ReadonlyMap<string, readonly { id: string; since: string | null }[]>,
): Generator<RosterRow> {
  const present = new Set(roster.staff.map((one) => one.id));
  const row = (classId: string, userId: string, role: string, more: RosterRow): RosterRow => ({
    sourcedId: `${classId}.${userId}`,
    classSourcedId: classId,
    schoolSourcedId: roster.school.id,
    userSourcedId: userId,
    role,
    ...more,
  });
  for (const stream of roster.streams) {
    for (const one of places.get(stream.id) ?? [])
      yield row(stream.id, one.id, 'student', { primary: 'false', beginDate: one.since ?? '' });
    if (stream.classTeacherId && present.has(stream.classTeacherId))
      yield row(stream.id, stream.classTeacherId, 'teacher', { primary: 'true' });
  }
  for (const lesson of roster.lessons) {
    const id = lessonId(lesson);
    for (const one of places.get(lesson.streamId) ?? [])
      if (lesson.takes(one.id)) yield row(id, one.id, 'student', { primary: 'false' });
    const teachers = lesson.staffIds.filter((staffId) => present.has(staffId));
    for (const [at, staffId] of teachers.entries()) yield row(id, staffId, 'teacher', { primary: String(at === 0) });
  }
}
