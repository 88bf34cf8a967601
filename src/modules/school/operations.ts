/** Use cases of the school's settings, for the commands that build demo schools and for tests. */
export { Brand } from './brand/brand.js';
export { Calendar } from './calendar/calendar.js';
