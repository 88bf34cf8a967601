import { fold } from '../../../kernel/people/names.js';
import { REJECT_HEADS, type ColumnGroup, type Heading } from '../columns.js';

/** For each heading of the file, in its order, the key of the column it fills, or null. */
export type Mapping = (string | null)[];

/** Words that sheets use for one another. Compared after the exact spellings, so a module's own aliases win. */
const SAME = new Map(
  Object.entries({
    phone: 'tel telephone mobile cell cellphone simu contact contacts portable',
    number: 'no num nr nos numero namba nambari',
    name: 'names jina majina nom noms nome',
    email: 'mail',
    sex: 'gender sexe jinsia',
    'birth date': 'dob birthday birthdate',
    admission: 'adm admn',
  }).flatMap(([meaning, words]) => words.split(' ').map((word) => [word, meaning] as const)),
);
const IDLE = new Set(['of', 'the', 's', 'de', 'du', 'des', 'la', 'le', 'ya', 'wa', 'cha', 'za', 'and', 'in']);

const WHO = '(?:pupils?|students?|learners?|child(?:ren)?)(?: s)?(?: (?:details?|information|info|particulars?|bio ?data|data))?';
/** The upper of two rows of headings that only says whose the columns below are: `PUPIL` over `SURNAME`, `NAME OF LEARNER` over `OTHER NAMES`. */
const OWNER = new RegExp(`^(?:${WHO}|(?:full )?names?(?: of)?(?: the)?(?: ${WHO})? (?=.*name)) ?(?=.)`);

export function foldHead(text: string): string {
  return fold(text.normalize('NFKC'))
    .replace(/\be[\s-]mail\b/g, 'email')
    .replace(/[#№]/g, ' number ')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .replace(/([a-z])(\d)/g, '$1 $2')
    .trim()
    .replace(/^(?:[a-z] )+[a-z]$/, (letters) => letters.replaceAll(' ', ''));
}

/** The words of a folded heading by meaning, in one order: `Tel. of mother` and `Mother phone` are the same. */
function meaning(folded: string): string {
  const words = folded.split(' ').flatMap((word) => (SAME.get(word) ?? word).split(' '));
  const kept = words.filter((word) => word && !IDLE.has(word));
  const phone = kept.includes('phone');
  return [...new Set(kept.filter((word) => !(phone && word === 'number')))].sort().join(' ');
}

interface Candidate {
  header: number;
  key: string;
  score: number;
}

/**
 * The likely column of each heading: exact spellings first, then aliases, then words of the same meaning, then
 * one mistyped letter. No column is given twice, and a heading that nothing fits stays null.
 */
export function guessMapping(headers: readonly string[], columns: readonly Heading[]): Mapping {
  return headingMatcher(columns)(headers);
}

/** `guessMapping` for many rows of headings against the same columns. */
export function headingMatcher(columns: readonly Heading[]): (headers: readonly string[]) => Mapping {
  const ignored = new Set<string>(Object.values(REJECT_HEADS).map(foldHead));
  const words = new Set(columns.flatMap((column) => column.group?.words.map(foldHead) ?? []));
  const known = columns.map((column) => spellings(column, words));
  return (headers) => {
    const heads = headers.map((header) => (header.length > 200 ? '' : foldHead(header)));
    const places = groupPlaces(heads, words);
    const candidates: Candidate[] = [];
    heads.forEach((head, header) => {
      if (!head || ignored.has(head)) return;
      // `Date of birth (DD/MM/YYYY)`, `Sex (M/F)`: without the brackets when that says something the whole does not.
      const bare = foldHead(headers[header]!.replace(/\([^)]*\)|\[[^\]]*\]/g, ' '));
      const [sense, bareSense] = [meaning(head), meaning(bare)];
      const own = head.replace(OWNER, '');
      for (const column of known) {
        const whole = Math.max(likeness(head, sense, column), groupLikeness(places[header], column));
        // What a group says of itself is not the child's own.
        const below = own !== head && !column.group ? likeness(own, meaning(own), column) - 20 : 0;
        const score = whole || Math.max(bare && bare !== head ? likeness(bare, bareSense, column) - 15 : 0, below);
        if (score > 0) candidates.push({ header, key: column.columnKey, score });
      }
    });
    return assign(headers.length, candidates);
  };
}

