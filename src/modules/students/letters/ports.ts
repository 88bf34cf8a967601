import type { ServiceIdentifier } from 'inversify';
import type { Page } from '../../../kernel/page.js';
import type { StudentDocument } from './document.rules.js';
import type { Scope } from '../register/ports.js';

/** A letter as the list of all shows it. */
export interface LetterLine {
  id: string;
  studentId: string;
  kind: 'transfer' | 'leaving';
  reference: string;
  issuedOn: string;
  byName: string | null;
  surname: string;
  firstName: string;
  admissionNo: string;
  /** When the leaving that it speaks of was taken back afterwards. */
  withdrawnOn: string | null;
  /** False for letters from before what stood on them was kept. */
  kept: boolean;
}

/** What stood on the letter when it was issued, so that a copy says the same. */
export type LetterFacts = Readonly<Record<string, unknown>>;

export interface LetterStore {
  insert(
    letter: StudentDocument & { kind: 'transfer' | 'leaving'; reference: string; byName: string; facts: LetterFacts },
  ): Promise<void>;
  list(text: string | null, scope: Scope, cursor: string | null, limit: number): Promise<Page<LetterLine>>;
  find(
    id: string,
    scope: Scope,
  ): Promise<(StudentDocument & { facts: LetterFacts; streamId: string | null; withdrawnOn: string | null }) | null>;
}

export const LETTER_STORE: ServiceIdentifier<LetterStore> = Symbol('StudentLetterStore');
