import type { Severity } from './validate.rules.js';

/** Column of a list of ours → column of the standard that fills it. */
const COLUMNS: Record<string, string> = {
  staffNo: 'identifier',
  surname: 'familyName',
  firstName: 'givenName',
  middleName: 'middleName',
  nationalId: 'identifier',
  admission_no: 'identifier',
  first_name: 'givenName',
  middle_name: 'middleName',
  preferred_name: 'preferredGivenName',
  born_on: 'birthDate',
  sex: 'sex',
  phone: 'sms',
  class: 'title',
  stream: 'title',
  class_teacher: 'userSourcedId',
  code: 'courseCode',
  name: 'title',
  classes: 'grades',
  class_since: 'beginDate',
  subject: 'courseSourcedId',
  teacher: 'userSourcedId',
  room: 'location',
};

export function columnOf(key: string | null): string | null {
  if (key === null) return null;
  if (key.startsWith('guardian_')) return 'agentSourcedIds';
  if (key.startsWith('identifier_')) return 'userIds';
  return COLUMNS[key] ?? key;
}

export interface MarkedLine {
  marks: readonly { rule: string; value: string; detail?: string }[];
}

export interface SameRule {
  column: string | null;
  severity: Severity;
  text: string;
  when: 'same' | 'differs' | 'apart';
}

/** What it means that lines of one bundle share a mark: line → what is to be said of it. */
export function sharedMarks(
  lines: readonly MarkedLine[],
  rules: Readonly<Record<string, SameRule>>,
): Map<number, { rule: SameRule; first: number; other: string }[]> {
  const firsts = new Map<string, { at: number; detail: string }>();
  const found = new Map<number, { rule: SameRule; first: number; other: string }[]>();
  for (const [at, { marks }] of lines.entries()) {
    for (const mark of marks) {
      const rule = rules[mark.rule];
      if (!rule) continue;
      const key = `${mark.rule}\n${mark.value}`;
      const first = firsts.get(key);
      if (!first) firsts.set(key, { at, detail: mark.detail ?? '' });
      else if (first.at !== at && counts(rule.when, first.detail, mark.detail ?? ''))
        found.set(at, [...(found.get(at) ?? []), { rule, first: first.at, other: first.detail }]);
    }
  }
  return found;
}

function counts(when: SameRule['when'], first: string, detail: string): boolean {
  if (when === 'same') return true;
  if (when === 'differs') return first !== detail;
  const words = new Set(first.split(' '));
  return !detail.split(' ').some((word) => words.has(word));
}
