/** The wizard's steps that a person walks; the last step of all is the school's own, where it is opened. */
export const STEPS = ['school', 'you', 'address', 'code'] as const;
export type Step = (typeof STEPS)[number];

/** What somebody has told so far; each part is whole or missing. */
export interface Answers {
  school?: { name: string; country: string; curriculum: string; town: string; pupils: string };
  owner?: { name: string; email: string; phone: string };
  /** Which wording of the terms was agreed to, and when. */
  consent?: { version: string; at: string };
  subdomain?: string;
  /** In which the owner reads. */
  language?: string;
}

/** All of it. */
export type WholeAnswers = Required<Answers>;

/** The first step that has no answer yet. */
export function nextStep(answers: Answers): Step {
  if (!answers.school) return 'school';
  if (!answers.owner || !answers.consent) return 'you';
  return answers.subdomain ? 'code' : 'address';
}

export function isWhole(answers: Answers): answers is WholeAnswers {
  return nextStep(answers) === 'code';
}

/** A step can be opened when those before it are answered; going back is always possible. */
export function mayOpen(step: Step, answers: Answers): boolean {
  return STEPS.indexOf(step) <= STEPS.indexOf(nextStep(answers));
}

/** Changes with the wording of the box on the second step and of the pages that it names. */
export const CONSENT_VERSION = '2026-11-25';

export const DRAFT_DAYS = 14;
