import type { FlatValues } from '../../../../platform/http/form-data.js';
import type { Routes } from '../../../../platform/http/routes.js';
import { coloursInput } from '../../application/brand.js';
import type { Brand } from '../../application/brand.js';
import { yearInput } from '../../application/calendar.js';
import type { Calendar } from '../../application/calendar.js';
import { profileInput } from '../../application/settings.js';
import type { Settings } from '../../application/settings.js';
import { classesInput } from '../../application/setup.js';
import type { Setup } from '../../application/setup.js';
import { packOf } from '../../../../kernel/packs/index.js';
import type { SchoolState } from '../../domain/school.js';
import { nextStep, proposedStreams, SETUP_STEPS } from '../../domain/setup.js';
import type { SetupStep } from '../../domain/setup.js';
import { brandModel, coloursOf } from './brand.routes.js';
import { profileModel } from './settings.routes.js';

export interface SetupParts {
  setup: Setup;
  settings: Settings;
  brand: Brand;
  calendar: Calendar;
}

const TITLES: Record<SetupStep, string> = {
  school: 'School',
  look: 'Colours',
  year: 'Year',
  classes: 'Classes',
  people: 'People',
};
const MAY = 'school.setup';
const pathOf = (step: SetupStep | null): string => (step ? `/school/setup/${step}` : '/');

/** The owner's first walk: the usual forms one after the other, each saved by itself. */
export function setupRoutes(r: Routes, parts: SetupParts): void {
  const { setup } = parts;

  r.get('/school/setup', MAY, async (_req, res) => {
    const { setup: made } = await setup.state();
    res.redirect(303, pathOf(made.finishedAt ? 'people' : (nextStep(made.done) ?? 'people')));
  });

  factForms(r, parts);

  r.form({
    path: '/school/setup/classes',
    can: MAY,
    view: 'school/setup/classes',
    schema: classesInput,
    load: async () => classesModel(await setup.state(), await setup.levels()),
    async save(values, req) {
      return { to: pathOf(await setup.saveClasses(req.actor, values)), flash: req.t('Classes made, with their subjects') };
    },
  });

  r.get('/school/setup/people', MAY, async (_req, res) => {
    await res.page('school/setup/people', { steps: stepsOf(await setup.state(), 'people') });
  });

  r.post('/school/setup/people', MAY, async (req, res) => {
    const next = await setup.done('people');
    res.done(pathOf(next), next ? req.t('This step is not done yet') : req.t('The school is open'));
  });

  r.post('/school/setup/end', MAY, async (req, res) => {
    await setup.finish(req.actor);
    res.done('/', req.t('Set-up left. What is missing is under Settings.'));
  });
}

function factForms(r: Routes, { setup, settings, brand, calendar }: SetupParts): void {
  r.form({
    path: '/school/setup/school',
    can: MAY,
    view: 'school/setup/school',
    schema: profileInput,
    async load() {
      const state = await setup.state();
      return { ...profileModel(state), steps: stepsOf(state, 'school') };
    },
    async save(values, req) {
      await settings.saveProfile(req.actor, values);
      return { to: pathOf(await setup.done('school')) };
    },
  });

  r.form({
    path: '/school/setup/look',
    can: MAY,
    view: 'school/setup/look',
    schema: coloursInput,
    async load(req) {
      const state = await setup.state();
      return {
        ...brandModel(state, coloursOf(req.method === 'POST' ? (req.body as FlatValues) : null)),
        steps: stepsOf(state, 'look'),
      };
    },
    async save(colours, req) {
      await brand.saveColours(req.actor, colours);
      return { to: pathOf(await setup.done('look')) };
    },
  });

  r.form({
    path: '/school/setup/year',
    can: MAY,
    view: 'school/setup/year',
    schema: yearInput,
    async load() {
      const state = await setup.state();
      const year = state.years.at(-1) ?? null;
      return { values: year ?? (await calendar.propose()), year, steps: stepsOf(state, 'year') };
    },
    async save(values, req) {
      const year = (await setup.state()).years.at(-1);
      await (year ? calendar.changeYear(req.actor, year.id, values) : calendar.addYear(req.actor, values));
      return { to: pathOf(await setup.done('year')) };
    },
  });
}

function classesModel(state: SchoolState, levels: Awaited<ReturnType<Setup['levels']>>) {
  const pack = packOf(state.profile.packId);
  const chosen = levels.filter((level) => state.profile.stages.includes(level.stage));
  const usual = proposedStreams(pack.streamNames, state.setup.expectedLearners, chosen.length).join(', ');
  const stages = pack.stages.map((stage) => ({ stage, levels: levels.filter((level) => level.stage === stage.id) }));
  const rows = levels.map(({ code, stage }) => ({
    code,
    has: state.profile.stages.includes(stage) ? 'yes' : 'no',
    streams: usual,
  }));
  return {
    values: { classes: rows },
    stages: stages.filter((entry) => entry.levels.length > 0),
    levels,
    pack,
    steps: stepsOf(state, 'classes'),
  };
}

function stepsOf({ setup }: SchoolState, current: SetupStep) {
  return SETUP_STEPS.map((step) => ({
    step,
    label: TITLES[step],
    href: pathOf(step),
    done: setup.done.includes(step),
    current: step === current,
  }));
}
