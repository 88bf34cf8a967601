import type { ServiceIdentifier } from 'inversify';
import type { PersonName } from '../../../kernel/people/names.js';
import type { StudentDocument } from '../letters/document.rules.js';
import type { Status } from '../enrolments/life-cycle.rules.js';
import type { Relationship } from '../guardians/guardian.rules.js';
import type { Boarding, Sex } from '../register/student.rules.js';
import type { Scope } from '../register/ports.js';

/** A child as cards, lists and sheets need it. */
export interface PrintStudent {
  id: string;
  admissionNo: string;
  surname: string;
  firstName: string;
  middleName: string | null;
  sex: Sex;
  bornOn: string | null;
  streamId: string | null;
  specialNeeds: string | null;
  photoFileId: string | null;
  boarding: Boarding;
  address: string | null;
  homeArea: string | null;
  guardians: {
    fullName: string;
    phone: string | null;
    otherPhone: string | null;
    address: string | null;
    relationship: Relationship;
    mayCollect: boolean;
    barred: boolean;
    barredReason: string | null;
  }[];
}

/** A paper that somebody asks about, with what has become of its child. */
export interface CheckedDocument extends StudentDocument {
  surname: string;
  firstName: string;
  admissionNo: string;
  status: Status;
  /** A step of the life-cycle was taken back after it was issued. */
  takenBack: boolean;
}

export interface PrintStore {
  students(which: { ids: readonly string[] } | { streamIds: readonly string[] }, scope: Scope): Promise<PrintStudent[]>;
  /** Of children who are here, those with a letter that is none of Latin's, in register order. */
  oddNames(scope: Scope): Promise<PersonName[]>;
  ages(day: string): Promise<{ streamId: string | null; age: number | null; boys: number; girls: number }[]>;
  issue(documents: readonly StudentDocument[]): Promise<void>;
  byCode(code: string): Promise<CheckedDocument | null>;
}

/** A file as it lies on the disk after an upload, made into a passport photo without anything hidden in it. */
export interface Pictures {
  photo(file: { path: string }): Promise<Uint8Array>;
}

export const PRINT_STORE: ServiceIdentifier<PrintStore> = Symbol('PrintStore');
export const STUDENT_PICTURES: ServiceIdentifier<Pictures> = Symbol('StudentPictures');
