import { fold, type PersonName } from '../../../kernel/names.js';
import { STUDENT_LIMITS } from './limits.js';
import type { CustomValues } from './custom-field.js';
import type { Status } from './life-cycle.js';

export type Sex = 'F' | 'M';
export type Boarding = 'day' | 'boarder';
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
  return admissionNo.normalize('NFKD').toUpperCase().replace(/[^A-Z0-9]/g, '');
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
  const filled: Partial<Student> = Object.fromEntries(FILLED.filter((key) => kept[key] === null && other[key] !== null).map((key) => [key, other[key]]));
  const custom = { ...other.custom, ...kept.custom };
  return Object.keys(custom).length > Object.keys(kept.custom).length ? { ...filled, custom } : filled;
}

const FILLED = [
  'middleName', 'preferredName', 'bornOn', 'birthCertificateNo', 'nationality', 'homeArea', 'religion', 'firstLanguage', 'address', 'previousSchool',
  'specialNeeds', 'orphanStatus', 'joinedOn',
] as const satisfies readonly (keyof Student)[];

/** The order of every list: surname, first name, middle name, without marks and case. */
export function sortName(name: PersonName): string {
  return fold([name.surname, name.firstName, name.middleName].filter(Boolean).join(' '));
}

/** Words by which a student is found, each matched by its beginning. Phones are found with and without the leading 0. */
export function searchTerms(student: PersonName & { admissionNo: string; paymentNo: string; preferredName: string | null }, guardians: { fullName: string; phone: string | null }[]): string[] {
  const terms = new Set<string>();
  const names = [student.surname, student.firstName, student.middleName, student.preferredName, ...guardians.map((one) => one.fullName)];
  for (const name of names) for (const word of fold(name ?? '').split(/[\s-]+/)) if (word.length > 1) terms.add(word);
  terms.add(fold(student.admissionNo));
  terms.add(student.paymentNo.toLowerCase());
  for (const part of student.admissionNo.split(/\W+/)) if (/\d{3,}/.test(part)) terms.add(part.toLowerCase());
  for (const { phone } of guardians) for (const form of phoneForms(phone)) terms.add(form);
  return [...terms];
}

/** `+254722481903` is typed as `0722481903` or `722481903`; with its country code, `typedTerms` takes that away. */
function phoneForms(phone: string | null): string[] {
  if (!phone) return [];
  const local = phone.replace(/\D/g, '').replace(COUNTRY_CODE, '');
  return [local, `0${local}`];
}

const COUNTRY_CODE = /^(254|234|233|256|255|250|260|27)/;
/** Digits with a country code are longer than any number in an admission number. */
const LONG_NUMBER = 9;

/** What a person typed into the find box, as the beginnings to look for; a phone loses its spaces and its country code. */
export function typedTerms(text: string): string[] {
  const folded = fold(text);
  const digits = folded.replace(/[\s+()-]/g, '');
  if (/^\d{3,}$/.test(digits)) return [digits.length >= LONG_NUMBER && !digits.startsWith('0') ? digits.replace(COUNTRY_CODE, '') : digits];
  return folded.split(/[\s-]+/).filter(Boolean).slice(0, 4);
}
