import type { ServiceIdentifier } from 'inversify';
import type { AcademicYear } from '../../kernel/school-calendar.js';
import type { DayType, SpecialDay } from './calendar/calendar.rules.js';
import type { ListItem } from './profile/lists.rules.js';
import type { GradingScale } from './profile/scale.rules.js';
import type { NumberSettings, SchoolAsset, SchoolBrand, SchoolProfile, SchoolState } from './profile/school.rules.js';
import type { SetupStep } from './setup/setup.rules.js';

export type { AuditTrail } from '../../kernel/audit.js';

/** The theme's hash is the store's own work. */
export type NewBrand = Omit<SchoolBrand, 'themeHash'>;

export interface NewSchool extends Pick<SchoolState, 'numbers' | 'dayTypes' | 'scales'> {
  /** Its id is that of the tenant. */
  profile: Omit<SchoolProfile, 'id'>;
  brand: NewBrand;
  expectedLearners: number | null;
}

/** Every write drops what pages keep in memory, with the commit. */
export interface SchoolStore {
  /** From memory; null before the school is made. */
  state(): Promise<SchoolState | null>;
  /** Reads anew and makes other changes of the school wait until this transaction ends. */
  lock(): Promise<SchoolState | null>;
  create(school: NewSchool): Promise<void>;
  saveProfile(profile: SchoolProfile): Promise<void>;
  saveBrand(brand: NewBrand): Promise<void>;
  saveNumbers(numbers: NumberSettings): Promise<void>;
  saveOff(modules: readonly string[]): Promise<void>;
  saveSetup(done: readonly SetupStep[], finishedAt: Date | null): Promise<void>;

  /** The year and exactly its terms; a term keeps its id as long as it is handed in with it. */
  saveYear(year: AcademicYear): Promise<void>;
  /** @throws Conflict when something of the school hangs on it */
  removeYear(id: string): Promise<void>;
  saveDayType(type: DayType): Promise<void>;
  saveSpecialDay(day: SpecialDay): Promise<void>;
  removeSpecialDay(id: string): Promise<void>;

  saveListItem(item: ListItem): Promise<void>;
  /** @throws Conflict when somebody lives, rides or eats there */
  removeListItem(id: string): Promise<void>;
  /** The scale and exactly its bands. */
  saveScale(scale: GradingScale): Promise<void>;
  removeScale(id: string): Promise<void>;

  /** Becomes the current one of its kind and signatory. */
  addAsset(asset: SchoolAsset): Promise<void>;
  retireAsset(id: string): Promise<void>;

  /** Takes so many numbers of a counter and returns the first; others wait until this transaction ends. */
  takeSerials(key: string, count: number): Promise<number>;
  /** Makes the counter go on above this number. */
  raiseSerial(key: string, atLeast: number): Promise<void>;
}

export const SCHOOL_STORE: ServiceIdentifier<SchoolStore> = Symbol('SchoolStore');

export interface Pictures {
  /** A PNG drawn anew from the pixels, so that nothing else of the file that came is kept. */
  redraw(file: { path: string }): Promise<Buffer>;
  /** As pages wear it: a WebP of a few KB. */
  badge(logo: Buffer): Promise<Buffer>;
}

export const PICTURES: ServiceIdentifier<Pictures> = Symbol('SchoolPictures');
