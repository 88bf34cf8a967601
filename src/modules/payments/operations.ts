/** For the local stand-in of Daraja, which keeps the same rules, and for the command that builds demo schools. */
export {
  addressProblem,
  fromNairobi,
  LONGEST_DESCRIPTION,
  LONGEST_REFERENCE,
  nairobiStamp,
  nairobiTime,
} from './daraja/daraja.rules.js';
export { readMessage } from './messages/message.rules.js';
export { RailAccounts } from './accounts/accounts.js';
export { Settling } from './messages/settling.js';
export { MESSAGE_STORE } from './ports.js';
