/** Use cases of the register, for the commands that build demo schools and for tests. */
export { Enrolments } from './application/enrolments.js';
export { Guardians } from './application/guardians.js';
export { Photos } from './application/photos.js';
export { Register } from './application/register.js';
export { Rollovers } from './application/rollovers.js';
