export type RunKind = 'make' | 'remove';
export type RunState = 'waiting' | 'running' | 'done' | 'failed';
export type StepState = 'waiting' | 'running' | 'done' | 'failed';
export type StepName = 'record' | 'database' | 'secrets' | 'start' | 'fill' | 'answer';

/** In this order a school is made; in the opposite one it is removed. */
export const STEPS: readonly StepName[] = ['record', 'database', 'secrets', 'start', 'fill', 'answer'];

export interface StepProgress {
  name: StepName;
  state: StepState;
  attempts: number;
  /** How long it took, or has taken so far; null before it begins. */
  ms: number | null;
  reason: string | null;
}

export interface Progress {
  runId: string;
  schoolId: string;
  kind: RunKind;
  state: RunState;
  /** Path of the page that shows the steps, without sign-in. */
  page: string;
  attempts: number;
  /** Why it failed, as a sentence; null unless it did. */
  reason: string | null;
  orderedAt: Date;
  finishedAt: Date | null;
  steps: StepProgress[];
}
