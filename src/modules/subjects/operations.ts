/** Use cases of classes, for the commands that build demo schools and for tests. */
export { Allocations } from './allocations/allocations.js';
export { Classes } from './classes/classes.js';
export { SUBJECT_STORE } from './ports.js';
