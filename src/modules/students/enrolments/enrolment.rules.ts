import { formatDay } from '../../../kernel/day-words.js';
import { RuleBroken } from '../../../kernel/errors.js';
import type { AcademicYear } from '../../../kernel/school-calendar.js';

/** One line of the enrolment ledger: a span in one class and stream. Days are `YYYY-MM-DD`, both ends included. */
export interface Enrolment {
  id: string;
  studentId: string;
  yearId: string;
  classId: string;
  streamId: string | null;
  rollNo: number | null;
  enteredOn: string;
  entryReason: EntryReason;
  leftOn: string | null;
  exitReason: ExitReason | null;
  note: string | null;
}

export const ENTRY_REASONS = [
  'admitted',
  'promoted',
  'repeating',
  'moved-stream',
  'moved-class',
  'returned',
  'transferred-in',
  'imported',
] as const;
export type EntryReason = (typeof ENTRY_REASONS)[number];
/** `ended` is a class of an old register of which nobody has said what came after it. */
export const EXIT_REASONS = [
  'promoted',
  'repeating',
  'moved-stream',
  'moved-class',
  'withdrawn',
  'transferred',
  'graduated',
  'corrected',
  'ended',
] as const;
export type ExitReason = (typeof EXIT_REASONS)[number];

export const ENTRY_WORDS: Record<EntryReason, string> = {
  admitted: 'Admitted',
  promoted: 'Promoted',
  repeating: 'Repeat the class',
  'moved-stream': 'Moved stream',
  'moved-class': 'Moved class',
  returned: 'Returned',
  'transferred-in': 'Joined from another school',
  imported: 'From the old register',
};

/** Neither the same class nor one beside it: from Grade 4 to Form 4 somebody has most likely chosen the wrong line. */
export function isOddStep(
  classes: readonly { id: string; order: number; nextClassId: string | null; active: boolean }[],
  fromId: string,
  toId: string,
): boolean {
  const ordered = classes.filter((one) => one.active || one.id === fromId || one.id === toId).sort((a, b) => a.order - b.order);
  const [from, to] = [ordered.findIndex((one) => one.id === fromId), ordered.findIndex((one) => one.id === toId)];
  if (from < 0 || to < 0 || ordered[from]!.nextClassId === toId || ordered[to]!.nextClassId === fromId) return false;
  return Math.abs(from - to) > 1;
}

/**
 * Whether a child's first line is the class it joined in: it began in the calendar, and no term went by in between.
 * What was before a list was taken over, or before the calendar, nobody knows here.
 */
export function isJoinedIn(
  first: Pick<Enrolment, 'enteredOn'>,
  joinedOn: string | null,
  years: readonly AcademicYear[],
): boolean {
  if (joinedOn === null || joinedOn >= first.enteredOn) return true;
  const began = years.some((year) => year.startsOn <= joinedOn);
  return began && !years.some(({ terms }) => terms.some((term) => joinedOn <= term.endsOn && term.endsOn < first.enteredOn));
}

/**
 * A move on a day closes the open line the day before and opens the next on that day; a move on the very first day of
 * the open line replaces it.
 * @throws RuleBroken when the day lies before the open line began.
 */
export function closingDay(open: Pick<Enrolment, 'enteredOn'>, movesOn: string): { leftOn: string; replaces: boolean } {
  if (movesOn < open.enteredOn) {
    throw new RuleBroken(
      'move-before-entry',
      `The current class began on ${formatDay(open.enteredOn)}; a move can’t be earlier.`,
      'on',
    );
  }
  if (movesOn === open.enteredOn) return { leftOn: movesOn, replaces: true };
  return { leftOn: dayBefore(movesOn), replaces: false };
}

function dayBefore(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - 1);
  return date.toISOString().slice(0, 10);
}
