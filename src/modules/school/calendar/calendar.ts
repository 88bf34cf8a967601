import { formatDay } from '../../../kernel/day-words.js';
import { z } from 'zod';
import type { Actor } from '../../../kernel/actor.js';
import { dayIn } from '../../../kernel/clock.js';
import { Invalid, NotFound, RuleBroken } from '../../../kernel/errors.js';
import { isId, newId } from '../../../kernel/id.js';
import type { AcademicYear } from '../../../kernel/school-calendar.js';
import {
  calendarOf,
  checkSpecialDay,
  sharedCalendar,
  checkTerms,
  checkYear,
  comingYear,
  DAY_KINDS,
  daysToAdd,
  Placing,
  proposeYear,
  startOfComing,
  USUAL,
  yearBeside,
} from './calendar.rules.js';
import type { DayPlan, DayToAdd, DayType, NamedSpan, SpecialDay } from './calendar.rules.js';
import { packOf } from '../../../kernel/packs/index.js';
import type { CalendarProposal } from '../../../kernel/packs/types.js';
import type { SchoolState } from '../profile/school.rules.js';
import { SchoolUseCases } from '../changing.js';

const day = z.iso.date();

export const yearInput = z.object({
  name: z.string().max(30),
  startsOn: day,
  endsOn: day,
  terms: z
    .array(z.object({ id: z.uuid().optional(), name: z.string().max(30), startsOn: day, endsOn: day }))
    .max(6, 'A year has at most six terms')
    .default([]),
});
export type YearInput = z.infer<typeof yearInput>;

export const dayTypeInput = z.object({
  name: z.string().max(40),
  kind: z.enum(DAY_KINDS),
  active: z.stringbool({ truthy: ['yes'], falsy: ['no'] }).default(false),
});
export type DayTypeInput = z.infer<typeof dayTypeInput>;

export const specialDayInput = z
  .object({ startsOn: day, endsOn: day.optional(), dayTypeId: z.uuid(), note: z.string().max(80).default('') })
  .transform((input) => ({ ...input, endsOn: input.endsOn ?? input.startsOn }));
export type SpecialDayInput = z.infer<typeof specialDayInput>;

/** The kinds of day that every school starts with. */
export function usualDayTypes(idOf: (index: number) => string): DayType[] {
  const names = { school: 'School day', half: 'Half day', exam: 'Examination day', closed: 'Closed', holiday: 'Holiday' };
  return DAY_KINDS.map((kind, index) => ({ id: idOf(index), name: names[kind], kind, active: true }));
}

export function planOf(state: SchoolState): DayPlan {
  const { years, dayTypes, specialDays, profile } = state;
  return { years, dayTypes, specialDays, schoolWeek: packOf(profile.packId).schoolWeek };
}

/** A year as it is proposed, by which calendar, and those that could be asked for. */
export interface Proposal {
  values: NamedSpan & { terms: NamedSpan[] };
  year: number;
  calendar: CalendarProposal;
  section: string;
  sections: readonly { id: string; name: string }[];
  /** Whose dates are taken and whose are not, where the school's sections have different ones. */
  shared: { taken: string; other: string } | null;
}

/** School years with their terms, and the days that are not like others. */
export class Calendar extends SchoolUseCases {
  /** A year with the usual dates of the country or of a section that is asked for: of one that the school has, or the next that it hasn't got and that isn't over. */
  async propose(asked?: string, instead?: AcademicYear): Promise<Proposal> {
    const { profile, years } = await this.state();
    const pack = packOf(profile.packId);
    const { calendar, section } = calendarOf(pack.calendar, profile.stages, asked);
    const { sections = [], usual = '' } = pack.calendar;
    const choices = sections.length > 0 ? [{ id: USUAL, name: usual }, ...sections] : [];
    const year = instead ? Number(instead.startsOn.slice(0, 4)) : startOfComing(calendar, years, this.today(profile));
    return {
      values: instead ? proposeYear(calendar, year) : yearBeside(calendar, year, years),
      year,
      calendar,
      section,
      sections: choices,
      shared: sharedCalendar(pack.calendar, profile.stages, section),
    };
  }

