/** Use cases of the register, for the commands that build demo schools and for tests. */
export { Assignments } from './application/assignments.js';
export { Consents } from './application/consents.js';
export { Enrolments } from './application/enrolments.js';
export { Guardians } from './application/guardians.js';
export { Register } from './application/register.js';
