import { type Heading, type RawCell, MAX_CELL } from '../columns.js';
import { foldHead, headingMatcher } from './mapping.js';
import { asciiDigits, cleanLine } from '../text.js';

/** A row near the top of a sheet, before it is known which one holds the headings. */
export interface SampleRow {
  row: number;
  cells: RawCell[];
}

/** Zero-based columns and one-based rows, both ends included. */
export interface Merge {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

export interface FoundHeader {
  /** The last row of the heading; data begins beneath it. */
  row: number;
  headers: string[];
}

/** So many rows at the top may be titles. */
export const SAMPLE_ROWS = 30;

/**
 * The row with the headings: many different short texts, as wide as the rows beneath, with words that the
 * wanted columns know; of near equals the upper one. Null when no row has a text that could be one.
 */
export function headerFinder(columns: readonly Heading[]): (rows: SampleRow[], merges: Merge[]) => FoundHeader | null {
  const match = headingMatcher(columns);
  const known = (texts: string[]) => match(texts).filter(Boolean).length;
  return (rows, merges) => {
    const sample = rows.slice(0, SAMPLE_ROWS);
    const width = median(sample.map((row) => row.cells.filter(isFilled).length));
    let best: { index: number; score: number } | null = null;
    sample.forEach((row, index) => {
      const score = scoreOf(row, width, known) - index * 0.75;
      if (score > 0 && (!best || score > best.score)) best = { index, score };
    });
    return best === null ? null : readHeader(sample, (best as { index: number }).index, merges, known);
  };
}

function scoreOf(row: SampleRow, width: number, known: (texts: string[]) => number): number {
  const filled = row.cells.filter(isFilled);
  const texts = new Set(filled.filter(isLabel).map((cell) => foldHead(cell)));
  if (!texts.size) return 0;
  const narrow = filled.length * 2 < width ? width - filled.length : 0;
  return texts.size + 5 * known(row.cells.map((cell) => (isLabel(cell) ? cell : ''))) - 2 * (filled.length - texts.size) - narrow;
}

function readHeader(rows: SampleRow[], index: number, merges: Merge[], known: (texts: string[]) => number): FoundHeader {
  const row = rows[index]!;
  const below = pairOf(row, rows[index + 1], merges, known);
  if (below) return { row: rows[index + 1]!.row, headers: below };
  const above = rows[index - 1] && pairOf(rows[index - 1]!, row, merges, known);
  return { row: row.row, headers: above || labels(row.cells) };
}

/**
 * Two rows of headings read as one (`Guardian 1` over `Name` and `Phone` becomes `Guardian 1 Name`), or null when
 * the lower one isn't a second row of headings: that takes a merged cell above, or words that the columns know.
 */
function pairOf(
  top: SampleRow,
  bottom: SampleRow | undefined,
  merges: Merge[],
  known: (texts: string[]) => number,
): string[] | null {
  if (!bottom || bottom.row !== top.row + 1) return null;
  if (!bottom.cells.every((cell) => !isFilled(cell) || isLabel(cell))) return null;
  const width = Math.max(top.cells.length, bottom.cells.length);
  const upper = labels(top.cells, width);
  const lower = labels(bottom.cells, width);
  const spread = spreadGroups(upper, lower, top.row, merges);
  const grouped = spread.filter((text, at) => text && !upper[at]);
  if (!grouped.length || upper.filter(Boolean).length < 2) return null;
  const joined = spread.map((text, at) => (text === lower[at] ? text : `${text} ${lower[at]}`.trim()));
  const merged = merges.some(
    (m) => m.top === top.row && m.bottom === top.row && m.right > m.left && m.right - m.left < width - 1,
  );
  return merged || known(joined) > known(upper) + 1 ? joined : null;
}

/** The upper text of each column; an empty one under which something stands takes its left neighbour's. */
function spreadGroups(upper: string[], lower: string[], row: number, merges: Merge[]): string[] {
  const onRow = merges.filter((merge) => merge.top === row && merge.bottom === row);
  const spread: string[] = [];
  upper.forEach((text, at) => {
    const inMerge = onRow.some((merge) => merge.left < at && at <= merge.right);
    const beside = lower[at] && lower[at - 1] && (inMerge || !onRow.length);
    spread.push(text || (beside ? (spread[at - 1] ?? '') : ''));
  });
  return spread;
}

function labels(cells: RawCell[], width = cells.length): string[] {
  return Array.from({ length: width }, (_unused, at) => {
    const cell = cells[at] ?? null;
    return cell === null ? '' : cleanLine(cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell)).slice(0, 200);
  });
}

export function isFilled(cell: RawCell | undefined): boolean {
  return cell !== null && cell !== undefined && (typeof cell !== 'string' || cell.trim() !== '');
}

/** A text that could be a heading: has a letter, is short, is no number, day or address. */
function isLabel(cell: RawCell): cell is string {
  if (typeof cell !== 'string' || cell.length > Math.min(120, MAX_CELL)) return false;
  const text = asciiDigits(cell);
  return (
    /\p{L}|#|№/u.test(text) &&
    !/^[\d\s./:,+-]+$/.test(text) &&
    !/\S@\S/.test(text) &&
    !/^\d{1,2}[-/ ]\p{L}{3,9}[-/ ]\d{2,4}$/u.test(text)
  );
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/**
 * One list of headings over several sheets: the first sheet's, then what the others add. `places[i]` says for each
 * column of sheet i where its cells go.
 */
export function joinHeaders(sheets: string[][]): { headers: string[]; places: number[][] } {
  const headers: string[] = [];
  const at = new Map<string, number>();
  const places = sheets.map((own) => {
    const seen = new Map<string, number>();
    return own.map((header) => {
      const folded = foldHead(header);
      const turn = seen.get(folded) ?? 0;
      seen.set(folded, turn + 1);
      const key = `${turn} ${folded}`;
      const place = at.get(key) ?? headers.push(header) - 1;
      at.set(key, place);
      return place;
    });
  });
  return { headers, places };
}

/** Equal for two sheets whose headings are the same, in whatever order. */
export function headerIdentity(headers: string[]): string {
  return headers.map(foldHead).filter(Boolean).sort().join('\n');
}
