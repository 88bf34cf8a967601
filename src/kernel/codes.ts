/** Letters without what is easily misread; 20 of them are beyond guessing. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
export const CODE_LENGTH = 20;

/** The secret part of the address behind a paper's QR. @param random at least 20 random bytes */
export function documentCode(random: Uint8Array): string {
  return [...random.subarray(0, CODE_LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
}
