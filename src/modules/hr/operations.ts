/** Commands of the staff list, for the programs that build demo schools and for tests. */
export { hireStaff, recordLeaving } from './staff/staff.js';
