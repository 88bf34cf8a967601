import type { Community, DemoCountry } from '../countries/country.js';
import type { Random } from '../random.js';

export interface DemoGuardian {
  fullName: string;
  relationship: 'mother' | 'father' | 'grandmother' | 'aunt' | 'uncle';
  phone: string | null;
  email: string | null;
  nationalId: string | null;
  occupation: string | null;
  livesWith: boolean;
  paysFees: boolean;
  barred: boolean;
  barredReason: string | null;
}

interface Household {
  guardians: DemoGuardian[];
  orphan: 'none' | 'father' | 'mother' | 'both';
}

/** One of a hundred households has a parent whom a court keeps away. */
const BARRED_EVERY = 100;

export function guardiansOf(
  random: Random,
  country: DemoCountry,
  community: Community,
  surname: string,
  index: number,
): Household {
  const person = (relationship: DemoGuardian['relationship'], place: number, over: Partial<DemoGuardian> = {}): DemoGuardian => {
    const sex = relationship === 'father' || relationship === 'uncle' ? 'M' : 'F';
    const { firstName, middleName } = adultOf(random, country, community, sex);
    return {
      fullName: `${firstName} ${middleName} ${surname}`,
      relationship,
      phone: phoneOf(country, index * 2 + place),
      email: random.chance(0.35) ? `${plain(firstName)}.${plain(surname)}${index}@example.org` : null,
      nationalId: random.chance(0.7) ? `90${random.whole(100_000, 999_999)}` : null,
      occupation: random.pick(country.occupations),
      livesWith: true,
      paysFees: place === 0,
      barred: false,
      barredReason: null,
      ...over,
    };
  };
  const kind = random.weighted([
    ['both', 74],
    ['mother', 15],
    ['father', 4],
    ['relative', 7],
  ] as const);
  if (kind === 'mother') return { guardians: [person('mother', 0)], orphan: random.chance(0.2) ? 'father' : 'none' };
  if (kind === 'father') return { guardians: [person('father', 0)], orphan: random.chance(0.4) ? 'mother' : 'none' };
  if (kind === 'relative') {
    return {
      guardians: [person(random.pick(['grandmother', 'aunt', 'uncle']), 0, { occupation: 'Farmer' })],
      orphan: random.chance(0.6) ? 'both' : 'none',
    };
  }
  const barred = index % BARRED_EVERY === BARRED_EVERY - 1;
  // Many couples have one phone; of these the mother goes by her own family's name.
  const shared = random.chance(0.08);
  const ownName = random.pick(community.surnames.filter((one) => one !== surname));
  const mother = person('mother', 0, shared ? { fullName: `${random.pick(country.firstGirls)} ${ownName}` } : {});
  const father = person('father', 1, {
    ...(shared ? { phone: mother.phone, fullName: `${random.pick(country.firstBoys)} ${surname}` } : {}),
    ...(barred ? { barred, livesWith: false, barredReason: 'Order of the children’s court' } : {}),
  });
  return { guardians: [mother, father], orphan: 'none' };
}

export function adultOf(
  random: Random,
  country: DemoCountry,
  community: Community,
  sex: 'F' | 'M',
): { firstName: string; middleName: string } {
  const first = sex === 'F' ? (community.firstGirls ?? country.firstGirls) : (community.firstBoys ?? country.firstBoys);
  return { firstName: random.pick(first), middleName: random.pick(sex === 'F' ? community.girls : community.boys) };
}

export function phoneOf(country: DemoCountry, count: number): string {
  return country.phoneBlock + String(count).padStart(5, '0');
}

/** For an address: letters only. */
export function plain(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z]/g, '');
}
