import { bands, levels, relations } from './build.js';
import { ugandaDistricts } from './uganda-districts.js';
import { ugandaFees } from './fees.js';
import { ugandaHolidays } from './holidays.js';
import { ugandaPathways, ugandaSubjects } from './uganda-subjects.js';
import { CLEARANCE_USES, type CountryPack, type Scale } from './types.js';

const numbered = (code: string, name: string, from: number, to: number): [string, string][] =>
  Array.from({ length: to - from + 1 }, (_, index) => [`${code}${from + index}`, `${name} ${from + index}`]);

// Divisions of PLE as the board counts them (4 to 12, 13 to 23, 24 to 29, 30 to 34; reported by schoolsedge.org, 2017), the
// letters of UCE with their words (ministry, on the 2025 examination; sunrise.ug, Feb 2026) and the points of UACE (6 to 0;
// ugcolleges.com, 2021) are found so. The per cents are usual ones of schools: the board sets its own in each sitting, and
// gives a letter of UACE by the grades of the papers.
const scales: Scale[] = [
  {
    id: 'ple-subject',
    name: 'PLE grades 1 to 9',
    basis: 'percent',
    national: false,
    bands: bands([
      ['D1', 90, 1, 'Distinction'],
      ['D2', 80, 2, 'Distinction'],
      ['C3', 70, 3, 'Credit'],
      ['C4', 60, 4, 'Credit'],
      ['C5', 55, 5, 'Credit'],
      ['C6', 50, 6, 'Credit'],
      ['P7', 45, 7, 'Pass'],
      ['P8', 40, 8, 'Pass'],
      ['F9', 0, 9, 'Fail'],
    ]),
  },
  {
    id: 'ple-division',
    name: 'PLE divisions, four subjects',
    basis: 'aggregate',
    national: true,
    bands: bands([
      ['U', 35, null, 'Ungraded'],
      ['4', 30, null, 'Division 4'],
      ['3', 24, null, 'Division 3'],
      ['2', 13, null, 'Division 2'],
      ['1', 4, null, 'Division 1'],
    ]),
  },
  {
    id: 'uce',
    name: 'UCE A to E',
    basis: 'percent',
    national: true,
    bands: bands([
      ['A', 80, null, 'Exceptional'],
      ['B', 70, null, 'Outstanding'],
      ['C', 60, null, 'Satisfactory'],
      ['D', 50, null, 'Basic'],
      ['E', 0, null, 'Elementary'],
    ]),
  },
  {
    id: 'uace',
    name: 'UACE principal subjects',
    basis: 'percent',
    national: false,
    bands: bands([
      ['A', 80, 6, 'Principal pass'],
      ['B', 70, 5, 'Principal pass'],
      ['C', 60, 4, 'Principal pass'],
      ['D', 50, 3, 'Principal pass'],
      ['E', 40, 2, 'Principal pass'],
      ['O', 35, 1, 'Subsidiary pass'],
      ['F', 0, 0, 'Fail'],
    ]),
  },
];