  async comingYear(): Promise<(NamedSpan & { terms: NamedSpan[] }) | null> {
    const state = await this.state();
    const last = state.years.at(-1);
    return last && last.startsOn <= this.today(state.profile) ? this.after(state) : null;
  }

  async chosenYear(actor: Actor, choice: string): Promise<AcademicYear | null> {
    const { years } = await this.state();
    return isId(choice) ? (years.find((year) => year.id === choice) ?? null) : this.yearFor(actor, choice);
  }

  async yearFor(actor: Actor, day: string): Promise<AcademicYear | null> {
    const there = ({ years }: SchoolState): AcademicYear | undefined => years.find((year) => day <= year.endsOn);
    const known = there(await this.state());
    if (known) return known;
    return this.changing(async (state) => {
      const added = there(state);
      if (added) return added;
      const coming = this.after(state);
      return state.years.length > 0 && day <= coming.endsOn ? this.saveYear(actor, state, null, coming) : null;
    });
  }

  async placing(most: string | null): Promise<Placing> {
    const state = await this.state();
    return new Placing(state.years.length > 0 ? [...state.years, this.after(state)] : [], this.today(state.profile), most);
  }

  addYear(actor: Actor, input: YearInput): Promise<AcademicYear> {
    return this.changing((state) => this.saveYear(actor, state, null, input));
  }

  addFormerYear(actor: Actor, startYear: number): Promise<AcademicYear> {
    return this.changing((state) =>
      this.saveYear(actor, state, null, yearBeside(packOf(state.profile.packId).calendar, startYear, state.years)),
    );
  }

  changeYear(actor: Actor, id: string, input: YearInput): Promise<AcademicYear> {
    return this.changing((state) => this.saveYear(actor, state, yearOf(state, id), input));
  }

  private after({ profile, years }: SchoolState): NamedSpan & { terms: NamedSpan[] } {
    return comingYear(calendarOf(packOf(profile.packId).calendar, profile.stages).calendar, years, this.today(profile));
  }

  private today({ zone }: SchoolState['profile']): string {
    return dayIn(zone, this.deps.clock.now());
  }

  private async saveYear(actor: Actor, state: SchoolState, before: AcademicYear | null, input: YearInput): Promise<AcademicYear> {
    const others = state.years.filter((year) => year.id !== before?.id);
    checkYear(input, others);
    checkTerms(input, input.terms);
    const known = new Set(before?.terms.map((term) => term.id));
    const terms = input.terms
      .map((term) => ({ ...term, id: term.id && known.has(term.id) ? term.id : newId() }))
      .sort((a, b) => (a.startsOn < b.startsOn ? -1 : 1));
    const after: AcademicYear = { ...input, id: before?.id ?? newId(), terms };
    stillCovers(state, before, after);
    await this.deps.store.saveYear(after);
    await this.record(actor, before ? 'year.change' : 'year.add', {
      entity: 'school_years',
      id: after.id,
      label: after.name,
      before,
      after,
    });
    return after;
  }

  removeYear(actor: Actor, id: string): Promise<AcademicYear> {
    return this.changing(async (state) => {
      const year = yearOf(state, id);
      stillCovers(state, year, null);
      await this.deps.store.removeYear(id);
      await this.record(actor, 'year.remove', { entity: 'school_years', id, label: year.name, before: year });
      return year;
    });
  }

