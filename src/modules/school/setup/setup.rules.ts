/** The owner's first walk through the school, in order. Each step is saved by itself and can be left and taken up again. */
export const SETUP_STEPS = ['school', 'look', 'year', 'classes', 'people'] as const;
export type SetupStep = (typeof SETUP_STEPS)[number];

export const isSetupStep = (text: string): text is SetupStep => (SETUP_STEPS as readonly string[]).includes(text);

/** More than these in one room and a class is split, where somebody has the choice. */
const LEARNERS_IN_A_STREAM = 45;
const MOST_PROPOSED = 6;

/** Streams that a class of the school probably has; none where one group is enough. Without a count, two. */
export function proposedStreams(names: readonly string[], learners: number | null, classes: number): readonly string[] {
  if (learners === null) return names.slice(0, 2);
  const groups = Math.ceil(learners / Math.max(1, classes) / LEARNERS_IN_A_STREAM);
  return groups < 2 ? [] : names.slice(0, Math.min(groups, MOST_PROPOSED));
}

/** The first step that isn't done; null when all are. */
export function nextStep(done: readonly SetupStep[]): SetupStep | null {
  return SETUP_STEPS.find((step) => !done.includes(step)) ?? null;
}
