import type { Actor } from '../../../kernel/actor.js';
import { dayIn } from '../../../kernel/clock.js';
import { Conflict, RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import { calendarOf, proposeYear, startYearFor } from '../calendar/calendar.rules.js';
import { packForCountry } from '../../../kernel/packs/index.js';
import type { CountryPack } from '../../../kernel/packs/types.js';
import type { ListKind } from '../profile/lists.rules.js';
import type { GradingScale } from '../profile/scale.rules.js';
import type { SchoolProfile } from '../profile/school.rules.js';
import { SETUP_STEPS } from './setup.rules.js';
import type { SchoolBootstrap, SchoolStart } from '../index.js';
import { brandOf } from '../brand/brand.js';
import type { Calendar } from '../calendar/calendar.js';
import { usualDayTypes } from '../calendar/calendar.js';
import type { SchoolDeps } from '../changing.js';
import { demandSchool } from '../changing.js';
import type { Lists } from '../profile/lists.js';
import { example, profileInput, readPhones } from '../profile/settings.js';

const USUAL_COLOURS = { first: '#143a52', second: '#e2562f' };

/** The one way a school comes into being: provisioning, the demo and the tests all go through here. */
export class Bootstrap implements SchoolBootstrap {
  constructor(
    private readonly deps: SchoolDeps,
    private readonly calendar: Calendar,
    private readonly lists: Lists,
  ) {}

  async isThere(): Promise<boolean> {
    return (await this.deps.store.state()) !== null;
  }

  async bootstrapSchool(actor: Actor, start: SchoolStart): Promise<SchoolProfile> {
    const pack = packForCountry(start.country);
    if (!pack) throw new RuleBroken('school.no-pack', 'AIMS does not support this country yet. Choose another.', 'country');
    const { store, unit, audit } = this.deps;
    return unit(async () => {
      if (await store.lock()) throw new Conflict('This database already has a school.', 'school-exists');
      await store.create(newSchool(start, pack, this.deps.clock.now()));
      const { profile } = demandSchool(await store.lock());
      await audit.record(actor, {
        action: 'school.create',
        entity: 'school',
        entityId: profile.id,
        label: profile.name,
        after: profile,
      });
      await this.addYears(actor, start, pack, profile.stages);
      await this.addLists(actor, start);
      if (pack.mobileMoney.operators.length === 0) await store.saveOff(['payments']);
      if (start.ready) await store.saveSetup(SETUP_STEPS, this.deps.clock.now());
      return profile;
    });
  }

  private today(pack: CountryPack): string {
    return dayIn(pack.zone, this.deps.clock.now());
  }

  private async addYears(actor: Actor, start: SchoolStart, pack: CountryPack, stages: readonly string[]): Promise<void> {
    for (const year of start.years ?? [startYearFor(pack.calendar, this.today(pack))]) {
      await this.calendar.addYear(actor, proposeYear(calendarOf(pack.calendar, stages).calendar, year));
    }
  }

  private async addLists(actor: Actor, start: SchoolStart): Promise<void> {
    for (const [kind, items] of Object.entries(start.lists ?? {}) as [ListKind, { name: string; capacity?: number }[]][]) {
      for (const item of items) await this.lists.save(actor, kind, null, { ...item, note: '', active: true });
    }
  }
}

/** Day types and scales are shown by id, so those that are made together are numbered in their order. */
function newSchool(start: SchoolStart, pack: CountryPack, now: Date) {
  const inOrder = (index: number) => newId(now.getTime() + index);
  const year = Number(dayIn(pack.zone, now).slice(0, 4));
  const { country, currency, zone, language, numbers } = pack;
  const colours = start.colours ?? USUAL_COLOURS;
  const facts = profileInput.parse({
    name: start.name,
    shortName: start.shortName ?? shorten(start.name),
    motto: start.motto,
    type: start.type ?? 'day',
    code: start.code,
    address: start.address,
    town: start.town ?? '',
    region: start.region,
    email: start.email,
    website: start.website,
  });
  const numbering = { prefix: start.prefix ?? initials(start.name), ...numbers };
  for (const field of ['admission', 'staff'] as const) example(numbering, field, year);
  return {
    profile: {
      ...facts,
      phones: readPhones(start.phones ?? [], country),
      country,
      currency,
      zone,
      language,
      packId: pack.id,
      stages: start.stages ?? stagesOf(pack, start.curriculum),
    },
    expectedLearners: start.learners ?? null,
    brand: brandOf({ firstColour: colours.first, secondColour: colours.second }),
    numbers: numbering,
    dayTypes: usualDayTypes(inOrder),
    scales: pack.scales.map((scale, index): GradingScale => ({ ...scale, id: inOrder(index), packScale: scale.id })),
  };
}

function stagesOf({ stages }: CountryPack, curriculum: string | undefined): string[] {
  const chosen = stages.filter((stage) => stage.curriculum === curriculum);
  return (chosen.length > 0 ? chosen : stages).map((stage) => stage.id);
}

/** `Kilimani Academy` → `KA`. */
function initials(name: string): string {
  const words = name.match(/\p{L}+/gu) ?? [];
  const letters = words.map((word) => word.normalize('NFKD').charAt(0).toUpperCase()).join('');
  return letters.replace(/[^A-Z]/g, '').slice(0, 4) || 'S';
}

function shorten(name: string): string {
  if (name.length <= 30) return name;
  const cut = name.slice(0, 30);
  return cut.slice(0, Math.max(cut.lastIndexOf(' '), 10));
}