  saveDayType(actor: Actor, id: string | null, input: DayTypeInput): Promise<DayType> {
    return this.changing(async ({ dayTypes }) => {
      const before = id ? demand(dayTypes.find((type) => type.id === id)) : null;
      const after: DayType = { id: before?.id ?? newId(), ...input };
      if (dayTypes.some((type) => type.id !== after.id && type.name.toLowerCase() === after.name.toLowerCase())) {
        throw new RuleBroken('school.day-type-taken', 'There is already a type of day with this name.', 'name');
      }
      await this.deps.store.saveDayType(after);
      await this.record(actor, 'day-type.save', { entity: 'school_day_types', id: after.id, label: after.name, before, after });
      return after;
    });
  }

  saveSpecialDay(actor: Actor, id: string | null, input: SpecialDayInput): Promise<SpecialDay> {
    return this.changing(async (state) => {
      const before = id ? demand(state.specialDays.find((special) => special.id === id)) : null;
      const type = state.dayTypes.find((candidate) => candidate.id === input.dayTypeId);
      if (!type) throw new RuleBroken('school.no-day-type', 'Choose one of the types of day.', 'dayTypeId');
      const after: SpecialDay = { id: before?.id ?? newId(), ...input };
      checkSpecialDay(after, planOf(state));
      await this.deps.store.saveSpecialDay(after);
      await this.record(actor, 'day.save', {
        entity: 'school_days',
        id: after.id,
        label: after.note || type.name,
        before,
        after,
      });
      return after;
    });
  }

  /** Public holidays and half-terms of the country that the calendar hasn't got yet, of the terms that aren't over. */
  async toAdd(): Promise<DayToAdd[]> {
    const state = await this.state();
    return daysToAdd(packOf(state.profile.packId), planOf(state), dayIn(state.profile.zone, this.deps.clock.now()));
  }

  /** Those of them that begin on these days, as holidays. */
  addDays(actor: Actor, chosen: readonly string[]): Promise<number> {
    return this.changing(async (state) => {
      const type =
        state.dayTypes.find((one) => one.kind === 'holiday' && one.active) ??
        state.dayTypes.find((one) => one.kind === 'closed' && one.active);
      if (!type) throw new RuleBroken('school.no-day-type', 'Choose one of the types of day.', 'day');
      const wanted = daysToAdd(packOf(state.profile.packId), planOf(state), this.today(state.profile)).filter((one) =>
        chosen.includes(one.startsOn),
      );
      if (wanted.length === 0) throw new Invalid({ day: 'Tick at least one day' });
      for (const { name, startsOn, endsOn } of wanted) {
        const after: SpecialDay = { id: newId(), dayTypeId: type.id, startsOn, endsOn, note: name };
        await this.deps.store.saveSpecialDay(after);
        await this.record(actor, 'day.save', { entity: 'school_days', id: after.id, label: name, before: null, after });
      }
      return wanted.length;
    });
  }

  removeSpecialDay(actor: Actor, id: string): Promise<void> {
    return this.changing(async ({ specialDays }) => {
      const before = demand(specialDays.find((special) => special.id === id));
      await this.deps.store.removeSpecialDay(id);
      await this.record(actor, 'day.remove', { entity: 'school_days', id, label: before.note || before.startsOn, before });
    });
  }
}

/** A holiday that the school has entered must not fall out of its year unseen. */
function stillCovers(state: SchoolState, before: AcademicYear | null, after: AcademicYear | null): void {
  const lost = state.specialDays.find((special) => inside(special, before) && !inside(special, after));
  if (!lost) return;
  const day = formatDay(lost.startsOn);
  const what = lost.note ? `${lost.note} falls in this year (${day})` : `${day} falls in this year`;
  throw new RuleBroken('school.day-lost', `${what}. Move or remove that day first.`, 'startsOn');
}

function inside(special: SpecialDay, year: AcademicYear | null): boolean {
  return year !== null && year.startsOn <= special.startsOn && special.endsOn <= year.endsOn;
}

function yearOf(state: SchoolState, id: string): AcademicYear {
  return demand(state.years.find((year) => year.id === id));
}

function demand<Found>(found: Found | undefined): Found {
  if (!found) throw new NotFound();
  return found;
}
