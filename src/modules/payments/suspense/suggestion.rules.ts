import { fold } from '../../../kernel/people/names.js';
import { plainReference } from '../../../kernel/references.js';

export interface Candidate {
  id: string;
  admissionNo: string;
  paymentNo: string;
  surname: string;
  firstName: string;
  middleName: string | null;
}

export interface Suggestion {
  studentId: string;
  /** From 0 to 100. */
  score: number;
  why: 'number' | 'padded' | 'digits' | 'name';
}

const MOST = 5;
/** From here on nothing but the likeliest child is meant, where no other comes near it. */
const SURE = 90;
const APART = 5;
/** Below this a likeness is chance. */
const LEAST = 80;

/**
 * Children whom money may be for, likeliest first: the number as written 100, the same without zeros in front 95, its
 * digits alone 90 where only one child has them, a name 80 to 98 by how many of its words are there.
 */
export function suggest(written: { billRef: string; payerName: string }, children: readonly Candidate[]): Suggestion[] {
  const number = plainReference(written.billRef);
  const sameDigits = children.filter((child) => digitsOf(number).length >= 3 && digitsOf(child.admissionNo) === digitsOf(number));
  const words = [wordsOf(written.billRef), wordsOf(written.payerName)];
  const found = children.flatMap((child): Suggestion[] => {
    const by =
      byNumber(number, child) ??
      (sameDigits.length === 1 && sameDigits[0] === child ? { score: 90, why: 'digits' as const } : null);
    const likeness = Math.max(...words.map((some) => nameScore(some, child)));
    const best = by && by.score >= likeness ? by : { score: likeness, why: 'name' as const };
    return best.score >= LEAST ? [{ studentId: child.id, ...best }] : [];
  });
  return found.sort((a, b) => b.score - a.score).slice(0, MOST);
}

/** The one child that is clearly meant; null where two are alike, or none is like enough. */
export function clearlyMeant(suggestions: readonly Suggestion[]): Suggestion | null {
  const [first, second] = suggestions;
  return first && first.score >= SURE && first.score - (second?.score ?? 0) >= APART ? first : null;
}

function byNumber(number: string, child: Candidate): { score: number; why: 'number' | 'padded' } | null {
  if (number === '') return null;
  const own = [child.paymentNo, plainReference(child.admissionNo)];
  if (own.includes(number)) return { score: 100, why: 'number' };
  return own.some((one) => unpadded(one) === unpadded(number)) ? { score: 95, why: 'padded' } : null;
}

/** Two words of the name are 90, three 98; one word alone says too little. */
function nameScore(words: ReadonlySet<string>, child: Candidate): number {
  const name = nameOf(child);
  const shared = [...name].filter((word) => words.has(word)).length;
  if (shared >= 3) return 98;
  if (shared === 2) return words.size === 2 ? 94 : 88;
  return 0;
}

/** A page of payments asks for the same children again and again. */
const names = new WeakMap<Candidate, ReadonlySet<string>>();

function nameOf(child: Candidate): ReadonlySet<string> {
  const known = names.get(child) ?? wordsOf([child.surname, child.firstName, child.middleName ?? ''].join(' '));
  names.set(child, known);
  return known;
}

function wordsOf(text: string): Set<string> {
  return new Set(
    fold(text)
      .split(/[^a-z']+/)
      .filter((word) => word.length > 1),
  );
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, '').replace(/^0+/, '');
}

/** Zeros in front of each run of digits. */
function unpadded(text: string): string {
  return text.replace(/(^|\D)0+(?=\d)/g, '$1');
}
