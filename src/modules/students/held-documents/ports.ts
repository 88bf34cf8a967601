import type { ServiceIdentifier } from 'inversify';
import type { Page } from '../../../kernel/page.js';
import type { DocumentState, DocumentType, HeldDocument } from './held-document.rules.js';
import type { Scope } from '../register/ports.js';

/** One child and one sort of paper. */
export interface DocumentLine {
  studentId: string;
  surname: string;
  firstName: string;
  middleName: string | null;
  admissionNo: string;
  streamId: string | null;
  sortName: string;
  kindId: string;
  kind: string;
  position: number;
  expiresOn: string | null;
  state: DocumentState;
}

export interface DocumentFilter {
  streamId: string | null;
  kindId: string | null;
  /** One state; null is everything that asks for something to be done. */
  state: DocumentState | null;
}

export interface HeldDocumentStore {
  kinds(): Promise<DocumentType[]>;
  insertKind(kind: DocumentType): Promise<void>;
  /** False when `version` is not the row's any more. */
  updateKind(kind: DocumentType): Promise<boolean>;
  removeKind(id: string): Promise<void>;
  kindIsUsed(id: string): Promise<boolean>;
  /** The current ones of one child. */
  ofStudent(studentId: string): Promise<(HeldDocument & { createdAt: Date })[]>;
  find(id: string): Promise<HeldDocument | null>;
  /** The current one of that kind, held still. */
  current(studentId: string, kindId: string): Promise<HeldDocument | null>;
  insert(document: HeldDocument): Promise<void>;
  setReplaced(id: string, at: Date): Promise<void>;
  lines(filter: DocumentFilter, scope: Scope, today: string, cursor: string | null, limit: number): Promise<Page<DocumentLine>>;
  counts(scope: Scope, today: string): Promise<Record<Exclude<DocumentState, 'present'>, number>>;
}

export const HELD_DOCUMENT_STORE: ServiceIdentifier<HeldDocumentStore> = Symbol('HeldDocumentStore');
