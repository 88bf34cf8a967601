/** For the local stand-in of Daraja, which keeps the same rules, and for the command that builds demo schools. */
export {
  addressProblem,
  fromNairobi,
  LONGEST_DESCRIPTION,
  LONGEST_REFERENCE,
  nairobiStamp,
  nairobiTime,
} from './domain/daraja.js';
export { readMessage } from './domain/message.js';
export { RailAccounts } from './application/accounts.js';
export { Settling } from './application/settling.js';
export { MESSAGE_STORE } from './ports.js';