export const uganda: CountryPack = {
  id: 'uganda',
  country: 'UG',
  name: 'Uganda',
  currency: 'UGX',
  zone: 'Africa/Kampala',
  language: 'en',
  firstDayOfWeek: 1,
  schoolWeek: [1, 2, 3, 4, 5],
  words: {
    learner: 'Learner',
    class: 'Class',
    stream: 'Stream',
    term: 'Term',
    region: 'District',
    head: 'Head teacher',
    pathway: 'Combination',
    charge: 'Fee item',
  },
  regions: ugandaDistricts,
  streamNames: ['East', 'West', 'North', 'South', 'Central'],
  curricula: [{ id: 'ncdc', name: 'National curriculum (NCDC)' }],
  stages: [
    { id: 'nursery', name: 'Nursery', kind: 'pre-primary', curriculum: 'ncdc', scale: null, weights: null },
    // The thematic curriculum of P1 to P3 is told in words: grades of the PLE begin with P4.
    { id: 'lower-primary', name: 'Lower primary', kind: 'primary', curriculum: 'ncdc', scale: null, weights: null },
    { id: 'upper-primary', name: 'Upper primary', kind: 'primary', curriculum: 'ncdc', scale: 'ple-subject', weights: null },
    {
      id: 'o-level',
      name: 'Lower secondary',
      kind: 'junior',
      curriculum: 'ncdc',
      scale: 'uce',
      weights: { course: 20, exam: 80 },
    },
    { id: 'a-level', name: 'Advanced level', kind: 'senior', curriculum: 'ncdc', scale: 'uace', weights: null },
  ],
  levels: [
    ...levels(
      'nursery',
      [
        ['BABY', 'Baby class'],
        ['MIDDLE', 'Middle class'],
        ['TOP', 'Top class'],
      ],
      { from: 1, age: 3, ranked: false, then: 'P1' },
    ),
    ...levels('lower-primary', numbered('P', 'Primary', 1, 3), { from: 4, age: 6, ranked: false, then: 'P4' }),
    ...levels('upper-primary', numbered('P', 'Primary', 4, 7), { from: 7, age: 9, ranked: true, then: 'S1' }),
    ...levels('o-level', numbered('S', 'Senior', 1, 4), { from: 11, age: 13, ranked: true, then: 'S5' }),
    ...levels('a-level', numbered('S', 'Senior', 5, 6), { from: 15, age: 17, ranked: true, then: null }),
  ],
  subjects: ugandaSubjects,
  pathways: ugandaPathways,
  scales,
  // The ministry's calendar for 2026; its first term was moved from 2 to 10 February for the elections (circular of the
  // permanent secretary, reported by ultimatepost.dantty.com; terms II and III by pulse.ug, 6 Jan 2026).
  calendar: {
    year: 2026,
    spansTwoYears: false,
    startsOn: '2026-01-01',
    endsOn: '2026-12-31',
    terms: [
      { name: 'Term I', startsOn: '2026-02-10', endsOn: '2026-05-01' },
      { name: 'Term II', startsOn: '2026-05-25', endsOn: '2026-08-21' },
      { name: 'Term III', startsOn: '2026-09-14', endsOn: '2026-12-04' },
    ],
    source:
      'The ministry’s calendar for 2026, first term moved for the elections, reported by pulse.ug and ultimatepost.dantty.com',
    known: [
      {
        year: 2027,
        proposed: true,
        // The holiday before it ends on 31 January 2027 in the ministry's calendar of 2026 (eschoolmanager.net, Jan 2026).
        terms: [
          { name: 'Term I', startsOn: '2027-02-01', endsOn: '2027-04-30' },
          { name: 'Term II', startsOn: '2027-05-24', endsOn: '2027-08-20' },
          { name: 'Term III', startsOn: '2027-09-13', endsOn: '2027-12-03' },
        ],
        source: 'The first day is taken from the ministry’s calendar for 2026, and the terms have the same number of weeks',
      },
    ],
  },
  birthCertificate: { hint: 'As printed by the registration authority', pattern: null },
  holidays: ugandaHolidays,
  breaks: [],
  identifiers: [
    { key: 'lin', label: 'LIN', hint: 'Learner number from the ministry’s register (EMIS)', pattern: '[A-Z0-9]{8,20}' },
    { key: 'nin', label: 'NIN', hint: 'Fourteen letters and digits', pattern: '[A-Z]{2}[A-Z0-9]{12}' },
    { key: 'ple', label: 'PLE index number', hint: 'Centre and candidate, such as 123456/001', pattern: '\\d{6}/\\d{3}' },
    { key: 'uce', label: 'UCE index number', hint: 'Centre and candidate, such as U0012/034', pattern: 'U\\d{4}/\\d{3}' },
  ],
  relations,
  mobileMoney: { operators: ['MTN MoMo', 'Airtel Money'], scheme: 'mobile' },
  fees: ugandaFees,
  law: {
    mayRankEarlyYears: true,
    nationalCertificateMayBeWithheld: true,
    clearance: { mayHold: CLEARANCE_USES, rules: [] },
    photoNeedsConsent: true,
  },
  numbers: { admission: '{prefix}/{year}/{serial:4}', staff: 'T{serial:3}' },
};
