import { token } from '../../platform/tokens.js';

export interface RegisteredSchool {
  id: string;
  subdomain: string;
  name: string;
  country: string;
  town: string | null;
  state: 'provisioning' | 'ready' | 'suspended' | 'closed';
  createdAt: Date;
  running: boolean;
  startedAt: Date | null;
  nextJobAt: Date | null;
}

export type SchoolEntry = Pick<RegisteredSchool, 'id' | 'subdomain' | 'name' | 'country' | 'town'>;

/** The platform's register of schools and how each of them runs. */
export interface SchoolRegister {
  list(): Promise<RegisteredSchool[]>;
  /** Enters a school, or brings its name and place up to date. */
  enter(school: SchoolEntry): Promise<void>;
  noteRunning(schoolId: string, running: boolean, nextJobAt: Date | null): Promise<void>;
}

export const SCHOOL_REGISTER = token<SchoolRegister>('SchoolRegister');
