import type { ServiceIdentifier } from 'inversify';

/** A form of a new student that was begun. */
export interface Draft {
  /** Fields by their names in the form. */
  typed: Record<string, string | string[]>;
  keptAt: Date;
}

/** Each account has at most one and meets no other. */
export interface DraftStore {
  of(userId: string): Promise<Draft | null>;
  keep(userId: string, typed: Draft['typed']): Promise<void>;
  drop(userId: string): Promise<void>;
  /** Returns how many went. */
  dropOlderThan(days: number): Promise<number>;
}

export const DRAFT_STORE: ServiceIdentifier<DraftStore> = Symbol('DraftStore');
