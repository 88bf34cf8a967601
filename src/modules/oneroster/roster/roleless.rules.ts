import type { Content, Numbered } from '../format/content.rules.js';

/** Stands for the role of somebody of whom users.csv doesn't say it. */
export const NOT_SAID = 'student';

/**
 * Of a bundle that has people's roles neither beside them nor in roles.csv: who teaches a class is a teacher, who sits in one
 * or has a grade is a student. Of the others nobody knows, and they are left out.
 */
export function withRolesOfClasses(content: Content): { content: Content; unknown: Numbered[] } {
  const inClass = new Map<string, string>();
  for (const { row } of content.rows.enrollments) {
    if (row.role !== 'student' || !inClass.has(row.userSourcedId!)) inClass.set(row.userSourcedId!, row.role!);
  }
  const roleOf = ({ row }: Numbered): string | null => inClass.get(row.sourcedId!) ?? (row.grades ? 'student' : null);
  const unknown = content.rows.users.filter((one) => roleOf(one) === null);
  const users = content.rows.users.flatMap((one): Numbered[] => {
    const role = roleOf(one);
    return role === null ? [] : [{ ...one, row: { ...one.row, role } }];
  });
  return { content: { ...content, rows: { ...content.rows, users } }, unknown };
}
