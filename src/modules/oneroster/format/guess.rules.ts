import { fold } from '../../../kernel/people/names.js';
import type { AcademicYear } from '../../../kernel/school-calendar.js';
import { alive, goneOf, type Content } from './content.rules.js';
import { asGradeCode, gradeOf } from '../roster/grades.rules.js';
import { idsOf } from './validate.rules.js';

/** What the school has, as far as a guess needs it. */
export interface Here {
  profile: { name: string; code: string };
  country: string;
  years: readonly AcademicYear[];
  /** Classes of the school, then those of the country's pack that it doesn't have. */
  classNames: readonly string[];
  streams: readonly { id: string; label: string; name: string; className: string }[];
  subjects: readonly { id: string; code: string; name: string; shortName: string; classNames: readonly string[] }[];
  primaryYears: number;
}

/** What a thing of the bundle is here: somebody's choice, or our guess. Empty leaves it out. */
export interface Choices {
  orgId: string | null;
  /** For learners whose sex the bundle doesn't say; empty leaves them out. */
  sex: '' | 'F' | 'M';
  /** People whom we know and who are gone there: empty leaves them here, `leave` withdraws the students among them. */
  gone: '' | 'leave';
  /** Session → `new`, the id of a year of ours, or empty. */
  years: Record<string, string>;
  /** Homeroom → class and stream. */
  places: Record<string, { className: string; streamName: string }>;
  /** Grade → class, for learners without a homeroom. */
  grades: Record<string, string>;
  /** Course → `new`, the id of a subject of ours, or empty. */
  courses: Record<string, string>;
}

export interface Findings {
  orgs: { id: string; name: string; people: number }[];
  years: { id: string; title: string; from: string; to: string; terms: number }[];
  homerooms: { id: string; title: string; course: string; grades: string; learners: number }[];
  grades: { code: string; learners: number }[];
  courses: { id: string; title: string; code: string; lessons: number; /** By the standard's code. */ grades: string[] }[];
  /** Learners whose sex is not said. */
  sexless: number;
  /** People who are deleted or switched off there. */
  gone: number;
}

/** Ids of ours that a sourcedId is known to stand for. */
export type Known = (kind: 'year' | 'stream' | 'subject', sourcedId: string) => string | null;

export function guess(content: Content, findings: Findings, here: Here, known: Known): Choices {
  const byName = findings.orgs.find((one) => fold(one.name) === fold(here.profile.name));
  const largest = [...findings.orgs].sort((a, b) => b.people - a.people)[0];
  return {
    orgId: (byName ?? largest)?.id ?? null,
    sex: '',
    gone: '',
    years: Object.fromEntries(findings.years.map((one) => [one.id, known('year', one.id) ?? guessYear(one, here.years)])),
    places: Object.fromEntries(findings.homerooms.map((one) => [one.id, guessPlace(one, here, known('stream', one.id))])),
    grades: Object.fromEntries(findings.grades.map(({ code }) => [code, classOfGrade(code, here) ?? ''])),
    courses: Object.fromEntries(findings.courses.map((one) => [one.id, known('subject', one.id) ?? guessSubject(one, here)])),
  };
}

/** A year of ours that has the same days is the same year; a year that only touches one of ours can't be made. */
function guessYear(one: Findings['years'][number], years: readonly AcademicYear[]): string {
  const met =
    years.find((year) => year.startsOn <= one.to && one.from <= year.endsOn) ??
    years.find((year) => fold(year.name) === fold(one.title));
  return met?.id ?? 'new';
}

function guessPlace(one: Findings['homerooms'][number], here: Here, streamId: string | null): Choices['places'][string] {
  const own =
    here.streams.find((stream) => stream.id === streamId) ??
    here.streams.find((stream) => fold(stream.label) === fold(one.title));
  if (own) return { className: own.className, streamName: own.name };
  const named = [one.course, one.title]
    .flatMap((text) => here.classNames.filter((name) => startsWith(text, name)))
    .sort((a, b) => b.length - a.length)[0];
  const code = asGradeCode(idsOf(one.grades)[0] ?? '') ?? gradeOf(one.title, here.primaryYears);
  const className = named ?? (code ? classOfGrade(code, here) : null) ?? (one.course || one.title);
  return { className: className.slice(0, 40), streamName: streamOf(one.title, className).slice(0, 30) };
}

function startsWith(text: string, name: string): boolean {
  const [whole, begin] = [fold(text), fold(name)];
  return whole === begin || whole.startsWith(`${begin} `) || whole.startsWith(`${begin}-`);
}

function classOfGrade(code: string, here: Here): string | null {
  return here.classNames.find((name) => gradeOf(name, here.primaryYears) === code) ?? null;
}

/** What a title says beyond the class: `Grade 7 East`, `7 East`, `7-East`, `7E` → `East` or `E`. */
export function streamOf(title: string, className: string): string {
  const rest = startsWith(title, className) ? title.trim().slice(className.length) : title;
  const digits = /\d+/.exec(className)?.[0];
  const words = rest.split(/[\s\-–_/.:]+/).filter(Boolean);
  const own = new Set(fold(className).split(' '));
  const left = words.flatMap((word) => {
    const bare = digits && word.startsWith(digits) ? word.slice(digits.length) : word;
    return bare === '' ||
      own.has(fold(bare)) ||
      /^(?:grade|class|form|year|std|standard|homeroom|primary)$/i.test(bare) ||
      (digits !== undefined && Number(bare) === Number(digits))
      ? []
      : [bare];
  });
  return left.join(' ');
}

