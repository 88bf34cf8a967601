import { fold } from '../../../kernel/names.js';

export const RELATIONSHIPS = ['father', 'mother', 'guardian', 'grandmother', 'grandfather', 'aunt', 'uncle', 'sister', 'brother', 'sponsor', 'other'] as const;
export type Relationship = (typeof RELATIONSHIPS)[number];

export interface Guardian {
  id: string;
  fullName: string;
  phone: string | null;
  otherPhone: string | null;
  email: string | null;
  nationalId: string | null;
  occupation: string | null;
  address: string | null;
  language: string | null;
  version: number;
}

/** What one guardian is to one child, and what follows from it. */
export interface Guardianship {
  id: string;
  studentId: string;
  guardianId: string;
  relationship: Relationship;
  priority: number;
  livesWith: boolean;
  paysFees: boolean;
  getsSms: boolean;
  getsReports: boolean;
  mayCollect: boolean;
  barred: boolean;
  barredReason: string | null;
}

/** A barred guardian keeps the tie to the child and loses everything that comes with it. */
export function bar<Tie extends Pick<Guardianship, 'barred' | 'getsSms' | 'getsReports' | 'mayCollect' | 'livesWith'>>(tie: Tie): Tie {
  return tie.barred ? { ...tie, getsSms: false, getsReports: false, mayCollect: false, livesWith: false } : tie;
}

const TITLES = new Set(['mr', 'mrs', 'ms', 'miss', 'dr', 'prof', 'rev', 'pastor', 'sheikh', 'alhaji', 'alhaja', 'hajia', 'chief', 'eng', 'hon', 'mama', 'baba', 'bi', 'bw', 'mzee']);

/** The words of a name without titles, for comparing two spellings of one person. */
export function nameWords(fullName: string): string[] {
  return fold(fullName).split(/[\s.,]+/).filter((word) => word !== '' && !TITLES.has(word));
}

/** The word that stands for the family: the last one, as names are spoken. */
export function surnameOf(fullName: string): string {
  return nameWords(fullName).at(-1) ?? '';
}

/**
 * Whether two names may be the same person on one phone: they share at least one whole word. A phone alone never
 * merges two people, since families share phones.
 */
export function mayBeSamePerson(one: string, other: string): boolean {
  const words = new Set(nameWords(one));
  return nameWords(other).some((word) => word.length > 1 && words.has(word));
}
