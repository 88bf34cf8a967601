/** Printable ASCII without a space at either end: most cells, and nothing to clean in them. */
const PLAIN = /^[!-~](?:[ -~]*[!-~])?$/;
const SPACES = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g;
/** Control and invisible characters that carry no meaning in a name; joiners inside a word do and stay. */
const INVISIBLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u2060\ufeff\ufffe\uffff\u202a-\u202e\u2066-\u2069]/g;
const OUTER = /^[\s\u200c-\u200f]+|[\s\u200c-\u200f]+$/g;

/** Text as it is kept: composed, ordinary spaces, no invisible characters, nothing at the ends. */
export function cleanText(text: string): string {
  if (text === '' || PLAIN.test(text)) return text;
  return text
    .replace(/\p{Surrogate}/gu, '')
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replace(SPACES, ' ')
    .replace(INVISIBLE, '')
    .normalize('NFC')
    .replace(OUTER, '');
}

/** The same on one line, with single spaces: names, numbers, addresses. */
export function cleanLine(text: string): string {
  const clean = cleanText(text);
  return /\s\s|[\n\t]/.test(clean) ? clean.replace(/\s+/g, ' ') : clean;
}

/** First digits of the decimal scripts that stand in African school sheets, and full width ones. */
const ZEROS = [0x660, 0x6f0, 0x7c0, 0x966, 0xff10, 0x1e950];

/** Arabic-Indic, Persian, N'Ko, Devanagari, Adlam and full-width digits as 0 to 9. */
export function asciiDigits(text: string): string {
  if (!/[^\x20-\x7e]/.test(text)) return text;
  return text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0)!;
    const zero = ZEROS.find((start) => code >= start && code <= start + 9);
    return zero === undefined ? digit : String(code - zero);
  });
}

/**
 * A text that a spreadsheet program would take for a formula gets an apostrophe in front; a text that has
 * one there already gets another, so that `unescapeFormula` always gives back what went in.
 */
export function escapeFormula(text: string): string {
  return /^'*[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text;
}

export function unescapeFormula(text: string): string {
  return text.charCodeAt(0) === 39 && /^'+[=+\-@\t\r\n＝＋－＠]/.test(text) ? text.slice(1) : text;
}

/** For a message: the value on one line, cut where it gets long. */
export function shown(value: string): string {
  const line = cleanLine(value.slice(0, 200));
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}
