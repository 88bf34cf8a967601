export type { Charge, FeeStructure, Learner, StructureLine } from './domain/structure.js';
export type { VoteHead } from './domain/vote-head.js';
