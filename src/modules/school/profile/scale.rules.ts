import { Invalid } from '../../../kernel/errors.js';
import type { FieldProblem } from '../../../kernel/errors.js';
import type { Band, Scale } from '../../../kernel/packs/types.js';

export interface GradingScale extends Omit<Scale, 'bands' | 'id'> {
  id: string;
  /** Name of the scale in the country's pack, which classes refer to; null for the school's own. */
  packScale: string | null;
  bands: readonly Band[];
}

/** The highest band whose lowest mark is not above the mark; null below the lowest of all. */
export function bandOf(scale: Pick<GradingScale, 'bands'>, mark: number): Band | null {
  return scale.bands.filter((band) => band.lowest <= mark).sort((a, b) => b.lowest - a.lowest)[0] ?? null;
}

/** Bands are told apart by grade and lowest mark; a scale of per cents begins at 0, so that no mark is without a grade. */
export function checkBands(basis: Scale['basis'], bands: readonly Band[]): void {
  const problems: FieldProblem[] = [];
  const refuse = (index: number, field: keyof Band, message: string) =>
    problems.push({ field: `bands.${index}.${field}`, message });
  bands.forEach((band, index) => {
    const earlier = bands.slice(0, index);
    if (earlier.some((other) => other.grade.toLowerCase() === band.grade.toLowerCase()))
      refuse(index, 'grade', `Grade ${band.grade} is listed twice.`);
    if (earlier.some((other) => other.lowest === band.lowest)) refuse(index, 'lowest', `Two grades begin at ${band.lowest}.`);
    if (basis === 'percent' && band.lowest > 100) refuse(index, 'lowest', 'The lowest mark is a number from 0 to 100.');
  });
  if (bands.length < 2) problems.push({ field: 'bands.0.grade', message: 'A scale has at least two grades.' });
  else if (basis === 'percent' && !bands.some((band) => band.lowest === 0)) {
    problems.push({
      field: `bands.${bands.length - 1}.lowest`,
      message: 'The lowest grade begins at 0, so that every mark has a grade.',
    });
  }
  if (problems.length > 0) throw new Invalid(problems);
}
