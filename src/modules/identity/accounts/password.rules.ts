import { fold } from '../../../kernel/people/names.js';

export const SHORTEST_PASSWORD = 8;
export const LONGEST_PASSWORD = 200;

/** Words that everybody at this school would try first. */
export interface LocalWords {
  school: readonly string[];
  person: readonly string[];
}

/** What is wrong with a new password, as a sentence; null when it will do. No rule about kinds of characters. */
export function passwordProblem(password: string, common: ReadonlySet<string>, words: LocalWords): string | null {
  const length = [...password].length;
  if (length < SHORTEST_PASSWORD) return `Use at least ${SHORTEST_PASSWORD} characters. Three or four words work well.`;
  if (length > LONGEST_PASSWORD) return `Use at most ${LONGEST_PASSWORD} characters.`;
  const core = coreOf(password);
  if (new Set(fold(password).replace(/\s/g, '')).size < 4)
    return 'This repeats the same few characters. Use three or four words.';
  if (isRun(fold(password))) return 'This is a row of keys or digits. Use three or four words.';
  if (common.has(fold(password)) || common.has(core))
    return 'This is one of the first passwords people guess. Use three or four words.';
  if (isLocal(core, words.school)) return 'This is based on the school’s name. Use unrelated words.';
  if (isLocal(core, words.person)) return 'This is based on your own name, email or phone. Use other words.';
  return null;
}

/** The word inside: without the digits and signs that people hang on both ends, and with the usual swaps undone. */
function coreOf(password: string): string {
  return fold(password)
    .replace(/@/g, 'a')
    .replace(/\$/g, 's')
    .replace(/^[\d\W_]+|[\d\W_]+$/g, '')
    .replace(/0/g, 'o')
    .replace(/1/g, 'i')
    .replace(/3/g, 'e')
    .replace(/4/g, 'a')
    .replace(/5/g, 's')
    .replace(/7/g, 't');
}

/** True when nothing of length is left once the known words are taken out. */
function isLocal(core: string, words: readonly string[]): boolean {
  let rest = core.replace(/[^a-z]/g, '');
  const known = words.flatMap((word) => fold(word).split(/[^a-z0-9]+/)).filter((word) => word.length >= 4);
  const found = known.filter((word) => rest.includes(word)).sort((a, b) => b.length - a.length);
  if (found.length === 0) return false;
  for (const word of found) rest = rest.replaceAll(word, '');
  return rest.length < 4;
}

const ROWS = [
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  '01234567890',
  'qazwsxedcrfvtgbyhnujmikolp',
  '1qaz2wsx3edc4rfv5tgb',
];

function isRun(folded: string): boolean {
  const backwards = [...folded].reverse().join('');
  return ROWS.some((row) => row.includes(folded) || row.includes(backwards));
}
