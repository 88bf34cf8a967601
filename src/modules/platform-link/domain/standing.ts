/** States in which the school may look and take its data along, and change nothing. */
const READ_ONLY = new Set(['suspended', 'closing']);

const WHY: Record<string, string> = {
  unpaid: 'This school is suspended because its bill is not paid.',
  misuse: 'This school is suspended because of how it was used.',
  security: 'This school is suspended to keep it safe.',
  'owner-asked': 'This school rests because its owner asked for it.',
};
const CLOSING = 'This school is being closed.';
const SUSPENDED = 'This school is suspended.';

/** Why nothing can be changed, as a sentence; null when all is well. A state that isn't known yet locks nobody out. */
export function lockOf(standing: { state: string; reason: string | null } | null): string | null {
  if (!standing || !READ_ONLY.has(standing.state)) return null;
  if (standing.state === 'closing') return CLOSING;
  return WHY[standing.reason ?? ''] ?? SUSPENDED;
}

/** Sign-in, sign-out, and what one must do to get in go on. */
const OPEN_PATHS = /^\/(login(\/|$)|sign-out$|confirm(\/|$)|profile\/(password|factors)(\/|$)|api\/auth\/(token|refresh)$)/;

export function goesOnWhenLocked(path: string): boolean {
  return OPEN_PATHS.test(path);
}
