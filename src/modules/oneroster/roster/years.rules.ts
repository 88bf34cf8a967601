import { addDays } from '../../../kernel/clock.js';
import type { BundleYear } from '../format/guess.rules.js';

const LONGEST = 400;
const MOST_TERMS = 6;

export interface NewYear {
  name: string;
  startsOn: string;
  endsOn: string;
  terms: { name: string; startsOn: string; endsOn: string }[];
}

/** A year of a bundle as this school keeps years, or why it can't be one; a year without terms is one term. */
export function yearOf(
  given: BundleYear,
  others: readonly { name: string; startsOn: string; endsOn: string }[],
): { year: NewYear } | { sentence: string } {
  const year: NewYear = {
    name: given.title.slice(0, 30),
    startsOn: given.from,
    endsOn: given.to,
    terms: given.terms.map((term) => ({ name: term.title.slice(0, 30), startsOn: term.from, endsOn: term.to })),
  };
  if (year.endsOn <= year.startsOn) return { sentence: 'The year ends before it starts.' };
  if (addDays(year.startsOn, LONGEST) < year.endsOn) return { sentence: 'A school year can’t be longer than thirteen months.' };
  if (others.some((other) => other.name.toLowerCase() === year.name.toLowerCase()))
    return { sentence: 'There is already a year with this name.' };
  if (others.some((other) => other.startsOn <= year.endsOn && year.startsOn <= other.endsOn))
    return { sentence: 'Its dates overlap another school year.' };
  if (year.terms.length === 0)
    return { year: { ...year, terms: [{ name: year.name, startsOn: year.startsOn, endsOn: year.endsOn }] } };
  if (year.terms.length > MOST_TERMS) return { sentence: 'A year has at most six terms.' };
  for (const [at, term] of year.terms.entries()) {
    if (term.startsOn < year.startsOn || term.endsOn > year.endsOn || term.endsOn <= term.startsOn)
      return { sentence: `${term.name} is not within the year.` };
    if (
      year.terms
        .slice(0, at)
        .some((other) => other.endsOn >= term.startsOn || other.name.toLowerCase() === term.name.toLowerCase())
    )
      return { sentence: `${term.name} overlaps another term, or has the same name.` };
  }
  return { year };
}
