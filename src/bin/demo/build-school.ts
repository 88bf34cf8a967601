import type { App } from '../../app.js';
import type { Actor } from '../../kernel/actor.js';
import { dayIn } from '../../kernel/clock.js';
import { SCHOOL, SCHOOL_BOOTSTRAP, type AcademicYear, type ListKind } from '../../modules/school/index.js';
import { Brand, Calendar } from '../../modules/school/operations.js';
import { SUBJECTS } from '../../modules/subjects/index.js';
import { CLOCK, UNIT } from '../../platform/tokens.js';
import { withTermOn, yearOf } from './calendar.js';
import type { DemoClock } from './demo-clock.js';
import { withCrest } from './crest.js';
import { admissionNumbers } from './numbers.js';
import type { DemoClass } from './people/paths.js';
import type { DemoYear } from './people/paths.js';
import { families, type Wanted } from './people/people.js';
import type { DemoPlan } from './money/plans.js';
import { Random } from './random.js';
import { RegisterBuilder, type Places, type Registered } from './people/register-builder.js';

const YEARS = 3;

/** The empty school: its years, lists, colours, badge and classes. */
export async function openSchool(app: App, actor: Actor, plan: DemoPlan): Promise<void> {
  const get = app.container.get.bind(app.container);
  const { country, colours } = plan.start;
  const today = dayIn(ZONES[country] ?? 'UTC', get(CLOCK).now());
  const year = yearOf(today, plan.yearBegins);
  await get(UNIT)(async () => {
    await get(SCHOOL_BOOTSTRAP).bootstrapSchool(actor, {
      ...plan.start,
      years: Array.from({ length: YEARS }, (_, index) => year - YEARS + 1 + index),
      ready: true,
    });
    const running = await get(SCHOOL).currentYear();
    await get(Calendar).changeYear(actor, running.id, editable(withTermOn(running, today)));
  });
  await withCrest(colours!, (file) => get(Brand).addAsset(actor, { kind: 'logo', signatory: '', title: '' }, file));
  const [pack, levels] = [await get(SCHOOL).pack(), await get(SCHOOL).levels()];
  await get(SUBJECTS).seedFromPack(
    actor,
    pack.id,
    levels.map(({ name }) => ({ name, streams: [...plan.streams] })),
  );
}

const ZONES: Record<string, string> = { KE: 'Africa/Nairobi', GH: 'Africa/Accra' };

function editable(year: AcademicYear) {
  return { name: year.name, startsOn: year.startsOn, endsOn: year.endsOn, terms: year.terms.map((term) => ({ ...term })) };
}

/** Families with their children, and the years that brought them to where they are. */
export async function fillRegister(app: App, actor: Actor, clock: DemoClock, plan: DemoPlan): Promise<Registered[]> {
  const get = app.container.get.bind(app.container);
  const school = get(SCHOOL);
  const today = await school.today();
  const years = await school.years();
  const places: Places = {
    ...(await get(SUBJECTS).classList()),
    years: years.map((year) => ({ ...toDemoYear(year, today), id: year.id })),
  };
  const made = families(new Random(plan.seed), {
    country: plan.country,
    classes: await demoClasses(app, places),
    streamsPerClass: plan.streams.length,
    present: plan.present,
    left: plan.left,
    years: places.years,
    today,
    lists: listsOf(plan),
  });
  const numbers = admissionNumbers(
    made.flatMap((family) => family.children),
    (await school.pack()).numbers.admission,
    plan.start.prefix ?? '',
  );
  const listed = made.flatMap((family) => family.children.map((child) => ({ family, child, number: numbers.get(child)! })));
  const registered = await new RegisterBuilder(app, actor, clock, places, plan.admitsByForm).build(listed);
  await school.admissionNumbersSeen([...numbers.values()]);
  return registered;
}

function listsOf({ start }: DemoPlan): Wanted['lists'] {
  const names = (kind: ListKind): string[] => (start.lists?.[kind] ?? []).map((item) => item.name);
  return { houses: names('houses'), dorms: names('dorms'), routes: names('routes'), mealPlans: names('meal-plans') };
}

async function demoClasses(app: App, { classes }: Places): Promise<DemoClass[]> {
  const levels = await app.container.get(SCHOOL).levels();
  return classes.map((one) => ({
    age: levels.find((level) => level.name === one.name)?.age ?? 10,
    next: one.nextClassId ? classes.findIndex((other) => other.id === one.nextClassId) : null,
  }));
}

/** Nobody joined or moved on a day that is still to come. */
function toDemoYear(year: AcademicYear, today: string): DemoYear {
  const [first, ...later] = year.terms.map((term) => term.startsOn);
  const last = year.terms.at(-1)!.endsOn;
  return { termStarts: [first!, ...later.filter((day) => day < today)], lastDay: last };
}
