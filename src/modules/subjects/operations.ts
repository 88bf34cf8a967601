/** Use cases of classes, for the commands that build demo schools and for tests. */
export { Allocations } from './application/allocations.js';
export { Classes } from './application/classes.js';
export { SUBJECT_STORE } from './ports.js';
