/** For the local stand-in of Daraja, which keeps the same rules. */
export { addressProblem, fromNairobi, LONGEST_DESCRIPTION, LONGEST_REFERENCE, nairobiStamp, nairobiTime } from './domain/daraja.js';
