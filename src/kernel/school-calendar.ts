/** Days are `YYYY-MM-DD` in the school's zone; both ends are school days of the span. */
export interface Term {
  id: string;
  name: string;
  startsOn: string;
  endsOn: string;
}

export interface AcademicYear {
  id: string;
  name: string;
  startsOn: string;
  endsOn: string;
  terms: Term[];
}

/** The term that a day falls in, else null (holidays). */
export function termOn(years: readonly AcademicYear[], day: string): { year: AcademicYear; term: Term } | null {
  for (const year of years) {
    const term = year.terms.find((candidate) => candidate.startsOn <= day && day <= candidate.endsOn);
    if (term) return { year, term };
  }
  return null;
}

/** The year that a day falls in; between two years, the one that comes next; after the last, the last. */
export function yearOn(years: readonly AcademicYear[], day: string): AcademicYear | null {
  const sorted = [...years].sort((a, b) => (a.startsOn < b.startsOn ? -1 : 1));
  return sorted.find((year) => day <= year.endsOn) ?? sorted.at(-1) ?? null;
}

/** Week of a term, counted from 1 by calendar weeks that begin on Monday. */
export function weekOfTerm(term: Term, day: string): number {
  return Math.floor((mondayOf(day) - mondayOf(term.startsOn)) / 7) + 1;
}

function mondayOf(day: string): number {
  const days = Math.floor(Date.parse(`${day}T00:00:00Z`) / 86_400_000);
  return days - ((days + 3) % 7);
}
