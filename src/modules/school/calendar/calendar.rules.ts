import { formatDay } from '../../../kernel/day-words.js';
import { addDays } from '../../../kernel/clock.js';
import { Invalid, RuleBroken } from '../../../kernel/errors.js';
import type { FieldProblem } from '../../../kernel/errors.js';
import type { AcademicYear } from '../../../kernel/school-calendar.js';
import { holidaysIn } from '../../../kernel/packs/holidays.js';
import type { CalendarProposal, CountryPack } from '../../../kernel/packs/types.js';

export interface Span {
  startsOn: string;
  endsOn: string;
}

export interface NamedSpan extends Span {
  name: string;
}

const LONGEST_YEAR_DAYS = 400;

export function overlap(a: Span, b: Span): boolean {
  return a.startsOn <= b.endsOn && b.startsOn <= a.endsOn;
}

/** A year ends after it starts, is no longer than thirteen months, and shares no day and no name with another. */
export function checkYear(year: NamedSpan, others: readonly NamedSpan[]): void {
  if (year.endsOn <= year.startsOn)
    throw new RuleBroken('school.year-ends-first', 'The year must end after it starts.', 'endsOn');
  if (addDays(year.startsOn, LONGEST_YEAR_DAYS) < year.endsOn) {
    throw new RuleBroken('school.year-too-long', 'A school year can’t be longer than thirteen months.', 'endsOn');
  }
  if (others.some((other) => other.name.toLowerCase() === year.name.toLowerCase())) {
    throw new RuleBroken('school.year-name-taken', 'There is already a year with this name.', 'name');
  }
  const met = others.find((other) => overlap(year, other));
  if (met) throw new RuleBroken('school.years-overlap', `These dates overlap the year ${met.name}.`, 'startsOn');
}

/** Terms lie inside their year, one after the other, and each ends after it starts. Fields are `terms.0.endsOn`. */
export function checkTerms(year: Span, terms: readonly NamedSpan[]): void {
  const problems: FieldProblem[] = [];
  const refuse = (index: number, field: keyof NamedSpan, message: string) =>
    problems.push({ field: `terms.${index}.${field}`, message });
  terms.forEach((term, index) => {
    const earlier = terms.slice(0, index);
    if (term.endsOn <= term.startsOn) refuse(index, 'endsOn', 'This term must end after it starts.');
    if (term.startsOn < year.startsOn) refuse(index, 'startsOn', 'This term must not start before the year does.');
    if (term.endsOn > year.endsOn) refuse(index, 'endsOn', 'This term must not end after the year does.');
    const met = earlier.find((other) => overlap(term, other));
    if (met) refuse(index, 'startsOn', 'This term overlaps an earlier one.');
    if (earlier.some((other) => other.name.toLowerCase() === term.name.toLowerCase())) {
      refuse(index, 'name', 'Another term already has this name.');
    }
  });
  if (terms.length === 0) problems.push({ field: 'terms.0.name', message: 'A year has at least one term.' });
  if (problems.length > 0) throw new Invalid(problems);
}

/** Asks for the calendar of the country's schools, whatever sections there are. */
export const USUAL = 'usual';

/** The pack's usual dates moved to another year: the same days of the week, at most three days away. */
export function proposeYear(proposal: CalendarProposal, startYear: number): NamedSpan & { terms: NamedSpan[] } {
  const by = startYear - proposal.year;
  const known = proposal.known?.find((one) => one.year === startYear);
  return {
    name: proposal.spansTwoYears ? `${startYear}/${startYear + 1}` : String(startYear),
    startsOn: moveYears(proposal.startsOn, by),
    endsOn: moveYears(proposal.endsOn, by),
    terms:
      known?.terms.map((term) => ({ ...term })) ??
      proposal.terms.map((term) => ({
        name: term.name,
        startsOn: keepWeekday(term.startsOn, by),
        endsOn: keepWeekday(term.endsOn, by),
      })),
  };
}

/** The calendar that somebody asks for by a section's id; else that of a section to which all stages of the school belong, else the usual one. */
export function calendarOf(
  calendar: CalendarProposal,
  stages: readonly string[],
  asked?: string,
): { calendar: CalendarProposal; section: string } {
  const sections = calendar.sections ?? [];
  const own = sections.find((one) => stages.length > 0 && stages.every((stage) => one.stages.includes(stage)));
  const section = asked === USUAL ? undefined : (sections.find((one) => one.id === asked) ?? own);
  if (!section) return { calendar, section: USUAL };
  const { known: _known, note: _note, ...rest } = calendar;
  return { calendar: { ...rest, terms: section.terms, source: section.source }, section: section.id };
}

