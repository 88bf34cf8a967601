/** The owner's first walk through the school, in order. Each step is saved by itself and can be left and taken up again. */
export const SETUP_STEPS = ['school', 'look', 'year', 'classes', 'people'] as const;
export type SetupStep = (typeof SETUP_STEPS)[number];

export const isSetupStep = (text: string): text is SetupStep => (SETUP_STEPS as readonly string[]).includes(text);

/** The first step that isn't done; null when all are. */
export function nextStep(done: readonly SetupStep[]): SetupStep | null {
  return SETUP_STEPS.find((step) => !done.includes(step)) ?? null;
}
