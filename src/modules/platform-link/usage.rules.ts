/** What a school tells the platform about itself: how many, how much, since when; never who. Names as they are sent. */
export interface Usage {
  database_bytes: number;
  pupils: number;
  staff: number;
  active_1: number;
  active_7: number;
  active_30: number;
  first_class_at: Date | null;
  first_student_at: Date | null;
  first_import_at: Date | null;
  first_receipt_at: Date | null;
  currency: string;
  /** What families paid in the last thirty days, in minor units. */
  collected_30_minor: number;
  /** Text messages that left in the last thirty days. */
  sms_30: number;
  days: { day: string; sign_ins: number; failed_sign_ins: number; lock_outs: number }[];
}

/** Each report counts yesterday too, so that its last hour is not lost; the first after a start counts a month. */
export const DAYS_EACH_HOUR = 2;
export const DAYS_AT_START = 31;