/**
 * Of a school that has classes of a section with a calendar of its own and others beside them: whose dates are taken, and
 * whose are not. One set of terms serves the whole school. Null where all its classes have the same calendar.
 */
export function sharedCalendar(
  calendar: CalendarProposal,
  stages: readonly string[],
  taken: string,
): { taken: string; other: string } | null {
  const usual = calendar.usual ?? '';
  const mixed = calendar.sections?.find(
    (one) => stages.some((stage) => one.stages.includes(stage)) && !stages.every((stage) => one.stages.includes(stage)),
  );
  if (!mixed) return null;
  return taken === mixed.id ? { taken: mixed.name, other: usual } : { taken: usual, other: mixed.name };
}

/** The section whose dates the terms of a year are; null where they are nobody's as they are proposed. */
export function calendarTaken(calendar: CalendarProposal, year: Span & { terms: readonly NamedSpan[] }): string | null {
  const begins = Number(year.startsOn.slice(0, 4));
  const same = (section: string): boolean => {
    const { terms } = proposeYear(calendarOf(calendar, [], section).calendar, begins);
    return (
      terms.length === year.terms.length &&
      terms.every((term, n) => term.startsOn === year.terms[n]!.startsOn && term.endsOn === year.terms[n]!.endsOn)
    );
  };
  return [USUAL, ...(calendar.sections ?? []).map((one) => one.id)].find(same) ?? null;
}

/** Whose calendar the school's classes usually follow, where the terms of the year are those of another. */
export function otherCalendar(
  calendar: CalendarProposal,
  stages: readonly string[],
  year: Span & { terms: readonly NamedSpan[] },
): string | null {
  const { section } = calendarOf(calendar, stages);
  const taken = calendarTaken(calendar, year);
  if (taken === null || taken === section) return null;
  return calendar.sections?.find((one) => one.id === section)?.name ?? calendar.usual ?? null;
}

/** A year of before, or the one to come, as the country would have it; it gives way to the years that are there. */
export function yearBeside(
  proposal: CalendarProposal,
  startYear: number,
  years: readonly Span[],
): NamedSpan & { terms: NamedSpan[] } {
  const usual = proposeYear(proposal, startYear);
  const before = years.filter((one) => one.startsOn < usual.startsOn).map((one) => addDays(one.endsOn, 1));
  const after = years.filter((one) => one.startsOn >= usual.startsOn).map((one) => addDays(one.startsOn, -1));
  const [startsOn, endsOn] = [latest([usual.startsOn, ...before]), earliest([usual.endsOn, ...after])];
  const terms = usual.terms.map((term) => ({
    ...term,
    startsOn: latest([term.startsOn, startsOn]),
    endsOn: earliest([term.endsOn, endsOn]),
  }));
  return { name: usual.name, startsOn, endsOn, terms: terms.filter((term) => term.startsOn < term.endsOn) };
}

const latest = (days: readonly string[]): string => days.reduce((last, day) => (day > last ? day : last));
const earliest = (days: readonly string[]): string => days.reduce((first, day) => (day < first ? day : first));

/** Where the proposal for a year is from; null where it was only moved from another year. */
export function sourceOf({ year, source, known }: CalendarProposal, startYear: number): string | null {
  return startYear === year ? source : (known?.find((one) => one.year === startYear)?.source ?? null);
}

/** Whether the dates of a year were printed, by the ministry or in a report, rather than worked out. */
export function isPrinted({ year, proposed, known }: CalendarProposal, startYear: number): boolean {
  return (startYear === year && !proposed) || known?.some((one) => one.year === startYear && !one.proposed) === true;
}

export interface DayToAdd extends Span {
  name: string;
  toConfirm: boolean;
}

