const PLAIN = /^[\x20-\x7e]*$/;

/**
 * A name folded for search and comparison: no marks, no case, one space. The same folding is stored
 * beside each name, so that a prefix search is a plain text comparison that an index can serve.
 */
export function fold(text: string): string {
  // Most names have nothing to fold, and an import folds a million of them.
  if (PLAIN.test(text)) return text.replaceAll('`', "'").toLowerCase().replace(/ {2,}/g, ' ').trim();
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[’‘ʼ`´]/g, "'")
    .toLowerCase()
    .replace(/ɓ/g, 'b')
    .replace(/ɗ/g, 'd')
    .replace(/ƙ/g, 'k')
    .replace(/ɛ/g, 'e')
    .replace(/ɔ/g, 'o')
    .replace(/ŋ/g, 'ng')
    .replace(/ß/g, 'ss')
    .replace(/ø/g, 'o')
    .replace(/æ/g, 'ae')
    .replace(/ł/g, 'l')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The words of a text as they are looked for: folded, without the marks inside of names, so that `nganga` finds Ng'ang'a. */
export function searchWords(text: string): string[] {
  return fold(text)
    .replace(/['"“”„«»ʻ′]/g, '')
    .split(/[\s,;-]+/)
    .filter(Boolean);
}

/** The first text that is greater than every text that starts with `prefix`: `>= prefix and < prefixEnd(prefix)`. */
export function prefixEnd(prefix: string): string {
  return `${prefix}\u{10ffff}`;
}

/**
 * What a part of a name is written with: letters and marks, blanks, hyphens, apostrophes of all kinds, quotation marks around a
 * name that somebody goes by, and the signs for clicks (`!Gawaxab`, `//Garoëb`).
 */
export const NAME_PART = /^(?=.*\p{L})(?![\s.‑-])[\p{L}\p{M}\s'’‘ʼ`´"“”.!|/‑-]+$/u;

export interface PersonName {
  surname: string;
  firstName: string;
  middleName: string | null;
}

/** `Hassan Khadija Njoki`, as a register writes it. Somebody with one name has it as the surname, and an empty first name. */
export function registerName(name: PersonName): string {
  return [name.surname, name.firstName, name.middleName].filter(Boolean).join(' ');
}

/** `Khadija Njoki Hassan`, as one speaks to a person. */
export function spokenName(name: PersonName): string {
  return [name.firstName, name.middleName, name.surname].filter(Boolean).join(' ');
}
