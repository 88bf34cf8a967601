import { addDays, dayIn } from '../../../kernel/clock.js';
import { Invalid, RuleBroken } from '../../../kernel/errors.js';
import { showPhone } from '../../../kernel/people/phone.js';
import { termOn, weekOfTerm, yearOn } from '../../../kernel/school-calendar.js';
import type { AcademicYear, Term } from '../../../kernel/school-calendar.js';
import { dayOf } from '../calendar/calendar.rules.js';
import type { SchoolDay } from '../calendar/calendar.rules.js';
import type { ListItem, ListKind } from './lists.rules.js';
import { parsePattern, renderNumber, serialOf } from './number-pattern.rules.js';
import { levelsIn, packOf } from '../../../kernel/packs/index.js';
import type { CountryPack, Level } from '../../../kernel/packs/types.js';
import type { GradingScale } from './scale.rules.js';
import type { SchoolBrand, SchoolProfile, SchoolState } from './school.rules.js';
import type { PaperHead, SchoolApi } from '../index.js';
import type { Brand } from '../brand/brand.js';
import { planOf } from '../calendar/calendar.js';
import { SchoolUseCases } from '../changing.js';
import type { SchoolDeps } from '../changing.js';

const MOST_DAYS = 732;

/** The answers that other modules get. */
export class School extends SchoolUseCases implements SchoolApi {
  constructor(
    deps: SchoolDeps,
    private readonly brands: Brand,
  ) {
    super(deps);
  }

  async profile(): Promise<SchoolProfile> {
    return (await this.state()).profile;
  }

  async brand(): Promise<SchoolBrand> {
    return (await this.state()).brand;
  }

  async letterhead(options: { stamp?: boolean; signature?: boolean; signatory?: string } = {}): Promise<PaperHead> {
    const { profile, brand } = await this.state();
    const [logo, stamp, signature] = await Promise.all([
      this.brands.forPrinting('logo'),
      options.stamp ? this.brands.forPrinting('stamp') : null,
      options.signature || options.signatory ? this.brands.forPrinting('signature', options.signatory) : null,
    ]);
    return {
      schoolName: profile.name,
      country: profile.country,
      motto: profile.motto,
      lines: contactLinesOf(profile),
      colours: { first: brand.firstColour, second: brand.secondColour },
      logo: logo?.image ?? null,
      stamp: stamp?.image ?? null,
      signature: signature && { name: signature.asset.signatory, title: signature.asset.title, image: signature.image },
    };
  }

  async contactLines(): Promise<readonly string[]> {
    return contactLinesOf((await this.state()).profile);
  }

  async years(): Promise<readonly AcademicYear[]> {
    return (await this.state()).years;
  }

  async currentYear(): Promise<AcademicYear> {
    const state = await this.state();
    const year = yearOn(state.years, this.todayIn(state));
    if (!year) throw new RuleBroken('school.no-year', 'The school has no year yet. Add it under Settings, Years and terms.');
    return year;
  }

  async currentTerm(day?: string): Promise<{ year: AcademicYear; term: Term } | null> {
    const state = await this.state();
    return termOn(state.years, day ?? this.todayIn(state));
  }

  async today(): Promise<string> {
    return this.todayIn(await this.state());
  }

  async zone(): Promise<string> {
    return (await this.state()).profile.zone;
  }

  async days(from: string, to: string): Promise<SchoolDay[]> {
    const plan = planOf(await this.state());
    if (addDays(from, MOST_DAYS) < to) throw new Invalid({ to: 'Request at most two years.' });
    const days: SchoolDay[] = [];
    for (let day = from; day <= to; day = addDays(day, 1)) days.push(dayOf(plan, day));
    return days;
  }

  async lists(kind: ListKind, options: { all?: boolean } = {}): Promise<ListItem[]> {
    const { lists } = await this.state();
    return lists.filter((item) => item.kind === kind && (item.active || options.all === true));
  }

  async scales(): Promise<readonly GradingScale[]> {
    return (await this.state()).scales;
  }

  async pack(): Promise<CountryPack> {
    return packOf((await this.state()).profile.packId);
  }

  async levels(year?: number): Promise<Level[]> {
    const state = await this.state();
    const { packId, stages } = state.profile;
    const running = levelsIn(packOf(packId), year ?? Number(this.todayIn(state).slice(0, 4)));
    return running.filter((level) => stages.includes(level.stage));
  }

  async isOn(module: string): Promise<boolean> {
    return !(await this.state()).off.includes(module);
  }

  async nextAdmissionNumber(): Promise<string> {
    const [number] = await this.nextNumbers('admission', 1);
    return number!;
  }

  nextAdmissionNumbers(count: number): Promise<string[]> {
    return this.nextNumbers('admission', count);
  }

  async nextStaffNumber(): Promise<string> {
    const [number] = await this.nextNumbers('staff', 1);
    return number!;
  }

  nextSerial(count: string): Promise<number> {
    return this.deps.unit(() => this.deps.store.takeSerials(count, 1));
  }

  async admissionNumbersSeen(numbers: readonly string[]): Promise<void> {
    const { numbers: settings } = await this.state();
    const pattern = parsePattern(settings.admission);
    const highest = new Map<string, number>();
    for (const number of numbers) {
      const found = serialOf(pattern, number, settings.prefix);
      if (!found) continue;
      const key = counterKey('admission', pattern.byYear ? found.year : null);
      highest.set(key, Math.max(highest.get(key) ?? 0, found.serial));
    }
    await this.deps.unit(async () => {
      for (const [key, serial] of [...highest].sort()) await this.deps.store.raiseSerial(key, serial);
    });
  }

  async setupPending(): Promise<boolean> {
    return (await this.state()).setup.finishedAt === null;
  }

  /** `Term 3, week 11`, or what else the day is. */
  async termLine(): Promise<string> {
    const state = await this.state();
    const today = this.todayIn(state);
    const now = termOn(state.years, today);
    if (now) return `${now.term.name}, week ${weekOfTerm(now.term, today)}`;
    return state.years.length > 0 ? 'Holidays' : '';
  }

  private todayIn({ profile }: SchoolState): string {
    return dayIn(profile.zone, this.deps.clock.now());
  }

  private async nextNumbers(kind: 'admission' | 'staff', count: number): Promise<string[]> {
    if (count < 1) return [];
    const state = await this.state();
    const { prefix, [kind]: text } = state.numbers;
    const pattern = parsePattern(text);
    const year = Number(this.todayIn(state).slice(0, 4));
    const first = await this.deps.unit(() => this.deps.store.takeSerials(counterKey(kind, pattern.byYear ? year : null), count));
    return Array.from({ length: count }, (_, index) => renderNumber(pattern, { prefix, year, serial: first + index }));
  }
}

function counterKey(kind: 'admission' | 'staff', year: number | null): string {
  return year === null ? kind : `${kind}:${year}`;
}

function contactLinesOf(profile: SchoolProfile): string[] {
  const phones = profile.phones.map((phone) => showPhone(phone, profile.country)).join(', ');
  return [profile.address, profile.town, phones, profile.email, profile.website].filter(Boolean);
}
