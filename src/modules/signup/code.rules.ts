import { DomainError } from '../../kernel/errors.js';

/** As for signing in: 5 tries a code and 15 wrong ones a day for one address keep a guess below 1 in 60,000 a day. */
export const CODE_DIGITS = 6;
export const CODE_MINUTES = 10;
export const TRIES_PER_CODE = 5;
export const WRONG_CODES_A_DAY = 15;
export const SENDS_PER_TEN_MINUTES = 3;
/** Before another one may be asked for. */
export const RESEND_SECONDS = 60;

/** Seconds to wait before the next code may be asked for; 0 when it may be now. */
export function secondsToWait(askedAt: Date | null, now: Date): number {
  if (!askedAt) return 0;
  return Math.max(0, Math.ceil(RESEND_SECONDS - (now.getTime() - askedAt.getTime()) / 1000));
}

/** One sentence for wrong, too old, used and never sent: nobody learns which. */
export class CodeRefused extends DomainError {
  readonly status = 422;
  readonly code = 'code-refused';

  constructor() {
    super('This code is wrong or too old. If in doubt, ask for a new one.');
  }
}
