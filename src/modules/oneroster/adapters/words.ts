import type { T } from '../../../platform/i18n/i18n.js';
import type { Problem } from '../format/validate.rules.js';
import type { Part } from '../ports.js';

export function partLabels(t: T): Record<Part, string> {
  return {
    years: t('School years'),
    staff: t('Staff'),
    streams: t('Classes and streams'),
    subjects: t('Subjects'),
    students: t('Students, with their guardians'),
    allocations: t('Who teaches what'),
    choices: t('Students whose subjects differ from the class'),
  };
}

export function sentence({ text, vars }: Problem, t: T): string {
  const { head, ...rest } = vars ?? {};
  return t(text, { ...rest, ...(head !== undefined && { head: t(String(head)) }) });
}
