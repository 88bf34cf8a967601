import { addDays } from '../../kernel/clock.js';

interface Span {
  startsOn: string;
  endsOn: string;
}
interface Year extends Span {
  terms: readonly (Span & { name: string })[];
}

/** Whoever opens a demo school meets it in a term: the one that has just ended is drawn out a little, a late one begins sooner. */
export function withTermOn<Given extends Year>(year: Given, today: string): Given {
  const terms = year.terms;
  if (terms.some((term) => term.startsOn <= today && today <= term.endsOn)) return year;
  const before = terms.findLastIndex((term) => term.endsOn < today);
  const changed = terms.map((term, index) => {
    const next = terms[index + 1];
    const latest = next ? addDays(next.startsOn, -1) : year.endsOn;
    if (index === before) return { ...term, endsOn: earlier(addDays(today, 17), latest) };
    if (before < 0 && index === 0) return { ...term, startsOn: year.startsOn };
    return term;
  });
  return { ...year, terms: changed };
}

/** The calendar year in which the school year of a day begins. */
export function yearOf(day: string, firstMonth: number): number {
  return Number(day.slice(0, 4)) - (Number(day.slice(5, 7)) < firstMonth ? 1 : 0);
}

function earlier(one: string, other: string): string {
  return one < other ? one : other;
}
