import { addDays } from '../../../kernel/clock.js';
import type { DemoCountry } from '../countries/country.js';
import { adultOf, phoneOf, plain } from './guardians.js';
import type { Random } from '../random.js';

export interface DemoStaff {
  title: string;
  surname: string;
  firstName: string;
  middleName: string | null;
  sex: 'F' | 'M';
  phone: string;
  email: string;
  nationalId: string | null;
  registrationNo: string | null;
  job: string;
  category: 'teaching' | 'non-teaching';
  joinedOn: string;
}

const LEADERS = ['Head teacher', 'Deputy head teacher', 'Senior teacher'];
const OTHERS = [
  'Bursar',
  'Registrar',
  'School nurse',
  'Librarian',
  'Human resources officer',
  'Catering manager',
  'Accounts clerk',
  'Driver',
  'Matron',
  'Laboratory technician',
  'Groundsman',
  'Security guard',
];
/** Numbers of staff lie far above those of families in the same block. */
const FIRST_PHONE = 90_000;

/** Leaders first, then teachers, then everybody else. */
export function staffOf(
  random: Random,
  country: DemoCountry,
  domain: string,
  counts: { teachers: number; others: number },
  today: string,
): DemoStaff[] {
  const jobs = [
    ...LEADERS.map((job) => ({ job, category: 'teaching' as const })),
    ...Array.from({ length: Math.max(0, counts.teachers - LEADERS.length) }, () => ({
      job: 'Teacher',
      category: 'teaching' as const,
    })),
    ...Array.from({ length: counts.others }, (_, index) => ({
      job: OTHERS[index % OTHERS.length]!,
      category: 'non-teaching' as const,
    })),
  ];
  return jobs.map(({ job, category }, index) => {
    const community = random.weighted(country.communities.map((one) => [one, one.weight] as const));
    const sex = job === 'Matron' ? 'F' : random.chance(0.55) ? 'F' : 'M';
    const { firstName, middleName } = adultOf(random, country, community, sex);
    const surname = random.pick(community.surnames);
    return {
      title: sex === 'M' ? 'Mr' : random.pick(['Mrs', 'Ms']),
      surname,
      firstName,
      middleName: random.chance(0.6) ? middleName : null,
      sex,
      phone: phoneOf(country, FIRST_PHONE + index),
      email: `${plain(firstName)}.${plain(surname)}${index}@${domain}`,
      nationalId: random.chance(0.9) ? `90${random.whole(100_000, 999_999)}` : null,
      registrationNo: category === 'teaching' ? `9${random.whole(10_000, 99_999)}` : null,
      job,
      category,
      joinedOn: addDays(today, -random.whole(420, 5200)),
    };
  });
}
