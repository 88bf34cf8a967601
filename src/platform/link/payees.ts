import { createHmac } from 'node:crypto';
import type { SchoolKey } from './keys.js';

/** So many bytes of a hash tell two numbers of one school apart: among 10,000 one in 10^15 would be taken for another. */
const BYTES = 8;
const USE = 'aims-payees-1';

/** The numbers as one string of bytes in order, for `hasPayee`; already normalised. */
export function payeeSet(key: SchoolKey, numbers: Iterable<string>): Buffer {
  const hashes = [...new Set(numbers)].map((number) => hashOf(key, number));
  return Buffer.concat(hashes.sort(Buffer.compare));
}

/** Finds a number by halves. */
export function hasPayee(set: Buffer, key: SchoolKey, number: string): boolean {
  const wanted = hashOf(key, number);
  let [low, high] = [0, set.length / BYTES];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = set.compare(wanted, 0, BYTES, middle * BYTES, (middle + 1) * BYTES);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}

function hashOf({ key }: SchoolKey, number: string): Buffer {
  return createHmac('sha256', key).update(`${USE}\n${number}`).digest().subarray(0, BYTES);
}
