import type { ServiceIdentifier } from 'inversify';
import type { Actor } from '../../../kernel/actor.js';

/** A part of a child's page that another module draws: what it owes, where it lives. */
export interface StudentPanel {
  /** Lower comes first. */
  order: number;
  can: string;
  /** A view part; what `load` brings are its locals. */
  view: string;
  load(actor: Actor, studentId: string): Promise<object>;
  /** A sum of money beside each child of the list, for those who see the panel; read for the whole page in one statement. */
  column?: { label: string; of(studentIds: readonly string[]): Promise<ReadonlyMap<string, number>> };
}

/** Multi-bound: every module that has something to show on a child's page adds its own. */
export const STUDENT_PANELS: ServiceIdentifier<StudentPanel> = Symbol('StudentPanels');
