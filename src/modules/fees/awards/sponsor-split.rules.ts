import { plainReference } from '../../../kernel/references.js';
import type { Payer } from '../documents/document.rules.js';

/** Whose accounts a sponsor's money settles: its own bills and what is beyond them the family's account, only its own, or only the families'. */
export const PURPOSES = ['bills-first', 'bills', 'families'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** A line of the list that comes with a sponsor's payment, as somebody wrote it. */
export interface WrittenLine {
  n: number;
  text: string;
  /** Admission or payment number. */
  number: string;
  /** Minor units; null for what can't be read as one amount above zero. */
  amountMinor: number | null;
}

export interface Payee {
  id: string;
  admissionNo: string;
  paymentNo: string;
}

export type LineProblem = 'no-number' | 'no-amount' | 'unknown' | 'ambiguous' | 'repeated';

export interface CheckedLine<Student extends Payee> extends WrittenLine {
  student: Student | null;
  problem: LineProblem | null;
}

/** Whom each line is about: the one student with its number, whom no line before it names. Capitals, spaces and signs don't count. */
export function checkLines<Student extends Payee>(
  lines: readonly WrittenLine[],
  students: readonly Student[],
): CheckedLine<Student>[] {
  const byNumber = new Map<string, Map<string, Student>>();
  for (const student of students) {
    for (const number of new Set([plainReference(student.admissionNo), plainReference(student.paymentNo)])) {
      byNumber.set(number, (byNumber.get(number) ?? new Map<string, Student>()).set(student.id, student));
    }
  }
  const named = new Set<string>();
  return lines.map((line) => {
    const number = plainReference(line.number);
    const found = number === '' ? [] : [...(byNumber.get(number)?.values() ?? [])];
    const student = found.length === 1 ? found[0]! : null;
    const problem = problemOf(line, number, found.length, student !== null && named.has(student.id));
    if (student) named.add(student.id);
    return { ...line, student, problem };
  });
}

function problemOf({ amountMinor }: WrittenLine, number: string, found: number, again: boolean): LineProblem | null {
  if (number === '') return 'no-number';
  if (found === 0) return 'unknown';
  if (found > 1) return 'ambiguous';
  if (again) return 'repeated';
  return amountMinor === null ? 'no-amount' : null;
}

/** What of a child's part goes to the sponsor's own account and what to the family's; minor units. */
export function partsOf(
  amountMinor: number,
  openOfSponsorMinor: number,
  purpose: Purpose,
): { billsMinor: number; familyMinor: number } {
  const billsMinor =
    purpose === 'families' ? 0 : purpose === 'bills' ? amountMinor : Math.min(amountMinor, Math.max(0, openOfSponsorMinor));
  return { billsMinor, familyMinor: amountMinor - billsMinor };
}

/** A receipt for each account that gets something. */
export function sharesOf(
  studentId: string,
  sponsorId: string,
  { billsMinor, familyMinor }: ReturnType<typeof partsOf>,
): { studentId: string; payer: Payer; amountMinor: number }[] {
  return [
    { studentId, payer: { kind: 'sponsor' as const, id: sponsorId }, amountMinor: billsMinor },
    { studentId, payer: { kind: 'student' as const, id: studentId }, amountMinor: familyMinor },
  ].filter((share) => share.amountMinor > 0);
}
