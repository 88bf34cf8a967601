export const IDLE_MINUTES = 30;
/** For people who may see money or health. */
export const IDLE_MINUTES_GUARDED = 15;
export const ABSOLUTE_HOURS = 12;
/** A session in use is written at most this often. */
export const TOUCH_MINUTES = 5;
/** How long a proof of who one is (password, code, second factor) counts for the guarded acts. */
export const STEP_UP_MINUTES = 15;

/** Both by the clock of the database, so that a process whose clock is wrong ends nobody's session. */
export interface SessionAge {
  minutes: number;
  idleMinutes: number;
}

export function isAlive(age: SessionAge, guarded: boolean): boolean {
  return age.idleMinutes < (guarded ? IDLE_MINUTES_GUARDED : IDLE_MINUTES) && age.minutes < ABSOLUTE_HOURS * 60;
}

/** Seconds until such a session ends, if nothing is asked for after this request, which counts as use where it is written down. */
export function endsIn(age: SessionAge, guarded: boolean): number {
  const unused = age.idleMinutes < TOUCH_MINUTES ? age.idleMinutes : 0;
  return Math.max(
    0,
    Math.floor(60 * Math.min((guarded ? IDLE_MINUTES_GUARDED : IDLE_MINUTES) - unused, ABSOLUTE_HOURS * 60 - age.minutes)),
  );
}

/** `confirmedAt` in ms since 1970, as the session keeps it. */
export function isConfirmed(confirmedAt: number | undefined, now: Date): boolean {
  return confirmedAt !== undefined && now.getTime() - confirmedAt < STEP_UP_MINUTES * 60_000;
}
