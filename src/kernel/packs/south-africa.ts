import { bands, levels, relations } from './build.js';
import { southAfricaFees } from './fees.js';
import { southAfricaHolidays } from './holidays.js';
import { southAfricaSubjects } from './south-africa-subjects.js';
import type { CountryPack } from './types.js';

const grades = (from: number, to: number): [string, string][] =>
  Array.from({ length: to - from + 1 }, (_, index) => [`G${from + index}`, `Grade ${from + index}`]);

export const southAfrica: CountryPack = {
  id: 'south-africa',
  country: 'ZA',
  name: 'South Africa',
  currency: 'ZAR',
  zone: 'Africa/Johannesburg',
  language: 'en',
  firstDayOfWeek: 1,
  schoolWeek: [1, 2, 3, 4, 5],
  words: {
    learner: 'Learner',
    class: 'Grade',
    stream: 'Register class',
    term: 'Term',
    region: 'Province',
    head: 'Principal',
    pathway: 'Package',
    charge: 'Fee item',
  },
  regions: [
    'Eastern Cape',
    'Free State',
    'Gauteng',
    'KwaZulu-Natal',
    'Limpopo',
    'Mpumalanga',
    'North West',
    'Northern Cape',
    'Western Cape',
  ],
  streamNames: ['A', 'B', 'C', 'D', 'E'],
  curricula: [{ id: 'caps', name: 'National curriculum (CAPS)' }],
  stages: [
    {
      id: 'reception',
      name: 'Reception',
      kind: 'pre-primary',
      curriculum: 'caps',
      scale: 'za-7',
      weights: { course: 100, exam: 0 },
    },
    {
      id: 'foundation',
      name: 'Foundation phase',
      kind: 'primary',
      curriculum: 'caps',
      scale: 'za-7',
      weights: { course: 100, exam: 0 },
    },
    {
      id: 'intermediate',
      name: 'Intermediate phase',
      kind: 'primary',
      curriculum: 'caps',
      scale: 'za-7',
      weights: { course: 75, exam: 25 },
    },
    { id: 'senior', name: 'Senior phase', kind: 'junior', curriculum: 'caps', scale: 'za-7', weights: { course: 40, exam: 60 } },
    {
      id: 'fet',
      name: 'Further education (FET)',
      kind: 'senior',
      curriculum: 'caps',
      scale: 'za-7',
      weights: { course: 25, exam: 75 },
    },
  ],
  levels: [
    ...levels('reception', [['GR', 'Grade R']], { from: 1, age: 5, ranked: false, then: 'G1' }),
    ...levels('foundation', grades(1, 3), { from: 2, age: 6, ranked: false, then: 'G4' }),
    ...levels('intermediate', grades(4, 6), { from: 5, age: 9, ranked: false, then: 'G7' }),
    ...levels('senior', grades(7, 9), { from: 8, age: 12, ranked: false, then: 'G10' }),
    ...levels('fet', grades(10, 12), { from: 11, age: 15, ranked: false, then: null }),
  ],
  subjects: southAfricaSubjects,
  pathways: [],
  scales: [
    {
      id: 'za-7',
      name: 'Seven levels of achievement',
      basis: 'percent',
      national: true,
      bands: bands([
        ['7', 80, 7, 'Outstanding achievement'],
        ['6', 70, 6, 'Meritorious achievement'],
        ['5', 60, 5, 'Substantial achievement'],
        ['4', 50, 4, 'Adequate achievement'],
        ['3', 40, 3, 'Moderate achievement'],
        ['2', 30, 2, 'Elementary achievement'],
        ['1', 0, 1, 'Not achieved'],
      ]),
    },
  ],
  // The department of basic education's calendar for 2026, the same inland and at the coast (reported by
  // thesouthafrican.com, 11 Mar 2026, and bizcommunity.com, 5 Jan 2026).
  calendar: {
    year: 2026,
    spansTwoYears: false,
    startsOn: '2026-01-01',
    endsOn: '2026-12-31',
    terms: [
      { name: 'Term 1', startsOn: '2026-01-14', endsOn: '2026-03-27' },
      { name: 'Term 2', startsOn: '2026-04-08', endsOn: '2026-06-26' },
      { name: 'Term 3', startsOn: '2026-07-21', endsOn: '2026-09-23' },
      { name: 'Term 4', startsOn: '2026-10-06', endsOn: '2026-12-09' },
    ],
    source: 'The department’s calendar for 2026, as reported by thesouthafrican.com and bizcommunity.com',
    known: [
      {
        year: 2027,
        terms: [
          { name: 'Term 1', startsOn: '2027-01-13', endsOn: '2027-03-19' },
          { name: 'Term 2', startsOn: '2027-04-06', endsOn: '2027-06-25' },
          { name: 'Term 3', startsOn: '2027-07-20', endsOn: '2027-09-22' },
          { name: 'Term 4', startsOn: '2027-10-05', endsOn: '2027-12-08' },
        ],
        source: 'The department’s calendar for 2027, as reported by careersportal.co.za only; check it against the gazette',
      },
    ],
  },
  birthCertificate: { hint: 'The entry number on the certificate', pattern: null },
  holidays: southAfricaHolidays,
  breaks: [{ name: 'Special school holiday', startsOn: '2027-04-26', endsOn: '2027-04-26' }],
  identifiers: [
    { key: 'id-number', label: 'Identity number', hint: 'Thirteen digits', pattern: '\\d{13}' },
    { key: 'lurits', label: 'LURITS number', hint: 'From the national learner register', pattern: '\\d{6,15}' },
    { key: 'cemis', label: 'CEMIS number', hint: 'Western Cape only', pattern: '\\d{6,12}' },
    { key: 'passport', label: 'Passport number', hint: 'For learners from elsewhere', pattern: '[A-Z0-9]{6,12}' },
    { key: 'exam-number', label: 'NSC examination number', hint: 'Thirteen digits', pattern: '\\d{13}' },
  ],
  relations,
  mobileMoney: { operators: [], scheme: 'mobile' },
  fees: southAfricaFees,
  law: {
    mayRankEarlyYears: false,
    nationalCertificateMayBeWithheld: false,
    clearance: {
      mayHold: [],
      rules: [
        'South African Schools Act 84 of 1996, section 41(7): a learner at a public school may not be denied any part of its programme, a report or a transfer certificate because fees are unpaid.',
      ],
    },
    photoNeedsConsent: true,
  },
  numbers: { admission: '{year}{serial:4}', staff: '{prefix}S{serial:3}' },
};
