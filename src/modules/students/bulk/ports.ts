import type { ServiceIdentifier } from 'inversify';

export interface BulkChange {
  id: string;
  kind: 'move' | 'edit';
  studentIds: string[];
  what: Record<string, string | null>;
  byUserId: string | null;
  byName: string | null;
  createdAt: Date;
}

export interface BulkStore {
  insert(change: Omit<BulkChange, 'createdAt'>): Promise<void>;
  find(id: string): Promise<BulkChange | null>;
}

export const BULK_STORE: ServiceIdentifier<BulkStore> = Symbol('BulkStore');
