/** What a country's schools have in common, as plain data. A school is seeded from it once and then changes its own copy. */
export interface CountryPack {
  id: PackId;
  country: CountryCode;
  name: string;
  currency: string;
  zone: string;
  language: 'en';
  /** 1 is Monday, as ISO 8601 counts. */
  firstDayOfWeek: 1 | 7;
  /** Days of the week with lessons, counted the same way. */
  schoolWeek: readonly number[];
  words: Words;
  /** Counties, states, regions, districts or provinces. */
  regions: readonly string[];
  /** Usual names of parallel streams, in the order in which they are given out. */
  streamNames: readonly string[];
  curricula: readonly Curriculum[];
  stages: readonly Stage[];
  levels: readonly Level[];
  subjects: readonly Subject[];
  pathways: readonly Pathway[];
  scales: readonly Scale[];
  calendar: CalendarProposal;
  /** How the number of a birth certificate is written; it has a field of its own beside the identifiers. */
  birthCertificate: { hint: string; pattern: string | null };
  holidays: { rules: readonly HolidayRule[]; /** One on a Sunday is kept on the Monday too. */ sundayGoesOn: boolean };
  /** Half-terms and days off that the ministry has set for schools, or that follow its pattern; empty where it leaves them to schools or we know of none. */
  breaks: readonly { name: string; startsOn: string; endsOn: string; /** Worked out from another year. */ toConfirm?: true }[];
  identifiers: readonly IdentifierType[];
  relations: readonly string[];
  law: LawSwitches;
  mobileMoney: MobileMoney;
  /** What schools of the country usually charge for, in the order in which a payment settles it; a school takes what it wants. */
  fees: readonly UsualFee[];
  numbers: { admission: string; staff: string };
}

export type PackId = 'kenya' | 'nigeria' | 'ghana' | 'uganda' | 'south-africa';
export type CountryCode = 'KE' | 'NG' | 'GH' | 'UG' | 'ZA';

export interface Words {
  learner: string;
  class: string;
  stream: string;
  term: string;
  region: string;
  head: string;
  pathway: string;
  /** One thing that is charged for. */
  charge: string;
}

export interface Curriculum {
  id: string;
  name: string;
}

export type StageKind = 'pre-primary' | 'primary' | 'junior' | 'senior';

export interface Stage {
  id: string;
  name: string;
  kind: StageKind;
  curriculum: string;
  /** The scale that marks of this stage are read on; null where progress is told in words only. */
  scale: string | null;
  /** Shares of course work and examination in a result, in per cent; null where the school decides. */
  weights: { course: number; exam: number } | null;
}

export interface Level {
  code: string;
  name: string;
  stage: string;
  order: number;
  /** Code of the class that a promoted learner goes to; null at the end of the road. */
  next: string | null;
  /** Usual age in whole years at the start of the year. */
  age: number;
  /** Whether positions and class means are shown unless the school says otherwise. */
  ranked: boolean;
  /** Calendar years in which this class runs, where a curriculum is coming in or going out. */
  since?: number;
  until?: number;
}

export interface Subject {
  /** Unique within the pack: levels and pathways name subjects by it. */
  code: string;
  /** The examination body's own number. */
  nationalCode: string | null;
  name: string;
  shortName: string;
  department: string;
  kind: 'compulsory' | 'elective';
  /** Subjects of one class that share a choice are alternatives: a learner takes one of them. */
  choice: string | null;
  practical: boolean;
  papers: number;
  /** Lessons a week by the ministry's timetable; null where we know of none. */
  periods: number | null;
  levels: readonly string[];
  /** The years in which a class has it, by the class's code, where a curriculum is coming in or going out; years are those in which school years begin. */
  years?: Readonly<Record<string, { since?: number; until?: number }>>;
}

