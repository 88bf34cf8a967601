/** Counts of one day. */
export interface UsageDay {
  /** `YYYY-MM-DD`, of UTC. */
  day: string;
  signIns: number;
  failedSignIns: number;
  lockOuts: number;
}

/** What a school says about itself: how many, how much, since when; never who. */
export interface UsageReport {
  /** By the clock of the school. */
  takenAt: Date;
  version: string;
  schemaHead: string;
  databaseBytes: number;
  pupils: number;
  staff: number;
  /** People who were at work within so many days. */
  active1: number;
  active7: number;
  active30: number;
  firstClassAt: Date | null;
  firstStudentAt: Date | null;
  firstImportAt: Date | null;
  firstReceiptAt: Date | null;
  /** Null in what schools of an older version say. */
  money: { currency: string; collected30Minor: number } | null;
  sms30: number | null;
  days: UsageDay[];
}

/** How far back a report may count, in days: longer than any school sleeps unseen by its own clock. */
export const MOST_DAYS = 40;
const DRIFT_MS = 10 * 60_000;

/** It was taken about now, and counts days that have been. */
export function isPlausible({ takenAt, days }: UsageReport, now: Date): boolean {
  if (Math.abs(now.getTime() - takenAt.getTime()) > DRIFT_MS) return false;
  const last = new Date(now.getTime() + DRIFT_MS).toISOString().slice(0, 10);
  const first = new Date(now.getTime() - MOST_DAYS * 86_400_000).toISOString().slice(0, 10);
  return new Set(days.map(({ day }) => day)).size === days.length && days.every(({ day }) => day >= first && day <= last);
}
