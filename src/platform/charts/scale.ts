/** A round top for an axis that starts at zero, with at most four lines above it; whole numbers have whole lines, since nobody is half a student. */
export function roundScale(highest: number): { top: number; step: number } {
  if (!(highest > 0)) return { top: 1, step: 1 };
  const rough = highest / 4;
  const whole = Number.isInteger(highest);
  const power = Math.max(10 ** Math.floor(Math.log10(rough)), whole ? 1 : 0);
  const step =
    [1, 2, 2.5, 5, 10]
      .map((factor) => factor * power)
      .filter((candidate) => !whole || Number.isInteger(candidate))
      .find((candidate) => candidate * 4 >= highest - power * 1e-9) ?? 10 * power;
  return { top: step * Math.ceil(highest / step - 1e-9), step };
}

export function linesOf({ top, step }: { top: number; step: number }): number[] {
  return Array.from({ length: Math.round(top / step) + 1 }, (_none, index) => top - index * step);
}

/** Short enough for a path, exact enough for a screen. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
