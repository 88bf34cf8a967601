/** Use cases of the school's settings, for the commands that build demo schools and for tests. */
export { Brand } from './application/brand.js';
export { Calendar } from './application/calendar.js';
