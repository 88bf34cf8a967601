/** Use cases of fees, for the command that builds demo schools. */
export { Structures } from './application/structures.js';
export { VoteHeads } from './application/vote-heads.js';
