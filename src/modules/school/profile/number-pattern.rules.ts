import { RuleBroken } from '../../../kernel/errors.js';

/** A number is as long as the shortest of the places that must carry it. */
export const LONGEST_NUMBER = 20;
const WIDEST_SERIAL = 8;

type Piece = { kind: 'text'; text: string } | { kind: 'prefix' | 'year' | 'year2' } | { kind: 'serial'; width: number };

export interface NumberPattern {
  readonly text: string;
  readonly pieces: readonly Piece[];
  /** True where the count begins again with every year. */
  readonly byYear: boolean;
}

/**
 * `{prefix}/{year}/{serial:4}` makes `KA/2026/0034`; `{year2}` is `26`.
 * @throws RuleBroken with a sentence for the person who typed it
 */
export function parsePattern(text: string): NumberPattern {
  const pieces = [...text.matchAll(/\{([^}]*)\}|([^{}]+)|[{}]/g)].map(toPiece);
  const serials = pieces.filter((piece) => piece.kind === 'serial');
  if (serials.length !== 1) throw refused('A pattern needs {serial:4} exactly once; the figure is the number of digits.');
  return { text, pieces, byYear: pieces.some((piece) => piece.kind === 'year' || piece.kind === 'year2') };
}

function toPiece(match: RegExpMatchArray): Piece {
  const [whole, name, plain] = match;
  if (plain !== undefined) {
    if (!/^[A-Za-z0-9/.\- ]+$/.test(plain)) throw refused('Use letters, digits, / . - and spaces between the parts.');
    return { kind: 'text', text: plain };
  }
  if (name === 'prefix' || name === 'year' || name === 'year2') return { kind: name };
  const width = /^serial(?::(\d))?$/.exec(name ?? '');
  if (!width) throw refused(`${whole} can’t be used in a pattern. Use {prefix}, {year}, {year2} and {serial:4}.`);
  const digits = Number(width[1] ?? 1);
  if (digits < 1 || digits > WIDEST_SERIAL) throw refused(`A serial has 1 to ${WIDEST_SERIAL} digits.`);
  return { kind: 'serial', width: digits };
}

function refused(sentence: string): RuleBroken {
  return new RuleBroken('school.number-pattern', sentence);
}

export interface NumberParts {
  prefix: string;
  year: number;
  serial: number;
}

/** @throws RuleBroken when the number would be longer than any place can carry */
export function renderNumber(pattern: NumberPattern, parts: NumberParts): string {
  const number = pattern.pieces.map((piece) => renderPiece(piece, parts)).join('');
  if (number.length <= LONGEST_NUMBER) return number;
  throw refused(`Numbers can have up to ${LONGEST_NUMBER} characters; this pattern gives ${number}.`);
}

function renderPiece(piece: Piece, parts: NumberParts): string {
  switch (piece.kind) {
    case 'text':
      return piece.text;
    case 'prefix':
      return parts.prefix;
    case 'year':
      return String(parts.year);
    case 'year2':
      return String(parts.year % 100).padStart(2, '0');
    case 'serial':
      return String(parts.serial).padStart(piece.width, '0');
  }
}

/** What the serial of a number was, if the pattern could have made it: so that the count goes on after an import. */
export function serialOf(pattern: NumberPattern, number: string, prefix: string): { year: number | null; serial: number } | null {
  const names: Piece['kind'][] = [];
  const source = pattern.pieces.map((piece) => {
    if (piece.kind === 'text') return escapeRegExp(piece.text);
    if (piece.kind === 'prefix') return escapeRegExp(prefix);
    names.push(piece.kind);
    return piece.kind === 'serial' ? `(\\d{${piece.width},})` : piece.kind === 'year' ? '(\\d{4})' : '(\\d{2})';
  });
  const found = new RegExp(`^${source.join('')}$`, 'i').exec(number.trim());
  if (!found) return null;
  const read = (kind: Piece['kind']) => (names.includes(kind) ? Number(found[names.indexOf(kind) + 1]) : null);
  const year2 = read('year2');
  const serial = read('serial');
  return serial === null ? null : { year: read('year') ?? (year2 === null ? null : 2000 + year2), serial };
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
