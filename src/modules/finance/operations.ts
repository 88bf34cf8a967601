/** Use cases of the books, for the command that builds demo schools. */
export { Accounts } from './chart/accounts.js';
export { BooksKeeping } from './books/books.js';
export { Journals } from './ledger/journals.js';
