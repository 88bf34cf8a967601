/**
 * What a number format makes of a number: a day, digits with leading zeros or separators that a person would miss
 * (`0722 481 903`, `0042`), or nothing that matters to an import.
 */
export type NumberFormat = { kind: 'plain' } | { kind: 'date' } | { kind: 'digits'; show(value: number): string };

const PLAIN: NumberFormat = { kind: 'plain' };
const DATE: NumberFormat = { kind: 'date' };

/** Built-in formats have no code in the file; 27 to 36 and 50 to 58 are days of East Asian editions. 45 to 47 are spans of time. */
export function builtInFormat(id: number): NumberFormat {
  return (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 58) ? DATE : PLAIN;
}

export function formatOf(code: string): NumberFormat {
  const section = firstSection(code);
  const bare = section.replace(/"[^"]*"|\\.|_.|\*./g, '').replace(/\[(?![hms]+\])[^\]]*\]/gi, '');
  if (/general/i.test(bare) || bare.includes('@')) return PLAIN;
  if (/[yd]/i.test(bare) || /m{3,}/i.test(bare)) return DATE;
  return digitFormat(section) ?? PLAIN;
}

/** The part for positive numbers; a semicolon inside quotes is none. */
function firstSection(code: string): string {
  const match = /^(?:"[^"]*"|\\.|[^;"\\])*/.exec(code);
  return match ? match[0] : code;
}

function digitFormat(section: string): NumberFormat | null {
  const tokens = section.replace(/\[[^\]]*\]/g, '').match(/"[^"]*"|\\.|_.|\*.|[^]/g) ?? [];
  const parts = tokens.map((token) => {
    if (token === '0' || token === '#') return token;
    if (token.startsWith('"')) return { text: token.slice(1, -1) };
    if (token.startsWith('\\')) return { text: token.slice(1) };
    return token.startsWith('_') || token.startsWith('*') ? { text: '' } : { text: token };
  });
  const zeros = parts.filter((part) => part === '0').length;
  const marks = parts.filter((part) => typeof part === 'object' && /[.,%?/eE@:]/.test(part.text));
  if (zeros < 2 || marks.length) return null;
  return { kind: 'digits', show: (value) => showDigits(value, parts) };
}

/** Fills the places from the right; digits beyond the first place stand in front of it. */
function showDigits(value: number, parts: ('0' | '#' | { text: string })[]): string {
  if (!Number.isSafeInteger(value) || value < 0) return String(value);
  const digits = String(value).split('');
  const first = parts.findIndex((part) => typeof part === 'string');
  let shown = '';
  for (let i = parts.length - 1; i >= 0; i -= 1) {
    const part = parts[i]!;
    if (typeof part === 'object') shown = part.text + shown;
    else if (i === first) shown = (digits.join('') || (part === '0' ? '0' : '')) + shown;
    else shown = (digits.pop() ?? (part === '0' ? '0' : '')) + shown;
  }
  return shown.trim();
}
