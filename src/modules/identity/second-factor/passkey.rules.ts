/** A challenge is signed at once, or while somebody looks for the phone. */
export const CHALLENGE_MINUTES = 5;
export const MOST_KEYS = 20;
export const LONGEST_KEY_NAME = 60;
