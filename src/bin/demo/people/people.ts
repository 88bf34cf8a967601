import { addDays } from '../../../kernel/clock.js';
import type { Community, DemoCountry } from '../countries/country.js';
import { adultOf, guardiansOf, type DemoGuardian } from './guardians.js';
import { pathTo, type DemoClass, type DemoYear, type Step } from './paths.js';
import type { Random } from '../random.js';

export interface DemoExit {
  /** Key of the step in the life-cycle, with one of its reasons. */
  step: 'withdraw' | 'transfer' | 'graduate';
  reason: string;
  on: string;
}

export interface DemoChild {
  surname: string;
  firstName: string;
  middleName: string | null;
  sex: 'F' | 'M';
  bornOn: string;
  birthCertificateNo: string | null;
  religion: string;
  firstLanguage: string;
  homeArea: string;
  previousSchool: string | null;
  specialNeeds: string | null;
  orphanStatus: 'none' | 'father' | 'mother' | 'both';
  boarding: 'day' | 'boarder';
  identifiers: { type: string; value: string }[];
  joinedOn: string;
  /** Oldest first; the last one is where the child sits now, or sat at the end. */
  path: Step[];
  exit: DemoExit | null;
  suspended: boolean;
  places: { house: string | null; dorm: string | null; bed: string | null; route: string | null; mealPlan: string | null };
  /** What the guardians have said yes or no to. */
  consents: Record<string, boolean>;
  /** 0 to 1, from which the drawing of the photo follows; null for a child without one. */
  face: number | null;
}

export interface DemoFamily {
  surname: string;
  address: string;
  guardians: DemoGuardian[];
  children: DemoChild[];
}

export interface Wanted {
  country: DemoCountry;
  classes: readonly DemoClass[];
  streamsPerClass: number;
  /** Who sits in class today. */
  present: number;
  left: number;
  /** Oldest first; the last one is running. */
  years: readonly DemoYear[];
  today: string;
  /** Names in the school's lists. */
  lists: Readonly<Record<'houses' | 'dorms' | 'routes' | 'mealPlans', readonly string[]>>;
}

interface Seat {
  classIndex: number;
  stream: number;
  /** Year of the register in which the child sat there last. */
  yearIndex: number;
  exit: DemoExit['step'] | null;
}

/** Everybody's children, family by family. */
export function families(random: Random, wanted: Wanted): DemoFamily[] {
  const seats = random.shuffled([...seatsOf(wanted), ...leaversOf(random, wanted)]);
  const made: DemoFamily[] = [];
  while (seats.length > 0) {
    const size = random.weighted([
      [1, 46],
      [2, 33],
      [3, 15],
      [4, 6],
    ] as const);
    made.push(family(random, wanted, takeSiblings(seats, size), made.length));
  }
  suspendSome(made);
  ownNumbers(made);
  return made;
}

/** Among thousands of drawn numbers some come twice: the second child has none yet. */
function ownNumbers(made: readonly DemoFamily[]): void {
  const taken = new Set<string>();
  const isFree = (number: string): boolean => !taken.has(number) && Boolean(taken.add(number));
  for (const child of made.flatMap(({ children }) => children)) {
    if (child.birthCertificateNo !== null && !isFree(child.birthCertificateNo)) child.birthCertificateNo = null;
    child.identifiers = child.identifiers.filter(({ type, value }) => isFree(`${type} ${value}`));
  }
}

function seatsOf({ classes, streamsPerClass, present, years }: Wanted): Seat[] {
  const rooms = classes.length * streamsPerClass;
  return Array.from({ length: present }, (_, index) => {
    const room = index % rooms;
    return {
      classIndex: Math.floor(room / streamsPerClass),
      stream: room % streamsPerClass,
      yearIndex: years.length - 1,
      exit: null,
    };
  });
}

/** The last classes of earlier years, and some who went elsewhere on the way. */
function leaversOf(random: Random, { classes, streamsPerClass, left, years }: Wanted): Seat[] {
  const last = classes.flatMap((one, index) => (one.next === null && one.age >= 14 ? [index] : []));
  return Array.from({ length: left }, (_, index) => {
    const graduated = index < left * 0.6 && years.length > 1 && last.length > 0;
    const yearIndex = graduated ? random.whole(Math.max(0, years.length - 3), years.length - 2) : years.length - 1;
    return {
      classIndex: graduated ? last.at(-1)! : random.whole(1, classes.length - 1),
      stream: random.whole(0, streamsPerClass - 1),
      yearIndex,
      exit: graduated ? 'graduate' : random.chance(0.6) ? 'transfer' : 'withdraw',
    };
  });
}

/** Brothers and sisters sit in different classes. */
function takeSiblings(seats: Seat[], size: number): Seat[] {
  const taken = [seats.pop()!];
  for (let at = seats.length - 1; at >= 0 && at > seats.length - 40 && taken.length < size; at -= 1) {
    const seat = seats[at]!;
    if (taken.some((other) => Math.abs(other.classIndex - seat.classIndex) < 1)) continue;
    taken.push(seat);
    seats.splice(at, 1);
  }
  return taken;
}

function family(random: Random, wanted: Wanted, seats: readonly Seat[], index: number): DemoFamily {
  const { country } = wanted;
  const community = random.weighted(country.communities.map((one) => [one, one.weight] as const));
  const surname = random.pick(community.surnames);
  const household = guardiansOf(random, country, community, surname, index);
  const first = new Set<string>();
  return {
    surname,
    address: `${random.whole(3, 480)} ${random.pick(country.streets)}`,
    guardians: household.guardians,
    children: seats.map((seat) => child(random, wanted, { community, surname, orphan: household.orphan, seat, taken: first })),
  };
}

