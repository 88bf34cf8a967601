import { bands, levels, relations } from './build.js';
import { kenyaFees } from './fees.js';
import { kenyaHolidays } from './holidays.js';
import { kenyaPathways, kenyaSubjects } from './kenya-subjects.js';
import { CLEARANCE_USES, type CountryPack, type Level, type Scale } from './types.js';

const scales: Scale[] = [
  {
    id: 'kjsea',
    name: 'KJSEA eight levels',
    basis: 'percent',
    national: true,
    bands: bands([
      ['EE1', 90, 8, 'Exceeding expectation'],
      ['EE2', 75, 7, 'Exceeding expectation'],
      ['ME1', 58, 6, 'Meeting expectation'],
      ['ME2', 41, 5, 'Meeting expectation'],
      ['AE1', 31, 4, 'Approaching expectation'],
      ['AE2', 21, 3, 'Approaching expectation'],
      ['BE1', 11, 2, 'Below expectation'],
      ['BE2', 0, 1, 'Below expectation'],
    ]),
  },
  {
    id: 'cbc-4',
    name: 'CBC four levels',
    basis: 'percent',
    national: false,
    bands: bands([
      ['EE', 80, 4, 'Exceeding expectation'],
      ['ME', 60, 3, 'Meeting expectation'],
      ['AE', 30, 2, 'Approaching expectation'],
      ['BE', 0, 1, 'Below expectation'],
    ]),
  },
  {
    id: 'school-844',
    name: '8-4-4 grades',
    basis: 'percent',
    national: false,
    bands: bands([
      ['A', 80, 12, 'Excellent'],
      ['A-', 75, 11, 'Excellent'],
      ['B+', 70, 10, 'Very good'],
      ['B', 65, 9, 'Good'],
      ['B-', 60, 8, 'Good'],
      ['C+', 55, 7, 'Fair'],
      ['C', 50, 6, 'Average'],
      ['C-', 45, 5, 'Average'],
      ['D+', 40, 4, 'Below average'],
      ['D', 35, 3, 'Weak'],
      ['D-', 30, 2, 'Weak'],
      ['E', 0, 1, 'Poor'],
    ]),
  },
  {
    id: 'kcse-mean',
    name: 'KCSE mean grade, seven subjects',
    basis: 'points',
    national: true,
    bands: bands([
      ['A', 81, 12, 'Excellent'],
      ['A-', 74, 11, 'Excellent'],
      ['B+', 67, 10, 'Very good'],
      ['B', 60, 9, 'Good'],
      ['B-', 53, 8, 'Good'],
      ['C+', 46, 7, 'Fair'],
      ['C', 39, 6, 'Average'],
      ['C-', 32, 5, 'Average'],
      ['D+', 25, 4, 'Below average'],
      ['D', 18, 3, 'Weak'],
      ['D-', 11, 2, 'Weak'],
      ['E', 7, 1, 'Poor'],
    ]),
  },
];

const grade = (number: number): [string, string] => [`G${number}`, `Grade ${number}`];

/** The senior classes of the new curriculum arrive one year after the other as the forms of the old one leave. */
function running(level: Level): Level {
  if (level.code === 'G10') return { ...level, since: 2026 };
  if (level.code === 'G11') return { ...level, since: 2027 };
  if (level.code === 'G12') return { ...level, since: 2028 };
  if (level.code === 'F3') return { ...level, until: 2026 };
  if (level.code === 'F4') return { ...level, until: 2027 };
  return level;
}

const kenyaLevels: Level[] = [
  ...levels(
    'pre-primary',
    [
      ['PP1', 'PP1'],
      ['PP2', 'PP2'],
    ],
    { from: 1, age: 4, ranked: false, then: 'G1' },
  ),
  ...levels('lower-primary', [grade(1), grade(2), grade(3)], { from: 3, age: 6, ranked: false, then: 'G4' }),
  ...levels('upper-primary', [grade(4), grade(5), grade(6)], { from: 6, age: 9, ranked: false, then: 'G7' }),
  ...levels('junior', [grade(7), grade(8), grade(9)], { from: 9, age: 12, ranked: false, then: 'G10' }),
  ...levels('senior', [grade(10), grade(11), grade(12)], { from: 12, age: 15, ranked: false, then: null }),
  ...levels(
    'secondary-844',
    [
      ['F3', 'Form 3'],
      ['F4', 'Form 4'],
    ],
    { from: 15, age: 16, ranked: true, then: null },
  ),
].map(running);

