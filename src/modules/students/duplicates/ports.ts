import type { ServiceIdentifier } from 'inversify';

/** A child that may be the same as another, and why. */
export interface Likeness {
  id: string;
  surname: string;
  firstName: string;
  middleName: string | null;
  admissionNo: string;
  bornOn: string | null;
  streamId: string | null;
  why: string;
}

export interface DuplicateStore {
  like(child: {
    sounds: string[];
    bornOn: string | null;
    birthCertificateNo: string | null;
    phones: string[];
  }): Promise<Likeness[]>;
  pairs(limit: number): Promise<{ one: Likeness; other: Likeness }[]>;
  /** Somebody has looked: these are two children, and never come up as a pair again. */
  setDistinct(oneId: string, otherId: string, byName: string): Promise<void>;
  /** Guardians, ledger, consents, identifiers and assignments; an open line or tie that would be double is closed or dropped. */
  moveOwnRows(fromStudentId: string, toStudentId: string, today: string): Promise<void>;
}

export const DUPLICATE_STORE: ServiceIdentifier<DuplicateStore> = Symbol('DuplicateStore');
