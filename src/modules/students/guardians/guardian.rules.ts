import { fold } from '../../../kernel/people/names.js';
import { nameSound } from '../search/name-sound.rules.js';

export const RELATIONSHIPS = [
  'father',
  'mother',
  'guardian',
  'grandmother',
  'grandfather',
  'aunt',
  'uncle',
  'sister',
  'brother',
  'sponsor',
  'other',
] as const;
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
  /** The day on which this person has last looked over what the school holds. */
  refreshedOn?: string | null;
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
export function bar<Tie extends Pick<Guardianship, 'barred' | 'getsSms' | 'getsReports' | 'mayCollect' | 'livesWith'>>(
  tie: Tie,
): Tie {
  return tie.barred ? { ...tie, getsSms: false, getsReports: false, mayCollect: false, livesWith: false } : tie;
}

const NO_FAMILY: ReadonlySet<Relationship> = new Set(['sponsor', 'other']);

/** Whether somebody may fetch the child when nobody has said so: a person of the family may, who only pays or is somebody else may not. */
export function mayCollectUnsaid(relationship: Relationship): boolean {
  return !NO_FAMILY.has(relationship);
}

const TITLES = new Set([
  'mr',
  'mrs',
  'ms',
  'miss',
  'dr',
  'prof',
  'rev',
  'pastor',
  'sheikh',
  'alhaji',
  'alhaja',
  'hajia',
  'chief',
  'eng',
  'hon',
  'mama',
  'baba',
  'bi',
  'bw',
  'mzee',
]);

/** The words of a name without titles, for comparing two spellings of one person. */
export function nameWords(fullName: string): string[] {
  return fold(fullName)
    .split(/[\s.,]+/)
    .filter((word) => word !== '' && !TITLES.has(word));
}

/** The word that stands for the family: the last one, as names are spoken. */
export function surnameOf(fullName: string): string {
  return nameWords(fullName).at(-1) ?? '';
}

/** The same words in any order, titles left out. */
export function sameName(one: string, other: string): boolean {
  return nameWords(one).sort().join(' ') === nameWords(other).sort().join(' ');
}

/**
 * Whether two names may be the same person on one phone: they share a whole word, and not the surname alone beside
 * given names that differ. A phone alone never merges two people, since families share phones.
 */
export function mayBeSamePerson(one: string, other: string): boolean {
  const [mine, theirs] = [nameWords(one), nameWords(other)];
  const shared = mine.filter((word) => word.length > 1 && theirs.includes(word));
  if (shared.length === 0) return false;
  const familyOnly = shared.every((word) => word === mine.at(-1) && word === theirs.at(-1));
  return !familyOnly || givenNamesMeet(mine.slice(0, -1), theirs.slice(0, -1));
}

/** Whoever wrote no given name contradicts nobody; initials and other spellings of one name agree. */
function givenNamesMeet(mine: readonly string[], theirs: readonly string[]): boolean {
  if (mine.length === 0 || theirs.length === 0) return true;
  return mine.some((word) =>
    theirs.some((other) => word.startsWith(other) || other.startsWith(word) || nameSound(word) === nameSound(other)),
  );
}

const WOMEN = new Set<Relationship>(['mother', 'grandmother', 'aunt', 'sister']);
const MEN = new Set<Relationship>(['father', 'grandfather', 'uncle', 'brother']);

/**
 * Whether somebody with the same phone is the person who is named: names that may be one person's, and not the father
 * in one place and the mother in the other, who often share a phone and a surname.
 */
export function isSamePerson(
  one: { fullName: string; relationships: readonly Relationship[] },
  said: { fullName: string; relationship: Relationship },
): boolean {
  if (sameName(one.fullName, said.fullName)) return true;
  const is = said.relationship;
  const opposite =
    (WOMEN.has(is) && one.relationships.some((each) => MEN.has(each))) ||
    (MEN.has(is) && one.relationships.some((each) => WOMEN.has(each)));
  return !opposite && mayBeSamePerson(one.fullName, said.fullName);
}