/** Public holidays and half-terms that would be school days otherwise: inside a term, and not entered yet. */
export function daysToAdd(pack: Pick<CountryPack, 'holidays' | 'breaks'>, plan: DayPlan, today: string): DayToAdd[] {
  const terms = plan.years.flatMap((year) => year.terms).filter((term) => term.endsOn >= today);
  const free = (span: Span): boolean => !plan.specialDays.some((other) => overlap(other, span));
  const holidays = terms
    .flatMap((term) => holidaysIn(pack, term.startsOn, term.endsOn))
    .filter(({ on }) => dayOf(plan, on).worth > 0)
    .map(({ name, on, toConfirm }) => ({ name, startsOn: on, endsOn: on, toConfirm }));
  const breaks = pack.breaks
    .filter((one) => terms.some((term) => term.startsOn <= one.startsOn && one.endsOn <= term.endsOn))
    .map((one) => ({ ...one, toConfirm: one.toConfirm === true }));
  const wanted = [...breaks, ...holidays].filter((one) => one.endsOn >= today && free(one));
  // Half-terms come first: a holiday inside of one is in it, and two holidays on one day are one day.
  return wanted
    .filter((one, n) => !wanted.slice(0, n).some((earlier) => overlap(earlier, one)))
    .sort((one, other) => (one.startsOn < other.startsOn ? -1 : 1));
}

/** Its last term has ended; of a year without terms, the year itself. */
export function yearIsOver(year: Span & { terms: readonly Span[] }, today: string): boolean {
  const last = year.terms.reduce((end, term) => (term.endsOn > end ? term.endsOn : end), '');
  return (last || year.endsOn) < today;
}

/** @throws RuleBroken for a year that is over, unless it is meant */
export function demandRunning(year: Span & { terms: readonly Span[] }, today: string, meant: boolean): void {
  if (yearIsOver(year, today) && !meant)
    throw new RuleBroken(
      'school.year-over',
      'The last term of this year has ended. Enter the coming year, or tick to confirm this one.',
      'over',
    );
}

/**
 * From which day somebody who joins has a place. Who joined before the running year is in it from its beginning, unless the others
 * are still in the year of that day too; who joins after a year's last term begins with the next year's first. `years` are those of
 * the calendar and the one to come; `most` is where most are, null where nobody is anywhere yet.
 */
export class Placing {
  private readonly first: string;

  constructor(
    private readonly years: readonly YearWithTerms[],
    readonly today: string,
    private readonly most: string | null,
  ) {
    this.first = years.find((year) => today <= year.endsOn)?.startsOn ?? today;
  }

  /** @param joinedOn null where nobody knows: the running year, or for those who are still to come today */
  from(joinedOn: string | null, toCome = false): string {
    const day = joinedOn ?? (toCome ? this.today : this.first);
    const at = this.years.findIndex((year) => day <= year.endsOn);
    const [year, next] = [this.years[at], this.years[at + 1]];
    if (!year) return day;
    const past = year.endsOn < this.today;
    if (past ? this.most !== null && year.id !== this.most : day < this.first) return this.first;
    return !past && next && (year.terms.at(-1)?.endsOn ?? year.endsOn) < day ? (next.terms[0]?.startsOn ?? next.startsOn) : day;
  }

  /** Whether there is a year for a day, or the coming one can be added for it. */
  has(day: string): boolean {
    return this.years.some((year) => day <= year.endsOn);
  }
}

type YearWithTerms = Span & { id?: string; terms: readonly Span[] };

/** The first year from one on whose terms aren't over on a day. */
export function yearToCome(proposal: CalendarProposal, from: number, today: string): number {
  let year = from;
  while (yearIsOver(proposeYear(proposal, year), today)) year += 1;
  return year;
}

/** The year after the last that the school has, with the usual dates; the running one where it has none. */
export function comingYear(
  proposal: CalendarProposal,
  years: readonly Span[],
  today: string,
): NamedSpan & { terms: NamedSpan[] } {
  return yearBeside(proposal, startOfComing(proposal, years, today), years);
}

export function startOfComing(proposal: CalendarProposal, years: readonly Span[], today: string): number {
  const last = years.at(-1);
  return yearToCome(proposal, last ? Number(last.startsOn.slice(0, 4)) + 1 : startYearFor(proposal, today), today);
}

/** The year that the pack would have running on a day. */
export function startYearFor(proposal: CalendarProposal, day: string): number {
  const year = Number(day.slice(0, 4));
  return day.slice(5) < proposal.startsOn.slice(5) ? year - 1 : year;
}

function moveYears(day: string, by: number): string {
  const moved = `${Number(day.slice(0, 4)) + by}${day.slice(4)}`;
  return moved.endsWith('-02-29') && weekdayOf(moved) === null ? moved.replace('-29', '-28') : moved;
}

