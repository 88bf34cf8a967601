import type { Actor } from '../../kernel/actor.js';
import { eventType } from '../../kernel/events.js';
import { token } from '../../platform/tokens.js';
import type { Progress, StepName } from './saga.rules.js';

export type { Progress, RunKind, RunState, StepName, StepProgress, StepState } from './saga.rules.js';

/** Makes and removes schools. Everything here only writes an order down; the provisioner's process does the work. */
export interface ProvisioningApi {
  /**
   * Orders a school whose owner's address is proven (state `verified`). Asking again gives the same run.
   * Joins the caller's transaction. Returns where its steps can be watched.
   */
  begin(schoolId: string, actor: Actor): Promise<{ runId: string; page: string }>;
  /** Of the newest run; null for a school that was never ordered. */
  progress(schoolId: string): Promise<Progress | null>;
  /** Orders a run that has failed once more. @throws RuleBroken when nothing has failed */
  retry(schoolId: string, actor: Actor): Promise<void>;
  /**
   * Orders that database, roles, secrets and files of a school go. Asking again is harmless. The school must be
   * `closed`; at the end it is `deleted` and `SchoolRemoved` is told. @throws RuleBroken `not-closed`
   */
  remove(schoolId: string, actor: Actor): Promise<{ runId: string }>;
}

export const PROVISIONING = token<ProvisioningApi>('Provisioning');

/** It has answered and its owner can sign in. */
export const SchoolReady = eventType<{ schoolId: string; runId: string; seconds: number }>('provisioning.school-ready');
/** No further attempt is made by itself; somebody has to look and retry. */
export const ProvisioningFailed = eventType<{
  schoolId: string;
  runId: string;
  kind: 'make' | 'remove';
  step: StepName;
  reason: string;
}>('provisioning.failed');
/** Nothing of the school is left but its line in the register. */
export const SchoolRemoved = eventType<{ schoolId: string; runId: string }>('provisioning.school-removed');

/** The process that does the work; only the one that was started as `AIMS_PROCESS=provisioner` has what it needs. */
export const PROVISIONER = token<{ start(): { stop(): Promise<void> } }>('Provisioner');
