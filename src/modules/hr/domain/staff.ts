import { fold, type PersonName } from '../../../kernel/names.js';

export type StaffCategory = 'teaching' | 'non-teaching';

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
