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
  days: UsageDay[];
}
