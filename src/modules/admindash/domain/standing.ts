import type { SchoolState } from '../../schools/index.js';

/** A school that is awake says something every hour; nothing for so long is worth a look. */
export const QUIET_HOURS = 24;

/** Worst first: the order of the list. The store counts them in the same order. */
export const LOOKS = ['failed', 'quiet', 'behind', 'opening', 'resting', 'fine'] as const;
export type Look = (typeof LOOKS)[number];

export interface Seen {
  state: SchoolState;
  running: boolean;
  /** Null when it has never reported. */
  reportedAt: Date | null;
  /** Newest migration that it has; null when it has never said. */
  schemaHead: string | null;
  runFailed: boolean;
  createdAt: Date;
}

/** Why one would look at this school, or `fine`. A school that sleeps has nothing to say: it isn't quiet. */
export function lookOf(school: Seen, newestSchema: string, now: Date): Look {
  if (school.runFailed) return 'failed';
  if (school.state === 'draft' || school.state === 'verified' || school.state === 'provisioning') return 'opening';
  if (school.state !== 'ready') return 'resting';
  if (school.running && isSilent(school, now)) return 'quiet';
  return school.schemaHead !== null && school.schemaHead < newestSchema ? 'behind' : 'fine';
}

export function isSilent({ reportedAt, createdAt }: Pick<Seen, 'reportedAt' | 'createdAt'>, now: Date): boolean {
  return (reportedAt ?? createdAt).getTime() < now.getTime() - QUIET_HOURS * 3_600_000;
}
