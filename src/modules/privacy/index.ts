/** Nobody asks this module: it asks all others, through `personalData` and `retention` of their `work()`. */
export type { SubjectFile } from './application/subject-file.js';
