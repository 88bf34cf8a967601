import type { AcademicYear } from '../../../../kernel/school-calendar.js';

/** The calendar year in which a school year begins that is written `2024`, `2023/24`, `2023-2024` or `Session 2023/2024`. */
export function startOf(written: string, spansTwoYears: boolean): number | null {
  const found = /^(?:[\p{L}\s.]*\s)?(\d{4})(?:\s*[/–-]\s*(\d{4}|\d{2}))?(?:\s[\p{L}\s.]*)?$/u.exec(written.trim());
  if (!found) return null;
  const [first, second] = [Number(found[1]), found[2]];
  if ((second !== undefined) !== spansTwoYears) return null;
  return second === undefined || Number(second) % 100 === (first + 1) % 100 ? first : null;
}

/** By its name, else by the year in which it begins. */
export function yearCalled(years: readonly AcademicYear[], written: string, start: number | null): AcademicYear | null {
  const name = written.trim().toLowerCase();
  return (
    years.find((one) => one.name.toLowerCase() === name) ??
    years.find((one) => Number(one.startsOn.slice(0, 4)) === start) ??
    null
  );
}