/** Best first; of equals, the one further left in the file. */
function assign(length: number, candidates: Candidate[]): Mapping {
  const mapping: Mapping = new Array<string | null>(length).fill(null);
  const taken = new Set<string>();
  for (const { header, key } of candidates.sort((a, b) => b.score - a.score || a.header - b.header)) {
    if (mapping[header] !== null || taken.has(key)) continue;
    mapping[header] = key;
    taken.add(key);
  }
  return mapping;
}

interface Spellings {
  columnKey: string;
  head: string;
  key: string;
  aliases: string[];
  meanings: Set<string>;
  group: { words: Set<string>; number: number; fields: Set<string> } | null;
}

function spellings(column: Heading, groupWords: Set<string>): Spellings {
  const head = foldHead(column.head);
  const aliases = (column.aliases ?? []).map(foldHead);
  const names = [head, ...aliases];
  return {
    columnKey: column.key,
    head,
    key: foldHead(column.key.replace(/([a-z])([A-Z])/g, '$1 $2')),
    aliases,
    meanings: new Set(names.map(meaning)),
    group: column.group ? groupOf(column.group, names, groupWords) : null,
  };
}

/** An alias of a grouped column may name the field alone (`tel`) or with the group (`parent 1 tel`). */
function groupOf(group: ColumnGroup, names: string[], groupWords: Set<string>): Spellings['group'] {
  const fields = names.map((name) => splitGroup(name, groupWords)?.field ?? meaning(name));
  return { words: new Set(group.words.map(foldHead)), number: group.number, fields: new Set(fields) };
}

function likeness(head: string, sense: string, known: Spellings): number {
  if (head === known.head) return 100;
  if (head === known.key) return 95;
  if (known.aliases.includes(head)) return 90;
  if (sense && known.meanings.has(sense)) return 70;
  return oneLetterOff(head, known.head) || known.aliases.some((name) => oneLetterOff(head, name)) ? 40 : 0;
}

/** What a heading says of a repeated group: which one, and which field of it. */
interface GroupPlace {
  word: string;
  number: number;
  field: string;
}

/**
 * Headings that carry a group's word, numbered: by the number they carry, else `Mother …` and `Father …` by the
 * order in which the words come.
 */
function groupPlaces(heads: string[], words: Set<string>): (GroupPlace | null)[] {
  if (!words.size) return heads.map(() => null);
  const found = heads.map((head) => splitGroup(head, words));
  const used = new Set(found.flatMap((place) => (place?.number ? [place.number] : [])));
  const numbers = new Map<string, number>();
  for (const place of found) {
    if (!place || place.number) continue;
    let number = numbers.get(place.word);
    for (number ??= 1; used.has(number) && !numbers.has(place.word);) number += 1;
    used.add(number);
    numbers.set(place.word, number);
    place.number = number;
  }
  return found;
}

function splitGroup(head: string, words: Set<string>): GroupPlace | null {
  const parts = head.split(' ');
  const at = parts.findIndex((part) => words.has(part) || (part.endsWith('s') && words.has(part.slice(0, -1))));
  if (at < 0) return null;
  const word = words.has(parts[at]!) ? parts[at]! : parts[at]!.slice(0, -1);
  const number = parts.findIndex((part) => /^[1-9]$/.test(part));
  // `Parent / guardian contact` names the group twice.
  const also = words.has(parts[at + 1] ?? '') ? at + 1 : at;
  const field = parts.filter((_part, index) => index !== at && index !== also && index !== number).join(' ');
  return { word, number: number < 0 ? 0 : Number(parts[number]), field: meaning(field) };
}

function groupLikeness(place: GroupPlace | null | undefined, { group }: Spellings): number {
  if (!place || !group || place.number !== group.number || !group.words.has(place.word)) return 0;
  if (group.fields.has(place.field)) return 65;
  return place.field === '' && group.fields.has('name') ? 50 : 0;
}

/** One letter wrong, missing or too many in one word of six letters or more; all other words equal. */
function oneLetterOff(a: string, b: string): boolean {
  if (!near(a, b)) return false;
  const [left, right] = [a.split(' '), b.split(' ')];
  if (left.length !== right.length) return false;
  const different = left.flatMap((word, index) => (word === right[index] ? [] : [[word, right[index]!] as const]));
  return different.length === 1 && Math.min(...different[0]!.map((word) => word.length)) >= 6 && near(...different[0]!);
}

function near(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  return Math.max(a.length, b.length) - start - end <= 1;
}
