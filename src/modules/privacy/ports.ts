import type { RetentionRule } from './retention.rules.js';

/** What one run did with one kind of data. */
export interface RetentionRun {
  id: string;
  key: string;
  /** Everything from before this day was due. */
  keptFrom: string;
  removed: number;
  /** People who could not be erased, with why. */
  refused: { label: string; why: string[] }[];
  at: Date;
  byName: string;
}

export interface RetentionStore {
  rules(): Promise<RetentionRule[]>;
  save(rule: RetentionRule): Promise<void>;
  /** Newest first. */
  runs(limit: number): Promise<RetentionRun[]>;
  addRun(run: Omit<RetentionRun, 'at'>): Promise<void>;
}
