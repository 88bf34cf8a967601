import type { ServiceIdentifier } from 'inversify';
import type { Actor } from '../../../kernel/actor.js';

/** One office on the slip of a child that leaves: whether it has anything open there. */
export interface ClearanceLine {
  /** The module that brings it: a school that has switched it off keeps nothing there. */
  part: string;
  /** Lower comes first. */
  order: number;
  label: string;
  /** A sentence for the slip, without what the actor may not see. */
  of(
    actor: Actor,
    studentId: string,
    t: (text: string, values?: Record<string, string | number>) => string,
  ): Promise<{ clear: boolean; words: string }>;
}

/** Multi-bound: every module that a child may owe something to adds its own; offices without one sign by hand. */
export const CLEARANCE_LINES: ServiceIdentifier<ClearanceLine> = Symbol('ClearanceLines');
