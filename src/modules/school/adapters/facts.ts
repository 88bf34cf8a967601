import type { Clock } from '../../../kernel/clock.js';
import { dayIn } from '../../../kernel/clock.js';
import type { SchoolFacts, SchoolSource } from '../../../platform/http/ports.js';
import type { School } from '../profile/school.js';
import { mobileMoneyOf, packOf } from '../../../kernel/packs/index.js';
import { showPhone } from '../../../kernel/people/phone.js';
import { datesAhead } from '../calendar/calendar.rules.js';
import type { SchoolState } from '../profile/school.rules.js';

/** What every page shows of the school; made once for each state of it and each day. */
export class Facts implements SchoolSource {
  private made: { state: SchoolState; today: string; facts: SchoolFacts } | null = null;

  constructor(
    private readonly school: School,
    private readonly clock: Clock,
  ) {}

  async facts(): Promise<SchoolFacts> {
    const state = await this.school.state();
    const today = dayIn(state.profile.zone, this.clock.now());
    if (this.made?.state !== state || this.made.today !== today) {
      this.made = {
        state,
        today,
        facts: { ...factsOf(state, today, await this.school.termLine()), setupPending: await this.school.setupPending() },
      };
    }
    return this.made.facts;
  }
}

const DATES_AHEAD = 4;

function factsOf(
  { profile, brand, off, assets, years, dayTypes, specialDays }: SchoolState,
  today: string,
  termLine: string,
): Omit<SchoolFacts, 'setupPending'> {
  const logo = assets.find((asset) => asset.kind === 'logo' && asset.current);
  const { id, name, shortName, town, packId, country, currency, zone, language, motto } = profile;
  const [phone] = profile.phones;
  const { operators, scheme } = mobileMoneyOf(country);
  return {
    id,
    name,
    shortName,
    place: [town, packOf(packId).name].filter(Boolean).join(', '),
    country,
    currency,
    mobileMoney: { operators, tells: scheme === 'mpesa' },
    zone,
    language,
    termLine,
    motto,
    officePhone: phone ? showPhone(phone, country) : null,
    ahead: datesAhead({ years, dayTypes, specialDays }, today).slice(0, DATES_AHEAD),
    today,
    logoUrl: logo ? `/school/logo/${logo.id}` : null,
    themeUrl: `/school/theme/${brand.themeHash}.css`,
    off: new Set(off),
  };
}