function guessSubject(one: Findings['courses'][number], here: Here): string {
  const same = (text: string): boolean =>
    text !== '' && (fold(text) === fold(one.title) || (one.code !== '' && fold(text) === fold(one.code)));
  const coded = here.subjects.find((subject) => one.code !== '' && fold(subject.code) === fold(one.code));
  if (coded) return coded.id;
  // Primary and junior school may each have a “Mathematics” of their own.
  const named = here.subjects.filter((subject) => same(subject.name) || same(subject.shortName));
  const there = named.find((subject) =>
    subject.classNames.some((name) => one.grades.includes(gradeOf(name, here.primaryYears) ?? '')),
  );
  return (there ?? named[0])?.id ?? 'new';
}

/** What a page shows of a bundle, and what is to be decided. */
export function findingsOf(
  content: Content,
  people: ReadonlyMap<string, { roles: ReadonlySet<string>; row: { grades?: string }; sex: 'F' | 'M' | null }>,
  orgId: string | null,
): Findings {
  const members = new Map<string, number>();
  for (const { row } of content.manifest.version === '1.1' ? alive(content, 'users') : alive(content, 'roles')) {
    for (const id of content.manifest.version === '1.1' ? idsOf(row.orgSourcedIds) : [row.orgSourcedId!])
      members.set(id, (members.get(id) ?? 0) + 1);
  }
  const classes = alive(content, 'classes').filter(({ row }) => row.schoolSourcedId === orgId);
  const homerooms = classes.filter(({ row }) => row.classType === 'homeroom');
  const lessons = classes.filter(({ row }) => row.classType !== 'homeroom');
  const learners = new Map<string, number>();
  const placed = new Set<string>();
  const isHomeroom = new Set(homerooms.map(({ row }) => row.sourcedId));
  for (const { row } of alive(content, 'enrollments')) {
    if (row.role !== 'student') continue;
    learners.set(row.classSourcedId!, (learners.get(row.classSourcedId!) ?? 0) + 1);
    if (isHomeroom.has(row.classSourcedId)) placed.add(row.userSourcedId!);
  }
  const titles = new Map(alive(content, 'courses').map(({ row }) => [row.sourcedId, row]));
  const grades = new Map<string, number>();
  let sexless = 0;
  for (const [id, person] of people) {
    if (!person.roles.has('student')) continue;
    if (person.sex === null) sexless += 1;
    const code = placed.has(id) ? null : asGradeCode(idsOf(person.row.grades)[0] ?? '');
    if (code) grades.set(code, (grades.get(code) ?? 0) + 1);
  }
  const taught = new Map<string, string[]>();
  for (const { row } of lessons)
    taught.set(row.courseSourcedId!, [...(taught.get(row.courseSourcedId!) ?? []), row.grades ?? '']);
  const used = new Set(classes.map(({ row }) => row.courseSourcedId));
  return {
    orgs: alive(content, 'orgs')
      .filter(({ row }) => row.type === 'school')
      .map(({ row }) => ({ id: row.sourcedId!, name: row.name!, people: members.get(row.sourcedId!) ?? 0 })),
    years: yearsOf(content).map(({ id, title, from, to, terms }) => ({ id, title, from, to, terms: terms.length })),
    homerooms: homerooms.map(({ row }) => ({
      id: row.sourcedId!,
      title: row.title!,
      course: titles.get(row.courseSourcedId)?.title ?? '',
      grades: row.grades ?? titles.get(row.courseSourcedId)?.grades ?? '',
      learners: learners.get(row.sourcedId!) ?? 0,
    })),
    grades: [...grades].map(([code, count]) => ({ code, learners: count })).sort((a, b) => (a.code < b.code ? -1 : 1)),
    // A course of which there are homerooms only is a class, not a subject.
    courses: [...titles.values()]
      .filter((row) => taught.has(row.sourcedId!) || !used.has(row.sourcedId))
      .map((row) => {
        const among = taught.get(row.sourcedId!) ?? [];
        return {
          id: row.sourcedId!,
          title: row.title!,
          code: row.courseCode ?? '',
          lessons: among.length,
          grades: gradesAmong([row.grades ?? '', ...among]),
        };
      }),
    sexless,
    gone: goneOf(content).size,
  };
}

function gradesAmong(lists: readonly string[]): string[] {
  return [...new Set(lists.flatMap((list) => idsOf(list).flatMap((written) => asGradeCode(written) ?? [])))];
}

export interface BundleYear {
  id: string;
  title: string;
  from: string;
  to: string;
  terms: { title: string; from: string; to: string }[];
}

/** School years with what is directly under them: terms, else semesters, else grading periods. */
export function yearsOf(content: Content): BundleYear[] {
  const sessions = alive(content, 'academicSessions');
  return sessions
    .filter(({ row }) => row.type === 'schoolYear')
    .map(({ row }) => {
      const below = sessions.filter((one) => one.row.parentSourcedId === row.sourcedId);
      const kind = ['term', 'semester', 'gradingPeriod'].find((type) => below.some((one) => one.row.type === type));
      const terms = below
        .filter((one) => one.row.type === kind)
        .map((one) => ({ title: one.row.title!, from: one.row.startDate!, to: one.row.endDate! }));
      return {
        id: row.sourcedId!,
        title: row.title!,
        from: row.startDate!,
        to: row.endDate!,
        terms: terms.sort((a, b) => (a.from < b.from ? -1 : 1)),
      };
    });
}
