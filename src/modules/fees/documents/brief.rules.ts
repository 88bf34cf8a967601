const MOST_NUMBERS = 3;
const MOST_NAMES = 2;

/** `R-000101, R-000102`; of more than three the first and the last with their count: `R-000101 – R-000160 (60)`. @param all where only the first numbers are known */
export function numbersInBrief(
  numbers: readonly string[],
  all: { count: number; last: string | null } = { count: numbers.length, last: numbers.at(-1) ?? null },
): string {
  if (all.count <= MOST_NUMBERS) return numbers.join(', ');
  return `${numbers[0]!} – ${all.last!} (${all.count})`;
}

/** `Noor Amina, Otieno Mary +58`: of more than three the first two and how many more. */
export function namesInBrief(names: readonly string[]): string {
  if (names.length <= MOST_NAMES + 1) return names.join(', ');
  return `${names.slice(0, MOST_NAMES).join(', ')} +${names.length - MOST_NAMES}`;
}
