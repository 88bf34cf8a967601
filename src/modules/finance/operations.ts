/** Use cases of the books, for the command that builds demo schools. */
export { Accounts } from './application/accounts.js';
export { BooksKeeping } from './application/books.js';
export { Journals } from './application/journals.js';
