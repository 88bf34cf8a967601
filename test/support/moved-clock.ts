/**
 * Under test:clock a timeout of the database itself never ends: in its signal handler it may see the real time, days too early.
 * What waits for one is tested by the clock as it is.
 */
export const DATABASE_TIMES_OUT = process.env.FAKETIME === undefined;
