import type { Band, Level, Subject } from './types.js';

/** Class names in order become levels that lead into each other; the last one leads to `then`. */
export function levels(
  stage: string,
  classes: readonly (readonly [code: string, name: string])[],
  options: { from: number; age: number; ranked: boolean; then: string | null },
): Level[] {
  return classes.map(([code, name], index) => ({
    code,
    name,
    stage,
    order: options.from + index,
    next: classes[index + 1]?.[0] ?? options.then,
    age: options.age + index,
    ranked: options.ranked,
  }));
}

interface SubjectOptions {
  code?: string;
  choice?: string;
  practical?: boolean;
  papers?: number;
}

export type SubjectLine = readonly [code: string, name: string, shortName: string, department: string, options?: SubjectOptions];

function toSubject(kind: Subject['kind'], classes: readonly string[], line: SubjectLine): Subject {
  const [code, name, shortName, department, options = {}] = line;
  return {
    code,
    nationalCode: options.code ?? null,
    name,
    shortName,
    department,
    kind,
    choice: options.choice ?? null,
    practical: options.practical ?? false,
    papers: options.papers ?? 1,
    periods: null,
    levels: classes,
  };
}

/** Lessons a week, by the subject's code. */
export function withPeriods(subjects: readonly Subject[], periods: Readonly<Record<string, number>>): Subject[] {
  return subjects.map((subject) => ({ ...subject, periods: periods[subject.code] ?? subject.periods }));
}

/** A curriculum comes in with the lowest class of each subject and goes up with its learners. */
export function comingIn(subjects: readonly Subject[], from: number): Subject[] {
  return subjects.map((subject) => ({
    ...subject,
    years: Object.fromEntries(subject.levels.map((code, n) => [code, { since: from + n }])),
  }));
}

/** What the curriculum had that goes out the same way. */
export function goingOut(subjects: readonly Subject[], from: number): Subject[] {
  return subjects.map((subject) => ({
    ...subject,
    years: Object.fromEntries(subject.levels.map((code, n) => [code, { until: from + n - 1 }])),
  }));
}

export function compulsory(classes: readonly string[], lines: readonly SubjectLine[]): Subject[] {
  return lines.map((line) => toSubject('compulsory', classes, line));
}

export function electives(classes: readonly string[], lines: readonly SubjectLine[]): Subject[] {
  return lines.map((line) => toSubject('elective', classes, line));
}

/** `['A', 75, 12, 'Excellent']` lines, best first. */
export function bands(
  lines: readonly (readonly [grade: string, lowest: number, points: number | null, words: string])[],
): Band[] {
  return lines.map(([grade, lowest, points, words]) => ({ grade, lowest, points, words }));
}

export const relations = [
  'Mother',
  'Father',
  'Guardian',
  'Grandmother',
  'Grandfather',
  'Aunt',
  'Uncle',
  'Sister',
  'Brother',
  'Step-mother',
  'Step-father',
  'Sponsor',
  'Other',
] as const;
