import type { Boarding } from '../../../kernel/people/boarding.js';
import { fold, type PersonName } from '../../../kernel/people/names.js';
import { STUDENT_LIMITS } from './limits.rules.js';
import type { CustomValues } from '../custom-fields/custom-field.rules.js';
import type { Status } from '../enrolments/life-cycle.rules.js';

export type Sex = 'F' | 'M';
export type { Boarding };
export const ORPHAN_STATUSES = ['none', 'father', 'mother', 'both', 'unknown'] as const;
export type OrphanStatus = (typeof ORPHAN_STATUSES)[number];

/** What the school writes down about a child. Days are `YYYY-MM-DD`. */
export interface Student extends PersonName {
  id: string;
  admissionNo: string;
  paymentNo: string;
  preferredName: string | null;
  sex: Sex;
  bornOn: string | null;
  birthCertificateNo: string | null;
  nationality: string | null;
  homeArea: string | null;
  religion: string | null;
  firstLanguage: string | null;
  address: string | null;
  previousSchool: string | null;
  specialNeeds: string | null;
  orphanStatus: OrphanStatus | null;
  boarding: Boarding;
  /** Days on which that changed, oldest first. */
  boardingChanges: readonly string[];
  photoFileId: string | null;
  status: Status;
  statusOn: string;
  classId: string | null;
  streamId: string | null;
  joinedOn: string | null;
  /** The school’s own fields by their key. */
  custom: CustomValues;
  version: number;
}

/** An admission number as search and paybill read it; two that come to the same are one number. */
export function plainNumber(admissionNo: string): string {
  return admissionNo
    .normalize('NFKD')
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '');
}

/**
 * The number that M-Pesa (AccountReference, 12 characters) and banks carry: the admission number in capitals without
 * its signs where that fits into 12, else its last 12.
 */
export function paymentNumber(admissionNo: string): string {
  return plainNumber(admissionNo).slice(-STUDENT_LIMITS.paymentNo) || '0';
}

/** The next guess when another child has that payment number already: the tail makes room for a counter. */
export function paymentNumberVariant(base: string, attempt: number): string {
  const tail = `X${attempt}`;
  return base.slice(-(STUDENT_LIMITS.paymentNo - tail.length)) + tail;
}

/** What the kept one of two records lacks and the other knows. */
export function filledFrom(kept: Student, other: Student): Partial<Student> {
  const filled: Partial<Student> = Object.fromEntries(
    FILLED.filter((key) => kept[key] === null && other[key] !== null).map((key) => [key, other[key]]),
  );
  const custom = { ...other.custom, ...kept.custom };
  return Object.keys(custom).length > Object.keys(kept.custom).length ? { ...filled, custom } : filled;
}

const FILLED = [
  'middleName',
  'preferredName',
  'bornOn',
  'birthCertificateNo',
  'nationality',
  'homeArea',
  'religion',
  'firstLanguage',
  'address',
  'previousSchool',
  'specialNeeds',
  'orphanStatus',
  'joinedOn',
] as const satisfies readonly (keyof Student)[];

/** The order of every list: surname, first name, middle name, without marks and case. */
export function sortName(name: PersonName): string {
  return fold([name.surname, name.firstName, name.middleName].filter(Boolean).join(' '));
}
