import { searchWords } from '../../../kernel/people/names.js';
import { sortName, type Staff } from './staff.record.js';

export const LEAVING_REASONS = ['Resigned', 'Contract ended', 'Retired', 'Transferred', 'Dismissed', 'Died', 'Other'] as const;

export function worksOn(staff: Pick<Staff, 'joinedOn' | 'leftOn'>, day: string): boolean {
  return (staff.joinedOn === null || staff.joinedOn <= day) && !hasLeft(staff, day);
}

export function hasLeft(staff: Pick<Staff, 'leftOn'>, day: string): boolean {
  return staff.leftOn !== null && staff.leftOn < day;
}

export interface StaffFilter {
  q?: string | undefined;
  category?: Staff['category'] | undefined;
  /** `here` works today or will, `left` does not any more. */
  state: 'here' | 'left' | 'all';
}

const MOST_WORDS = 4;

/** Whom a list with this filter shows, in the order of `all`. */
export function matching(all: readonly Staff[], { q, category, state }: StaffFilter, today: string): Staff[] {
  const words = searchWords(q ?? '').slice(0, MOST_WORDS);
  return all.filter(
    (one) =>
      (state === 'all' || (state === 'left') === hasLeft(one, today)) &&
      (!category || one.category === category) &&
      words.every((word) => isFoundBy(one, word)),
  );
}

/** A word of digits is looked for in phones and staff numbers, another at the start of any name. */
function isFoundBy(staff: Staff, word: string): boolean {
  if (staff.staffNo.toLowerCase().includes(word)) return true;
  if (/^\+?\d{3,}$/.test(word)) return staff.phone?.includes(word.replace(/^(\+|0)/, '')) ?? false;
  return ` ${sortName(staff).replaceAll('-', ' ').replaceAll("'", '')}`.includes(` ${word}`);
}
