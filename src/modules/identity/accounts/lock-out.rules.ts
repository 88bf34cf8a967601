/** Wrong tries before the first pause. */
export const FREE_TRIES = 5;

/** Seconds to wait after so many wrong tries in a day: 1 minute after the fifth, doubling to at most an hour. */
export function pauseAfter(wrongTries: number): number {
  if (wrongTries < FREE_TRIES) return 0;
  return Math.min(60 * 2 ** (wrongTries - FREE_TRIES), 3600);
}

/** One-time codes: 5 tries a code and 15 wrong tries a day keep a guess below 1 in 60,000 a day. */
export const CODE_DIGITS = 6;
export const TRIES_PER_CODE = 5;
export const WRONG_CODES_A_DAY = 15;
/** Of an app three codes are right at a time (the clock of a phone may be off by one step), so that there are fewer tries. */
export const WRONG_FACTORS_A_DAY = 5;
/** Once a network has made so many wrong tries in a quarter of an hour, each name gets only a few more from there. */
export const TRIES_FROM_A_WILD_NETWORK = 2;
export const CODE_MINUTES = 10;
export const SENDS_PER_TEN_MINUTES = 3;
/** On the platform a second code is sent a minute after the first. */
export const PLATFORM_RESEND_SECONDS = 60;

export const RESET_MINUTES = 30;
export const INVITATION_DAYS = 7;
/** So long one invitation is the only one, however often somebody presses. */
export const INVITED_AGAIN_MINUTES = 10;
export const SLIP_DAYS = 30;
