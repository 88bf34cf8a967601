import type { AcademicYear } from '../../../kernel/school-calendar.js';
import type { PackId } from '../../../kernel/packs/types.js';
import type { DayType, SpecialDay } from '../calendar/calendar.rules.js';
import type { ListItem } from './lists.rules.js';
import type { GradingScale } from './scale.rules.js';
import type { SetupStep } from '../setup/setup.rules.js';

export const SCHOOL_TYPES = ['day', 'boarding', 'day-and-boarding'] as const;
export type SchoolType = (typeof SCHOOL_TYPES)[number];

export interface SchoolProfile {
  id: string;
  name: string;
  shortName: string;
  motto: string;
  type: SchoolType;
  /** The examination body's number of the school as a centre, or the ministry's code; the stand-in of a missing birth certificate is built on it. */
  code: string;
  address: string;
  town: string;
  region: string;
  country: string;
  phones: readonly string[];
  email: string;
  website: string;
  currency: string;
  zone: string;
  language: string;
  packId: PackId;
  /** Stages of the pack that this school has. */
  stages: readonly string[];
}

export interface NumberSettings {
  prefix: string;
  admission: string;
  staff: string;
}

export interface SchoolBrand {
  firstColour: string;
  secondColour: string;
  themeCss: string;
  /** Part of the theme's address, so that it can be kept for ever. */
  themeHash: string;
}

export const ASSET_KINDS = ['logo', 'letterhead', 'stamp', 'signature'] as const;
export type AssetKind = (typeof ASSET_KINDS)[number];

/** One version of a picture that goes on paper; an old paper keeps the version it was printed with. */
export interface SchoolAsset {
  id: string;
  kind: AssetKind;
  version: number;
  /** Whose signature it is and what they are; empty for the other kinds. */
  signatory: string;
  title: string;
  fileId: string;
  current: boolean;
  createdAt: Date;
}

/** All that a school has settled about itself: read on every page, so it is kept in memory as one value. */
export interface SchoolState {
  profile: SchoolProfile;
  brand: SchoolBrand;
  numbers: NumberSettings;
  off: readonly string[];
  setup: { done: readonly SetupStep[]; finishedAt: Date | null; expectedLearners: number | null };
  years: readonly AcademicYear[];
  dayTypes: readonly DayType[];
  specialDays: readonly SpecialDay[];
  lists: readonly ListItem[];
  scales: readonly GradingScale[];
  assets: readonly SchoolAsset[];
}
