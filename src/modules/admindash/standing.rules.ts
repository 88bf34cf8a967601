/**
 * Why one would look at a school, worst first: the order of the list, and the one in which the store counts them.
 * `quiet`: it runs and has not reported for 24 hours, though a school that is awake reports every hour; one that sleeps
 * has nothing to say. `behind`: its newest migration is older than this program's. `resting`: suspended or closing.
 */
export const LOOKS = ['failed', 'quiet', 'behind', 'opening', 'resting', 'fine'] as const;
export type Look = (typeof LOOKS)[number];