export interface Pathway {
  id: string;
  name: string;
  levels: readonly string[];
  /** Electives that a learner on this pathway may take; the compulsory subjects of the class come on top. */
  subjects: readonly string[];
  tracks?: readonly string[];
  /** What its learners must take and may choose, in a sentence. */
  rule?: string;
}

export interface Band {
  grade: string;
  /** The highest band whose lowest mark is not above the mark counts, so that 79.7 always falls somewhere. */
  lowest: number;
  points: number | null;
  words: string;
}

export interface Scale {
  id: string;
  name: string;
  /** What `lowest` counts: per cent of a mark, a sum of subject points, or an aggregate in which less is better. */
  basis: 'percent' | 'points' | 'aggregate';
  /** False for a habit that schools are free to change. */
  national: boolean;
  bands: readonly Band[];
}

export interface CalendarProposal {
  /** The year of `terms`; other years are derived from it. */
  year: number;
  /** Even those were worked out, from the year before. */
  proposed?: true;
  /** True where a school year starts in one calendar year and ends in the next. */
  spansTwoYears: boolean;
  startsOn: string;
  endsOn: string;
  terms: readonly { name: string; startsOn: string; endsOn: string }[];
  /** Where the dates are from, in a few words. */
  source: string;
  /** Other years that have been printed; `startYear` as above. */
  known?: readonly {
    year: number;
    terms: CalendarProposal['terms'];
    source: string;
    /** Worked out, not printed. */ proposed?: true;
  }[];
  /** For whom they don't hold. */
  note?: string;
  /** Whose `terms` are, where sections have others. */
  usual?: string;
  /** Calendars of sections that have another one than the rest, of the same `year`. */
  sections?: readonly SectionCalendar[];
}

export interface SectionCalendar {
  id: string;
  name: string;
  stages: readonly string[];
  terms: CalendarProposal['terms'];
  source: string;
}

export interface HolidayRule {
  name: string;
  /** The same day each year (`12-25`), days from Easter Sunday, the first such weekday (1 Monday) of a month, or days that were worked out. */
  when: { every: string } | { easter: number } | { first: { month: number; weekday: number } } | { days: readonly string[] };
  toConfirm?: true;
}

export interface IdentifierType {
  key: string;
  label: string;
  hint: string;
  /** Source of a regular expression over the whole text without blanks. */
  pattern: string | null;
}

export const CLEARANCE_USES = ['transport', 'events', 'transcripts'] as const;
/** What a school may think of keeping from a child whose fees are open: the bus, trips and feasts, its own transcripts. */
export type ClearanceUse = (typeof CLEARANCE_USES)[number];

/** Results of candidates are in no country's list: no clearance touches them. */
export interface ClearanceLaw {
  mayHold: readonly ClearanceUse[];
  /** The rules behind it, as they are cited; empty where none is known to us. */
  rules: readonly string[];
}

/** What money on phones is called, and whose it is. */
export interface MobileMoney {
  /** As people of the country name them, the commonest first; empty where nobody pays so. */
  operators: readonly string[];
  /** Whose numbers codes are; only of M-Pesa in Kenya payments are told of by the operator itself. */
  scheme: 'mpesa' | 'mobile';
}

/** Where the money of a charge goes: an income of the school, by what it is for, or money that isn't the school's own. */
export const FEE_BOOKS = ['fees', 'boarding', 'transport', 'meals', 'activities', 'deposit', 'for-others'] as const;
export type FeeBooks = (typeof FEE_BOOKS)[number];

export interface UsualFee {
  code: string;
  name: string;
  books: FeeBooks;
  /** `once` is charged in a learner's first year. */
  frequency: 'term' | 'year' | 'once';
  /** Charged to everybody whom a structure is for. */
  mandatory: boolean;
  /** For whom it is, or who may not charge it. */
  note?: string;
}

export interface LawSwitches {
  mayRankEarlyYears: boolean;
  nationalCertificateMayBeWithheld: boolean;
  clearance: ClearanceLaw;
  photoNeedsConsent: boolean;
}
