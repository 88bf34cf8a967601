import { bands, levels, relations } from './build.js';
import { ghanaFees } from './fees.js';
import { ghanaHolidays } from './holidays.js';
import { ghanaPathways, ghanaSubjects } from './ghana-subjects.js';
import { wassce } from './wassce.js';
import { CLEARANCE_USES, type CountryPack } from './types.js';

export const ghana: CountryPack = {
  id: 'ghana',
  country: 'GH',
  name: 'Ghana',
  currency: 'GHS',
  zone: 'Africa/Accra',
  language: 'en',
  firstDayOfWeek: 1,
  schoolWeek: [1, 2, 3, 4, 5],
  words: {
    learner: 'Learner',
    class: 'Class',
    stream: 'Stream',
    term: 'Term',
    region: 'Region',
    head: 'Head teacher',
    pathway: 'Programme',
    charge: 'Fee item',
  },
  regions: [
    'Ahafo',
    'Ashanti',
    'Bono',
    'Bono East',
    'Central',
    'Eastern',
    'Greater Accra',
    'North East',
    'Northern',
    'Oti',
    'Savannah',
    'Upper East',
    'Upper West',
    'Volta',
    'Western',
    'Western North',
  ],
  streamNames: ['A', 'B', 'C', 'D', 'E'],
  curricula: [{ id: 'nacca', name: 'Standards-based curriculum (NaCCA)' }],
  stages: [
    { id: 'kindergarten', name: 'Kindergarten', kind: 'pre-primary', curriculum: 'nacca', scale: null, weights: null },
    { id: 'lower-primary', name: 'Lower primary', kind: 'primary', curriculum: 'nacca', scale: 'bece', weights: null },
    { id: 'upper-primary', name: 'Upper primary', kind: 'primary', curriculum: 'nacca', scale: 'bece', weights: null },
    {
      id: 'jhs',
      name: 'Junior high school',
      kind: 'junior',
      curriculum: 'nacca',
      scale: 'bece',
      weights: { course: 30, exam: 70 },
    },
    {
      id: 'shs',
      name: 'Senior high school',
      kind: 'senior',
      curriculum: 'nacca',
      scale: 'wassce',
      weights: { course: 30, exam: 70 },
    },
  ],
  levels: [
    ...levels(
      'kindergarten',
      [
        ['KG1', 'KG 1'],
        ['KG2', 'KG 2'],
      ],
      { from: 1, age: 4, ranked: false, then: 'B1' },
    ),
    ...levels(
      'lower-primary',
      [
        ['B1', 'Basic 1'],
        ['B2', 'Basic 2'],
        ['B3', 'Basic 3'],
      ],
      { from: 3, age: 6, ranked: true, then: 'B4' },
    ),
    ...levels(
      'upper-primary',
      [
        ['B4', 'Basic 4'],
        ['B5', 'Basic 5'],
        ['B6', 'Basic 6'],
      ],
      { from: 6, age: 9, ranked: true, then: 'JHS1' },
    ),
    ...levels(
      'jhs',
      [
        ['JHS1', 'JHS 1'],
        ['JHS2', 'JHS 2'],
        ['JHS3', 'JHS 3'],
      ],
      { from: 9, age: 12, ranked: true, then: 'SHS1' },
    ),
    ...levels(
      'shs',
      [
        ['SHS1', 'SHS 1'],
        ['SHS2', 'SHS 2'],
        ['SHS3', 'SHS 3'],
      ],
      { from: 12, age: 15, ranked: true, then: null },
    ),
  ],
  subjects: ghanaSubjects,
  pathways: ghanaPathways,
  scales: [
    {
      id: 'bece',
      name: 'BECE grades 1 to 9',
      basis: 'percent',
      national: false,
      bands: bands([
        ['1', 90, 1, 'Highest'],
        ['2', 80, 2, 'Higher'],
        ['3', 70, 3, 'High'],
        ['4', 60, 4, 'High average'],
        ['5', 55, 5, 'Average'],
        ['6', 50, 6, 'Low average'],
        ['7', 40, 7, 'Low'],
        ['8', 35, 8, 'Lower'],
        ['9', 0, 9, 'Lowest'],
      ]),
    },
    wassce,
  ],
  // The Ghana Education Service's calendar for basic schools of 2025/26 (July 2025: 2 Sep to 18 Dec, 8 Jan to 1 Apr,
  // 21 Apr to 23 Jul; reported by newsnowgh.com), on the same weekdays a year later. Senior high schools have another one.
  calendar: {
    year: 2026,
    proposed: true,
    spansTwoYears: true,
    // A term that begins on the same weekday begins at the end of August in some years.
    startsOn: '2026-08-25',
    endsOn: '2027-08-24',
    terms: [
      { name: 'Term 1', startsOn: '2026-09-01', endsOn: '2026-12-17' },
      { name: 'Term 2', startsOn: '2027-01-07', endsOn: '2027-03-31' },
      { name: 'Term 3', startsOn: '2027-04-20', endsOn: '2027-07-22' },
    ],
    source: 'The Ghana Education Service’s calendar for basic schools in 2025/26, moved on by a year',
    note: 'For kindergarten, primary and junior high. Senior high schools have a different calendar by form and track.',
    usual: 'Basic school',
    // The Ghana Education Service's calendar for single-track schools of 2025/26 (first years from 18 Oct 2025: dailypost.com.gh;
    // 5 Jan to 27 Feb and 4 May to 21 Aug 2026: its statement of 2 Jan 2026, satelnewsgh.com, gesupdates.com), on the same weekdays
    // a year later. Form 3 and transitional (double-track) schools have dates by form and in blocks.
    sections: [
      {
        id: 'shs',
        name: 'Senior high, single track',
        stages: ['shs'],
        terms: [
          { name: 'Semester 1', startsOn: '2026-10-17', endsOn: '2027-02-26' },
          { name: 'Semester 2', startsOn: '2027-05-03', endsOn: '2027-08-20' },
        ],
        source:
          'The Ghana Education Service’s single-track calendar for Forms 1 and 2 in 2025/26, moved on by a year; Form 3 and transitional schools have other dates',
      },
    ],
  },
  birthCertificate: { hint: 'As printed by the births registry', pattern: null },
  holidays: ghanaHolidays,
  // Inside the first semester of senior high schools (ghstudents.com: 20 Dec 2025 to 4 Jan 2026), a year later.
  breaks: [{ name: 'Christmas break', startsOn: '2026-12-19', endsOn: '2027-01-03', toConfirm: true }],
  identifiers: [
    {
      key: 'ghana-card',
      label: 'Ghana Card number',
      hint: 'As printed: GHA, nine digits and a check digit',
      pattern: 'GHA-?\\d{9}-?\\d',
    },
    { key: 'nhis', label: 'NHIS number', hint: 'From the health insurance card', pattern: '\\d{8,10}' },
    { key: 'bece', label: 'BECE index number', hint: 'Ten digits, or twelve with the year', pattern: '\\d{10}(\\d{2})?' },
    { key: 'wassce', label: 'WASSCE index number', hint: 'Ten digits', pattern: '\\d{10}' },
  ],
  relations,
  mobileMoney: { operators: ['MTN MoMo', 'Telecel Cash', 'AT Money'], scheme: 'mobile' },
  fees: ghanaFees,
  law: {
    mayRankEarlyYears: true,
    nationalCertificateMayBeWithheld: true,
    clearance: { mayHold: CLEARANCE_USES, rules: [] },
    photoNeedsConsent: true,
  },
  numbers: { admission: '{prefix}{year2}{serial:4}', staff: '{prefix}S{serial:3}' },
};
