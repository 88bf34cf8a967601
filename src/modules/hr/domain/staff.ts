import { fold, type PersonName } from '../../../kernel/names.js';

export const CATEGORIES = ['teaching', 'non-teaching'] as const;
export type StaffCategory = (typeof CATEGORIES)[number];

/** Suggested; any other may be typed. */
export const TITLES = ['Mr', 'Mrs', 'Ms', 'Miss', 'Dr', 'Rev', 'Sr', 'Br', 'Fr'] as const;

export const LEAVING_REASONS = ['Resigned', 'Contract ended', 'Retired', 'Transferred', 'Dismissed', 'Died', 'Other'] as const;

/** Somebody who works at the school. Days are `YYYY-MM-DD`. */
export interface Staff extends PersonName {
  id: string;
  staffNo: string;
  title: string | null;
  sex: 'F' | 'M' | null;
  phone: string | null;
  email: string | null;
  nationalId: string | null;
  /** Number at the teachers' body of the country. */
  registrationNo: string | null;
  job: string;
  category: StaffCategory;
  joinedOn: string | null;
  leftOn: string | null;
  leavingReason: string | null;
  photoFileId: string | null;
  version: number;
}

export function worksOn(staff: Pick<Staff, 'joinedOn' | 'leftOn'>, day: string): boolean {
  return (staff.joinedOn === null || staff.joinedOn <= day) && (staff.leftOn === null || day <= staff.leftOn);
}

export function sortName(name: PersonName): string {
  return fold([name.surname, name.firstName, name.middleName].filter(Boolean).join(' '));
}
