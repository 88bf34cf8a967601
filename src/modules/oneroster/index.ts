/** Nobody asks this module anything: it reads from and writes into the others. */
export type { Version } from './format/spec.rules.js';
