import { token } from '../../platform/tokens.js';
import type { Staff } from './domain/staff.js';

export type { Staff };

export type StaffBrief = Pick<Staff, 'id' | 'staffNo' | 'title' | 'surname' | 'firstName' | 'job' | 'category' | 'phone'> & { active: boolean };

export interface HrApi {
  /** Who works here on that day, by surname; from memory. */
  staff(day: string): Promise<StaffBrief[]>;
  find(id: string): Promise<StaffBrief | null>;
}

export const HR = token<HrApi>('Hr');
