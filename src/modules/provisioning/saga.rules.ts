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

/** Tries that the provisioner makes by itself before a person has to look. */
export const MOST_ATTEMPTS = 4;
/** A pod that has to be scheduled and pull its image needs most of this; a process on this machine a second. */
export const MOST_WAIT_MS = 180_000;
const PAUSES_MS = [500, 2_000, 5_000];

/** Before the next try of a step that has failed so often; null when it is not tried again. */
export function pauseAfter(attempts: number): number | null {
  return attempts < MOST_ATTEMPTS ? (PAUSES_MS[attempts - 1] ?? PAUSES_MS.at(-1)!) : null;
}
