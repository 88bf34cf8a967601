/** Where the surname stands in a name that is written in one cell. */
export const NAME_ORDERS = ['surname-last', 'surname-first'] as const;
export type NameOrder = (typeof NAME_ORDERS)[number];

export interface SplitName {
  surname: string;
  /** Empty for somebody with one name. */
  firstName: string;
  middleName: string | null;
  /** Whether the cell itself says which part is the surname: by a comma, or by capitals. */
  sure: boolean;
  /** Why a person should look at it. */
  look: 'one' | 'many' | null;
}

/** Words that belong to the name after them: `wa Thiong'o`, `van der Merwe`, `arap Moi`. */
const PARTICLES = new Set([
  'wa',
  'ole',
  'ol',
  'arap',
  'bin',
  'binti',
  'bint',
  'ibn',
  'ben',
  'ab',
  'abu',
  'el',
  'al',
  'van',
  'von',
  'der',
  'den',
  'de',
  'da',
  'do',
  'dos',
  'das',
  'del',
  'du',
  'di',
  'le',
  'la',
  'st',
  'ka',
]);
const SUFFIXES = new Set(['jr', 'jnr', 'snr', 'ii', 'iii', 'iv']);
const MANY = 5;

/** Surname, first name and the rest of a full name, in the order that the file has; a comma or capitals in the cell beat it. */
export function splitName(text: string, order: NameOrder): SplitName {
  const [before, ...after] = text.split(',').map((part) => part.trim());
  if (after.length === 1 && before && after[0]) return named([before], unitsOf(after[0]), true);
  const units = unitsOf(text.replaceAll(',', ' '));
  if (units.length < 2) return { surname: units[0] ?? '', firstName: '', middleName: null, sure: true, look: 'one' };
  const capitals = units.map(isCapitals);
  const some = capitals.includes(true) && capitals.includes(false);
  if (some && capitals.lastIndexOf(true) < capitals.indexOf(false))
    return named(
      units.filter(isCapitals),
      units.filter((unit) => !isCapitals(unit)),
      true,
    );
  if (some && capitals.indexOf(true) > capitals.lastIndexOf(false))
    return named(
      units.filter(isCapitals),
      units.filter((unit) => !isCapitals(unit)),
      true,
    );
  return order === 'surname-last'
    ? named(units.slice(-1), units.slice(0, -1), false)
    : named(units.slice(0, 1), units.slice(1), false);
}

/** The names of a cell that has given names only. */
export function splitGiven(text: string): Pick<SplitName, 'firstName' | 'middleName'> {
  const [firstName = '', ...others] = unitsOf(text);
  return { firstName, middleName: others.join(' ') || null };
}

function named(surname: readonly string[], others: readonly string[], sure: boolean): SplitName {
  const [firstName = '', ...rest] = others;
  const look = firstName === '' ? 'one' : surname.length + others.length >= MANY ? 'many' : null;
  return { surname: surname.join(' '), firstName, middleName: rest.join(' ') || null, sure, look };
}

function unitsOf(text: string): string[] {
  const units: string[] = [];
  let open = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const bare = word.toLowerCase().replace(/[.]/g, '');
    if (PARTICLES.has(bare)) open += `${word} `;
    else if (SUFFIXES.has(bare) && units.length > 0) units[units.length - 1] += ` ${word}`;
    else {
      units.push(open + word);
      open = '';
    }
  }
  if (open) units.push(open.trim());
  return units;
}

/** An initial is no word in capitals. */
function isCapitals(unit: string): boolean {
  const letters = unit.replace(/[^\p{L}]/gu, '');
  return letters.length > 1 && letters === letters.toUpperCase() && letters !== letters.toLowerCase();
}

/** Whether two names have the same words, wherever they stand. */
export function sameWords(one: string, other: string): boolean {
  const words = (text: string): string =>
    text
      .toLowerCase()
      .split(/[\s,]+/)
      .filter(Boolean)
      .sort()
      .join(' ');
  return words(one) === words(other);
}
