/** For the command that builds demo schools: two people agree there too. */
export { Approvals } from './approvals.js';
