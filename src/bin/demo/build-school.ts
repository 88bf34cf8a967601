import type { App } from '../../app.js';
import type { Actor } from '../../kernel/actor.js';
import { dayIn } from '../../kernel/clock.js';
import { SCHOOL, SCHOOL_BOOTSTRAP, type AcademicYear } from '../../modules/school/index.js';
import { Brand, Calendar } from '../../modules/school/operations.js';
import { SUBJECTS } from '../../modules/subjects/index.js';
import { CLOCK, UNIT } from '../../platform/tokens.js';
import { withTermOn, yearOf } from './calendar.js';
import { withCrest } from './crest.js';
import { inLanes } from './lanes.js';
import { admissionNumbers } from './numbers.js';
import type { DemoClass } from './paths.js';
import { families, type DemoFamily, type DemoYear } from './people.js';
import type { DemoPlan } from './plans.js';
import { Random } from './random.js';
import { RegisterBuilder, type Places, type Registered } from './register-builder.js';

/** Families that share one transaction. */
const AT_ONCE = 12;
const YEARS = 3;

/** The empty school: its years, lists, colours, badge and classes. */
export async function openSchool(app: App, actor: Actor, plan: DemoPlan): Promise<void> {
  const get = app.container.get.bind(app.container);
  const { country, colours } = plan.start;
  const today = dayIn(ZONES[country] ?? 'UTC', get(CLOCK).now());
  const year = yearOf(today, plan.yearBegins);
  await get(UNIT)(async () => {
    await get(SCHOOL_BOOTSTRAP).bootstrapSchool(actor, { ...plan.start, years: Array.from({ length: YEARS }, (_, index) => year - YEARS + 1 + index), ready: true });
    const running = await get(SCHOOL).currentYear();
    await get(Calendar).changeYear(actor, running.id, editable(withTermOn(running, today)));
  });
  await withCrest(colours!, (file) => get(Brand).addAsset(actor, { kind: 'logo', signatory: '', title: '' }, file));
  const [pack, levels] = [await get(SCHOOL).pack(), await get(SCHOOL).levels()];
  await get(SUBJECTS).seedFromPack(actor, pack.id, levels.map(({ name }) => ({ name, streams: [...plan.streams] })));
}

const ZONES: Record<string, string> = { KE: 'Africa/Nairobi', GH: 'Africa/Accra' };

function editable(year: AcademicYear) {
  return { name: year.name, startsOn: year.startsOn, endsOn: year.endsOn, terms: year.terms.map((term) => ({ ...term })) };
}

/** Families with their children, entered through the register's own use cases. */
export async function fillRegister(app: App, actor: Actor, plan: DemoPlan): Promise<{ registered: Registered[]; families: DemoFamily[]; places: Places }> {
  const get = app.container.get.bind(app.container);
  const school = get(SCHOOL);
  const today = await school.today();
  const places: Places = { ...(await get(SUBJECTS).classList()), years: (await school.years()).map((year) => toDemoYear(year, today)) };
  const made = families(new Random(plan.seed), {
    country: plan.country,
    classes: await demoClasses(app, places),
    streamsPerClass: plan.streams.length,
    present: plan.present,
    left: plan.left,
    years: places.years,
    today,
  });
  const { prefix = 'S' } = plan.start;
  const numbers = admissionNumbers(made.flatMap((family) => family.children), (await school.pack()).numbers.admission, prefix);
  const builder = new RegisterBuilder(get, actor, places, numbers);
  const registered = (await inLanes(chunks(made, AT_ONCE), (some) => app.run(() => builder.enter(some)))).flat();
  await school.admissionNumbersSeen([...numbers.values()]);
  return { registered, families: made, places };
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

export function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}
