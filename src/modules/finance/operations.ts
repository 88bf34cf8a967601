/** Use cases of the books, for the command that builds demo schools. */
export { BooksKeeping } from './application/books.js';
export { Journals } from './application/journals.js';
