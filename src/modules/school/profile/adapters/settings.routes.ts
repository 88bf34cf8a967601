import { dayIn } from '../../../../kernel/clock.js';
import type { Clock } from '../../../../kernel/clock.js';
import { callingCode, phoneExample, showPhone } from '../../../../kernel/people/phone.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { example, numbersInput, profileInput, switchesInput } from '../settings.js';
import type { Settings } from '../settings.js';
import { LIST_KINDS } from '../lists.rules.js';
import { packOf } from '../../../../kernel/packs/index.js';
import type { SchoolState } from '../school.rules.js';
import { SWITCHES } from '../switches.rules.js';

/** The settings' first page, and the forms that are about the school as a whole. */
export function settingsRoutes(r: Routes, settings: Settings, clock: Clock): void {
  const year = (state: SchoolState) => Number(dayIn(state.profile.zone, clock.now()).slice(0, 4));

  r.get('/school', 'school.read', async (_req, res) => {
    const state = await settings.state();
    await res.page('school/settings/index', {
      state,
      pack: packOf(state.profile.packId),
      examples: examplesOf(state, year(state)),
      kinds: LIST_KINDS,
    });
  });

  r.form({
    path: '/school/profile',
    can: 'school.change',
    view: 'school/profile/edit',
    asRead: ({ values }) => values,
    schema: profileInput,
    load: async () => profileModel(await settings.state()),
    async save(values, req) {
      await settings.saveProfile(req.actor, values);
      return { to: '/school', flash: req.t('School profile saved') };
    },
  });

  r.form({
    path: '/school/numbers',
    can: 'school.numbers.change',
    view: 'school/numbers/edit',
    asRead: ({ values }) => values,
    schema: numbersInput,
    async load() {
      const state = await settings.state();
      return { values: state.numbers, examples: examplesOf(state, year(state)) };
    },
    async save(values, req) {
      await settings.saveNumbers(req.actor, values);
      return { to: '/school', flash: req.t('Number patterns saved') };
    },
  });

  r.form({
    path: '/school/modules',
    can: 'school.modules.change',
    view: 'school/modules/edit',
    asRead: ({ values }) => values,
    schema: switchesInput,
    async load() {
      const { off } = await settings.state();
      return {
        values: { on: SWITCHES.filter(({ module }) => !off.includes(module)).map(({ module }) => module) },
        switches: SWITCHES,
      };
    },
    async save({ on }, req) {
      await settings.saveSwitches(req.actor, on);
      return {
        to: '/school',
        flash: req.t('Saved. Modules that are switched off no longer appear in the menu, and their pages are closed.'),
      };
    },
  });
}

/** What the profile form draws; the set-up's first step uses the same one. */
export function profileModel({ profile }: SchoolState) {
  const pack = packOf(profile.packId);
  const phones = profile.phones.map((phone) => showPhone(phone, profile.country));
  return {
    values: { ...profile, phones: Object.fromEntries(phones.entries()) },
    pack,
    prefix: callingCode(profile.country),
    phoneExample: phoneExample(profile.country),
  };
}

function examplesOf(state: SchoolState, year: number) {
  return { admission: example(state.numbers, 'admission', year), staff: example(state.numbers, 'staff', year) };
}