interface Household {
  community: Community;
  surname: string;
  orphan: DemoChild['orphanStatus'];
  seat: Seat;
  /** First names that a brother or sister has already. */
  taken: Set<string>;
}

const NEEDS = [
  'Asthma: inhaler in the bag',
  'Wears glasses, sits in front',
  'Hearing aid, left ear',
  'Dyslexia: more time in tests',
  'Uses a wheelchair',
  'Epilepsy: see the nurse’s plan',
  'Allergic to groundnuts',
];

function child(random: Random, wanted: Wanted, { community, surname, orphan, seat, taken }: Household): DemoChild {
  const { country, classes, years } = wanted;
  const sex = random.chance(0.5) ? 'F' : 'M';
  const own = classes[seat.classIndex]!;
  const path = pathTo(random, classes, seat, years, wanted.streamsPerClass);
  const entered = path[0]!;
  const firstOfYear = years[seat.yearIndex]!.termStarts[0]!;
  const bornOn = addDays(`${Number(firstOfYear.slice(0, 4)) - own.age}-01-01`, random.whole(-120, 250));
  const longer = entered.yearIndex === 0 && entered.on === years[0]!.termStarts[0] && random.chance(0.75);
  const before = longer ? random.whole(0, Math.max(0, classes[entered.classIndex]!.age - 5)) : 0;
  const adult = adultOf(random, country, community, sex);
  const boarding = own.age >= 12 && wanted.lists.dorms.length > 0 && random.chance(0.3) ? 'boarder' : 'day';
  let firstName = adult.firstName;
  while (taken.has(firstName)) firstName = random.pick(sex === 'F' ? country.firstGirls : country.firstBoys);
  taken.add(firstName);
  return {
    surname,
    firstName,
    middleName: random.chance(0.9) ? adult.middleName : null,
    sex,
    bornOn,
    birthCertificateNo: random.chance(0.85) ? `9${random.whole(1_000_000, 9_999_999)}` : null,
    religion: community.religion,
    firstLanguage: community.language,
    homeArea: random.pick(community.homeAreas),
    previousSchool: own.age > 8 && before === 0 && random.chance(0.6) ? random.pick(country.previousSchools) : null,
    specialNeeds: random.chance(0.035) ? random.pick(NEEDS) : null,
    orphanStatus: orphan,
    boarding,
    identifiers: country.identifiersOf(random, own.age),
    joinedOn: before === 0 ? entered.on : `${Number(entered.on.slice(0, 4)) - before}${entered.on.slice(4)}`,
    path: before === 0 ? path : [{ ...entered, reason: 'imported' }, ...path.slice(1)],
    exit: exitOf(random, wanted, seat, path),
    suspended: false,
    places: placesOf(random, wanted, sex, boarding),
    consents: consentsOf(random),
    face: random.chance(0.94) ? random.next() : null,
  };
}

/** Boarders have a bed and all meals; of the others some take the bus and most take lunch. */
function placesOf(random: Random, { lists }: Wanted, sex: 'F' | 'M', boarding: 'day' | 'boarder'): DemoChild['places'] {
  const house = random.pick(lists.houses);
  if (boarding === 'boarder') {
    const dorms = lists.dorms.filter((name) => name.includes(sex === 'F' ? '(girls)' : '(boys)'));
    return { house, dorm: random.pick(dorms), bed: String(random.whole(1, 40)), route: null, mealPlan: lists.mealPlans.at(-1)! };
  }
  return {
    house,
    dorm: null,
    bed: null,
    route: random.chance(0.28) ? random.pick(lists.routes) : null,
    mealPlan: random.chance(0.7) ? lists.mealPlans[0]! : null,
  };
}

function consentsOf(random: Random): Record<string, boolean> {
  if (random.chance(0.08)) return {};
  return {
    'photo-in-school': random.chance(0.96),
    'photo-in-public': random.chance(0.7),
    'social-media': random.chance(0.45),
    'medical-treatment': random.chance(0.97),
    'data-sharing': random.chance(0.9),
  };
}

function exitOf(random: Random, { years, today }: Wanted, seat: Seat, path: readonly Step[]): DemoExit | null {
  if (!seat.exit) return null;
  const year = years[seat.yearIndex]!;
  if (seat.exit === 'graduate') return { step: 'graduate', reason: 'completed', on: year.lastDay };
  const from = addDays(path.at(-1)!.on, 20);
  const latest = year.lastDay < today ? year.lastDay : addDays(today, -3);
  const day = addDays(from, random.whole(0, 150));
  const on = from > latest ? path.at(-1)!.on : day > latest ? latest : day;
  return seat.exit === 'transfer'
    ? { step: 'transfer', reason: random.pick(['parent', 'placement', 'moved']), on }
    : { step: 'withdraw', reason: random.pick(['moved', 'fees', 'family', 'health']), on };
}

/** Three who sit at home for a week. */
function suspendSome(made: readonly DemoFamily[]): void {
  const older = made.flatMap((one) => one.children).filter((one) => !one.exit && one.sex === 'M' && one.boarding === 'boarder');
  for (const one of older.slice(0, 3)) one.suspended = true;
}
