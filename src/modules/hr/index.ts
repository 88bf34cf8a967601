import { eventType } from '../../kernel/events.js';
import { token } from '../../platform/tokens.js';
import type { Staff } from './staff/staff.record.js';

export type { Staff };

export type StaffBrief = Pick<
  Staff,
  'id' | 'staffNo' | 'title' | 'surname' | 'firstName' | 'middleName' | 'job' | 'category' | 'phone'
> & { active: boolean };

export interface HrApi {
  /** Who works here on that day, by surname; from memory. */
  staff(day: string): Promise<StaffBrief[]>;
  /** Also somebody who has left. */
  find(id: string): Promise<StaffBrief | null>;
  /** The whole records of those who work here on that day, or of all who ever did; for who moves the school’s data. */
  records(day: string | null): Promise<Staff[]>;
}

export const HR = token<HrApi>('Hr');

/** The last day of somebody's work is written down; it may lie ahead. */
export const StaffLeft = eventType<{ staffId: string; leftOn: string }>('hr.staff-left');