function keepWeekday(day: string, by: number): string {
  const moved = moveYears(day, by);
  const difference = ((weekdayOf(day) ?? 0) - (weekdayOf(moved) ?? 0) + 7) % 7;
  return addDays(moved, difference > 3 ? difference - 7 : difference);
}

/** 1 Monday to 7 Sunday; null where there is no such day. */
export function weekdayOf(day: string): number | null {
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== day) return null;
  return ((date.getUTCDay() + 6) % 7) + 1;
}

export const DAY_KINDS = ['school', 'half', 'exam', 'closed', 'holiday'] as const;
export type DayKind = (typeof DAY_KINDS)[number];

export interface DayType {
  id: string;
  name: string;
  kind: DayKind;
  active: boolean;
}

/** An exception to the usual week: one day or a few, of one type. */
export interface SpecialDay extends Span {
  id: string;
  dayTypeId: string;
  note: string;
}

export interface DateAhead {
  on: string;
  what: 'begins' | 'ends' | 'day';
  /** Of the term, or of the day. */
  name: string;
}

/** What stands in the calendar from a day on: beginnings and ends of terms, and special days under their own names. */
export function datesAhead(
  plan: { years: readonly AcademicYear[]; dayTypes: readonly DayType[]; specialDays: readonly SpecialDay[] },
  today: string,
): DateAhead[] {
  const terms = plan.years.flatMap((year) => year.terms);
  const typeName = (day: SpecialDay): string => plan.dayTypes.find((type) => type.id === day.dayTypeId)?.name ?? '';
  const dates: DateAhead[] = [
    ...terms.flatMap((term): DateAhead[] => [
      { on: term.startsOn, what: 'begins', name: term.name },
      { on: term.endsOn, what: 'ends', name: term.name },
    ]),
    ...plan.specialDays.map((day): DateAhead => ({ on: day.startsOn, what: 'day', name: day.note || typeName(day) })),
  ];
  return dates
    .filter((date) => date.on >= today && date.name !== '')
    .sort((one, other) => (one.on < other.on ? -1 : one.on > other.on ? 1 : 0));
}

/** How much of a school day it is: nobody is expected on closed days and holidays. */
export function worthOf(kind: DayKind): 0 | 0.5 | 1 {
  if (kind === 'half') return 0.5;
  return kind === 'school' || kind === 'exam' ? 1 : 0;
}

export interface SchoolDay {
  day: string;
  kind: DayKind;
  worth: 0 | 0.5 | 1;
  note: string | null;
}

export interface DayPlan {
  years: readonly AcademicYear[];
  schoolWeek: readonly number[];
  dayTypes: readonly DayType[];
  specialDays: readonly SpecialDay[];
}

/** What kind of day it is: an exception first, else a school day of the week inside a term, else none. */
export function dayOf(plan: DayPlan, day: string): SchoolDay {
  const special = plan.specialDays.find((candidate) => candidate.startsOn <= day && day <= candidate.endsOn);
  const type = special && plan.dayTypes.find((candidate) => candidate.id === special.dayTypeId);
  if (special && type) return { day, kind: type.kind, worth: worthOf(type.kind), note: special.note || type.name };
  const inTerm = plan.years.some((year) => year.terms.some((term) => term.startsOn <= day && day <= term.endsOn));
  if (!inTerm) return { day, kind: 'holiday', worth: 0, note: null };
  const kind = plan.schoolWeek.includes(weekdayOf(day) ?? 0) ? 'school' : 'closed';
  return { day, kind, worth: worthOf(kind), note: null };
}

/** An exception lies inside a year that the school has, and no day has two of them. */
export function checkSpecialDay(special: Span & { id: string }, plan: DayPlan): void {
  if (special.endsOn < special.startsOn)
    throw new RuleBroken('school.day-ends-first', 'The last day must not be before the first.', 'endsOn');
  if (!plan.years.some((year) => year.startsOn <= special.startsOn && special.endsOn <= year.endsOn)) {
    throw new RuleBroken('school.day-outside-years', 'These days are outside the school years. Add the year first.', 'startsOn');
  }
  const met = plan.specialDays.find((other) => other.id !== special.id && overlap(other, special));
  if (met)
    throw new RuleBroken(
      'school.days-overlap',
      `There is already an entry for ${met.note || formatDay(met.startsOn)} on one of these days.`,
      'startsOn',
    );
}
