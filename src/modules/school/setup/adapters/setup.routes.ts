import type { Request } from 'express';
import type { FlatValues } from '../../../../platform/http/routes/form-data.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { coloursInput } from '../../brand/brand.js';
import type { Brand } from '../../brand/brand.js';
import { calendarTaken, demandRunning, otherCalendar, sharedCalendar, yearIsOver } from '../../calendar/calendar.rules.js';
import { proposedYear, yearForm } from '../../calendar/adapters/calendar.routes.js';
import type { Calendar } from '../../calendar/calendar.js';
import { profileInput } from '../../profile/settings.js';
import type { Settings } from '../../profile/settings.js';
import { classesInput } from '../setup.js';
import type { Setup } from '../setup.js';
import { packOf } from '../../../../kernel/packs/index.js';
import type { SchoolState } from '../../profile/school.rules.js';
import { nextStep, proposedStreams, SETUP_STEPS } from '../setup.rules.js';
import type { SetupStep } from '../setup.rules.js';
import { brandModel, coloursOf, judgementRoute } from '../../brand/adapters/brand.routes.js';
import { profileModel } from '../../profile/adapters/settings.routes.js';

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
/** Where the last step leads on to: the set-up ends with it, since nothing else can be opened before. */
const ONWARD: Record<string, string> = {
  students: '/imports/new?kind=students',
  staff: '/hr/staff/new',
  fees: '/fees/vote-heads/usual',
};
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
    load: async (req) => classesModel(await setup.state(), await setup.levels(), sectionsOf(req), req.query),
    async save(values, req) {
      const next = await setup.saveClasses(req.actor, values);
      const { profile, years } = await setup.state();
      const year = years.at(-1);
      const other = year ? otherCalendar(packOf(profile.packId).calendar, profile.stages, year) : null;
      if (other === null) return { to: pathOf(next), flash: req.t('Classes created with their subjects') };
      const text = req.t(
        'Classes created with their subjects. Their sections usually follow a different calendar from the one you chose: {{calendar}}.',
        { calendar: req.t(other) },
      );
      return {
        to: pathOf(next),
        flash: { kind: 'warn', text, links: [{ label: req.t('Change the terms'), href: '/school/setup/year' }] },
      };
    },
  });

  r.get('/school/setup/people', MAY, async (_req, res) => {
    await res.page('school/setup/people', { steps: stepsOf(await setup.state(), 'people') });
  });

  r.post('/school/setup/people', MAY, async (req, res) => {
    const next = await setup.done('people');
    const then = ONWARD[String((req.body as FlatValues | undefined)?.then)] ?? pathOf(null);
    res.done(next ? pathOf(next) : then, next ? req.t('This step is not finished yet') : req.t('The school is open'));
  });

  judgementRoute(r, parts.brand, '/school/setup/judgement', MAY);

  r.post('/school/setup/end', MAY, async (req, res) => {
    await setup.finish(req.actor);
    res.done('/', req.t('Set-up closed. You can finish it under Settings.'));
  });
}

function factForms(r: Routes, { setup, settings, brand, calendar }: SetupParts): void {
  r.form({
    path: '/school/setup/school',
    can: MAY,
    view: 'school/setup/school',
    asRead: ({ values }) => values,
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
    asRead: ({ values }) => values,
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
    asRead: ({ year }) => year,
    schema: yearForm,
    async load(req) {
      const state = await setup.state();
      const last = state.years.at(-1) ?? null;
      const year = last && !yearIsOver(last, req.school!.today) ? last : null;
      const proposed = await proposedYear(calendar, req, year ?? undefined);
      const { calendar: usual } = packOf(state.profile.packId);
      const taken = year && calendarTaken(usual, year);
      const calendars = proposed.calendars.map((one) => ({ ...one, current: one.id === taken }));
      const kept =
        year && req.query.calendar === undefined
          ? {
              values: year,
              dates: taken === proposed.section ? proposed.dates : null,
              calendars,
              shared: taken && sharedCalendar(usual, state.profile.stages, taken),
            }
          : proposed;
      return { ...kept, year, steps: stepsOf(state, 'year') };
    },
    async save({ over, ...values }, req) {
      demandRunning(values, req.school!.today, over === 'on');
      const last = (await setup.state()).years.at(-1);
      const changes = last !== undefined && values.startsOn <= last.endsOn;
      await (changes ? calendar.changeYear(req.actor, last.id, values) : calendar.addYear(req.actor, values));
      return { to: pathOf(await setup.done('year')) };
    },
  });
}

/** Sections that somebody has ticked on this page; none where nobody has yet. */
function sectionsOf(req: Request): readonly string[] {
  const sent = [req.query.section, (req.body as FlatValues | undefined)?.section].flat();
  return sent.filter((one): one is string => typeof one === 'string');
}

/** @param entered what stood in the page when a section was ticked or unticked: the classes that were shown keep it */
function classesModel(
  state: SchoolState,
  levels: Awaited<ReturnType<Setup['levels']>>,
  ticked: readonly string[],
  entered: Request['query'],
) {
  const pack = packOf(state.profile.packId);
  const sections = ticked.length > 0 ? ticked : state.profile.stages;
  const chosen = levels.filter((level) => sections.includes(level.stage));
  const usual = proposedStreams(pack.streamNames, state.setup.expectedLearners, chosen.length).join(', ');
  const stages = pack.stages.map((stage) => ({ stage, levels: levels.filter((level) => level.stage === stage.id) }));
  const rows = levels.map(({ code, stage }, index) => {
    const [shown, has, streams] = ['code', 'has', 'streams'].map((field) => entered[`classes.${index}.${field}`]);
    if (shown === code && typeof streams === 'string') return { code, has: has === 'yes' ? 'yes' : 'no', streams };
    return { code, has: sections.includes(stage) ? 'yes' : 'no', streams: usual };
  });
  return {
    values: { classes: rows },
    stages: stages.filter((entry) => entry.levels.length > 0),
    sections,
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
