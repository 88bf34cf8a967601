/** Use cases of the staff list, for the commands that build demo schools and for tests. */
export { StaffRegister } from './application/staff.js';
