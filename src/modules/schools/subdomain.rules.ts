import { fold } from '../../kernel/people/names.js';
import { RESERVED_SUBDOMAINS, subdomainProblem, type SubdomainProblem } from '../../kernel/subdomain.js';
import { OFFENSIVE_WORDS } from './offensive-words.rules.js';

const SENTENCES: Record<Exclude<SubdomainProblem, 'reserved'>, string> = {
  letters: 'Use only lower-case letters a to z, digits and hyphens.',
  short: 'An address has at least 3 characters.',
  long: 'An address has at most 40 characters.',
  'first-letter': 'An address begins with a letter.',
  hyphens: 'Use single hyphens between letters or digits, not at the end.',
};

/** The same words for what is reserved, offensive, taken or like one that is: nobody learns from it who is here. */
export const NOT_FREE = 'This address is taken. Choose another.';

/** What people type, as it will be kept: ` Lake View ` → `lake-view`. Nothing else is mended. */
export function tidySubdomain(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
}

/** Why this text can't be an address whoever else is here, as a sentence, or null. */
export function subdomainRefusal(text: string): string | null {
  const problem = subdomainProblem(text);
  if (problem && problem !== 'reserved') return SENTENCES[problem];
  return problem || looksReserved(text) || isOffensive(text) ? NOT_FREE : null;
}

/**
 * What is left of an address when everything is taken away that an eye may miss: hyphens, 0 and o, 1 and i and l,
 * rn and m, vv and w. Two addresses with the same skeleton are look-alikes.
 */
export function skeleton(subdomain: string): string {
  return subdomain.replaceAll('-', '').replaceAll('rn', 'm').replaceAll('vv', 'w').replaceAll('0', 'o').replace(/[1i]/g, 'l');
}

const reservedSkeletons = new Set(RESERVED_SUBDOMAINS.map(skeleton));
const ownSkeleton = skeleton('aims');

function looksReserved(text: string): boolean {
  return reservedSkeletons.has(skeleton(text)) || skeleton(text.split('-')[0]!) === ownSkeleton;
}

/** Whole words between hyphens only, so that `scunthorpe` and `assumption` are what they are. */
function isOffensive(text: string): boolean {
  const words = [...text.split('-'), text.replaceAll('-', '')];
  return words.some(
    (word) => OFFENSIVE_WORDS.has(word) || OFFENSIVE_WORDS.has(plainOf(word, 'i')) || OFFENSIVE_WORDS.has(plainOf(word, 'l')),
  );
}

/** Digits that stand for letters; 1 is an i or an l. */
function plainOf(word: string, one: 'i' | 'l'): string {
  const letters: Record<string, string> = { 0: 'o', 1: one, 3: 'e', 4: 'a', 5: 's', 7: 't', 8: 'b', 9: 'g' };
  return word.replace(/[01345789]/g, (digit) => letters[digit]!);
}

const COMMON = new Set([
  'school',
  'schools',
  'academy',
  'the',
  'of',
  'and',
  'primary',
  'secondary',
  'high',
  'junior',
  'senior',
  'college',
  'ecole',
  'shule',
  'ya',
  'la',
  'le',
  'de',
]);

/** Addresses made of a school's name and town, the nicest first; whether they are free is for others to say. */
export function proposeSubdomains(name: string, town: string): string[] {
  const words = wordsOf(name);
  const own = words.filter((word) => !COMMON.has(word));
  const core = own.length > 0 ? own : words;
  const place = wordsOf(town).join('-');
  const initials = words.map((word) => word[0]).join('');
  const joined = core.join('');
  const dashed = core.join('-');
  const made = [
    joined,
    dashed,
    words.join('-'),
    `${dashed}-${place}`,
    `${joined}-school`,
    `${initials}-${place}`,
    `${joined}-academy`,
    `${place}-${dashed}`,
  ];
  const numbered = [2, 3, 4, 5, 6, 7, 8, 9].map((number) => `${dashed}-${place}-${number}`);
  return [...new Set([...made, ...numbered].map(trim))].filter((text) => subdomainRefusal(text) === null);
}

function wordsOf(text: string): string[] {
  return fold(text)
    .replaceAll("'", '')
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
}

function trim(text: string): string {
  return text
    .slice(0, 40)
    .replace(/^[^a-z]+|-+$/g, '')
    .replace(/-{2,}/g, '-');
}