export const kenya: CountryPack = {
  id: 'kenya',
  country: 'KE',
  name: 'Kenya',
  currency: 'KES',
  zone: 'Africa/Nairobi',
  language: 'en',
  firstDayOfWeek: 1,
  schoolWeek: [1, 2, 3, 4, 5],
  words: {
    learner: 'Learner',
    class: 'Grade',
    stream: 'Stream',
    term: 'Term',
    region: 'County',
    head: 'Head teacher',
    pathway: 'Pathway',
    charge: 'Vote head',
  },
  regions: [
    'Baringo',
    'Bomet',
    'Bungoma',
    'Busia',
    'Elgeyo-Marakwet',
    'Embu',
    'Garissa',
    'Homa Bay',
    'Isiolo',
    'Kajiado',
    'Kakamega',
    'Kericho',
    'Kiambu',
    'Kilifi',
    'Kirinyaga',
    'Kisii',
    'Kisumu',
    'Kitui',
    'Kwale',
    'Laikipia',
    'Lamu',
    'Machakos',
    'Makueni',
    'Mandera',
    'Marsabit',
    'Meru',
    'Migori',
    'Mombasa',
    "Murang'a",
    'Nairobi City',
    'Nakuru',
    'Nandi',
    'Narok',
    'Nyamira',
    'Nyandarua',
    'Nyeri',
    'Samburu',
    'Siaya',
    'Taita-Taveta',
    'Tana River',
    'Tharaka-Nithi',
    'Trans Nzoia',
    'Turkana',
    'Uasin Gishu',
    'Vihiga',
    'Wajir',
    'West Pokot',
  ],
  streamNames: ['East', 'West', 'North', 'South', 'Central'],
  curricula: [
    { id: 'cbc', name: 'Competency-based (CBC)' },
    { id: '844', name: '8-4-4' },
  ],
  stages: [
    { id: 'pre-primary', name: 'Pre-primary', kind: 'pre-primary', curriculum: 'cbc', scale: 'cbc-4', weights: null },
    { id: 'lower-primary', name: 'Lower primary', kind: 'primary', curriculum: 'cbc', scale: 'cbc-4', weights: null },
    { id: 'upper-primary', name: 'Upper primary', kind: 'primary', curriculum: 'cbc', scale: 'cbc-4', weights: null },
    { id: 'junior', name: 'Junior school', kind: 'junior', curriculum: 'cbc', scale: 'kjsea', weights: null },
    { id: 'senior', name: 'Senior school', kind: 'senior', curriculum: 'cbc', scale: 'kjsea', weights: null },
    { id: 'secondary-844', name: 'Secondary (8-4-4)', kind: 'senior', curriculum: '844', scale: 'school-844', weights: null },
  ],
  levels: kenyaLevels,
  subjects: kenyaSubjects,
  pathways: kenyaPathways,
  scales,
  // The permanent secretary's circular of 9 October 2025: standardmedia.co.ke (13 Oct 2025), vihiga.xyz, switchtv.ke (Jan
  // 2026) and newsaih.com have all dates and both half-terms; capitalfm.co.ke (13 Oct 2025) has 5 January too, but other
  // dates for terms 2 and 3. Its long holiday ends on 1 January 2027: 2027 begins on Monday the 4th, as moving the days says.
  calendar: {
    year: 2026,
    spansTwoYears: false,
    startsOn: '2026-01-01',
    endsOn: '2026-12-31',
    terms: [
      { name: 'Term 1', startsOn: '2026-01-05', endsOn: '2026-04-02' },
      { name: 'Term 2', startsOn: '2026-04-27', endsOn: '2026-07-31' },
      { name: 'Term 3', startsOn: '2026-08-24', endsOn: '2026-10-23' },
    ],
    source: 'The ministry’s circular for 2026 of 9 October 2025, as reported by The Standard and other papers',
  },
  birthCertificate: { hint: 'Digits only, no spaces', pattern: '\\d{6,12}' },
  holidays: kenyaHolidays,
  breaks: [
    { name: 'Half-term', startsOn: '2026-02-25', endsOn: '2026-03-01' },
    { name: 'Half-term', startsOn: '2026-06-24', endsOn: '2026-06-28' },
    { name: 'Half-term', startsOn: '2027-02-24', endsOn: '2027-02-28', toConfirm: true },
    { name: 'Half-term', startsOn: '2027-06-23', endsOn: '2027-06-27', toConfirm: true },
  ],
  identifiers: [
    { key: 'upi', label: 'UPI', hint: 'From the ministry’s register, if the student has one', pattern: '[A-Z0-9]{4,12}' },
    {
      key: 'assessment',
      label: 'KNEC assessment number',
      hint: 'Given in Grade 3 and kept to Grade 9',
      pattern: '[A-Z0-9/]{6,20}',
    },
    {
      key: 'index',
      label: 'KCSE index number',
      hint: 'Eight digits of the centre and three of the candidate',
      pattern: '\\d{11}',
    },
  ],
  relations,
  mobileMoney: { operators: ['M-Pesa', 'Airtel Money'], scheme: 'mpesa' },
  fees: kenyaFees,
  law: {
    mayRankEarlyYears: false,
    nationalCertificateMayBeWithheld: false,
    // The ministry repeated it on 1 April 2025.
    clearance: {
      mayHold: CLEARANCE_USES,
      rules: [
        'Kenya National Examinations Council Act, 2012, section 10(1)(b): no one may withhold a certificate issued by the Council.',
      ],
    },
    photoNeedsConsent: true,
  },
  numbers: { admission: '{prefix}/{year}/{serial:4}', staff: 'T{serial:3}' },
};
