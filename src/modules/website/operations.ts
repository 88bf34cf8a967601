/** For the command that sends an issue of the newsletter. */
export { Newsletter } from './newsletter.js';
