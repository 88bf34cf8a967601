/** States in which the school may look and take its data along, and change nothing. */
const READ_ONLY = new Set(['suspended', 'closing']);
/** States in which nobody gets in: a school that is being removed serves until its process has stopped. */
const SHUT = new Set(['closed', 'deleted']);

const WHY: Record<string, string> = {
  unpaid: 'This school is suspended because its bill has not been paid.',
  misuse: 'This school is suspended because of misuse.',
  security: 'This school is suspended for security reasons.',
  'owner-asked': 'This school is suspended at its owner’s request.',
};
const CLOSING = 'This school is being closed.';
const CLOSED = 'This school is closed.';
const SUSPENDED = 'This school is suspended.';

/** Why nothing can be changed, as a sentence; null when all is well. A state that isn't known yet locks nobody out. */
export function lockOf(standing: { state: string; reason: string | null } | null): string | null {
  if (standing && isShut(standing)) return CLOSED;
  if (!standing || !READ_ONLY.has(standing.state)) return null;
  if (standing.state === 'closing') return CLOSING;
  return WHY[standing.reason ?? ''] ?? SUSPENDED;
}

export function isShut({ state }: { state: string }): boolean {
  return SHUT.has(state);
}

/** Sign-in, sign-out, what one must do to get in, and taking everything along go on. */
const OPEN_PATHS =
  /^\/(login(\/|$)|sign-out$|confirm(\/|$)|profile\/(password|factors)(\/|$)|exports$|api\/auth\/(token|refresh)$)/;

export function goesOnWhenLocked(path: string): boolean {
  return OPEN_PATHS.test(path);
}
