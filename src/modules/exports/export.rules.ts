export type ExportState = 'waiting' | 'making' | 'done' | 'failed' | 'over';

export interface WholeExport {
  id: string;
  state: ExportState;
  /** Files that are in it so far, and about how many it will have. */
  done: number;
  total: number;
  language: string;
  byUserId: string | null;
  byName: string;
  fileId: string | null;
  bytes: number | null;
  createdAt: Date;
  finishedAt: Date | null;
}

/** It is a copy of everything: it lies around no longer than somebody needs to fetch it. */
export const KEPT_DAYS = 7;

/** In per cent; the last files are written after the last count. */
export function progressOf({ state, done, total }: Pick<WholeExport, 'state' | 'done' | 'total'>): number {
  if (state === 'done') return 100;
  return total === 0 ? 0 : Math.min(99, Math.floor((100 * done) / total));
}
