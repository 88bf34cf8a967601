/** Prints are measured in millimetres, their type in points, as printers do. */
const POINTS_PER_MM = 72 / 25.4;

export const points = (mm: number): number => mm * POINTS_PER_MM;
export const millimetres = (pt: number): number => pt / POINTS_PER_MM;

/** The light tokens of the look: paper has no dark mode. */
export const INK = '#141b18';
export const INK_2 = '#424a46';
export const INK_3 = '#5f6763';
export const LINE = '#dce1df';
export const LINE_2 = '#868c89';
/** Between the cells of an entry grid. */
export const RULE = '#a9b0ac';
export const BAD = '#ba2b28';
export const PAPER = '#ffffff';

export type PageSize = 'A4' | 'A4-landscape' | 'A5' | 'A5-landscape' | { widthMm: number; heightMm: number };

const SIZES: Record<Exclude<PageSize, object>, { widthMm: number; heightMm: number }> = {
  A4: { widthMm: 210, heightMm: 297 },
  'A4-landscape': { widthMm: 297, heightMm: 210 },
  A5: { widthMm: 148, heightMm: 210 },
  'A5-landscape': { widthMm: 210, heightMm: 148 },
};

export function sizeOf(page: PageSize): { widthMm: number; heightMm: number } {
  return typeof page === 'string' ? SIZES[page] : page;
}
